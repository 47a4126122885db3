//! What items come in: snapshots, histories, answers of the API, notifications, events of rules.

use std::sync::Arc;

use crate::base::Symbol;

use super::super::model::Gap;
use super::super::scan::{Fault, Kind};
use super::Record;
use super::document::Document;
use super::item::{self, Members};

/// The keys under which items come, in the order in which they are looked for.
const WRAPPERS: [&str; 15] = [
    "configurationItem",
    "configurationItemSummary",
    "invokingEvent",
    "Message",
    "detail",
    "data",
    "Sns",
    "body",
    "Body",
    "Records",
    "Messages",
    "configurationItems",
    "baseConfigurationItems",
    "Results",
    "resourceIdentifiers",
];

/// Messages that carry no item and mean none.
/// <https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html>
const WITHOUT_ITEM: [&str; 8] = [
    "ComplianceChangeNotification",
    "ConfigRulesEvaluationStarted",
    "ConfigurationHistoryDeliveryCompleted",
    "ConfigurationSnapshotDeliveryCompleted",
    "ConfigurationSnapshotDeliveryFailed",
    "ConfigurationSnapshotDeliveryStarted",
    "OversizedConfigurationItemChangeDeliveryFailed",
    "ScheduledNotification",
];

/// How deep messages may be packed into each other.
const DEPTH: u32 = 8;

/// Hands over all items in the document, whatever they are packed into.
pub fn walk(input: u32, document: &Arc<Document>, pointer: String, sink: &mut dyn FnMut(Record)) {
    let mut walk = Walk { input, sink, whole: true };
    let mut cursor = document.cursor(0);
    if let Err(fault) = cursor.skip().and_then(|()| cursor.end()) {
        // The text is no JSON; what is wrong with an item alone is that item's fault.
        if !walk.faulty_item(document, &pointer, &fault) {
            walk.bad(document, &fault);
        }
        return;
    }
    walk.visit(document, 0, pointer, 0);
}

struct Walk<'s> {
    input: u32,
    sink: &'s mut dyn FnMut(Record),
    /// Whether items are given with all that is recorded of them.
    whole: bool,
}

