//! What was defined in a session, and expressions over it.

use crate::base::Sources;
use crate::diagnostic::Diagnostics;
use crate::engine::{Policies, Query};
use crate::hir::{Expr, ExprKind, Function};
use crate::resolve::{ModuleLoader, Root, declared};
use crate::syntax::ast::{Item, ItemKind, Module};
use crate::syntax::{parse_expression, parse_module};
use crate::types::display::type_text;

/// The module that a session is.
pub const MODULE: &str = "session";

/// What messages call its text.
const NAME: &str = "<session>";

/// The function that an expression is put into, and the `let` in it.
const FUNCTION: &str = "asked_here";

/// Something that was defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defined {
    /// Its name; of an import, its text.
    pub name: String,
    /// As it was written.
    pub text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Use,
    Let,
    Item,
}

/// Why an input is not understood: for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

/// What an input turned out to be.
#[derive(Debug)]
pub enum Asked {
    /// A definition, taken in under this name.
    Defined(String),
    /// An expression, with its type in words.
    Expression(Box<Query>, String),
}

/// Definitions, on top of policies.
#[derive(Debug)]
pub struct Session {
    /// The policies: those that were given, or the library.
    pub policies: Vec<Root>,
    /// What was defined, in order.
    pub defined: Vec<Defined>,
    /// The instant of all evaluations, in microseconds since 1970.
    pub now: i64,
    /// Values of templates' parameters.
    pub parameters: Vec<(String, String)>,
    /// Whether messages are coloured.
    pub colour: bool,
}

/// Whether a text may go on in the next line: it ends where more is expected.
pub fn is_open(text: &str) -> bool {
    let text = text.trim_end();
    // A doc comment is about what comes next.
    if text.lines().all(|line| line.trim().is_empty() || line.trim().starts_with("//"))
        && text.lines().any(|line| line.trim().starts_with("///"))
    {
        return true;
    }
    let mut sources = Sources::new();
    let mut sink = Diagnostics::new();
    let mut end = text.len();
    match Kind::of(text) {
        None => drop(parse_expression(sources.add(NAME, text), text, &mut sink)),
        Some(Kind::Use | Kind::Item) => {
            drop(parse_module(sources.add(NAME, text), text, &mut sink));
        }
        Some(Kind::Let) => {
            let whole = in_function(text);
            end += whole.find(text).unwrap_or(0);
            parse_module(sources.add(NAME, &whole), &whole, &mut sink);
        }
    }
    let places = sink.sorted();
    places.first().is_some_and(|first| first.primary.span.start as usize >= end)
}

/// A `let` where one may stand.
fn in_function(text: &str) -> String {
    format!("fn {FUNCTION}() -> Bool {{\n{text}\nreturn true\n}}")
}

impl Kind {
    /// What a text defines, by its first word; `None` for an expression.
    fn of(text: &str) -> Option<Self> {
        let first =
            text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
        let word = first?.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        match word {
            "use" => Some(Self::Use),
            "let" => Some(Self::Let),
            "fn" | "param" | "control" | "record" | "resource" | "adapter" | "framework"
            | "profile" | "waiver" | "treatment" | "test" => Some(Self::Item),
            _ => None,
        }
    }
}

impl Session {
    /// A session on these policies.
    pub fn new(policies: Vec<Root>, now: i64, parameters: Vec<(String, String)>) -> Self {
        Self { policies, defined: Vec::new(), now, parameters, colour: false }
    }

