//! Schemas of resource types out of the CloudFormation registry, and the overlays that correct them.

pub mod import;
pub mod overlay;
pub mod registry;
