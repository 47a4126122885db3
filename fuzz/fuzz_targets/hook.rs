//! What happens where something panics: libFuzzer's own hook ends the process, even where the panic is caught, as
//! the reader of YAML catches those of its parser. What is not caught ends the process just so.

use std::panic::{set_hook, take_hook};

use assize::snapshot::document::yaml;

/// Takes the place of libFuzzer's hook.
pub fn install() {
    drop(take_hook());
    let standard = take_hook();
    set_hook(Box::new(move |info| {
        if !info.location().is_some_and(yaml::catches) {
            standard(info);
        }
    }));
}
