//! JSON read by a projection: what is asked for becomes values, all else is skipped, and every byte is
//! checked. No tree is built.

mod excerpt;
mod place;
mod shape;

pub use crate::base::cursor::{Cursor, Fault, Kind, MAX_DEPTH};
pub use crate::value::json::{read_json, read_map};
pub use excerpt::Excerpt;
pub use place::{Places, SHORT, descend, place_in};
pub use shape::{expected, null_element, read_row, read_row_noting, read_shape, text_as};
