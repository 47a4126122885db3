//! Texts to resources: the readers.

/// JSON and YAML to located trees.
mod documents;

/// Inventories, streamed.
mod inventories;

/// JSON itself.
mod json;
mod networks;

/// Plans and states of Terraform.
mod plans;

/// Adapters: what an item leaves out.
mod adapters;

/// Templates: what their functions leave open.
mod templates;

/// AWS Config's items.
mod config;

use crate::fuzz::targets::Pieces;
