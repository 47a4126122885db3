//! What a program costs that somebody writes by hand for these thirteen controls: structs for what they read,
//! filled by serde, all else skipped.

mod model;

use std::collections::HashSet;

use measure::{Call, Found, lines, unusable};

use model::{Group, Identity, Instance, Resource, Rule, Subject};

const RETIRED: [&str; 12] = [
    "dotnetcore3.1",
    "go1.x",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "ruby2.5",
    "ruby2.7",
];

fn main() {
    let call = Call::read();
    match call.mode.as_str() {
        "typed" => call.report(|| judged(&call.file), |found| Some(found.clone())),
        other => unusable(&format!("no mode `{other}`")),
    }
}

/// What is left to ask when all is read.
#[derive(Default)]
struct Join {
    /// Groups by which the world reaches port 22.
    open: HashSet<String>,
    /// Instances and the groups that they are in.
    members: Vec<(String, Vec<String>)>,
}

fn judged(file: &str) -> Found {
    let (mut found, mut join) = (Found::default(), Join::default());
    let read = lines(file, |line| match serde_json::from_str::<Resource<'_>>(line) {
        Ok(resource) => judge(&resource, &mut found, &mut join),
        Err(error) => unusable(&error.to_string()),
    });
    read.unwrap_or_else(|error| unusable(&error.to_string()));
    for (id, groups) in &join.members {
        if groups.iter().any(|group| join.open.contains(group)) {
            found.add(12, id);
        }
    }
    found
}

fn judge(resource: &Resource<'_>, found: &mut Found, join: &mut Join) {
    let id = &*resource.id;
    let mut say = |control: usize, breaks: bool| {
        if breaks {
            found.add(control, id);
        }
    };
    match &resource.subject {
        Subject::Bucket(bucket) => {
            let block = bucket.block.as_ref();
            say(0, !block.is_some_and(|it| it.acls && it.policy && it.ignore && it.restrict));
            say(1, !bucket.is_encrypted());
        }
        Subject::Group(group) => {
            say(2, opens(group, 22) || opens(group, 3389));
            if opens(group, 22) {
                join.open.insert(id.to_owned());
            }
        }
        Subject::Volume(volume) => say(3, !volume.encrypted),
        Subject::Instance(instance) => {
            say(4, !instance.wants_tokens());
            join.members.push((id.to_owned(), groups(instance)));
        }
        Subject::Database(database) => {
            let good = database.encrypted && database.doubled && database.public == Some(false);
            say(5, !good);
        }
        Subject::Identity(identity) => say(6, may_everything(identity)),
        Subject::Function(function) => {
            say(7, function.runtime.as_ref().is_some_and(|runtime| RETIRED.contains(&&*runtime.0)));
        }
        Subject::Key(key) => {
            let symmetric = key.spec.as_ref().is_none_or(|spec| spec.0 == "SYMMETRIC_DEFAULT");
            say(8, symmetric && !key.rotates);
        }
        Subject::Trail(trail) => say(9, !(trail.everywhere && trail.validated)),
        Subject::Balancer(balancer) => say(10, !balancer.logs()),
        Subject::Table(table) => say(11, !table.recovery.as_ref().is_some_and(|it| it.on)),
        Subject::Other => {}
    }
}

fn opens(group: &Group<'_>, port: u16) -> bool {
    group.rules.iter().any(|rule| from_anyone(rule) && reaches(rule, port))
}

fn from_anyone(rule: &Rule<'_>) -> bool {
    rule.range.as_ref().is_some_and(|range| range.0 == "0.0.0.0/0")
        || rule.range_6.as_ref().is_some_and(|range| range.0 == "::/0")
}

fn reaches(rule: &Rule<'_>, port: u16) -> bool {
    let port = i64::from(port);
    rule.protocol.as_ref().is_some_and(|protocol| protocol.0 == "-1")
        || (rule.first.unwrap_or(0) <= port && port <= rule.last.unwrap_or(65_535))
}

fn groups(instance: &Instance<'_>) -> Vec<String> {
    instance.groups.iter().map(|group| group.0.to_string()).collect()
}

fn may_everything(identity: &Identity<'_>) -> bool {
    let mut all = identity.policies.iter().flat_map(|policy| &policy.document.statements);
    all.any(|it| it.effect.0 == "Allow" && it.actions.any() && it.resources.any())
}
