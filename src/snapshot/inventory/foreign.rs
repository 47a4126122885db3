//! Types that no schema declares: one that is nearly the name of a type that the program asks about is most
//! likely that type, misspelt. Then resources of it may be missing.

use std::collections::BTreeSet;

use crate::base::distance::closest;
use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::value::Text;

use super::super::model::Gap;

/// The types without a schema that have been met, each judged once.
#[derive(Debug, Default)]
pub struct Foreign {
    met: BTreeSet<String>,
}

impl Foreign {
    /// What a type that no schema declares leaves open.
    pub fn judge(
        &mut self,
        projection: &Projection,
        kind: &str,
        input: u32,
        place: LineColumn,
    ) -> Vec<Gap> {
        if !self.met.insert(kind.to_owned()) {
            return Vec::new();
        }
        let meant = projection.resources.keys().filter(|known| is_near(kind, known));
        let gap = |meant: &Symbol| Gap {
            kind: Some(meant.clone()),
            account: None,
            region: None,
            reason: Text::from(format!("no schema declares `{kind}`; did you mean `{meant}`?")),
            input,
            place,
        };
        meant.map(gap).collect()
    }
}

/// Whether the names differ in one part, and that by a slip: `AWS::SSO::Instance` is not
/// `AWS::EC2::Instance`. A colon too few is a slip, too.
fn is_near(kind: &str, known: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        name.split(':').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (kind, known) = (parts(kind), parts(known));
    if kind.len() != known.len() {
        return false;
    }
    let mut other = kind.iter().zip(&known).filter(|(a, b)| a != b);
    let near = |(a, b): (&String, &String)| !closest(a, [b.as_str()]).is_empty();
    match (other.next(), other.next()) {
        (Some(differing), None) => near(differing),
        (None, _) => true,
        _ => kind.iter().zip(&known).all(|(a, b)| a.eq_ignore_ascii_case(b)),
    }
}
