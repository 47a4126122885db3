//! The members of a resource's text.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::distance::did_you_mean;
use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::program::projection::{ResourceView, Shape};
use crate::value::{Text, Value};

use super::super::scan::{
    Cursor, Excerpt, Fault, Kind, Places, read_json, read_row, read_row_noting, read_shape,
};

/// The members that a text may have. `properties` are read where they stand if the type is known by then;
/// of the others, where they stand is noted.
#[derive(Debug, Default)]
pub(super) struct Members<'t> {
    pub kind: Option<Cow<'t, str>>,
    pub id: Option<Cow<'t, str>>,
    pub account: Option<usize>,
    pub region: Option<usize>,
    pub arn: Option<usize>,
    pub name: Option<usize>,
    pub tags: Option<usize>,
    pub created: Option<usize>,
    pub properties: Option<usize>,
    /// The row of the properties, where it is read already.
    pub slots: Option<Vec<Value>>,
    /// Where the properties stand that are in the row, of a resource that is kept.
    pub parts: Vec<Range<usize>>,
    pub gap: Option<GapParts>,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
    /// Which of the first four members have come, a bit each.
    seen: u8,
}

/// Type, account, region, reason.
pub(super) type GapParts = (Option<Symbol>, Option<Text>, Option<Text>, Text);

const MEMBERS: [&str; 10] =
    ["type", "id", "account", "region", "arn", "name", "tags", "created", "properties", "gap"];

impl<'t> Members<'t> {
    /// Reads all members; goes on after one that is wrong in itself.
    pub fn read(&mut self, projection: &Projection, text: &'t str) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text);
        if cursor.kind()? != Kind::Object {
            let what = "expected a resource: an object with `type`, `id` and `properties`";
            return cursor.fault(what);
        }
        cursor.open(b'{')?;
        let mut first = true;
        while cursor.more(b'}', first)? {
            first = false;
            cursor.space();
            let at = cursor.at();
            let key = cursor.key()?;
            cursor.space();
            let before = cursor.clone();
            if let Err(fault) = self.member(projection, &key, at, &mut cursor) {
                self.fault.get_or_insert(fault);
                cursor = before;
                cursor.skip()?;
            }
        }
        cursor.end()
    }

    fn member(
        &mut self,
        projection: &Projection,
        key: &str,
        at: usize,
        cursor: &mut Cursor<'t>,
    ) -> Result<(), Fault> {
        let begins = Some(cursor.at());
        let place = match key {
            "type" => {
                self.once(0, key, at)?;
                return cursor.text().map(|text| self.kind = Some(text));
            }
            "id" => {
                self.once(1, key, at)?;
                return cursor.text().map(|text| self.id = Some(text));
            }
            "properties" => {
                self.once(2, key, at)?;
                return self.properties(projection, cursor);
            }
            "gap" => {
                self.once(3, key, at)?;
                return gap(cursor).map(|gap| self.gap = Some(gap));
            }
            "account" => &mut self.account,
            "region" => &mut self.region,
            "arn" => &mut self.arn,
            "name" => &mut self.name,
            "tags" => &mut self.tags,
            "created" => &mut self.created,
            _ => {
                let mend = did_you_mean(key, MEMBERS);
                return Err(Fault { at, what: format!("a resource has no `{key}`{mend}") });
            }
        };
        if place.is_some() {
            return twice(key, at);
        }
        *place = begins;
        cursor.skip()
    }

    /// Whether the member with this number is new.
    fn once(&mut self, number: u8, key: &str, at: usize) -> Result<(), Fault> {
        if self.seen & 1 << number != 0 {
            if number < 2 {
                (self.kind, self.id) = (None, None);
            }
            return twice(key, at);
        }
        self.seen |= 1 << number;
        Ok(())
    }

    fn properties(
        &mut self,
        projection: &Projection,
        cursor: &mut Cursor<'t>,
    ) -> Result<(), Fault> {
        let begins = cursor.at();
        if cursor.kind()? != Kind::Object {
            return cursor.fault("`properties` is no object");
        }
        let kind = self.kind.as_deref();
        match kind.and_then(|kind| projection.resources.get(kind)) {
            Some(view) => self.slots = Some(self.read_row(projection, view, cursor)?),
            None => cursor.skip()?,
        }
        self.properties = Some(begins);
        Ok(())
    }

