//! Random programs over every construct, as text, so that lexer, parser and checker take part.
//!
//! Every decision is a byte of a tape. A tape that has run out gives zeros, and a zero is always the
//! simplest choice: a shorter tape is a smaller program.

use std::fmt::Write;

/// The types of resources and records that the programs speak of.
pub const SCHEMA: &str = r#"
record Rule { Port: Int, Low: Int?, Cidr: String?, Kind: "a" | "b" = "a", Tags: [String] = [] }
resource T::X::Group identified by GroupId {
    GroupId: String readonly, Size: Int?, Shut: Bool = false, Owner: String, Mode: "on" | "off",
    Parent: String? -> T::X::Group.GroupId,
}
resource T::X::Node identified by NodeId {
    NodeId: String readonly, Flag: Bool, MaybeFlag: Bool?, DefFlag: Bool = true,
    Count: Int, MaybeCount: Int?, DefCount: Int = 3, Ratio: Float, MaybeRatio: Float?,
    Name: String, MaybeName: String?, Mode: "on" | "off" | "auto", MaybeMode: ("on" | "off")?,
    Lasts: Duration, Since: Timestamp, MaybeSince: Timestamp?, Addr: Ip, Net: Cidr, Engine: Version,
    Doc: Json, MaybeDoc: Json?, Names: [String], MaybeNames: [String]?, Counts: [Int] = [1],
    Rules: [Rule] = [], Main: Rule, MaybeRule: Rule?, Labels: {String},
    GroupRef: String? -> T::X::Group.GroupId, GroupRefs: [String] -> T::X::Group.GroupId = [],
}
fn rule_of(r: Rule) -> Rule = r
fn labels_of(m: {String}) -> {String} = m
fn mode_of(m: "on" | "off" | "auto") -> "on" | "off" | "auto" = m
fn json_of(j: Json) -> Json = j
fn ints_of(xs: [Int]) -> [Int] = xs
fn texts_of(xs: [String]) -> [String] = xs
"#;

/// Types of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Bool,
    Int,
    Float,
    Text,
    Mode,
    Lasts,
    Time,
    Ip,
    Net,
    Version,
    Json,
    Rule,
    Labels,
    Node,
    Group,
    List(Box<Self>),
    Option(Box<Self>),
}

impl Ty {
    fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    fn option(of: Self) -> Self {
        Self::Option(Box::new(of))
    }

    /// As it is written.
    fn text(&self) -> String {
        match self {
            Self::Bool => "Bool".into(),
            Self::Int => "Int".into(),
            Self::Float => "Float".into(),
            Self::Text => "String".into(),
            Self::Mode => "\"on\" | \"off\" | \"auto\"".into(),
            Self::Lasts => "Duration".into(),
            Self::Time => "Timestamp".into(),
            Self::Ip => "Ip".into(),
            Self::Net => "Cidr".into(),
            Self::Version => "Version".into(),
            Self::Json => "Json".into(),
            Self::Rule => "Rule".into(),
            Self::Labels => "{String}".into(),
            Self::Node => "T::X::Node".into(),
            Self::Group => "T::X::Group".into(),
            Self::List(of) => format!("[{}]", of.text()),
            Self::Option(of) => format!("({})?", of.text()),
        }
    }
}

/// The properties of nodes: name and type.
fn node_fields() -> Vec<(&'static str, Ty)> {
    use Ty::*;
    let o = Ty::option;
    let l = Ty::list;
    vec![
        ("Flag", Bool),
        ("DefFlag", Bool),
        ("MaybeFlag", o(Bool)),
        ("Count", Int),
        ("DefCount", Int),
        ("MaybeCount", o(Int)),
        ("Ratio", Float),
        ("MaybeRatio", o(Float)),
        ("Name", Text),
        ("NodeId", Text),
        ("MaybeName", o(Text)),
        ("GroupRef", o(Text)),
        ("Mode", Mode),
        ("Lasts", Lasts),
        ("Since", Time),
        ("MaybeSince", o(Time)),
        ("Addr", Ip),
        ("Net", Net),
        ("Engine", Version),
        ("Doc", Json),
        ("MaybeDoc", o(Json)),
        ("Names", l(Text)),
        ("GroupRefs", l(Text)),
        ("MaybeNames", o(l(Text))),
        ("Counts", l(Int)),
        ("Rules", l(Rule)),
        ("Main", Rule),
        ("MaybeRule", o(Rule)),
        ("Labels", Labels),
        ("id", Text),
        ("type", Text),
        ("account", Text),
        ("region", Text),
        ("arn", Text),
        ("name", o(Text)),
        ("tags", Labels),
        ("created", o(Time)),
        ("properties", Json),
        ("metadata", Json),
        ("attributes", Json),
    ]
}

