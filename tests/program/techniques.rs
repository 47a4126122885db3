//! What makes code faster changes nothing of what it says, nor of what a control may use.

use assize::assess::{self, Outcome, Settings, Verdict, Which};
use assize::base::Sources;
use assize::check;
use assize::compile::{Selection, Techniques, compile_by};
use assize::diagnostic::{Diagnostics, render};
use assize::hir::Hir;
use assize::program::{Instruction, Program};
use assize::resolve::{self, MemoryLoader, Root};
use assize::snapshot::inventory::{self, Record};
use assize::snapshot::model::{Input, Snapshot, SourceKind};
use assize::vm::Limits;

const POLICY: &str = r#"
param wide: [String] = ["*", "s3:*"]
param broad: [String] = ["*", "s3:*"]

fn open(document: Json) -> Bool = any s in statements(document): s.Effect == "Allow" and "*" in s.resources
fn deep(n: Int) -> Int { let m = n * 2 return m + 1 }

control first for r in AWS::IAM::Role {
    let trust = r.AssumeRolePolicyDocument
    when (r.Path ?? "/") == "/"
    require none s in statements(trust): "*" in s.principals else "{r.id} trusts {count(statements(trust))}"
    require none p in r.Policies ?? []: any s in statements(p.PolicyDocument): any a in s.actions: a in wide
}
control second for r in AWS::IAM::Role {
    let own = r.AssumeRolePolicyDocument
    let long = count([p.PolicyName for p in r.Policies ?? [] where length(p.PolicyName) > 3])
    require none s in statements(own): "*" in s.principals
    require none p in r.Policies ?? []: any s in statements(p.PolicyDocument): any a in s.actions: a in broad
    require long <= 1 and long < deep(long) else "{r.id} has {long}"
    each p in r.Policies ?? [] where p.PolicyName != "x" {
        let wide_open = open(p.PolicyDocument)
        require not wide_open or count(r.Policies ?? []) > 2 else "{p.PolicyName} is open"
    }
}
control third for r in AWS::IAM::Role {
    when (r.Path ?? "/") == "/" and r.MaxSessionDuration ?? 3600 <= 7200
    require (r.Path ?? "/") == "/" and r.Description is present
    require count([p.PolicyName for p in r.Policies ?? [] where length(p.PolicyName) > 3]) <= deep(0)
    require not any p in r.Policies ?? []: open(p.PolicyDocument)
    require 10 / count(r.Policies ?? []) > 3
}
"#;

const ROLES: [&str; 6] = [
    r#""AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#,
    r#""AssumeRolePolicyDocument":{"Statement":[]},"Path":"/team/","Policies":[]"#,
    r#""AssumeRolePolicyDocument":{"Statement":[]},"Description":"d","Policies":[{"PolicyName":"wide","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}]"#,
    r#""AssumeRolePolicyDocument":{"Statement":[]},"MaxSessionDuration":9000,"Policies":[{"PolicyName":"x","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:*"],"Resource":"arn:aws:s3:::a"}]}},{"PolicyName":"long","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":["*"]}]}}]"#,
    r#""AssumeRolePolicyDocument":"no document","Path":7"#,
    r#""AssumeRolePolicyDocument":{"Statement":[]},"Policies":[{"PolicyName":"four","PolicyDocument":{"Statement":"?"}},{"PolicyName":"five","PolicyDocument":{}}]"#,
];

fn checked() -> Hir {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let root =
        Root { module: "t".to_owned(), name: "t.assize".to_owned(), text: POLICY.to_owned() };
    let loaded = resolve::load(&[root], &MemoryLoader::default(), &mut sources, &mut sink);
    let hir = check::check(&loaded, &sources, &mut sink);
    assert!(!sink.has_errors(), "{}", render::to_text(&sink.sorted(), &sources, false));
    hir
}

fn program(hir: &Hir, names: &[&str], techniques: Techniques) -> Program {
    let named = hir.controls.iter_with_idx().filter(|(_, c)| names.contains(&c.name.as_str()));
    let controls = named.map(|(id, _)| id).collect();
    compile_by(hir, &Selection { controls, sets: Vec::new() }, techniques).unwrap()
}

