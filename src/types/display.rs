//! How a type is written in a message: as an author would write it.

use super::{Type, TypeId, Types};

/// The type in the language's own spelling: `[Int]?`, `"a" | "b"`, `AWS::S3::Bucket`.
pub fn type_text(types: &Types, id: TypeId) -> String {
    match types.get(id) {
        Type::Error => "?".to_owned(),
        Type::Never => "nothing".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::Int => "Int".to_owned(),
        Type::Float => "Float".to_owned(),
        Type::String => "String".to_owned(),
        Type::Duration => "Duration".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Ip => "Ip".to_owned(),
        Type::Cidr => "Cidr".to_owned(),
        Type::Regex => "Regex".to_owned(),
        Type::Glob => "Glob".to_owned(),
        Type::Version => "Version".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Enum(members) => enum_text(members),
        Type::List(inner) => format!("[{}]", type_text(types, *inner)),
        Type::Map(inner) => format!("{{{}}}", type_text(types, *inner)),
        Type::Option(inner) => match types.get(*inner) {
            Type::Enum(_) | Type::Union(_) => format!("({})?", type_text(types, *inner)),
            _ => format!("{}?", type_text(types, *inner)),
        },
        Type::Record(record) | Type::Resource(record) => types.records.at(*record).name.to_string(),
        Type::Union(members) => {
            let members: Vec<String> = members.iter().map(|ty| type_text(types, *ty)).collect();
            members.join(" | ")
        }
        Type::AnyResource => "Resource".to_owned(),
    }
}

/// All members of a short enum, the first few of a long one.
fn enum_text(members: &[crate::base::Symbol]) -> String {
    const SHOWN: usize = 6;
    let mut shown: Vec<String> = members.iter().take(SHOWN).map(|m| format!("\"{m}\"")).collect();
    if members.len() > SHOWN {
        shown.push(format!("… ({} values)", members.len()));
    }
    shown.join(" | ")
}