impl Walk<'_> {
    fn bad(&mut self, document: &Document, fault: &Fault) {
        (self.sink)(Record::Bad(document.place(fault.at), fault.what.clone()));
    }

    /// An item whose type and id are known although its text is malformed further on.
    fn faulty_item(&mut self, document: &Arc<Document>, pointer: &str, fault: &Fault) -> bool {
        if fault.at >= document.text.trim_end().len() {
            return false;
        }
        let Some(mut item) = item::faulty(document, pointer, self.input) else { return false };
        item.spoil(document.place(fault.at), &fault.what);
        (self.sink)(Record::Item(Box::new(item)));
        true
    }

    /// What is wrong with one is said in its place; the others go on.
    fn visit(&mut self, document: &Arc<Document>, at: usize, pointer: String, depth: u32) {
        if let Err(fault) = self.value(document, at, pointer, depth) {
            self.bad(document, &fault);
        }
    }

    fn value(
        &mut self,
        document: &Arc<Document>,
        at: usize,
        pointer: String,
        depth: u32,
    ) -> Result<(), Fault> {
        if depth > DEPTH {
            return Err(Fault { at, what: "messages are packed too deep".to_owned() });
        }
        let mut cursor = document.cursor(at);
        match cursor.kind()? {
            Kind::Text => {
                let inner = Document::inside(document, cursor.at())?;
                if !inner.text.trim_start().starts_with(['{', '[']) {
                    let what = "expected a configuration item or a message with one, found text";
                    return Err(Fault { at: cursor.at(), what: what.to_owned() });
                }
                let mut all = inner.cursor(0);
                match all.skip().and_then(|()| all.end()) {
                    Ok(()) => self.visit(&Arc::new(inner), 0, pointer, depth + 1),
                    Err(fault) => self.bad(&inner, &fault),
                }
                Ok(())
            }
            Kind::List => {
                let mut n = 0u64;
                cursor.open(b'[')?;
                while cursor.more(b']', n == 0)? {
                    cursor.space();
                    self.visit(document, cursor.at(), format!("{pointer}/{n}"), depth + 1);
                    cursor.skip()?;
                    n += 1;
                }
                Ok(())
            }
            Kind::Object => self.object(document, cursor.at(), pointer, depth),
            _ => cursor.fault("expected a configuration item or a message with one"),
        }
    }

    fn object(
        &mut self,
        document: &Arc<Document>,
        at: usize,
        pointer: String,
        depth: u32,
    ) -> Result<(), Fault> {
        let members = Members::of(document, at)?;
        if members.is_item() {
            let item = item::read(document, at, members, pointer, (self.input, self.whole));
            (self.sink)(match item {
                Ok(item) => Record::Item(Box::new(item)),
                Err(fault) => Record::Bad(document.place(fault.at), fault.what),
            });
            return Ok(());
        }
        let there =
            |key: &str| members.get(key).filter(|at| document.cursor(*at).kind() != Ok(Kind::Null));
        let wrappers = WRAPPERS.iter().filter_map(|key| Some((*key, there(key)?)));
        let found: Vec<(&str, usize)> = wrappers.collect();
        if found.is_empty() {
            return self.without_item(document, at, &members);
        }
        // The next page of a history has earlier states; that of other answers, other resources.
        if !found.iter().any(|(key, _)| *key == "configurationItems") {
            self.goes_on(document, at, &members);
        }
        for (key, inner) in found {
            if key == "configurationItemSummary" {
                self.oversized(document, inner)?;
                continue;
            }
            let before = self.whole;
            self.whole &= !["Results", "resourceIdentifiers"].contains(&key);
            self.visit(document, inner, format!("{pointer}/{key}"), depth + 1);
            self.whole = before;
        }
        Ok(())
    }

    /// An answer that has further pages, or keys that were not answered, does not hold all.
    fn goes_on(&mut self, document: &Document, at: usize, members: &Members) {
        let text = |key: &str| members.text(document, key).ok().flatten();
        let further = ["nextToken", "NextToken"].into_iter().find_map(text);
        let unprocessed = members.get("unprocessedResourceKeys").map(|at| document.cursor(at));
        let left_out = unprocessed.is_some_and(|mut cursor| {
            cursor.open(b'[').is_ok() && cursor.more(b']', true) == Ok(true)
        });
        let what = match further.is_some_and(|token| !token.is_empty()) {
            true => "the answer goes on in another page: give all pages",
            false if left_out => "`unprocessedResourceKeys`: the answer leaves resources out",
            false => return,
        };
        self.bad(document, &Fault { at, what: what.to_owned() });
    }

    fn without_item(&self, document: &Document, at: usize, members: &Members) -> Result<(), Fault> {
        let message = members.text(document, "messageType")?.unwrap_or_default();
        if WITHOUT_ITEM.contains(&&*message) {
            return Ok(());
        }
        if members.get("configuration").is_some() {
            let what = "a configuration item has a `resourceType` and a `resourceId`: \
                        let the query select them";
            return Err(Fault { at, what: what.to_owned() });
        }
        let keys: Vec<String> = members.keys().take(4).map(|key| format!("`{key}`")).collect();
        let keys = match keys.is_empty() {
            true => "nothing".to_owned(),
            false => keys.join(", "),
        };
        let what = format!("no configuration item and no message with one: found {keys}");
        Err(Fault { at, what })
    }

    /// An item that was too large for its message lies elsewhere: that is a gap.
    fn oversized(&mut self, document: &Arc<Document>, at: usize) -> Result<(), Fault> {
        let members = Members::of(document, at)?;
        let text = |key: &str| members.text(document, key).ok().flatten();
        if text("configurationItemStatus")
            .is_some_and(|status| status.starts_with("ResourceDeleted"))
        {
            return Ok(());
        }
        let id = text("resourceId").unwrap_or_else(|| Arc::from("?"));
        let reason = format!("the item of {id} was too large for its message and lies elsewhere");
        (self.sink)(Record::Gap(Gap {
            kind: text("resourceType").map(|kind| Symbol::new(&kind)),
            account: text("accountId"),
            region: text("awsRegion").filter(|region| &**region != item::GLOBAL),
            reason: Arc::from(reason),
            input: self.input,
            place: document.place(at),
        }));
        Ok(())
    }
}
