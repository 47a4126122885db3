//! The target `plan`; its body is in `tests/fuzz/targets`.
#![no_main]

mod hook;
#[path = "../../tests/fuzz/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(init: hook::install(), |data: &[u8]| targets::named("plan")(data));
