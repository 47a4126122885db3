//! The profiles: what each covers, and the values that the framework or its conformance pack sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::sources::{Sources, table};
use super::tree::{Framework, literal, modules, wrapped};

/// A profile, as it is made.
pub(super) struct Profile {
    pub name: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub framework: &'static str,
    pub baseline: Option<&'static str>,
    /// AWS' conformance pack for it.
    pub pack: Option<&'static str>,
}

/// All of them.
pub(super) const ALL: [Profile; 11] = [
    Profile {
        name: "fedramp_low",
        title: "FedRAMP Low (Rev. 5, on NIST SP 800-53 5.1.1)",
        about: "FedRAMP Low, Rev. 5, for a system on AWS.",
        framework: "nist_800_53_r5",
        baseline: Some("fedramp_low"),
        pack: Some("fedramp-low"),
    },
    Profile {
        name: "fedramp_moderate",
        title: "FedRAMP Moderate (Rev. 5, on NIST SP 800-53 5.1.1)",
        about: "FedRAMP Moderate, Rev. 5, for a system on AWS.",
        framework: "nist_800_53_r5",
        baseline: Some("fedramp_moderate"),
        pack: Some("fedramp-moderate"),
    },
    Profile {
        name: "fedramp_high",
        title: "FedRAMP High (Rev. 5, on NIST SP 800-53 5.1.1)",
        about: "FedRAMP High, Rev. 5, for a system on AWS.",
        framework: "nist_800_53_r5",
        baseline: Some("fedramp_high"),
        pack: Some("fedramp-high"),
    },
    Profile {
        name: "pci_dss_v4",
        title: "PCI DSS 4.0",
        about: "PCI DSS 4.0, for a cardholder data environment on AWS: every requirement, those of service providers and of\n\
            the appendices too.",
        framework: "pci_dss_v4",
        baseline: Some("assessed"),
        pack: Some("pci-4.0"),
    },
    Profile {
        name: "dod_srg_il2",
        title: "DoD Cloud Computing SRG, impact level 2 (FedRAMP Moderate, Rev. 5)",
        about: "DoD Cloud Computing SRG, impact level 2: the FedRAMP Moderate baseline, to which level 2 adds nothing.",
        framework: "dod_cc_srg",
        baseline: Some("il2"),
        pack: Some("fedramp-moderate"),
    },
    Profile {
        name: "dod_srg_il4",
        title: "DoD Cloud Computing SRG, impact level 4 (INCOMPLETE: FedRAMP Moderate, Rev. 5, without the FedRAMP+ controls)",
        about: "DoD Cloud Computing SRG, impact level 4: the FedRAMP Moderate baseline.\n\
            INCOMPLETE: the controls that the SRG adds at this level (FedRAMP+) are not public data. The requirement\n\
            `FedRAMP+ IL4` stands for them, and stays open until a person answers it.",
        framework: "dod_cc_srg",
        baseline: Some("il4"),
        pack: Some("fedramp-moderate"),
    },
    Profile {
        name: "dod_srg_il5",
        title: "DoD Cloud Computing SRG, impact level 5 (INCOMPLETE: FedRAMP High, Rev. 5, without the FedRAMP+ controls)",
        about: "DoD Cloud Computing SRG, impact level 5: the FedRAMP High baseline.\n\
            INCOMPLETE: the controls that the SRG adds at this level (FedRAMP+), and what its section 5.2 asks of location,\n\
            separation and personnel, are not here. The requirements `FedRAMP+ IL4`, `FedRAMP+ IL5` and `SRG 5.2` stand for\n\
            them, and stay open until a person answers them.",
        framework: "dod_cc_srg",
        baseline: Some("il5"),
        pack: Some("fedramp-high"),
    },
    Profile {
        name: "cjis",
        title: "FBI CJIS Security Policy 6.0",
        about: "The FBI's CJIS Security Policy 6.0, for criminal justice information on AWS.",
        framework: "cjis",
        baseline: None,
        pack: Some("cjis"),
    },
    Profile {
        name: "hipaa",
        title: "HIPAA Security Rule",
        about: "The HIPAA Security Rule, for electronic protected health information on AWS.",
        framework: "hipaa_security_rule",
        baseline: None,
        pack: Some("hipaa"),
    },
    Profile {
        name: "cmmc_level_2",
        title: "CMMC 2.13 level 2 (NIST SP 800-171 Revision 2)",
        about: "CMMC 2.13, level 2: the requirements of NIST SP 800-171 r2. The publication leaves values to the\n\
            organisation, and so does this profile.",
        framework: "nist_800_171_r2",
        baseline: Some("cmmc_level_2"),
        pack: None,
    },
    Profile {
        name: "cis_aws_foundations",
        title: "CIS AWS Foundations Benchmark 7.0.0, level 2",
        about: "CIS AWS Foundations Benchmark 7.0.0, level 2, which includes level 1.",
        framework: "cis_aws_foundations",
        baseline: Some("level_2"),
        pack: None,
    },
];

/// A value that a profile sets: parameters that go into one of ours, in order.
struct Value {
    text: String,
    why: Option<String>,
}