fn group_fields() -> Vec<(&'static str, Ty)> {
    vec![
        ("GroupId", Ty::Text),
        ("Size", Ty::option(Ty::Int)),
        ("Shut", Ty::Bool),
        ("Owner", Ty::Text),
        ("Parent", Ty::option(Ty::Text)),
        ("id", Ty::Text),
        ("tags", Ty::Labels),
    ]
}

fn rule_fields() -> Vec<(&'static str, Ty)> {
    vec![
        ("Port", Ty::Int),
        ("Low", Ty::option(Ty::Int)),
        ("Cidr", Ty::option(Ty::Text)),
        ("Tags", Ty::list(Ty::Text)),
    ]
}

fn fields_of(ty: &Ty) -> Vec<(&'static str, Ty)> {
    match ty {
        Ty::Node => node_fields(),
        Ty::Group => group_fields(),
        Ty::Rule => rule_fields(),
        _ => Vec::new(),
    }
}

/// The decisions.
pub struct Tape<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Tape<'t> {
    pub fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// One of `0..n`; zero when the tape has run out.
    pub fn pick(&mut self, n: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % n.max(1)
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.pick(n) == n - 1
    }
}

/// A name in scope: as it is written, and its type.
type Name = (String, Ty);

/// Writes programs.
pub struct Writer<'t> {
    tape: Tape<'t>,
    names: Vec<Name>,
    functions: Vec<(String, Vec<Ty>, Ty)>,
    fresh: usize,
    /// Leaves out what says more of an open value than any value in its place could: `origin`, `is known`;
    /// and what can end in an error.
    monotone: bool,
}

impl<'t> Writer<'t> {
    pub fn new(bytes: &'t [u8], monotone: bool) -> Self {
        let tape = Tape::new(bytes);
        Self { tape, names: Vec::new(), functions: Vec::new(), fresh: 0, monotone }
    }

    /// A whole module: functions, a parameter, one control.
    pub fn module(&mut self) -> String {
        let mut out = SCHEMA.to_owned();
        for _ in 0..self.tape.pick(3) {
            let text = self.function();
            out.push_str(&text);
        }
        out.push_str("param limit: Int = 3\nparam words: [String] = [\"a\", \"ab\"]\n");
        self.names = vec![("limit".into(), Ty::Int), ("words".into(), Ty::list(Ty::Text))];
        out.push_str("control c for n in T::X::Node {\n    param floor: Int = limit - 1\n");
        self.names.push(("floor".into(), Ty::Int));
        self.names.push(("n".into(), Ty::Node));
        for _ in 0..self.tape.pick(3) {
            let text = self.bound("    ");
            out.push_str(&text);
        }
        if self.tape.one_in(3) {
            let condition = self.bool(3, false);
            let _ = writeln!(out, "    when {condition}");
        }
        for _ in 0..=self.tape.pick(3) {
            let text = self.statement("    ", 2);
            out.push_str(&text);
        }
        out.push_str("}\n");
        out
    }

    fn name(&mut self, start: &str) -> String {
        self.fresh += 1;
        format!("{start}{}", self.fresh)
    }

    fn some_type(&mut self) -> Ty {
        use Ty::*;
        let all = [
            Int,
            Bool,
            Text,
            Float,
            Mode,
            Lasts,
            Time,
            Ip,
            Net,
            Version,
            Json,
            Rule,
            Labels,
            Group,
            Ty::list(Int),
            Ty::list(Text),
            Ty::list(Rule),
            Ty::list(Group),
            Ty::option(Int),
            Ty::option(Text),
            Ty::option(Rule),
            Ty::option(Bool),
        ];
        let ty = all[self.tape.pick(all.len())].clone();
        if ty == Group && !self.has_group() { Int } else { ty }
    }

