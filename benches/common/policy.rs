//! The thirteen controls of `thirteen.assize`, once or many times over.

/// The controls.
pub const THIRTEEN: &str = include_str!("thirteen.assize");

/// The controls so many times, each time under other names: `key_rotation`, `key_rotation_1`, …
pub fn thirteen(times: usize) -> String {
    let mut text = THIRTEEN.to_owned();
    for time in 1..times {
        for control in THIRTEEN.split("\ncontrol ").skip(1) {
            let (name, rest) = control.split_once(' ').unwrap_or((control, ""));
            text.push_str(&format!("\ncontrol {name}_{time} {rest}"));
        }
    }
    text
}
