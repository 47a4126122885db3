//! The compiled program as data; knows no front end.

pub mod projection;
