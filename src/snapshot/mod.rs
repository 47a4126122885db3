//! Bytes to resources: readers of the sources, and what they give.

pub mod cloudformation;
pub mod config;
pub mod document;
pub mod inventory;
pub mod made;
pub mod model;
pub mod row;
pub mod scan;
pub mod split;
pub mod terraform;
