//! A registry schema (JSON) as declarations: what each construct of it becomes in Assize.
//!
//! `definitions` become records named after their owner, and so do objects without a name (after the
//! path to them). Enums of strings become literals, `["object", "string"]` and free objects become
//! `Json`, maps keep their value's type, `relationshipRef` becomes a reference, and read-only and
//! write-only properties are marked. Alternatives (`oneOf`, `anyOf`) of objects are one record in which
//! all is optional; other alternatives that differ are `Json`.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// A record or resource type that was read.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// After the dot; empty for the resource itself.
    pub name: String,
    /// Its fields, in the order of the schema.
    pub fields: IndexMap<String, FieldText>,
}

/// A field, ready to be written.
#[derive(Clone, Debug, Default)]
pub struct FieldText {
    /// Its type, without `?`.
    pub ty: String,
    /// Whether it is always there.
    pub required: bool,
    /// What it refers to: `AWS::KMS::Key.Arn`.
    pub references: Vec<String>,
    /// Its default, as written.
    pub default: Option<String>,
    /// `readonly`, `writeonly`, `sensitive`.
    pub marks: Vec<&'static str>,
}

/// A whole registry schema.
#[derive(Clone, Debug, Default)]
pub struct Registered {
    /// The resource type.
    pub type_name: String,
    /// The properties that identify a resource.
    pub identified_by: Vec<String>,
    /// The resource first, then its records.
    pub declarations: Vec<Declaration>,
}

/// How deep a schema may nest.
const MAX_DEPTH: usize = 64;

struct Reader<'a> {
    root: &'a Value,
    type_name: &'a str,
    out: Vec<Declaration>,
}

/// Reads a schema.
///
/// # Errors
///
/// What the text lacks to be a registry schema, in one clause.
pub fn read(text: &str) -> Result<Registered, String> {
    let root: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    let type_name =
        root.get("typeName").and_then(Value::as_str).ok_or("a registry schema has a `typeName`")?;
    let properties = object(&root, "properties").ok_or("a registry schema has `properties`")?;
    let mut reader = Reader { root: &root, type_name, out: Vec::new() };
    let required = names(&root, "required");
    reader.record("", properties, &required, 0);
    for (list, mark) in [("readOnlyProperties", "readonly"), ("writeOnlyProperties", "writeonly")] {
        for pointer in names(&root, list) {
            reader.mark(&pointer, mark);
        }
    }
    let identified_by = identifiers(&root, properties);
    let mut declarations = reader.out;
    declarations.sort_by_key(|declaration| !declaration.name.is_empty());
    Ok(Registered { type_name: type_name.to_owned(), identified_by, declarations })
}

fn object<'a>(node: &'a Value, key: &str) -> Option<&'a Map<String, Value>> {
    node.get(key).and_then(Value::as_object)
}