    fn function(&mut self) -> String {
        let saved = std::mem::take(&mut self.names);
        let name = self.name("f");
        let mut args = Vec::new();
        for _ in 0..=self.tape.pick(2) {
            let ty = match self.some_type() {
                Ty::Group => Ty::Rule,
                ty => ty,
            };
            let arg = self.name("x");
            self.names.push((arg, ty.clone()));
            args.push(ty);
        }
        let list: Vec<String> =
            self.names.iter().map(|(name, ty)| format!("{name}: {}", ty.text())).collect();
        let result = self.some_type();
        let mut out = format!("fn {name}({}) -> {}", list.join(", "), result.text());
        if self.tape.one_in(2) {
            out.push_str(" {\n");
            let bound = self.bound("    ");
            let value = self.expr(&result, 2);
            let _ = writeln!(out, "{bound}    return {value}\n}}");
        } else {
            let value = self.expr(&result, 3);
            let _ = writeln!(out, " = {value}");
        }
        self.names = saved;
        self.functions.push((name, args, result));
        out
    }

    fn bound(&mut self, indent: &str) -> String {
        let ty = self.some_type();
        let value = self.expr(&ty, 3);
        let name = self.name("l");
        // What is written decides the type; an `if` or a `??` may be wider than was asked for.
        self.names.push((name.clone(), ty));
        format!("{indent}let {name} = {value}\n")
    }

    fn statement(&mut self, indent: &str, depth: usize) -> String {
        match self.tape.pick(8) {
            0..=3 => {
                let condition = self.bool(4, true);
                let message = self.message();
                format!("{indent}require {condition}{message}\n")
            }
            4 => {
                let condition = self.bool(4, false);
                let message = self.message();
                format!("{indent}forbid {condition}{message}\n")
            }
            5 if depth > 0 => {
                let (element, list) = self.domain(2);
                let name = self.name("e");
                self.names.push((name.clone(), element));
                let filter = self.filter(2);
                let mut out = format!("{indent}each {name} in {list}{filter} {{\n");
                let inner = format!("{indent}    ");
                let before = self.names.len();
                if self.tape.one_in(2) {
                    out.push_str(&self.bound(&inner));
                }
                for _ in 0..=self.tape.pick(2) {
                    out.push_str(&self.statement(&inner, depth - 1));
                }
                self.names.truncate(before - 1);
                let _ = writeln!(out, "{indent}}}");
                out
            }
            6 if depth == 2 => format!("{indent}manual \"attest {}\"\n", self.fresh),
            _ => {
                let all = [
                    ("n.MaybeCount", Ty::Int),
                    ("n.MaybeName", Ty::Text),
                    ("n.MaybeRule", Ty::Rule),
                    ("n.MaybeNames", Ty::list(Ty::Text)),
                ];
                let (path, ty) = all[self.tape.pick(4)].clone();
                self.names.push((path.to_owned(), ty));
                let condition = self.bool(3, true);
                self.names.pop();
                format!("{indent}require {path} is present\n{indent}require {condition}\n")
            }
        }
    }

    fn message(&mut self) -> String {
        match self.tape.pick(3) {
            0 => String::new(),
            1 => format!(" else \"{{n.id}} fails {}\"", self.fresh),
            _ => {
                let ty = self.some_type();
                let part = self.expr(&ty, 1);
                if part.contains('"') {
                    String::new()
                } else {
                    format!(" else \"sees {{{part}}}\"")
                }
            }
        }
    }

    /// The type of its elements, and a list.
    fn domain(&mut self, depth: usize) -> (Ty, String) {
        let of =
            [Ty::Int, Ty::Text, Ty::Rule, Ty::Group, Ty::Node, Ty::Json][self.tape.pick(6)].clone();
        let list = self.expr(&Ty::list(of.clone()), depth);
        (of, list)
    }

    fn filter(&mut self, depth: usize) -> String {
        if self.tape.one_in(3) {
            format!(" where {}", self.bool(depth, false))
        } else {
            String::new()
        }
    }

    /// An expression of the type, in parentheses where it needs some.
    pub fn expr(&mut self, ty: &Ty, depth: usize) -> String {
        if *ty == Ty::Bool {
            return self.bool(depth, false);
        }
        if depth > 0 {
            if let Some(text) = self.any_type(ty, depth) {
                return text;
            }
            if let Some(text) = self.own_forms(ty, depth) {
                return text;
            }
        }
        self.leaf(ty)
    }

