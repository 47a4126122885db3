//! Bytes to resources: readers of the sources, and what they give.

pub mod model;
