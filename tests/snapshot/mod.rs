//! Texts to resources: the readers.

/// JSON and YAML to located trees.
mod documents;

/// Inventories, streamed.
mod inventories;
mod networks;

/// AWS Config's items.
mod config;

use crate::fuzz::targets::Pieces;
