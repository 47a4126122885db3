//! The text of one resource to its row.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::program::projection::{Attributes, ResourceView, Shape};
use crate::value::{Broken, Origin, Value};

use super::super::model::{Gap, Locate, Resource, ResourceAttributes};
use super::super::scan::{Cursor, Fault, Places, place_in, read_json};
use super::super::split::{Block, Cut};
use super::Record;
use super::members::{Members, value};
use super::source::Source;

/// Reads the texts of one block.
pub(super) struct Reader<'b> {
    projection: &'b Projection,
    input: u32,
    block: &'b Block,
    source: Arc<dyn Locate>,
    /// Types that the library does not know, each told once.
    foreign: BTreeSet<String>,
    texts: Shape,
    no_account: Value,
    no_region: Value,
    no_arn: Value,
    empty: Value,
}

/// A text that is read: where it begins in the input, and itself.
#[derive(Clone, Copy)]
struct Entry<'b> {
    cut: &'b Cut,
    /// Its number in the block.
    number: u32,
    text: &'b str,
}

impl<'b> Reader<'b> {
    pub fn new(projection: &'b Projection, input: u32, block: &'b Arc<Block>) -> Self {
        let open = |name: &str| {
            Value::unknown(Origin::Computed, &format!("the inventory does not give the {name}"))
        };
        Self {
            projection,
            input,
            block,
            source: Arc::new(Source::of_block(block)),
            foreign: BTreeSet::new(),
            texts: Shape::Map(Box::new(Shape::Text)),
            no_account: open("account"),
            no_region: open("region"),
            no_arn: open("ARN"),
            empty: Value::map([]),
        }
    }

    /// A resource, a gap, or what is wrong with the text.
    pub fn read(&mut self, (number, cut): (u32, &'b Cut), sink: &mut impl FnMut(Record<'_>)) {
        let Ok(text) = std::str::from_utf8(self.block.bytes(cut)) else {
            return sink(Record::Bad(cut.place, "no UTF-8".to_owned()));
        };
        let bad = |fault: Fault| Record::Bad(place_in(text, cut.place, fault.at), fault.what);
        let mut members = Members::default();
        if let Err(fault) = members.read(self.projection, text) {
            // A text that ends too early was cut off: more than this resource may be gone.
            if fault.at >= text.trim_end().len() {
                return sink(bad(fault));
            }
            members.fault.get_or_insert(fault);
        }
        if let Some((kind, account, region, reason)) = members.gap {
            let gap = Gap { kind, account, region, reason, input: self.input, place: cut.place };
            return sink(members.fault.map_or(Record::Gap(gap), bad));
        }
        // Once type and id are known, what is wrong concerns this resource alone.
        let (Some(kind), Some(id)) = (members.kind.take(), members.id.take()) else {
            let missing =
                || Fault { at: 0, what: "a resource has a `type` and an `id`".to_owned() };
            return sink(bad(members.fault.unwrap_or_else(missing)));
        };
        let view = self.projection.resources.get_key_value(&*kind);
        if view.is_none() {
            self.foreign(&kind, cut.place, sink);
        }
        sink(self.finish(members, (view, &kind, &id), Entry { cut, number, text }));
    }

    /// Tells of a type that the library does not know.
    fn foreign(&mut self, kind: &str, place: LineColumn, sink: &mut impl FnMut(Record<'_>)) {
        let known = &self.projection.known_types;
        if known.binary_search_by(|known| known.as_str().cmp(kind)).is_err()
            && self.foreign.insert(kind.to_owned())
        {
            sink(Record::Foreign(kind, place));
        }
    }

    fn finish(
        &mut self,
        mut members: Members<'_>,
        (view, kind, id): (Option<(&Symbol, &ResourceView)>, &str, &str),
        entry: Entry<'_>,
    ) -> Record<'static> {
        let wanted = match (view, self.projection.any) {
            (Some((_, view)), _) => view.attributes,
            (None, Some(any)) => any,
            (None, None) => {
                let text = |at| value(entry.text, at, &Shape::Text).ok().flatten();
                let (account, region) = (text(members.account), text(members.region));
                let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_text).cloned();
                return Record::Skipped(text(&account), text(&region));
            }
        };
        let mut resource = Resource {
            adapter: None,
            layout: view.map(|(_, view)| view.layout),
            slots: Vec::new(),
            id: Arc::from(id),
            account: self.no_account.clone(),
            region: self.no_region.clone(),
            attributes: ResourceAttributes::default(),
            maybe: None,
            broken: None,
            input: self.input,
            place: entry.cut.place,
            source: Arc::clone(&self.source),
            text: entry.number,
            kind: view.map_or_else(|| Symbol::new(kind), |(kind, _)| kind.clone()),
        };
        let view = view.map(|(_, view)| view);
        if let Err(fault) = self.fill(&mut resource, &mut members, (view, wanted), entry.text) {
            members.fault.get_or_insert(fault);
        }
        resource.source = self.source(view, &members, entry);
        resource.broken = members.fault.map(|fault| {
            let LineColumn { line, column } = place_in(entry.text, entry.cut.place, fault.at);
            let reason = format!("{} (line {line}, column {column})", fault.what);
            Arc::new(Broken { reason: reason.into() })
        });
        Record::Resource(resource)
    }

    /// The row, and the attributes that are read.
    fn fill(
        &mut self,
        resource: &mut Resource,
        members: &mut Members<'_>,
        (view, wanted): (Option<&ResourceView>, Attributes),
        text: &str,
    ) -> Result<(), Fault> {
        if let Some(account) = value(text, members.account, &Shape::Text)? {
            resource.account = account;
        }
        if let Some(region) = value(text, members.region, &Shape::Text)? {
            resource.region = region;
        }
        if let Some(view) = view {
            resource.slots = members.row(self.projection, view, text)?;
        }
        let attributes = &mut resource.attributes;
        // A reference may name a resource by its ARN.
        if wanted.arn || view.is_some_and(|view| view.keep) || self.projection.keep_all {
            let arn = value(text, members.arn, &Shape::Text)?;
            attributes.arn = arn.unwrap_or_else(|| self.no_arn.clone());
        }
        if wanted.name {
            attributes.name = value(text, members.name, &Shape::Text)?.unwrap_or(Value::Absent);
        }
        if wanted.tags {
            let tags = value(text, members.tags, &self.texts)?;
            attributes.tags = tags.unwrap_or_else(|| self.empty.clone());
        }
        if wanted.created {
            let created = value(text, members.created, &Shape::Timestamp)?;
            attributes.created = created.unwrap_or(Value::Absent);
        }
        if wanted.properties {
            attributes.properties = match members.properties {
                Some(at) => read_json(&mut Cursor::new(text).moved(at))?,
                None => self.empty.clone(),
            };
        }
        (attributes.metadata, attributes.attributes) = (self.empty.clone(), self.empty.clone());
        Ok(())
    }

    /// The way back to the text; of a resource that is kept, no more of it than is read.
    fn source(
        &self,
        view: Option<&ResourceView>,
        members: &Members<'_>,
        Entry { cut, text, .. }: Entry<'_>,
    ) -> Arc<dyn Locate> {
        if !self.projection.keep_all && view.is_none_or(|view| !view.keep) {
            return Arc::clone(&self.source);
        }
        let whole = members.fault.is_some() || view.is_none_or(|view| view.attributes.properties);
        let places = match whole {
            true => Places::new(Arc::from(text), cut.place),
            false => members.excerpt(text, cut.place),
        };
        Arc::new(Source::Excerpt(Arc::new(places)))
    }
}