    /// Takes in a definition, or compiles an expression.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn ask(&mut self, text: &str, loader: &dyn ModuleLoader) -> Result<Asked, Wrong> {
        match Kind::of(text) {
            None => self.expression(text, loader),
            Some(kind) => self.define(kind, text, loader).map(Asked::Defined),
        }
    }

    /// The text of the session as a module, without its `let`s.
    pub fn module(&self) -> Root {
        let text = self.text(&[]);
        Root { module: MODULE.to_owned(), name: NAME.to_owned(), text }
    }

    /// The definitions as a policy file: `let`s are left out, since a file has none.
    pub fn saved(&self) -> String {
        self.text(&[])
    }

    fn text(&self, body: &[&str]) -> String {
        let of = |kind: Kind| self.defined.iter().filter(move |own| own.kind == kind);
        let mut out = String::new();
        for own in of(Kind::Use) {
            out.push_str(&own.text);
            out.push('\n');
        }
        for own in of(Kind::Item) {
            out.push_str(&format!("{}{}\n", if out.is_empty() { "" } else { "\n" }, own.text));
        }
        if !body.is_empty() {
            out.push_str(&format!("fn {FUNCTION}() -> Bool {{\n"));
            of(Kind::Let).for_each(|own| out.push_str(&format!("{}\n", own.text)));
            body.iter().for_each(|line| out.push_str(&format!("{line}\n")));
            out.push_str("return true\n}\n");
        }
        out
    }

    fn checked(&self, body: &[&str], loader: &dyn ModuleLoader) -> Result<Policies, Wrong> {
        let text = self.text(body);
        let root = Root { module: MODULE.to_owned(), name: NAME.to_owned(), text };
        let with_policies = Files { policies: &self.policies, inner: loader };
        Policies::check(vec![root], &with_policies)
            .map_err(|refused| Wrong(refused.render(self.colour).trim_end().to_owned()))
    }

    fn expression(&self, text: &str, loader: &dyn ModuleLoader) -> Result<Asked, Wrong> {
        // By itself first: what is wrong then stands where it was written.
        let mut sources = Sources::new();
        let mut sink = Diagnostics::new();
        parse_expression(sources.add(NAME, text), text, &mut sink);
        if sink.has_errors() {
            let text = crate::diagnostic::render::to_text(&sink.sorted(), &sources, self.colour);
            return Err(Wrong(text.trim_end().to_owned()));
        }
        let mut policies = self.checked(&[&format!("let {FUNCTION} ="), text], loader)?;
        let call = called(&mut policies).ok_or_else(|| Wrong("nothing was asked".to_owned()))?;
        let ty = type_text(&policies.hir.types, call.ty);
        let query = Query::new(policies, &call, self.now, self.parameters.clone());
        match query {
            Ok(query) => Ok(Asked::Expression(Box::new(query), ty)),
            Err(refused) => Err(Wrong(refused.to_string())),
        }
    }

    fn define(
        &mut self,
        kind: Kind,
        text: &str,
        loader: &dyn ModuleLoader,
    ) -> Result<String, Wrong> {
        let text = text.trim().to_owned();
        let mut sources = Sources::new();
        let mut sink = Diagnostics::new();
        let whole = match kind {
            Kind::Let => in_function(&text),
            Kind::Use | Kind::Item => text.clone(),
        };
        let module = parse_module(sources.add(NAME, &whole), &whole, &mut sink);
        if sink.has_errors() {
            let text = crate::diagnostic::render::to_text(&sink.sorted(), &sources, self.colour);
            return Err(Wrong(text.trim_end().to_owned()));
        }
        let name = name_of(kind, &module, &text);
        let before = self.defined.clone();
        let known = self.defined.iter().position(|own| own.kind == kind && own.name == name);
        let own = Defined { name: name.clone(), text, kind };
        match known.and_then(|at| self.defined.get_mut(at)) {
            Some(place) => *place = own,
            None => self.defined.push(own),
        }
        // A definition must fit all others: else it is not taken in.
        if let Err(wrong) = self.checked(&["let checked = true"], loader) {
            self.defined = before;
            return Err(wrong);
        }
        Ok(name)
    }
}

/// Makes the last `let` of the function that an expression is put into what the function gives, and calls it: what
/// type that is, the checker has found out.
fn called(policies: &mut Policies) -> Option<Expr> {
    let named = |function: &Function| *function.name == *FUNCTION;
    let id =
        policies.hir.functions.iter_with_idx().find(|(_, own)| named(own)).map(|(id, _)| id)?;
    let function = policies.hir.functions.at_mut(id);
    let asked = function.lets.pop()?.value;
    let (ty, span) = (asked.ty, asked.span);
    (function.result, function.value) = (ty, asked);
    Some(Expr { kind: ExprKind::Call(id, Vec::new()), ty, span })
}

/// What is defined: the name of a declaration or of a `let`, else the text.
fn name_of(kind: Kind, module: &Module, text: &str) -> String {
    let bound = |item: &Item| match &item.kind {
        ItemKind::Function(function) => function.lets.first().map(|own| own.name.name.to_string()),
        _ => None,
    };
    let name = match kind {
        Kind::Let => module.items.first().and_then(bound),
        Kind::Item => declared(module).next().map(|name| name.name.to_string()),
        Kind::Use => None,
    };
    name.unwrap_or_else(|| text.lines().next().unwrap_or("").to_owned())
}

/// The policies of the session, then files.
struct Files<'s> {
    policies: &'s [Root],
    inner: &'s dyn ModuleLoader,
}

impl ModuleLoader for Files<'_> {
    fn load(&self, path: &str, from: &str) -> Option<crate::resolve::ModuleText> {
        let own = self.policies.iter().find(|root| root.module == path);
        let own = own.filter(|_| crate::stdlib::module(path).is_none());
        let text = |root: &Root| crate::resolve::ModuleText {
            name: root.name.clone(),
            text: root.text.clone(),
        };
        own.map(text).or_else(|| self.inner.load(path, from))
    }

    fn candidates(&self, from: &str) -> Vec<String> {
        let mut out = self.inner.candidates(from);
        out.extend(self.policies.iter().map(|root| root.module.clone()));
        out
    }
}