    fn read_row(
        &mut self,
        projection: &Projection,
        view: &ResourceView,
        cursor: &mut Cursor<'_>,
    ) -> Result<Vec<Value>, Fault> {
        if view.keep || projection.keep_all {
            return read_row_noting(projection, view.layout, cursor, |part| self.parts.push(part));
        }
        read_row(projection, view.layout, cursor)
    }

    /// The row of the properties.
    pub fn row(
        &mut self,
        projection: &Projection,
        view: &ResourceView,
        text: &str,
    ) -> Result<Vec<Value>, Fault> {
        match (self.slots.take(), self.properties) {
            (Some(slots), _) => Ok(slots),
            (None, Some(at)) => self.read_row(projection, view, &mut Cursor::new(text).moved(at)),
            // A collector that gives no properties has not seen any: that is not the same as an empty set.
            (None, None) => {
                Err(Fault { at: 0, what: "the resource has no `properties`".to_owned() })
            }
        }
    }
}

#[cold]
fn twice(key: &str, at: usize) -> Result<(), Fault> {
    Err(Fault { at, what: format!("key `{key}` stands twice in one object") })
}

impl Members<'_> {
    /// Of the text, the attributes and the properties that are in the row.
    pub fn excerpt(&self, text: &str, start: LineColumn) -> Places {
        let mut excerpt = Excerpt::new(text, start);
        let attributes = [
            ("account", self.account),
            ("region", self.region),
            ("arn", self.arn),
            ("name", self.name),
            ("tags", self.tags),
            ("created", self.created),
            ("properties", self.properties),
        ];
        let there = attributes.into_iter().filter_map(|(name, at)| Some((name, at?)));
        let mut parts: Vec<(&str, usize)> = there.collect();
        parts.sort_by_key(|(_, at)| *at);
        let mut between = "{\"";
        for (name, at) in parts {
            excerpt.add(between);
            excerpt.add(name);
            excerpt.add("\":");
            between = ",\"";
            if Some(at) == self.properties {
                self.excerpt_of_properties(&mut excerpt, at);
                continue;
            }
            let mut cursor = Cursor::new(text).moved(at);
            // It was read before.
            if cursor.skip().is_ok() {
                excerpt.copy(at..cursor.at());
            }
        }
        excerpt.add("}");
        excerpt.finish()
    }

    fn excerpt_of_properties(&self, excerpt: &mut Excerpt<'_>, at: usize) {
        excerpt.copy(at..at + 1);
        for (number, part) in self.parts.iter().enumerate() {
            if number > 0 {
                excerpt.add(",");
            }
            excerpt.copy(part.clone());
        }
        excerpt.add("}");
    }
}

/// The value at a byte, of this shape; `None` where there is none.
pub(super) fn value(text: &str, at: Option<usize>, shape: &Shape) -> Result<Option<Value>, Fault> {
    at.map(|at| read_shape(&Projection::new(), shape, &mut Cursor::new(text).moved(at))).transpose()
}

/// A gap with a member that is no text, or of another name, would cover something else than was meant.
fn gap(cursor: &mut Cursor<'_>) -> Result<GapParts, Fault> {
    const PARTS: [&str; 4] = ["type", "account", "region", "reason"];
    let at = cursor.at();
    let Value::Map(map) = read_json(cursor)? else {
        return Err(Fault { at, what: "`gap` is no object".to_owned() });
    };
    for (key, value) in &map.entries {
        if !PARTS.contains(&&**key) {
            let mend = did_you_mean(key, PARTS);
            return Err(Fault { at, what: format!("a gap has no `{key}`{mend}") });
        }
        if !matches!(value, Value::Text(_) | Value::Absent) {
            return Err(Fault { at, what: format!("the gap's `{key}` is no text") });
        }
    }
    let get = |name: &str| map.entries.get(name).and_then(Value::as_text).cloned();
    let reason = get("reason").unwrap_or_else(|| "no reason given".into());
    Ok((get("type").map(|kind| Symbol::new(&kind)), get("account"), get("region"), reason))
}
