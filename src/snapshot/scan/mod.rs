//! JSON read by a projection: what is asked for becomes values, all else is skipped, and every byte is
//! checked. No tree is built.

mod cursor;
mod place;
mod shape;

pub use cursor::{Cursor, Fault, Kind, MAX_DEPTH};
pub use place::{descend, place_in};
pub use shape::{expected, null_element, read_json, read_map, read_row, read_shape, text_as};
