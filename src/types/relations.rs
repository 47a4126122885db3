//! How types relate: what fits where, the least type of two, what may be compared.

use crate::base::Symbol;

use super::{Presence, RecordId, Type, TypeId, Types};

/// How deep records are compared by structure; deeper ones are taken to be the same.
const DEPTH: u8 = 16;

impl Types {
    /// Whether a value of type `from` may stand where `to` is wanted, without a change at run time.
    pub fn fits(&self, from: TypeId, to: TypeId) -> bool {
        if from == to {
            return true;
        }
        match (self.get(from), self.get(to)) {
            (Type::Error | Type::Never, _) | (_, Type::Error) => true,
            (Type::Option(from), Type::Option(to)) => self.fits(*from, *to),
            (Type::Option(_), _) => false,
            (_, Type::Option(to)) => self.fits(from, *to),
            (Type::Enum(_), Type::String) => true,
            (Type::Enum(from), Type::Enum(to)) => from.iter().all(|member| to.contains(member)),
            (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => {
                self.fits(*from, *to)
            }
            (Type::Union(from), _) => from.iter().all(|member| self.fits(*member, to)),
            (_, Type::Union(to)) => to.iter().any(|member| self.fits(from, *member)),
            (Type::Resource(_), Type::AnyResource) => true,
            (_, Type::Json) => self.is_json(from, DEPTH),
            _ => false,
        }
    }

    /// Whether a record of `from` can be turned into one of `to`: by structure.
    pub fn converts(&self, from: RecordId, to: RecordId) -> bool {
        let (Some(from), Some(to)) = (self.records.get(from), self.records.get(to)) else {
            return false;
        };
        let known = from.fields.keys().all(|name| to.fields.contains_key(name));
        known
            && to.fields.values().all(|wanted| match from.fields.get(&wanted.name) {
                None => !matches!(wanted.presence, Presence::Required),
                Some(given) => {
                    let optional = matches!(given.presence, Presence::Optional);
                    let may = !optional || !matches!(wanted.presence, Presence::Required);
                    may && self.fits(given.ty, wanted.ty)
                }
            })
    }

    /// Whether the type can be said in JSON.
    fn is_json(&self, ty: TypeId, depth: u8) -> bool {
        match self.get(ty) {
            Type::Error
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Json
            | Type::Enum(_) => true,
            Type::List(inner) | Type::Map(inner) | Type::Option(inner) => {
                depth == 0 || self.is_json(*inner, depth - 1)
            }
            Type::Record(_) => true,
            Type::Union(members) => members.iter().all(|member| self.is_json(*member, depth)),
            Type::Duration
            | Type::Timestamp
            | Type::Ip
            | Type::Cidr
            | Type::Regex
            | Type::Glob
            | Type::Version
            | Type::Resource(_)
            | Type::AnyResource => false,
        }
    }

    /// The least type in which both fit, if there is one.
    pub fn join(&mut self, a: TypeId, b: TypeId) -> Option<TypeId> {
        if self.fits(a, b) {
            return Some(b);
        }
        if self.fits(b, a) {
            return Some(a);
        }
        match (self.get(a).clone(), self.get(b).clone()) {
            (Type::Option(a), Type::Option(b)) => {
                let inner = self.join(a, b)?;
                Some(self.optional(inner))
            }
            (Type::Option(a), _) => {
                let inner = self.join(a, b)?;
                Some(self.optional(inner))
            }
            (_, Type::Option(b)) => {
                let inner = self.join(a, b)?;
                Some(self.optional(inner))
            }
            (Type::Enum(mut members), Type::Enum(others)) => {
                let new: Vec<Symbol> =
                    others.into_iter().filter(|other| !members.contains(other)).collect();
                members.extend(new);
                Some(self.intern(Type::Enum(members)))
            }
            (Type::List(a), Type::List(b)) => {
                let inner = self.join(a, b)?;
                Some(self.intern(Type::List(inner)))
            }
            (Type::Map(a), Type::Map(b)) => {
                let inner = self.join(a, b)?;
                Some(self.intern(Type::Map(inner)))
            }
            (left, right) => {
                let mut members = members_of(a, &left)?;
                let others = members_of(b, &right)?;
                let new: Vec<TypeId> =
                    others.into_iter().filter(|other| !members.contains(other)).collect();
                members.extend(new);
                Some(self.union(members))
            }
        }
    }

    /// The union of these members: one alone is itself.
    pub fn union(&mut self, mut members: Vec<TypeId>) -> TypeId {
        members.dedup();
        match members.as_slice() {
            [] => self.intern(Type::Never),
            [one] => *one,
            _ => self.intern(Type::Union(members)),
        }
    }

    /// Whether `==` of the two can be true for some values; `T?` counts as `T`.
    pub fn comparable(&self, a: TypeId, b: TypeId) -> bool {
        self.comparable_to(self.present(a), self.present(b), DEPTH)
    }

    fn comparable_to(&self, a: TypeId, b: TypeId, depth: u8) -> bool {
        let (a, b) = (self.present(a), self.present(b));
        match (self.get(a), self.get(b)) {
            (Type::Error | Type::Never, _) | (_, Type::Error | Type::Never) => true,
            (Type::Regex | Type::Glob, _) => false,
            (Type::String | Type::Enum(_), Type::String) | (Type::String, Type::Enum(_)) => true,
            (Type::Enum(a), Type::Enum(b)) => a.iter().any(|member| b.contains(member)),
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => {
                self.comparable_to(*a, *b, depth)
            }
            (Type::Union(members), _) => {
                members.iter().any(|member| self.comparable_to(*member, b, depth))
            }
            (_, Type::Union(members)) => {
                members.iter().any(|member| self.comparable_to(a, *member, depth))
            }
            (Type::AnyResource, Type::AnyResource | Type::Resource(_))
            | (Type::Resource(_), Type::AnyResource) => true,
            (Type::Record(a), Type::Record(b)) => {
                a == b || depth == 0 || self.same_shape(*a, *b, depth - 1)
            }
            _ => a == b,
        }
    }

    fn same_shape(&self, a: RecordId, b: RecordId, depth: u8) -> bool {
        let (Some(a), Some(b)) = (self.records.get(a), self.records.get(b)) else { return false };
        a.fields.len() == b.fields.len()
            && a.fields.values().all(|field| {
                b.fields
                    .get(&field.name)
                    .is_some_and(|other| self.comparable_to(field.ty, other.ty, depth))
            })
    }
}

/// The members of a type as a union: of itself alone, or of those that it is a union of. Only resources
/// and records have unions.
fn members_of(id: TypeId, ty: &Type) -> Option<Vec<TypeId>> {
    match ty {
        Type::Union(members) => Some(members.clone()),
        Type::Record(_) | Type::Resource(_) => Some(vec![id]),
        _ => None,
    }
}
