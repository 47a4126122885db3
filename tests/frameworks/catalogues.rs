//! The frameworks: what each is made of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::sources::{Sources, table};
use super::tree::{Framework, Requirement};

/// The columns of the mapping whose ids are those of NIST SP 800-53: AWS' own tables, where it has them. What
/// the mapping derives of these for FedRAMP High and CJIS is not taken: it follows from the same columns.
const NIST_COLUMNS: &[&str] = &["nist-800-53-r5", "fedramp-low", "fedramp-moderate"];

/// All of them.
pub(super) fn all(sources: &Sources) -> Vec<Framework> {
    let makers = [
        nist_800_53_r5,
        pci_dss_v4,
        dod_cc_srg,
        cjis,
        hipaa_security_rule,
        nist_800_171_r2,
        cis_aws_foundations,
    ];
    makers.into_iter().map(|make| make(sources)).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().unwrap().iter().collect()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).into_iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn ids(requirements: &[Requirement]) -> Vec<String> {
    requirements.iter().map(|one| one.id.clone()).collect()
}

/// Whether a pattern, in which `*` stands for anything, takes the whole text.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(inner) = text.strip_prefix(start) else { return false };
    (0..=inner.len()).any(|at| inner.is_char_boundary(at) && fits(rest, &inner[at..]))
}

/// What `manual.tsv` says of these requirements.
fn manual(catalogue: &str, ids: &[String]) -> BTreeMap<String, String> {
    let rows = table::<3>("manual.tsv");
    let mut out = BTreeMap::new();
    let mut used = BTreeSet::new();
    for id in ids {
        let own = rows.iter().enumerate().filter(|(_, row)| row[0] == catalogue);
        let mut fitting = own.filter(|(_, row)| row[1].split(' ').any(|pattern| fits(pattern, id)));
        let Some((at, row)) = fitting.next_back() else { continue };
        used.insert(at);
        if row[2] != "-" {
            out.insert(id.clone(), row[2].clone());
        }
    }
    out
}

/// `AC-2(1)` stands in `AC-2`.
fn stem(id: &str) -> Option<&str> {
    id.split_once('(').map(|(stem, _)| stem)
}

/// The catalogue's controls that are not withdrawn: id, title, family.
fn nist_controls(catalogue: &Value) -> Vec<Requirement> {
    let families: BTreeMap<&str, &str> = list(&catalogue["families"])
        .into_iter()
        .map(|f| (text(f, "id"), text(f, "title")))
        .collect();
    list(&catalogue["controls"])
        .into_iter()
        .filter(|entry| entry["withdrawn"].is_null())
        .map(|entry| Requirement {
            id: text(entry, "id").to_owned(),
            title: text(entry, "title").to_owned(),
            parent: entry["parent"].as_str().map(str::to_owned),
            section: families[text(entry, "family")].to_owned(),
        })
        .collect()
}

fn nist_800_53_r5(sources: &Sources) -> Framework {
    let catalogue = sources.catalogue("nist-800-53-r5");
    let fedramp = sources.catalogue("fedramp-r5");
    let requirements = nist_controls(&catalogue);
    let mut baselines = Vec::new();
    for (prefix, source) in [("", &catalogue), ("fedramp_", &fedramp)] {
        for (name, ids) in source["baselines"].as_object().unwrap() {
            baselines.push((format!("{prefix}{}", name.replace('-', "_")), texts(ids)));
        }
    }
    Framework {
        name: "nist_800_53_r5",
        title: "NIST SP 800-53 Revision 5 (5.1.1)",
        about: "NIST SP 800-53 Revision 5 (5.1.1): every control and enhancement that is not withdrawn, the baselines\n\
            of NIST SP 800-53B and of FedRAMP Rev. 5, and which controls of the library help to meet which. AWS' tables\n\
            for FedRAMP carry ids of r4: they are translated (`tests/frameworks/tables/r4_to_r5.tsv`).",
        see: &[
            "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
            "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-nist-800-53_rev_5.html",
        ],
        manual: manual("nist", &ids(&requirements)),
        requirements,
        baselines,
        columns: NIST_COLUMNS,
        partial: false,
    }
}

