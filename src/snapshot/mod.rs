//! Bytes to resources: readers of the sources, and what they give.

pub mod inventory;
pub mod document;
pub mod errors;
pub mod model;
pub mod row;
pub mod scan;
