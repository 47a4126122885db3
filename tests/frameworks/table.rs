//! The requirement table of a real snapshot, held against a count by hand.