/// Requirements with ids of NIST SP 800-53, in its order, with its titles.
fn of_nist(sources: &Sources, wanted: &BTreeSet<String>) -> Vec<Requirement> {
    let mut out = nist_controls(&sources.catalogue("nist-800-53-r5"));
    out.retain(|one| wanted.contains(&one.id));
    for one in &mut out {
        one.parent = stem(&one.id).filter(|stem| wanted.contains(*stem)).map(str::to_owned);
    }
    out
}

fn dod_cc_srg(sources: &Sources) -> Framework {
    const BEYOND: &str = "Beyond the baselines: what public data lacks";
    let catalogue = sources.catalogue("dod-cc-srg");
    let of_level = |level: &str| texts(&catalogue["levels"][level]["controls"]);
    let levels = ["IL2", "IL4", "IL5"].map(of_level);
    let mut requirements = of_nist(sources, &levels.iter().flatten().cloned().collect());
    let mut manual = manual("nist", &ids(&requirements));
    // What is missing is a requirement that only a person can answer: no run is complete without it.
    for (id, title, what) in [
        (
            "FedRAMP+ IL4",
            "The controls that the SRG adds for level 4: not in this framework",
            "The SRG's FedRAMP+ controls of level 4 (section 5.1.2) are no public data: assess them from the SRG, and attach the result",
        ),
        (
            "FedRAMP+ IL5",
            "The controls that the SRG adds for level 5: not in this framework",
            "The SRG's FedRAMP+ controls of level 5 (section 5.1.2) are no public data: assess them from the SRG, and attach the result",
        ),
        (
            "SRG 5.2",
            "Location, separation and personnel at level 5: not in this framework",
            "Assess location, separation and personnel from section 5.2 of the SRG, and attach the result",
        ),
    ] {
        let (id, title, section) = (id.to_owned(), title.to_owned(), BEYOND.to_owned());
        manual.insert(id.clone(), what.to_owned());
        requirements.push(Requirement { id, title, parent: None, section });
    }
    let [il2, mut il4, mut il5] = levels;
    il4.push("FedRAMP+ IL4".to_owned());
    il5.extend(["FedRAMP+ IL4", "FedRAMP+ IL5", "SRG 5.2"].map(str::to_owned));
    let baselines = [("il2", il2), ("il4", il4), ("il5", il5)];
    Framework {
        name: "dod_cc_srg",
        title: "DoD Cloud Computing SRG: impact levels 2, 4 and 5 on FedRAMP Rev. 5 (NIST SP 800-53 5.1.1); INCOMPLETE: the FedRAMP+ controls of levels 4 and 5 are not public data",
        about: "The impact levels of the DoD Cloud Computing Security Requirements Guide, by the FedRAMP Rev. 5 baseline\n\
            that each builds on: Moderate for IL2 and IL4, High for IL5.\n\
            INCOMPLETE: the controls that the SRG adds to these (FedRAMP+, section 5.1.2) are not public data. They stand\n\
            here as requirements that a person must answer, so that no result at IL4 or IL5 looks whole. IL6 is left out:\n\
            its overlay is not public either.",
        see: &["https://public.cyber.mil/dccs/"],
        manual,
        requirements,
        baselines: baselines.map(|(name, ids)| (name.to_owned(), ids)).to_vec(),
        columns: NIST_COLUMNS,
        partial: true,
    }
}

