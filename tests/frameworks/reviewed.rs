//! The reviewed tables are sound: nothing in them is about what is not there, or contradicts the catalogues.

use std::collections::BTreeSet;

use super::catalogues::{self, fits};
use super::sources::{Answer, Sources, table};
use super::{data, profiles};

#[test]
fn ids_of_r4_go_to_what_the_catalogue_of_r5_says() {
    let Some(data) = data() else { return };
    let sources = Sources::new(&data);
    let catalogue = sources.catalogue("nist-800-53-r5");
    let entry = |id: &str| {
        let all = catalogue["controls"].as_array().unwrap();
        all.iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("{id} is not of r5"))
    };
    let used: BTreeSet<&str> = sources
        .rules
        .values()
        .flat_map(|rule| ["fedramp-low", "fedramp-moderate"].map(|c| &rule["frameworks"][c]["ids"]))
        .flat_map(|ids| ids.as_array().into_iter().flatten())
        .map(|id| id.as_str().unwrap())
        .collect();
    let rows = table::<3>("r4_to_r5.tsv");
    let translated: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(translated.len(), rows.len(), "an id stands twice");
    assert_eq!(translated, used, "every id that AWS' tables use, and no other");
    let mut withdrawn = 0;
    for [old, new, why] in &rows {
        assert!(!why.is_empty(), "{old}: why?");
        let new: Vec<&str> = new.split(' ').collect();
        assert!(new.iter().all(|id| entry(id)["withdrawn"].is_null()), "{old}: {new:?}");
        if entry(old)["withdrawn"].is_null() {
            assert_eq!(new, [old.as_str()], "{old} is still there");
        } else {
            withdrawn += 1;
            assert_eq!(serde_json::json!(new), entry(old)["see"], "{old}: another successor");
        }
    }
    assert_eq!(withdrawn, 2);
}

#[test]
fn no_row_is_about_what_is_not_there() {
    let Some(data) = data() else { return };
    let sources = Sources::new(&data);
    let frameworks = catalogues::all(&sources);
    let names = |catalogue: &str| match catalogue {
        "nist" => vec!["nist_800_53_r5", "cjis"],
        "pci" => vec!["pci_dss_v4"],
        "hipaa" => vec!["hipaa_security_rule"],
        "nist-800-171" => vec!["nist_800_171_r2"],
        "cis" => vec!["cis_aws_foundations"],
        other => panic!("there is no catalogue {other}"),
    };
    for (rule, (_, answer)) in &sources.answers {
        if let Answer::Missing(control) = answer {
            panic!("docs/stdlib-rules: {rule}: there is no control {control}");
        }
    }
    for [catalogue, patterns, _] in table::<3>("manual.tsv") {
        let own = names(&catalogue);
        let own = frameworks.iter().filter(|framework| own.contains(&framework.name));
        let ids: Vec<&str> =
            own.flat_map(|one| &one.requirements).map(|one| one.id.as_str()).collect();
        for pattern in patterns.split(' ') {
            let any = ids.iter().any(|id| fits(pattern, id));
            assert!(any, "manual.tsv: nothing of {catalogue} fits {pattern}");
        }
    }
    let has_param = |rule: &str, name: &str| {
        let known = sources.rules.get(rule).unwrap_or_else(|| panic!("there is no rule {rule}"));
        let listed = known["parameters"].as_array().into_iter().flatten();
        listed.map(|param| &param["name"]).any(|known| known == name)
    };
    for [framework, id, rule, param, _, _, why] in table::<7>("conditions.tsv") {
        let framework = frameworks.iter().find(|one| one.name == framework).unwrap();
        assert!(framework.requirements.iter().any(|one| one.id == id), "{id}");
        assert!(has_param(&rule, &param) && !why.is_empty(), "conditions.tsv: {rule} {param}");
    }
    for [of, rule, param, _, why] in table::<5>("values.tsv") {
        let known = |name: &str| profiles::ALL.iter().any(|profile| profile.name == name);
        assert!(of.split(' ').all(known), "values.tsv: {of}");
        assert!(has_param(&rule, &param) && !why.is_empty(), "values.tsv: {rule} {param}");
    }
    for [rule, param, _] in table::<3>("parameters.tsv") {
        assert!(has_param(&rule, &param), "parameters.tsv: {rule} {param}");
    }
}
