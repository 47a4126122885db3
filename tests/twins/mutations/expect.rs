//! What must come of changes, and the table of what absence comes to.

use super::{BTreeMap, BTreeSet, Path, Source};

/// What a control said of a subject after each change of one place; `None` where a change changes nothing.
#[derive(Debug)]
pub struct Answers {
    pub deleted: Option<&'static str>,
    pub null: Option<&'static str>,
    pub wrong: Option<&'static str>,
    pub open: Option<&'static str>,
    pub others: Vec<&'static str>,
}

/// Where a wrong type is no `error`, and why: the end of the line, and the reason.
const NO_ERROR: &[(&str, &str)] = &[
    (
        " AWS::DynamoDB::Table arn: null: fail, absent: pass",
        "an item whose ARN is null has none, and no selection names it; AWS records no such item",
    ),
    (
        "configuration.methodSettings.*/*: a wrong type: fail",
        "settings of a method that are no object set nothing, and nothing is a failure",
    ),
    (
        "AWS::EC2::Instance associate_public_ip_address: a wrong type: pass",
        "the control asks for the groups of interfaces; that there is one whose address is wrong has none",
    ),
    (
        "BucketLoggingConfiguration.destinationBucketName: a wrong type: pass",
        "the control asks whether logging is configured, not where to: of the name only its presence is read",
    ),
    (
        "AccessControlList.grantList[].grantee: a wrong type: unknown",
        "a grantee is an object or a text; of one in another form nothing is known",
    ),
    (
        "ipPermissions[].ipv4Ranges[]: a wrong type: unknown",
        "older items have networks as plain texts; of one in yet another form nothing is known",
    ),
    (
        "AWS:ComplianceItem.Content.Association: a wrong type: unknown",
        "what became of associations is an object; of one in another form nothing is known",
    ),
    (
        "AWS:ComplianceItem.Content.Patch: a wrong type: unknown",
        "what became of patches is an object; of one in another form nothing is known",
    ),
    (
        "BucketNotificationConfiguration.configurations: a wrong type: fail",
        "what is no object of configurations has none, and none is a failure",
    ),
    (
        "BucketNotificationConfiguration.configurations.a: a wrong type: fail",
        "what is no configuration is none, and none is a failure",
    ),
    (
        "BucketReplicationConfiguration.rules: a wrong type: fail",
        "rules that are no object of rules are no rules, and none is a failure",
    ),
];

/// Verdicts that claim that all is well.
const CLAIMS: [&str; 2] = ["pass", "not_applicable"];

impl Answers {
    /// Whether some value, or absence, is a failure: what stands there matters.
    fn matters(&self) -> bool {
        self.others.iter().chain(&self.deleted).any(|verdict| *verdict == "fail")
    }

    /// What is wrong with them.
    fn faults(&self, source: Source) -> Vec<String> {
        let mut out = Vec::new();
        let mut must = |holds: bool, what: String| {
            if !holds {
                out.push(what);
            }
        };
        let claims = |verdict: &str| CLAIMS.contains(&verdict);
        let failing = self.others.contains(&"fail");
        if let Some(open) = self.open {
            must(open != "fail", "open: fails, though it passes as it is".to_owned());
            must(!(claims(open) && failing), format!("open: {open}, though a value fails"));
        }
        let matters = self.open.map_or_else(|| self.matters(), |open| open == "unknown");
        if let Some(wrong) = self.wrong.filter(|_| matters) {
            must(["error", "incomplete"].contains(&wrong), format!("a wrong type: {wrong}"));
        }
        match (source, self.null) {
            (Source::Template, Some(null)) if matters => {
                must(null == "error", format!("null: {null}"));
            }
            (Source::Inventory | Source::Config | Source::Terraform, Some(null)) => {
                let absent = self.deleted.unwrap_or("pass");
                // Within a document of no schema null may be wrong as well; as an element of a list, it is.
                let strict = ["error", "unknown"].contains(&null);
                must(null == absent || strict, format!("null: {null}, absent: {absent}"));
            }
            _ => {}
        }
        out
    }
}

/// What was found in one source.
#[derive(Default)]
pub struct Table {
    absent: BTreeMap<String, BTreeSet<&'static str>>,
    faults: BTreeSet<String>,
    excused: BTreeSet<usize>,
    count: usize,
}

impl Table {
    pub fn note(&mut self, source: Source, what: String, resource: &str, answers: Answers) {
        self.count += 1;
        for fault in answers.faults(source) {
            let line = format!("{what}: {fault}");
            let known = NO_ERROR.iter().position(|(end, _)| line.ends_with(end));
            match known {
                Some(at) => drop(self.excused.insert(at)),
                None => drop(self.faults.insert(format!("{line} ({resource})"))),
            }
        }
        if let Some(deleted) = answers.deleted {
            self.absent.entry(what).or_default().insert(deleted);
        }
    }

    /// Nothing is wrong, and absence comes to what the table says.
    pub fn check(&self, source: Source) {
        let lines = self.absent.iter().map(|(what, verdicts)| {
            format!("{what}: {}\n", verdicts.iter().copied().collect::<Vec<_>>().join(", "))
        });
        let found: String = lines.collect();
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("tests/twins/mutations/absent.{source}.txt"));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        println!("{source}: {} places, {} faults", self.count, self.faults.len());
        let faults: Vec<&str> = self.faults.iter().map(String::as_str).collect();
        assert!(faults.is_empty(), "{source}:\n{}", faults.join("\n"));
        let of_source = |end: &str| match source {
            Source::Config => !end.starts_with("AWS::"),
            Source::Terraform => end.starts_with("AWS::"),
            Source::Template | Source::Inventory => false,
        };
        let known = NO_ERROR.iter().enumerate().filter(|(_, (end, _))| of_source(end));
        let unused: Vec<&str> =
            known.filter(|(at, _)| !self.excused.contains(at)).map(|(_, (end, _))| *end).collect();
        assert!(unused.is_empty(), "{source}: exceptions of which there is no case: {unused:?}");
        assert!(self.count > 2000, "only {} places", self.count);
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(expected == found, "UPDATE_EXPECT=1 rewrites what absence comes to:\n{found}");
    }
}