fn cjis(sources: &Sources) -> Framework {
    let catalogue = sources.catalogue("cjis");
    let version = &catalogue["versions"]["6.0"];
    let own = list(&version["controls"]);
    let wanted = own.iter().map(|entry| text(entry, "id").to_owned()).collect();
    let mut requirements = of_nist(sources, &wanted);
    for entry in own
        .iter()
        .filter(|entry| !requirements.iter().any(|r| r.id == text(entry, "id")))
        .collect::<Vec<_>>()
    {
        let section = requirements.iter().find(|one| one.id.starts_with(text(entry, "family")));
        let section = section.unwrap().section.clone();
        let at = requirements.iter().position(|one| one.section == section).unwrap();
        let (id, title) = (text(entry, "id").to_owned(), text(entry, "title").to_owned());
        requirements.insert(at, Requirement { id, title, parent: None, section });
    }
    let mut manual = manual("nist", &ids(&requirements));
    manual.insert(
        "5.20".to_owned(),
        "The policy's section 5.20 keeps numbers of its own, which are not in this framework: assess it, and attach the result".to_owned(),
    );
    requirements.push(Requirement {
        id: "5.20".to_owned(),
        title: "Mobile devices: the policy's own section, whose parts are not in this framework"
            .to_owned(),
        parent: None,
        section: "Mobile Devices".to_owned(),
    });
    Framework {
        name: "cjis",
        title: "FBI CJIS Security Policy 6.0 (2024-12-27)",
        about: "The FBI's CJIS Security Policy 6.0 (2024-12-27): the controls of NIST SP 800-53 r5 that it adopts, with their\n\
            ids and titles, and its own section 5.20, of which only the heading is here.",
        see: &[
            "https://le.fbi.gov/cjis-division/cjis-security-policy-resource-center",
            "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-cjis.html",
        ],
        manual,
        requirements,
        baselines: Vec::new(),
        columns: NIST_COLUMNS,
        partial: true,
    }
}

/// The text with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn pci_dss_v4(sources: &Sources) -> Framework {
    let catalogue = sources.catalogue("pci-dss");
    let own = list(&catalogue["versions"]["4.0"]["controls"]);
    let parts = |id: &str| id.split('.').count();
    let heading = |id: &str| {
        own.iter().find(|entry| text(entry, "id") == id).map(|entry| text(entry, "label"))
    };
    let requirements: Vec<Requirement> = own
        .iter()
        .map(|entry| {
            let id = text(entry, "id");
            let first = id.split('.').next().unwrap();
            Requirement {
                id: id.to_owned(),
                title: capital(text(entry, "label")),
                parent: id.rsplit_once('.').map(|(parent, _)| parent.to_owned()),
                section: format!("{first} {}", capital(heading(first).unwrap())),
            }
        })
        .collect();
    let assessed: Vec<String> = ids(&requirements).into_iter().filter(|id| parts(id) > 2).collect();
    Framework {
        name: "pci_dss_v4",
        title: "PCI DSS 4.0 (ids; the labels are ours)",
        about: "PCI DSS 4.0: the ids of its requirements, with labels of our own: the standard's text is under copyright, and\n\
            not here. What is assessed are the requirements of three parts and more (baseline `assessed`); 1 and 1.1 are\n\
            headings.",
        see: &[
            "https://www.pcisecuritystandards.org/document_library/",
            "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-pci-dss-v4-including-global-resource-types.html",
        ],
        manual: manual("pci", &assessed),
        requirements,
        baselines: vec![("assessed".to_owned(), assessed)],
        columns: &["pci-dss-4.0"],
        partial: false,
    }
}

fn hipaa_security_rule(sources: &Sources) -> Framework {
    let catalogue = sources.catalogue("hipaa-security-rule");
    let sections: BTreeMap<&str, &str> = list(&catalogue["sections"])
        .into_iter()
        .map(|s| (text(s, "id"), text(s, "title")))
        .collect();
    let mut requirements: Vec<Requirement> = Vec::new();
    // The standard that specifications stand in: its id, and how theirs begin.
    let mut standard: Option<(String, String)> = None;
    for entry in list(&catalogue["controls"]) {
        let (id, kind) = (text(entry, "id").to_owned(), text(entry, "kind"));
        let parent = standard.as_ref().filter(|(_, start)| id.starts_with(start.as_str()));
        let parent = parent.map(|(id, _)| id.clone());
        if kind == "standard" {
            let start = id.rsplit_once('(').unwrap().0.to_owned();
            standard = Some((id.clone(), start));
        }
        let (title, section) = (text(entry, "title"), text(entry, "section"));
        let title = match kind {
            "required" | "addressable" => format!("{title} ({kind})"),
            _ => title.to_owned(),
        };
        let section = format!("{section} {}", sections[section]);
        let parent = parent.filter(|_| kind != "standard");
        requirements.push(Requirement { id, title, parent, section });
    }
    Framework {
        name: "hipaa_security_rule",
        title: "HIPAA Security Rule (45 CFR Part 164 Subpart C)",
        about: "The HIPAA Security Rule, 45 CFR 164.306 to 164.316: standards with their implementation specifications,\n\
            required or addressable, as NIST SP 800-66 r2 lists them.",
        see: &[
            "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C",
            "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-hipaa_security.html",
        ],
        manual: manual("hipaa", &ids(&requirements)),
        requirements,
        baselines: Vec::new(),
        columns: &["hipaa-security-rule"],
        partial: false,
    }
}