    /// Names of the type, fields of names, literals.
    fn leaf(&mut self, ty: &Ty) -> String {
        let mut all: Vec<String> = Vec::new();
        for (name, own) in &self.names {
            if own == ty {
                all.push(name.clone());
            }
            let of = fields_of(own).into_iter().filter(|(_, field)| field == ty);
            all.extend(of.map(|(field, _)| format!("{name}.{field}")));
        }
        let made_up = *ty != Ty::Group;
        let at = self.tape.pick(all.len() + usize::from(made_up));
        let at = if made_up { at } else { at + 1 };
        if at > 0 {
            return all[at - 1].clone();
        }
        self.literal(ty)
    }

    fn literal(&mut self, ty: &Ty) -> String {
        let of = |tape: &mut Tape<'_>, all: &[&str]| all[tape.pick(all.len())].to_owned();
        match ty {
            Ty::Bool => of(&mut self.tape, &["true", "false"]),
            Ty::Int => of(&mut self.tape, &["0", "1", "2", "3", "22", "(-1)"]),
            Ty::Float => of(&mut self.tape, &["0.5", "1.0", "2.25", "3.0"]),
            Ty::Text => of(
                &mut self.tape,
                &[
                    "\"a\"",
                    "\"\"",
                    "\"ab\"",
                    "\"b\"",
                    "\"10.0.0.0/8\"",
                    "\"g1\"",
                    "\"arn:x:g2\"",
                    "\"7\"",
                ],
            ),
            Ty::Mode => of(&mut self.tape, &["mode_of(\"on\")", "mode_of(\"auto\")"]),
            Ty::Lasts => of(&mut self.tape, &["1h", "90d", "0s", "5m"]),
            Ty::Time => of(&mut self.tape, &["now", "2026-01-01T00:00:00Z", "2025-06-01"]),
            Ty::Ip => of(&mut self.tape, &["ip\"10.0.0.1\"", "ip\"8.8.8.8\"", "ip\"::1\""]),
            Ty::Net => of(
                &mut self.tape,
                &["cidr\"10.0.0.0/8\"", "cidr\"0.0.0.0/0\"", "cidr\"10.0.0.0/16\""],
            ),
            Ty::Version => of(&mut self.tape, &["v\"1.2.3\"", "v\"2.0.0\""]),
            Ty::Json => of(
                &mut self.tape,
                &[
                    "json_of(1)",
                    "json_of({ \"a\": [1, \"b\"] })",
                    "json_of([\"a\"])",
                    "json_of(\"ab\")",
                ],
            ),
            Ty::Rule => self.rule(0),
            Ty::Labels => of(
                &mut self.tape,
                &[
                    "labels_of({})",
                    "labels_of({ \"a\": \"b\" })",
                    "labels_of({ \"a\": \"a\", \"c\": \"\" })",
                ],
            ),
            Ty::Node => "n".to_owned(),
            Ty::Group => unreachable!("a group is never made up"),
            Ty::List(of) => match &**of {
                Ty::Node => "T::X::Node".to_owned(),
                Ty::Group => "T::X::Group".to_owned(),
                of => {
                    let mut parts = Vec::new();
                    for _ in 0..self.tape.pick(3) {
                        parts.push(self.leaf(of));
                    }
                    match of {
                        Ty::Int => format!("ints_of([{}])", parts.join(", ")),
                        Ty::Text => format!("texts_of([{}])", parts.join(", ")),
                        _ if parts.is_empty() => format!("[{}]", self.leaf(of)),
                        _ => format!("[{}]", parts.join(", ")),
                    }
                }
            },
            Ty::Option(of) => match &**of {
                Ty::Int => "to_int(\"7\")".to_owned(),
                Ty::Text => "url_decode(\"a\")".to_owned(),
                Ty::Bool => "as_bool(parse_json(\"true\"))".to_owned(),
                Ty::Float => "to_float(\"0.5\")".to_owned(),
                Ty::Time => "timestamp(\"2025-06-01\")".to_owned(),
                Ty::Json => "parse_json(\"[1]\")".to_owned(),
                Ty::Group => "(T::X::Group)[0]".to_owned(),
                of => format!("[{}][0]", self.leaf(of)),
            },
        }
    }