fn snapshot(program: &Program) -> Snapshot {
    let mut lines = String::new();
    for (n, properties) in ROLES.iter().enumerate() {
        let head =
            format!(r#"{{"type":"AWS::IAM::Role","id":"r{n}","account":"1","properties":{{"#);
        lines.extend([&head, *properties, "}}\n"]);
    }
    let mut snapshot = Snapshot::default();
    let (source, sha256) = (SourceKind::Inventory, String::new());
    snapshot.inputs.push(Input { name: "t".into(), source, resources: 0, bytes: 0, sha256 });
    let read = inventory::read(&program.projection, 0, lines.as_bytes(), |record| match record {
        Record::Resource(resource) => snapshot.resources.push(resource),
        _ => panic!("a role is not read"),
    });
    assert!(read.is_ok() && snapshot.resources.len() == ROLES.len());
    snapshot
}

fn run(program: &Program, snapshot: &Snapshot, limits: Limits) -> Vec<Outcome> {
    let settings = Settings { now: 0, limits };
    assess::run(program, snapshot, &settings, Which::All, &|| false)
}

const ALL: [&str; 3] = ["first", "second", "third"];

/// All on, each of those alone off that count the same steps, all of them off.
fn variants() -> [Techniques; 5] {
    let all = Techniques::default();
    [
        all,
        Techniques { shared: false, ..all },
        Techniques { fused: false, ..all },
        Techniques { remembered: false, ..all },
        Techniques { shared: false, fused: false, remembered: false, ..all },
    ]
}

#[test]
fn each_technique_is_used_and_changes_no_word() {
    let hir = checked();
    let [all, others @ ..] = variants().map(|techniques| program(&hir, &ALL, techniques));
    let unfolded = Techniques { folded: false, ..Techniques::default() };
    let unfolded = program(&hir, &ALL, unfolded);
    let lists = |program: &Program| {
        let code = program.chunks.iter().flat_map(|chunk| &chunk.code);
        code.filter(|one| matches!(one, Instruction::List { .. })).count()
    };
    assert!(lists(&unfolded) > lists(&all));
    let code = || all.chunks.iter().flat_map(|chunk| &chunk.code);
    let counts = [
        code().filter(|one| matches!(one, Instruction::Shared { .. })).count(),
        code().filter(|one| matches!(one, Instruction::FieldOr { .. })).count(),
        code().filter(|one| matches!(one, Instruction::EqualConstant { .. })).count(),
        code().filter(|one| matches!(one, Instruction::Remember { .. })).count(),
    ];
    assert!(counts.iter().all(|count| *count > 1), "{counts:?}");
    assert!(all.shared.len() > 4, "{}", all.shared.len());
    let wanted = run(&all, &snapshot(&all), Limits::default());
    let said: Vec<Verdict> = wanted.iter().map(|outcome| outcome.verdict).collect();
    for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Error, Verdict::NotApplicable] {
        assert!(said.contains(&verdict), "{verdict:?} in {said:?}");
    }
    for other in others.into_iter().chain([unfolded]) {
        let found = run(&other, &snapshot(&other), Limits::default());
        assert_eq!(format!("{found:#?}"), format!("{wanted:#?}"));
    }
}

/// With the fewest steps, values and calls that suffice, and with one less: alone, beside others, and with
/// any technique off, a control says the same.
#[test]
fn limits_hang_on_the_control_alone() {
    let hir = checked();
    let with_rows = |program: Program| (snapshot(&program), program);
    let together = variants().map(|techniques| with_rows(program(&hir, &ALL, techniques)));
    let alone = ALL.map(|name| with_rows(program(&hir, &[name], Techniques::default())));
    // By resource, then by control.
    let verdicts = |(snapshot, program): &(Snapshot, Program), limits: Limits| -> Vec<Verdict> {
        run(program, snapshot, limits).into_iter().map(|outcome| outcome.verdict).collect()
    };
    let full = Limits::default();
    let fuels = (0..260).map(|fuel| Limits { fuel, ..full });
    let memories = (0..40).map(|n| Limits { memory: n * 24, ..full });
    let depths = (0..5).map(|depth| Limits { depth, ..full });
    let mut reached = 0;
    for limits in fuels.chain(memories).chain(depths) {
        let [first, second, third] = alone.each_ref().map(|one| verdicts(one, limits));
        let rows = first.into_iter().zip(second).zip(third);
        let wanted: Vec<Verdict> = rows.flat_map(|((a, b), c)| [a, b, c]).collect();
        reached += wanted.iter().filter(|verdict| **verdict == Verdict::Error).count();
        for (at, one) in together.iter().enumerate() {
            assert_eq!(verdicts(one, limits), wanted, "{limits:?}, {at}");
        }
    }
    assert!(reached > 500, "{reached}");
}