fn names(node: &Value, key: &str) -> Vec<String> {
    let list = node.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The primary identifier, where it is made of top-level properties, then the additional ones.
fn identifiers(root: &Value, properties: &Map<String, Value>) -> Vec<String> {
    let mut pointers = names(root, "primaryIdentifier");
    let additional = root.get("additionalIdentifiers").and_then(Value::as_array);
    for list in additional.into_iter().flatten().filter_map(Value::as_array) {
        if let [Value::String(one)] = list.as_slice() {
            pointers.push(one.clone());
        }
    }
    let mut out: Vec<String> = Vec::new();
    for pointer in pointers {
        let name = pointer.trim_start_matches("/properties/").to_owned();
        if properties.contains_key(&name) && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// Whether the text can name a field in the language.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl<'a> Reader<'a> {
    fn full_name(&self, record: &str) -> String {
        format!("{}.{record}", self.type_name)
    }

    /// Declares a record once; its fields are read after its name is taken, so that records may hold
    /// themselves.
    fn record(
        &mut self,
        name: &str,
        properties: &Map<String, Value>,
        required: &[String],
        depth: usize,
    ) {
        if self.out.iter().any(|known| known.name == name) {
            return;
        }
        let at = self.out.len();
        self.out.push(Declaration { name: name.to_owned(), fields: IndexMap::new() });
        let mut fields = IndexMap::new();
        for (field, schema) in properties.iter().filter(|(field, _)| is_name(field)) {
            let mut references = Vec::new();
            let ty = self.ty(schema, &format!("{name}{field}"), &mut references, depth + 1);
            let required = required.contains(field);
            let default = if required { None } else { default(schema, &ty) };
            let made = FieldText { ty, required, references, default, marks: Vec::new() };
            fields.insert(field.clone(), made);
        }
        if let Some(declaration) = self.out.get_mut(at) {
            declaration.fields = fields;
        }
    }

    /// The schema that a `$ref` points to, and the name of its definition.
    fn resolve(&self, pointer: &str) -> Option<(&'a Value, String)> {
        let target = self.root.pointer(pointer.strip_prefix('#')?)?;
        let name = pointer.rsplit('/').next().unwrap_or("");
        Some((target, name.chars().filter(char::is_ascii_alphanumeric).collect()))
    }

    /// The type of a schema; `path` names it if it turns out to be a record without a name.
    fn ty(&mut self, schema: &Value, path: &str, refs: &mut Vec<String>, depth: usize) -> String {
        if depth > MAX_DEPTH {
            return "Json".to_owned();
        }
        collect_references(schema, refs);
        if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
            return match self.resolve(pointer) {
                Some((target, name)) => self.ty(target, &name, refs, depth + 1),
                None => "Json".to_owned(),
            };
        }
        if let Some(properties) = object(schema, "properties").filter(|known| !known.is_empty()) {
            self.record(path, properties, &names(schema, "required"), depth);
            return self.full_name(path);
        }
        match schema.get("type") {
            Some(Value::String(name)) => self.simple(name, schema, path, refs, depth),
            Some(Value::Array(kinds)) => {
                let mut kinds = kinds.iter().filter_map(Value::as_str);
                let scalar = |kind| matches!(kind, "string" | "boolean" | "integer" | "number");
                if kinds.all(scalar) { "String".to_owned() } else { "Json".to_owned() }
            }
            _ => self.alternatives(schema, path, refs, depth),
        }
    }

    fn simple(
        &mut self,
        name: &str,
        schema: &Value,
        path: &str,
        refs: &mut Vec<String>,
        depth: usize,
    ) -> String {
        match name {
            "boolean" => "Bool".to_owned(),
            "integer" => "Int".to_owned(),
            "number" => "Float".to_owned(),
            "string" => match schema.get("format").and_then(Value::as_str) {
                Some("date-time") => "Timestamp".to_owned(),
                _ => literals(schema).unwrap_or_else(|| "String".to_owned()),
            },
            "array" => match schema.get("items") {
                Some(items) => format!("[{}]", self.ty(items, path, refs, depth + 1)),
                None => "[Json]".to_owned(),
            },
            "object" => self.map(schema, path, refs, depth),
            _ => "Json".to_owned(),
        }
    }

    /// An object without properties of its own: a map, alternatives, or anything.
    fn map(&mut self, schema: &Value, path: &str, refs: &mut Vec<String>, depth: usize) -> String {
        let pattern = object(schema, "patternProperties").and_then(|p| p.values().next());
        let more = schema.get("additionalProperties").filter(|more| more.is_object());
        match pattern.or(more) {
            Some(value) => format!("{{{}}}", self.ty(value, path, refs, depth + 1)),
            None => self.alternatives(schema, path, refs, depth),
        }
    }

    /// `oneOf`, `anyOf`, `allOf`: records are merged, equal types are one, the rest is `Json`.
    fn alternatives(
        &mut self,
        schema: &Value,
        path: &str,
        refs: &mut Vec<String>,
        depth: usize,
    ) -> String {
        let lists = ["oneOf", "anyOf", "allOf"].iter();
        let lists = lists.filter_map(|key| schema.get(*key).and_then(Value::as_array));
        let all: Vec<&Value> = lists.flatten().collect();
        let mut merged = Map::new();
        for one in &all {
            let pointer = one.get("$ref").and_then(Value::as_str);
            let target = pointer.and_then(|pointer| self.resolve(pointer));
            match object(target.map_or(*one, |(target, _)| target), "properties") {
                Some(more) => merged.extend(more.iter().map(|(k, v)| (k.clone(), v.clone()))),
                None => return self.same_type(&all, path, refs, depth),
            }
        }
        if merged.is_empty() {
            return literals(schema).unwrap_or_else(|| "Json".to_owned());
        }
        self.record(path, &merged, &[], depth);
        self.full_name(path)
    }

    fn same_type(
        &mut self,
        all: &[&Value],
        path: &str,
        refs: &mut Vec<String>,
        depth: usize,
    ) -> String {
        let mut types: Vec<String> = Vec::new();
        for one in all {
            let ty = self.ty(one, path, refs, depth + 1);
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        match types.as_slice() {
            [one] => one.clone(),
            _ => "Json".to_owned(),
        }
    }

    /// Marks the property that a pointer such as `/properties/A/*/B` names.
    fn mark(&mut self, pointer: &str, mark: &'static str) {
        let mut steps = pointer.split('/').filter(|step| !matches!(*step, "" | "*" | "items"));
        let mut record = match steps.next() {
            Some("properties") => String::new(),
            Some("definitions") => steps.next().unwrap_or("").to_owned(),
            _ => return,
        };
        let steps: Vec<&str> = steps.filter(|step| *step != "properties").collect();
        let Some((last, inner)) = steps.split_last() else { return };
        for step in inner {
            let Some(declaration) = self.out.iter().find(|d| d.name == record) else { return };
            let Some(field) = declaration.fields.get(*step) else { return };
            let prefix = format!("{}.", self.type_name);
            let Some((_, rest)) = field.ty.split_once(&prefix) else { return };
            record = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        }
        let declaration = self.out.iter_mut().find(|d| d.name == record);
        if let Some(field) = declaration.and_then(|d| d.fields.get_mut(*last)) {
            if !field.marks.contains(&mark) {
                field.marks.push(mark);
            }
            if mark == "readonly" {
                field.default = None;
            }
        }
    }
}

/// `"a" | "b"` of an enum of strings.
fn literals(schema: &Value) -> Option<String> {
    let constant = schema.get("const").and_then(Value::as_str);
    let members: Vec<String> = match constant {
        Some(one) => vec![one.to_owned()],
        None => {
            let list = schema.get("enum")?.as_array()?;
            list.iter().map(|member| member.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
    };
    let mut quoted: Vec<String> = Vec::new();
    for member in members {
        let text = quote(&member);
        if !quoted.contains(&text) {
            quoted.push(text);
        }
    }
    (!quoted.is_empty()).then(|| quoted.join(" | "))
}

/// The text as a string of the language.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The default of a schema, where it is a plain scalar of the type.
fn default(schema: &Value, ty: &str) -> Option<String> {
    match (schema.get("default")?, ty) {
        (Value::Bool(on), "Bool") => Some(on.to_string()),
        (Value::Number(n), "Int") => n.as_i64().map(|n| n.to_string()),
        (Value::String(text), "String") => Some(quote(text)),
        (Value::String(text), _) => {
            let text = quote(text);
            ty.split(" | ").any(|member| member == text).then_some(text)
        }
        _ => None,
    }
}

fn collect_references(schema: &Value, refs: &mut Vec<String>) {
    let direct = schema.get("relationshipRef");
    let nested = ["anyOf", "oneOf"].iter();
    let nested = nested.filter_map(|key| schema.get(*key).and_then(Value::as_array)).flatten();
    let nested = nested.filter_map(|one| one.get("relationshipRef"));
    for relation in direct.into_iter().chain(nested) {
        let kind = relation.get("typeName").and_then(Value::as_str);
        let path = relation.get("propertyPath").and_then(Value::as_str);
        if let (Some(kind), Some(path)) = (kind, path) {
            let text = format!("{kind}.{}", path.trim_start_matches("/properties/"));
            if !text.contains('/') && !refs.contains(&text) {
                refs.push(text);
            }
        }
    }
}