fn nist_800_171_r2(sources: &Sources) -> Framework {
    let catalogue = sources.catalogue("nist-800-171-r2");
    // Titles that the source breaks in their midst.
    let whole = |title: &str| match title {
        "Cryptographically-Protected" => "Cryptographically-Protected Passwords".to_owned(),
        "Network Communication by" => "Network Communication by Exception".to_owned(),
        "Monitor Communications for" => "Monitor Communications for Attacks".to_owned(),
        title => title.to_owned(),
    };
    let nist = sources.catalogue("nist-800-53-r5");
    let families: BTreeMap<&str, &str> =
        list(&nist["families"]).into_iter().map(|f| (text(f, "id"), text(f, "title"))).collect();
    let requirements: Vec<Requirement> = list(&catalogue["controls"])
        .into_iter()
        .map(|entry| Requirement {
            id: text(entry, "id").to_owned(),
            title: whole(text(entry, "title")),
            parent: None,
            section: families[text(entry, "family")].to_owned(),
        })
        .collect();
    let all = ids(&requirements);
    Framework {
        name: "nist_800_171_r2",
        title: "NIST SP 800-171 Revision 2 (CMMC 2.13 level 2)",
        about: "NIST SP 800-171 Revision 2: its 110 requirements, which are the practices of level 2 of the Cybersecurity\n\
            Maturity Model Certification (CMMC 2.13, 32 CFR 170).",
        see: &[
            "https://csrc.nist.gov/pubs/sp/800/171/r2/upd1/final",
            "https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-nist_800-171.html",
        ],
        manual: manual("nist-800-171", &all),
        requirements,
        baselines: vec![("cmmc_level_2".to_owned(), all)],
        columns: &["nist-800-171-r2"],
        partial: false,
    }
}

fn cis_aws_foundations(sources: &Sources) -> Framework {
    const SECTIONS: [(&str, &str); 5] = [
        ("2.", "Identity"),
        ("3.", "Storage"),
        ("4.", "Logging"),
        ("5.", "Monitoring"),
        ("6.", "Network"),
    ];
    let catalogue = sources.catalogue("cis-aws-foundations");
    let own = list(&catalogue["versions"]["7.0"]["controls"]);
    let labels = table::<2>("cis_labels.tsv");
    assert_eq!(labels.len(), own.len(), "a label for each recommendation");
    let requirements: Vec<Requirement> = own
        .iter()
        .map(|entry| {
            let id = text(entry, "id").to_owned();
            let label = labels.iter().find(|row| row[0] == id);
            let label = label.unwrap_or_else(|| panic!("cis_labels.tsv lacks {id}"));
            let section = SECTIONS.iter().find(|(start, _)| id.starts_with(start)).unwrap();
            let (title, section) = (label[1].clone(), section.1.to_owned());
            Requirement { id, title, parent: None, section }
        })
        .collect();
    let of = |keep: &dyn Fn(&Value) -> bool| -> Vec<String> {
        own.iter().filter(|entry| keep(entry)).map(|entry| text(entry, "id").to_owned()).collect()
    };
    let by_hand = of(&|entry| text(entry, "assessment") == "manual");
    let level_1 = of(&|entry| entry["level"] == 1);
    let all = ids(&requirements);
    Framework {
        name: "cis_aws_foundations",
        title: "CIS AWS Foundations Benchmark 7.0.0 (ids; the labels are ours)",
        about: "CIS AWS Foundations Benchmark 7.0.0: the ids of its recommendations, with labels of our own: the benchmark's\n\
            text is under copyright, and not here. What it assesses by hand is left to a person here, too.",
        see: &["https://www.cisecurity.org/benchmark/amazon_web_services"],
        manual: manual("cis", &by_hand),
        requirements,
        baselines: vec![("level_1".to_owned(), level_1), ("level_2".to_owned(), all)],
        columns: &["cis-aws-7.0"],
        partial: false,
    }
}