    fn rule(&mut self, depth: usize) -> String {
        let port = self.expr(&Ty::Int, depth);
        let mut out = format!("rule_of({{ Port: {port}");
        if self.tape.one_in(2) {
            let low = if self.tape.one_in(2) {
                self.expr(&Ty::option(Ty::Int), depth)
            } else {
                self.expr(&Ty::Int, depth)
            };
            let _ = write!(out, ", Low: {low}");
        }
        if self.tape.one_in(2) {
            let _ = write!(out, ", Kind: \"{}\"", ["a", "b"][self.tape.pick(2)]);
        }
        if self.tape.one_in(3) {
            let tags = self.expr(&Ty::list(Ty::Text), depth);
            let _ = write!(out, ", Tags: {tags}");
        }
        out.push_str(" })");
        out
    }

    /// Forms that give any type: `if`, `??`, calls, elements.
    fn any_type(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        let d = depth - 1;
        match self.tape.pick(10) {
            6 => {
                let condition = self.bool(d, false);
                let (yes, no) = (self.expr(ty, d), self.expr(ty, d));
                Some(format!("(if {condition} then {yes} else {no})"))
            }
            7 if !matches!(ty, Ty::Option(_)) => {
                let left = self.expr(&Ty::option(ty.clone()), d);
                let right = self.expr(ty, d);
                Some(format!("({left} ?? {right})"))
            }
            8 => {
                let known: Vec<_> =
                    self.functions.iter().filter(|(_, _, result)| result == ty).cloned().collect();
                let (name, args, _) = known.get(self.tape.pick(known.len().max(1)))?;
                let args: Vec<String> = args.iter().map(|arg| self.expr(arg, d)).collect();
                Some(match (args.split_first(), self.tape.one_in(2)) {
                    (Some((first, rest)), true) => format!("({first}).{name}({})", rest.join(", ")),
                    _ => format!("{name}({})", args.join(", ")),
                })
            }
            9 => match ty {
                Ty::Option(of) if !matches!(**of, Ty::Option(_) | Ty::Mode) => {
                    let list = self.expr(&Ty::List(of.clone()), d);
                    let at = ["0", "1", "2", "limit"][self.tape.pick(4)];
                    Some(format!("({list})[{at}]"))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Forms of this type.
    fn own_forms(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        let d = depth - 1;
        let choice = self.tape.pick(9);
        Some(match (ty, choice) {
            (Ty::Int, 1) => format!(
                "({} {} {})",
                self.expr(ty, d),
                ["+", "-"][self.tape.pick(2)],
                self.expr(ty, d)
            ),
            (Ty::Int, 2) if !self.monotone => format!(
                "({} {} {})",
                self.expr(ty, d),
                ["*", "/"][self.tape.pick(2)],
                self.expr(ty, d)
            ),
            (Ty::Int, 3) => format!("(-{})", self.leaf(ty)),
            (Ty::Int, 4) => {
                let (_, list) = self.domain(d);
                format!("count({list})")
            }
            (Ty::Int, 5) => format!("length({})", self.expr(&Ty::Text, d)),
            (Ty::Int, 6) => format!("sum({})", self.expr(&Ty::list(Ty::Int), d)),
            (Ty::Int, 7) => format!("prefix_length({})", self.expr(&Ty::Net, d)),
            (Ty::Int, 8) => format!("count({})", self.expr(&Ty::Labels, d)),
            (Ty::Float, 1) => format!(
                "({} {} {})",
                self.expr(ty, d),
                ["+", "-", "*"][self.tape.pick(3)],
                self.expr(ty, d)
            ),
            (Ty::Float, 2) => format!("to_float({})", self.expr(&Ty::Int, d)),
            (Ty::Text, 1) => format!("({} + {})", self.expr(ty, d), self.expr(ty, d)),
            (Ty::Text, 2) => {
                let of = [Ty::Text, Ty::Int, Ty::Bool][self.tape.pick(3)].clone();
                let part = self.leaf(&of);
                if part.contains('"') { part } else { format!("\"x{{{part}}}y\"") }
            }
            (Ty::Text, 3) => {
                format!("{}({})", ["lower", "upper", "trim"][self.tape.pick(3)], self.expr(ty, d))
            }
            (Ty::Text, 4) => {
                format!("join({}, {})", self.expr(&Ty::list(Ty::Text), d), self.expr(ty, 0))
            }
            (Ty::Text, 5) => {
                format!("replace({}, {}, {})", self.expr(ty, d), self.leaf(ty), self.leaf(ty))
            }
            (Ty::Text, 6) => format!("to_string({})", self.expr(&Ty::Int, d)),
            (Ty::Text, 7) if !self.monotone => format!("origin({})", {
                let ty = self.some_type();
                self.expr(&ty, d)
            }),
            (Ty::Lasts, 1) => {
                format!("({} - {})", self.expr(&Ty::Time, d), self.expr(&Ty::Time, d))
            }
            (Ty::Lasts, 2) => format!("({} + {})", self.expr(ty, d), self.expr(ty, d)),
            (Ty::Lasts, 3) => format!("age({})", self.expr(&Ty::Time, d)),
            (Ty::Time, 1) => format!("({} - {})", self.expr(ty, d), self.expr(&Ty::Lasts, d)),
            (Ty::Rule, 1) => self.rule(d),
            (Ty::Rule, 2) => {
                format!("rule_of({{ ..{}, Port: {} }})", self.expr(ty, d), self.expr(&Ty::Int, d))
            }
            (Ty::List(of), 1) => format!("({} + {})", self.expr(ty, d), {
                let _ = of;
                self.expr(ty, d)
            }),
            (Ty::List(of), 2) if **of != Ty::Group || self.has_group() => self.comprehension(of, d),
            (Ty::List(of), 3) if matches!(**of, Ty::Int | Ty::Text) => {
                format!("sort({})", self.expr(ty, d))
            }
            (Ty::List(of), 4) if matches!(**of, Ty::Int | Ty::Text | Ty::Rule | Ty::Group) => {
                format!("unique({})", self.expr(ty, d))
            }
            (Ty::List(of), 5) if matches!(**of, Ty::Int | Ty::Text | Ty::Rule) => format!(
                "{}({}, {})",
                ["without", "intersect"][self.tape.pick(2)],
                self.expr(ty, d),
                self.expr(ty, d)
            ),
            (Ty::List(of), 6 | 7) => match &**of {
                Ty::Text => match self.tape.pick(3) {
                    0 => format!("split({}, {})", self.expr(&Ty::Text, d), self.leaf(&Ty::Text)),
                    1 => format!(
                        "{}({})",
                        ["keys", "values"][self.tape.pick(2)],
                        self.expr(&Ty::Labels, d)
                    ),
                    _ => format!("flatten([{}, {}])", self.expr(ty, d), self.expr(ty, d)),
                },
                Ty::Group => {
                    let from = match self.tape.pick(4) {
                        0 if self.has_subject() => "n.GroupRef".to_owned(),
                        1 if self.has_subject() => "n.GroupRefs".to_owned(),
                        2 => self.expr(&Ty::list(Ty::Text), d),
                        _ => self.expr(&Ty::Text, d),
                    };
                    format!("({from} -> T::X::Group)")
                }
                Ty::Node => match self.group() {
                    None => "everywhere(T::X::Node)".to_owned(),
                    Some(group) => format!(
                        "({group} <- T::X::Node.{})",
                        ["GroupRefs", "GroupRef"][self.tape.pick(2)]
                    ),
                },
                Ty::Json => format!("as_list({})", self.expr(&Ty::Json, d)),
                _ => return None,
            },
            (Ty::List(of), 8) if **of == Ty::Group => "everywhere(T::X::Group)".to_owned(),
            (Ty::Option(of), 1) => match &**of {
                Ty::Int => format!("to_int({})", self.expr(&Ty::Text, d)),
                Ty::Text => format!("({})[{}]", self.expr(&Ty::Labels, d), self.expr(&Ty::Text, 0)),
                Ty::Net => format!("cidr({})", self.expr(&Ty::Text, d)),
                Ty::Ip => format!("ip({})", self.expr(&Ty::Text, d)),
                Ty::Version => format!("version({})", self.expr(&Ty::Text, d)),
                Ty::Time => format!("timestamp({})", self.expr(&Ty::Text, d)),
                Ty::Json => format!("({})[{}]", self.expr(&Ty::Json, d), self.leaf(&Ty::Text)),
                _ => return None,
            },
            (Ty::Option(of), 2) => match &**of {
                Ty::Int => format!(
                    "{}({})",
                    ["min", "max"][self.tape.pick(2)],
                    self.expr(&Ty::list(Ty::Int), d)
                ),
                Ty::Text => format!("as_string({})", self.expr(&Ty::Json, d)),
                Ty::Bool => format!("as_bool({})", self.expr(&Ty::option(Ty::Json), d)),
                Ty::Float => format!("as_float({})", self.expr(&Ty::Json, d)),
                Ty::Json => format!("{}.a", self.leaf(&Ty::Json)),
                _ => return None,
            },
            (Ty::Option(of), 3) => match &**of {
                Ty::Int => format!("{}?.Port", self.expr(&Ty::option(Ty::Rule), d)),
                Ty::Text => format!("{}?.Cidr", self.expr(&Ty::option(Ty::Rule), d)),
                _ => return None,
            },
            (Ty::Option(of), 4) if **of == Ty::Int => {
                format!("as_int({})", self.expr(&Ty::option(Ty::Json), d))
            }
            _ => return None,
        })
    }

    fn has_group(&self) -> bool {
        self.names.iter().any(|(_, ty)| *ty == Ty::Group)
    }

    fn group(&mut self) -> Option<String> {
        self.has_group().then(|| self.leaf(&Ty::Group))
    }

    fn has_subject(&self) -> bool {
        self.names.iter().any(|(name, _)| name == "n")
    }

    fn comprehension(&mut self, of: &Ty, depth: usize) -> String {
        let before = self.names.len();
        let mut generators = String::new();
        for _ in 0..=self.tape.pick(2) {
            let (element, list) = self.domain(depth.min(1));
            let name = self.name("g");
            self.names.push((name.clone(), element));
            let filter = self.filter(depth);
            let _ = write!(generators, " for {name} in {list}{filter}");
        }
        let element = self.expr(of, depth);
        self.names.truncate(before);
        format!("[{element}{generators}]")
    }

    /// A condition; `positive` where false can only make a requirement fail.
    pub fn bool(&mut self, depth: usize, positive: bool) -> String {
        if depth == 0 {
            return self.leaf(&Ty::Bool);
        }
        let d = depth - 1;
        let comparison = |tape: &mut Tape<'_>| ["==", "!=", "<", "<=", ">", ">="][tape.pick(6)];
        match self.tape.pick(24) {
            0 => self.leaf(&Ty::Bool),
            1 | 2 => {
                let word = ["and", "or"][self.tape.pick(2)];
                let parts: Vec<String> =
                    (0..2 + self.tape.pick(2)).map(|_| self.bool(d, positive)).collect();
                format!("({})", parts.join(&format!(" {word} ")))
            }
            3 => format!("(not {})", self.bool(d, false)),
            4 => format!("({} implies {})", self.bool(d, false), self.bool(d, positive)),
            5..=7 => {
                let ty = [Ty::Int, Ty::Text, Ty::Float, Ty::Lasts, Ty::Time, Ty::Version]
                    [self.tape.pick(6)]
                .clone();
                let op = comparison(&mut self.tape);
                format!("({} {op} {})", self.expr(&ty, d), self.expr(&ty, d))
            }
            8 | 9 => {
                let ty = self.some_type();
                let ty = if matches!(ty, Ty::Option(_)) { Ty::Int } else { ty };
                let op = ["==", "!="][self.tape.pick(2)];
                let right = match ty {
                    Ty::Mode => ["\"on\"", "\"off\"", "\"auto\""][self.tape.pick(3)].to_owned(),
                    _ => self.expr(&ty, d),
                };
                format!("({} {op} {right})", self.expr(&ty, d))
            }
            10 if positive => {
                let ty = [Ty::Int, Ty::Text][self.tape.pick(2)].clone();
                format!("({} == {})", self.leaf(&Ty::option(ty.clone())), self.expr(&ty, d))
            }
            11 => {
                let ty = [Ty::Int, Ty::Text][self.tape.pick(2)].clone();
                let op = ["in", "not in"][self.tape.pick(2)];
                format!("({} {op} {})", self.expr(&ty, d), self.expr(&Ty::list(ty.clone()), d))
            }
            12 => match self.tape.pick(3) {
                0 => format!("({} in {})", self.expr(&Ty::Text, d), self.expr(&Ty::Labels, d)),
                1 => format!("({} in {})", self.expr(&Ty::Ip, d), self.expr(&Ty::Net, d)),
                _ => format!("({} in [\"on\", \"off\"])", self.leaf(&Ty::Mode)),
            },
            13 => {
                let pattern = [
                    "glob\"a*\"",
                    "glob\"*b\"",
                    "glob\"*\"",
                    "glob\"?\"",
                    "re\"^a\"",
                    "re\"b$\"",
                    "glob\"[ab]*\"",
                    "glob\"*arn*\"",
                ][self.tape.pick(8)];
                format!("({} matches {pattern})", self.expr(&Ty::Text, d))
            }
            14 => {
                let ty = self.some_type();
                let question = if self.monotone { self.tape.pick(2) } else { self.tape.pick(4) };
                let word = ["present", "absent", "known", "unknown"][question];
                let ty = if question < 2 && !matches!(ty, Ty::Option(_)) {
                    Ty::option(Ty::Int)
                } else {
                    ty
                };
                format!("({} is {word})", self.expr(&ty, d))
            }
            15 => {
                let ty =
                    ["Bool", "Int", "String", "[Int]", "[Json]", "{Json}", "Float", "{String}"]
                        [self.tape.pick(8)];
                format!("({} is {ty})", self.expr(&Ty::Json, d))
            }
            16..=18 => {
                let kind = ["any", "all", "none", "one"][self.tape.pick(4)];
                let (element, list) = self.domain(d.min(2));
                let name = self.name("q");
                self.names.push((name.clone(), element));
                let filter = self.filter(d);
                let below = positive && matches!(kind, "any" | "all");
                let body = self.bool(d, below);
                self.names.pop();
                let nonempty = if self.tape.one_in(4) { "nonempty " } else { "" };
                format!("({kind} {name} in {nonempty}{list}{filter}: {body})")
            }
            19 if self.has_subject() => {
                let path =
                    ["n.MaybeCount", "n.MaybeName", "n.MaybeRule", "n.MaybeDoc"][self.tape.pick(4)];
                let ty = match path {
                    "n.MaybeCount" => Ty::Int,
                    "n.MaybeName" => Ty::Text,
                    "n.MaybeRule" => Ty::Rule,
                    _ => Ty::Json,
                };
                self.names.push((path.to_owned(), ty));
                let body = self.bool(d, positive);
                self.names.pop();
                match self.tape.pick(3) {
                    0 => format!("({path} is present and {body})"),
                    1 => format!("({path} is absent or {body})"),
                    _ => format!("({path} is present implies {body})"),
                }
            }
            20 => match self.tape.pick(6) {
                0 => format!("starts_with({}, {})", self.expr(&Ty::Text, d), self.leaf(&Ty::Text)),
                1 => format!("ends_with({}, {})", self.expr(&Ty::Text, d), self.leaf(&Ty::Text)),
                2 => format!("contains({}, {})", self.expr(&Ty::Text, d), self.leaf(&Ty::Text)),
                3 => format!(
                    "contains({}, {})",
                    self.expr(&Ty::list(Ty::Int), d),
                    self.expr(&Ty::Int, d)
                ),
                4 => format!("is_world({})", self.expr(&Ty::Text, d)),
                _ => format!(
                    "{}({}, {})",
                    ["overlaps", "contains"][self.tape.pick(2)],
                    self.expr(&Ty::Net, d),
                    self.expr(&Ty::Net, d)
                ),
            },
            21 => {
                // A join by a key: looked up in an index.
                let name = self.name("k");
                let key = ["Owner", "GroupId", "Mode"][self.tape.pick(3)];
                let value = match key {
                    "Mode" => "\"on\"".to_owned(),
                    _ => self.expr(&Ty::Text, 1),
                };
                self.names.push((name.clone(), Ty::Group));
                let body = self.bool(d, false);
                self.names.pop();
                let kind = ["any", "all", "none", "one"][self.tape.pick(4)];
                let more =
                    if self.tape.one_in(2) { format!(" and {name}.Shut") } else { String::new() };
                let place = ["T::X::Group", "everywhere(T::X::Group)"][self.tape.pick(2)];
                let operator = match (key, self.tape.pick(3)) {
                    ("Mode", _) | (_, 0) => format!("{name}.{key} == {value}"),
                    (_, 1) => format!("{value} == {name}.{key}"),
                    _ => format!("{name}.{key} in {}", self.expr(&Ty::list(Ty::Text), 1)),
                };
                format!("({kind} {name} in {place} where {operator}{more}: {body})")
            }
            _ => self.expr_bool(d),
        }
    }

    /// Forms of any type, of conditions.
    fn expr_bool(&mut self, depth: usize) -> String {
        if depth > 0
            && let Some(text) = self.any_type(&Ty::Bool, depth)
        {
            return text;
        }
        self.leaf(&Ty::Bool)
    }
}
