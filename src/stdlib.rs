//! The standard library, written in Assize and embedded in the binary.

/// Every module of the library: its name (`aws.s3`) and its text, by name.
pub const MODULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));

/// How the names of the modules begin that hold a framework each.
pub const FRAMEWORKS: &str = "frameworks.";

/// How the names of the modules begin that hold a profile each, of the module's name.
pub const PROFILES: &str = "profiles.";

/// The names of the library's profiles.
pub fn profiles() -> impl Iterator<Item = &'static str> {
    MODULES.iter().filter_map(|(name, _)| name.strip_prefix(PROFILES))
}

/// The text of the library's module with this name.
pub fn module(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The module in which a resource type is declared, if the library has a schema of it:
/// `AWS::S3::Bucket` in `schema.aws.s3`.
pub fn schema_module(resource: &str) -> Option<&'static str> {
    let mut parts = resource.split("::");
    let (vendor, service) = (parts.next()?, parts.next()?);
    let service = if service.is_empty() { "account" } else { service };
    let name = format!("schema.{}.{}", vendor.to_ascii_lowercase(), service.to_ascii_lowercase());
    let (known, text) = MODULES.iter().find(|(known, _)| *known == name)?;
    let declared = resource_types(text).any(|declared| declared == resource);
    declared.then_some(*known)
}

/// Of a schema file, what declares a resource type and its records. All other lines are empty: what is left
/// stands where it stands in the file.
pub fn schema_of(resource: &str, text: &str) -> String {
    let mut out = String::new();
    // Doc comments belong to what follows them.
    let mut docs: Vec<&str> = Vec::new();
    let mut own = false;
    for line in text.lines() {
        if line.starts_with("///") {
            docs.push(line);
            continue;
        }
        let declared = |rest: &str, end: char| {
            rest.strip_prefix(resource).is_some_and(|rest| rest.starts_with(end))
        };
        if let Some(rest) = line.strip_prefix("resource ") {
            own = declared(rest, ' ');
        } else if let Some(rest) = line.strip_prefix("record ") {
            own = declared(rest, '.');
        } else if line.starts_with("//") {
            own = false;
        }
        for line in docs.drain(..).chain([line]) {
            out.push_str(if own { line } else { "" });
            out.push('\n');
        }
    }
    out
}

/// The modules with adapters to the types of a service, one for each source.
pub fn adapters(service: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_service = move |name: &str| {
        name.strip_prefix("adapters.")
            .is_some_and(|rest| rest.split('.').nth(1).is_some_and(|known| known == service))
    };
    MODULES.iter().filter(move |(name, _)| of_service(name)).copied()
}

/// Whether the module holds neither schemas nor adapters, which are loaded for the types that are named.
pub fn is_policy(name: &str) -> bool {
    !name.starts_with("schema.") && !name.starts_with("adapters.")
}

/// Every resource type that the library has a schema of, by module.
pub fn known_types() -> impl Iterator<Item = &'static str> {
    MODULES
        .iter()
        .filter(|(name, _)| name.starts_with("schema."))
        .flat_map(|(_, text)| resource_types(text))
}

/// The types that a schema file declares: `resource` begins a line only there.
fn resource_types(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("resource "))
        .filter_map(|rest| rest.split(' ').next())
}