impl Profile {
    /// The framework that it covers.
    pub fn of<'f>(&self, frameworks: &'f [Framework]) -> &'f Framework {
        frameworks.iter().find(|framework| framework.name == self.framework).unwrap()
    }

    /// The ids that it covers.
    pub fn covered(&self, framework: &Framework) -> BTreeSet<String> {
        match self.baseline {
            Some(name) => {
                let found = framework.baselines.iter().find(|(known, _)| known == name);
                found.unwrap().1.iter().cloned().collect()
            }
            None => framework.requirements.iter().map(|one| one.id.clone()).collect(),
        }
    }

    /// By rule and parameter of AWS Config: what it sets, and why where the framework does it.
    fn set(&self, sources: &Sources) -> BTreeMap<(String, String), (String, Option<String>)> {
        let mut out = BTreeMap::new();
        for rule in self.pack.into_iter().flat_map(|pack| sources.pack(pack)) {
            let set = sources.rules[rule]["packs"][self.pack.unwrap()].as_object().unwrap();
            for (name, value) in set {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                out.insert((rule.to_owned(), name.clone()), (value, None));
            }
        }
        for [profiles, rule, name, value, why] in table::<5>("values.tsv") {
            if profiles.split(' ').any(|profile| profile == self.name) {
                let key = (rule, name);
                match value.as_str() {
                    "-" => drop(out.remove(&key)),
                    _ => drop(out.insert(key, (value, Some(why)))),
                }
            }
        }
        out
    }

    /// By parameter of the library (`module.control.param`): the value, and why.
    fn values(&self, sources: &Sources) -> BTreeMap<String, Value> {
        let mut of: BTreeMap<String, (&super::sources::Kind, Vec<String>, Option<String>)> =
            BTreeMap::new();
        for ((rule, theirs), (value, why)) in self.set(sources) {
            let Some(control) = sources.control(&rule) else { continue };
            let Some(param) = control.param(&rule, &theirs) else { continue };
            let entry = of.entry(format!("{}.{}", control.path(), param.name));
            let entry = entry.or_insert((&param.kind, Vec::new(), None));
            entry.1.push(value);
            entry.2 = entry.2.take().or(why);
        }
        let literals = of.into_iter().filter_map(|(path, (kind, values, why))| {
            literal(kind, &values).map(|text| (path, Value { text, why }))
        });
        literals.collect()
    }

    /// What the framework or its pack sets for rules that the library decides, and no parameter takes.
    pub fn untaken(&self, sources: &Sources) -> Vec<String> {
        let taken = |rule: &str, theirs: &str| {
            let Some(control) = sources.control(rule) else { return true };
            control.param(rule, theirs).is_some_and(|param| {
                self.values(sources).contains_key(&format!("{}.{}", control.path(), param.name))
            })
        };
        let set = self.set(sources).into_iter();
        let left = set.filter(|((rule, theirs), _)| !taken(rule, theirs));
        left.map(|((rule, theirs), (value, _))| format!("{rule} {theirs} = {value}")).collect()
    }

    /// Controls of the pack's rules that no covered requirement is mapped to: they run all the same.
    pub fn used(&self, sources: &Sources, framework: &Framework) -> BTreeSet<String> {
        let covered = self.covered(framework);
        let met = framework.met_by(sources);
        let own = met.iter().filter(|(id, _)| covered.contains(*id)).flat_map(|(_, by)| by);
        let own: BTreeSet<&str> = own.map(|path| path.split(' ').next().unwrap()).collect();
        let rules = self.pack.into_iter().flat_map(|pack| sources.pack(pack));
        let paths =
            rules.filter_map(|rule| sources.control(rule)).map(super::sources::Control::path);
        paths.filter(|path| !own.contains(path.as_str())).collect()
    }

    /// The module's text.
    pub fn text(&self, sources: &Sources, frameworks: &[Framework]) -> String {
        let framework = self.of(frameworks);
        let (values, used) = (self.values(sources), self.used(sources, framework));
        let mut out: String =
            self.about.lines().fold(String::new(), |out, line| out + "//! " + line + "\n");
        let whose = match self.pack {
            Some(_) => {
                "//! Values are those of AWS' conformance pack, or the framework's own where a reason stands beside them.\n"
            }
            None => "//! Values are the framework's own.\n",
        };
        out.push_str(if values.is_empty() { "" } else { whose });
        out.push_str("//! Made by `tests/frameworks`.\n\n");
        for module in modules(sources, values.keys().chain(&used)) {
            let _ = writeln!(out, "use {module}");
        }
        // A profile may have its framework's name: then the module goes by another one.
        let (import, covered) = match framework.name == self.name {
            true => (
                format!("{} as catalogue", framework.name),
                format!("catalogue.{}", framework.name),
            ),
            false => (format!("{0}.{{{0}}}", framework.name), framework.name.to_owned()),
        };
        let _ = writeln!(out, "use frameworks.{import}\n");
        let _ = writeln!(out, "profile {} {{\n    title {:?}", self.name, self.title);
        let baseline = self.baseline.map(|name| format!(" baseline {name}")).unwrap_or_default();
        let _ = writeln!(out, "    covers {covered}{baseline}");
        if !used.is_empty() {
            out.push_str("    // In the pack, and mapped to nothing that is covered.\n");
            wrapped(&mut out, 4, "use", &used.into_iter().collect::<Vec<_>>(), "");
        }
        for (path, value) in values {
            if let Some(why) = value.why {
                let _ = writeln!(out, "    // {why}");
            }
            let _ = writeln!(out, "    set {path} = {}", value.text);
        }
        out.push_str("}\n");
        out
    }
}
