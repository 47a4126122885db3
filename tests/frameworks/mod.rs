//! The library's frameworks: they say what the public catalogues and mappings say, and nothing else.

mod generate;
mod mapping;
mod table;

use std::fs;
use std::path::Path;

/// The text of the library's file, and what it should be; `UPDATE_EXPECT=1` makes it so.
fn expect_file(inner: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(inner);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{inner} is not what its sources give: UPDATE_EXPECT=1 makes it anew");
}

/// NIST SP 800-53 r5 is made from the catalogue, the baselines of NIST and FedRAMP, and the mapping of AWS
/// Config's rules: a control of the library that bears a rule's name meets what the rule is mapped to.
#[test]
fn nist_800_53_r5_is_what_its_sources_say() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !super::shared_or_left_out(&shared) {
        return;
    }
    let wanted = generate::nist_800_53_r5(&shared.join("data"));
    expect_file("stdlib/frameworks/nist_800_53_r5.assize", &wanted);
}
