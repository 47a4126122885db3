//! The share of each pack's rules that the library decides.

use serde_json::Value;

use super::profiles::{self, Profile};
use super::sources::Sources;
use super::tree::Framework;

/// The packs of the five frameworks.
pub(super) const PACKS: [&str; 6] =
    ["fedramp-low", "fedramp-moderate", "fedramp-high", "pci-4.0", "cjis", "hipaa"];

/// What is decided of a pack, or of what stands in its place.
pub(super) struct Share {
    pub name: String,
    pub of: String,
    pub rules: usize,
    pub decidable: usize,
    pub decided: usize,
    /// Of these, the decidable ones: a control may well decide what a template alone does not show.
    pub decided_of_decidable: usize,
}

/// Whether configuration can decide a rule, in a template or as AWS Config records it.
pub(super) fn decidable(rule: &Value) -> bool {
    rule["surfaces"].as_array().is_some_and(|surfaces| !surfaces.is_empty())
}

/// The five frameworks, each level of them.
pub(super) fn all(sources: &Sources, frameworks: &[Framework]) -> Vec<Share> {
    let mut out = Vec::new();
    for profile in &profiles::ALL {
        let (of, rules) = match (profile.framework, profile.pack) {
            ("dod_cc_srg", _) => {
                let missing = match profile.name {
                    "dod_srg_il2" => "",
                    _ => "; INCOMPLETE: without the FedRAMP+ controls",
                };
                let base = ["Moderate", "High"][usize::from(profile.name == "dod_srg_il5")];
                let of = format!("the decidable rules mapped to FedRAMP {base}{missing}");
                (of, mapped(sources, profile, frameworks))
            }
            (_, Some(pack)) => ("its pack".to_owned(), sources.pack(pack)),
            (_, None) => continue,
        };
        let is_decidable = |rule: &&&str| decidable(&sources.rules[**rule]);
        let is_decided = |rule: &&&str| sources.control(rule).is_some();
        out.push(Share {
            name: format!("`{}`", profile.name),
            of,
            rules: rules.len(),
            decidable: rules.iter().filter(is_decidable).count(),
            decided: rules.iter().filter(is_decided).count(),
            decided_of_decidable: rules.iter().filter(is_decidable).filter(is_decided).count(),
        });
    }
    out
}

/// The decidable rules that are mapped to what a profile covers.
fn mapped<'s>(sources: &'s Sources, profile: &Profile, frameworks: &[Framework]) -> Vec<&'s str> {
    let framework = profile.of(frameworks);
    let covered = profile.covered(framework);
    let all = sources.rules.iter().filter(|(_, rule)| decidable(rule));
    let own = all.filter(|(name, _)| {
        sources.ids(name, framework.columns).iter().any(|id| covered.contains(id))
    });
    own.map(|(name, _)| name.as_str()).collect()
}
