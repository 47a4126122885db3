//! Saved programs: what is refused, and that what is not runs to its end.

use std::sync::OnceLock;

use assize::assess::{self, Settings, Which};
use assize::program::codec::{load, save};
use assize::program::{listing, verify};

use super::run::{Inputs, LIMITS, NOW, engine_of};

/// The bytes as a saved program; and, as a list of changes, on a program that is sound. Whatever is loaded is
/// proved, is the same when it is saved and loaded again, and runs on a small snapshot within its limits.
pub fn program(data: &[u8]) {
    attempt(data);
    let damaged = damage(data);
    attempt(&damaged);
}

fn attempt(bytes: &[u8]) {
    static INPUTS: OnceLock<Inputs> = OnceLock::new();
    let Ok(program) = load(bytes) else { return };
    verify::verify(&program).unwrap_or_else(|flaw| panic!("loaded and not proved: {flaw:?}"));
    let saved = save(&program).expect("what was loaded can be saved");
    let again = load(&saved).unwrap_or_else(|error| panic!("saved and not loaded again: {error}"));
    assert_eq!(save(&again).ok(), Some(saved));
    drop(listing::listing(&assize::base::Sources::new(), &program));
    let snapshot = INPUTS.get_or_init(Inputs::small).snapshot(&program);
    let settings = Settings { now: NOW, limits: LIMITS };
    let outcomes = assess::run(&program, &snapshot, &settings, Which::All, &|| false);
    let repeated = assess::run(&program, &snapshot, &settings, Which::All, &|| false);
    assert_eq!(format!("{outcomes:?}"), format!("{repeated:?}"));
}

/// The program whose damage is looked for: one of each construct, and small.
fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| {
        let engine = engine_of(include_str!("program.assize")).expect("the policy compiles");
        save(&engine.program).expect("a compiled program can be saved")
    })
}

/// Changes of four bytes each: two for the place, one for what is done there, one for with what. A number, which is
/// most of a program, is replaced by another.
fn damage(data: &[u8]) -> Vec<u8> {
    let mut out = sound().to_vec();
    for change in data.chunks_exact(4).take(24) {
        let &[high, low, kind, with] = change else { continue };
        let at = (usize::from(high) << 8 | usize::from(low)) % out.len();
        let digit = (at..out.len()).find(|at| out[*at].is_ascii_digit());
        match (kind % 6, digit) {
            (0, _) => out[at] = with,
            (1, _) => out[at] ^= 1 << (with % 8),
            (2, Some(digit)) => out[digit] = b'0' + with % 10,
            (3, Some(digit)) => out.insert(digit, b'1' + with % 9),
            (4, Some(digit)) => {
                let end =
                    (digit..out.len()).find(|at| !out[*at].is_ascii_digit()).unwrap_or(out.len());
                let number = ["0", "1", "65535", "4294967295", "9223372036854775807", "7"]
                    [usize::from(with) % 6];
                out.splice(digit..end, number.bytes());
            }
            (5, _) => {
                // A stretch up to the next comma is left out, or stands twice.
                let end =
                    (at..out.len()).find(|at| out[*at] == b',').map_or(out.len(), |end| end + 1);
                let piece: Vec<u8> = out[at..end].to_vec();
                match with % 2 {
                    0 => drop(out.drain(at..end)),
                    _ => drop(out.splice(at..at, piece)),
                }
            }
            _ => {}
        }
        if out.is_empty() {
            break;
        }
    }
    out
}
