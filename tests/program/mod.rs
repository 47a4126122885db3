//! Compiled programs: their text, their saved form, and the proof that stands before a machine.

mod embedding;
mod techniques;

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::Sources;
use assize::check;
use assize::compile::{Selection, compile};
use assize::diagnostic::{Diagnostics, render};
use assize::program::codec::{LoadError, VERSION, load, save};
use assize::program::{
    Addr, BuiltinIdx, ChunkIdx, ConstIdx, Instruction, Program, Reg, listing, verify,
};
use assize::resolve::{self, MemoryLoader, Root};
use assize::stdlib;
use assize::value::LayoutId;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program")
}

fn compiled(module: &str, text: &str) -> (Sources, Program) {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let root =
        Root { module: module.to_owned(), name: format!("{module}.assize"), text: text.to_owned() };
    let loaded = resolve::load(&[root], &MemoryLoader::default(), &mut sources, &mut sink);
    let hir = check::check(&loaded, &sources, &mut sink);
    assert!(!sink.has_errors(), "{}", render::to_text(&sink.sorted(), &sources, false));
    let controls = hir.controls.iter_with_idx().map(|(id, _)| id).collect();
    let program = compile(&hir, &Selection { controls, sets: Vec::new() }).unwrap();
    (sources, program)
}

/// Every module of the library that has controls.
fn library() -> impl Iterator<Item = Program> {
    let own = stdlib::MODULES.iter().filter(|(name, _)| name.starts_with("aws."));
    own.map(|(name, text)| compiled(name, text).1)
}

/// `tests/program/*.assize` and, beside each, the listing of its code.
/// `UPDATE_EXPECT=1` writes the listings anew.
#[test]
fn programs_compile_to_the_listings_beside_them() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "assize") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let (sources, program) = compiled(&path.file_stem().unwrap().to_string_lossy(), &text);
        let found = listing::listing(&sources, &program);
        let beside = path.with_extension("txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        assert!(found == wanted, "{}: another listing\n{found}", beside.display());
        count += 1;
    }
    assert!(count >= 6, "only {count} listings");
}

#[test]
fn a_saved_program_is_the_same_program() {
    for program in library() {
        let bytes = save(&program).unwrap();
        let again = load(&bytes).unwrap();
        assert_eq!(format!("{program:?}"), format!("{again:?}"));
        assert_eq!(save(&again).unwrap(), bytes);
    }
}

#[test]
fn what_is_no_sound_saved_program_is_refused() {
    let program = library().next().unwrap();
    let bytes = save(&program).unwrap();
    assert_eq!(load(b"").unwrap_err(), LoadError::NoProgram);
    assert_eq!(load(b"{\"type\": \"AWS::S3::Bucket\"}").unwrap_err(), LoadError::NoProgram);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let other =
        text.replacen(&format!("PROGRAM {VERSION}"), &format!("PROGRAM {}", VERSION + 1), 1);
    assert_eq!(load(other.as_bytes()).unwrap_err(), LoadError::OtherVersion(VERSION + 1));
    for length in (0..bytes.len()).step_by(11) {
        assert!(load(&bytes[..length]).is_err(), "cut off after {length} bytes");
    }
    let mut longer = bytes.clone();
    longer.push(b'}');
    assert!(matches!(load(&longer), Err(LoadError::Damaged(_))));
    // A changed byte is refused or gives some sound program; nothing panics.
    let mut refused = 0;
    for at in (16..bytes.len()).step_by(7) {
        for change in [0x01, 0x03, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= change;
            match load(&damaged) {
                Ok(program) => verify::verify(&program).unwrap(),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > bytes.len() / 10, "{refused} of {}", bytes.len() * 3 / 7);
    let deep = format!("ASSIZE PROGRAM {VERSION}\n{}", "[".repeat(40_000));
    assert!(matches!(load(deep.as_bytes()), Err(LoadError::Damaged(_))));
}

/// What a flawed compiler might write: each change of an operand beyond its table is found.
#[test]
fn the_proof_finds_what_points_outside() {
    let mut found = 0;
    for mut program in library() {
        // Of a long program every so manieth instruction: each mutant is a proof of all of it.
        let length: usize = program.chunks.iter().map(|chunk| chunk.code.len()).sum();
        let stride = length / 6_000 + 1;
        // Changed in place and put back: copies of all for each would take most of the time.
        let chunks = program.chunks.len();
        for chunk in (0..chunks).step_by(chunks / 120 + 1) {
            for at in (chunk % stride..program.chunks[chunk].code.len()).step_by(stride) {
                let sound = program.chunks[chunk].code[at];
                for flawed in beyond(&sound) {
                    program.chunks[chunk].code[at] = flawed;
                    let flaw = verify::verify(&program);
                    assert!(flaw.is_err(), "{flawed:?} in chunk {chunk} at {at}");
                    found += 1;
                }
                program.chunks[chunk].code[at] = sound;
            }
            let end = program.chunks[chunk].code.pop();
            assert!(verify::verify(&program).is_err(), "chunk {chunk} without its end");
            program.chunks[chunk].code.extend(end);
        }
    }
    assert!(found > 500, "only {found} mutants");
}

/// The same for what stands beside the code. A count that nothing bears out would be allocated.
#[test]
fn the_proof_finds_tables_that_do_not_fit() {
    use assize::program::{ParamIdx, StatementKind};
    let text = "param size: Int = 3\n\
        control c for v in AWS::EC2::Volume { manual \"look\"\n require v.Size is present\n require v.Size < size }\n\
        waiver w { control c where v.id == \"a\" until 2027-01-31 reason \"r\" approved by \"a\" }";
    let sound = compiled("t", text).1;
    let changes: [fn(&mut Program); 9] = [
        |program| program.controls[0].requirements = u32::MAX,
        |program| program.controls[0].requirements -= 1,
        |program| {
            for statement in &mut program.controls[0].statements {
                if let StatementKind::Require { number, after, .. } = &mut statement.kind {
                    after.push(*number);
                }
            }
        },
        |program| program.controls[0].params.push(ParamIdx(9)),
        |program| program.params[0].value = Some(ChunkIdx(u32::MAX)),
        |program| program.waivers[0].control = 1,
        |program| program.waivers[0].condition = Some(ChunkIdx(u32::MAX)),
        |program| program.projection.resources[0].layout = LayoutId::new(99),
        |program| program.builtin_layouts.push(("Arn", LayoutId::new(99))),
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut mutant = sound.clone();
        change(&mut mutant);
        assert!(verify::verify(&mutant).is_err(), "change {at}");
    }
}

/// A `manual` has a number among the requirements: which of them is skipped, since an earlier one did not
/// hold, does not depend on it.
#[test]
fn requirements_hang_on_the_right_ones() {
    let policy = "control c for v in AWS::EC2::Volume {
        manual \"look\"
        require v.Encrypted ?? false else \"not encrypted\"
        require v.KmsKeyId is present else \"no key\"
        require length(v.KmsKeyId) > 3 else \"short key\"
    }";
    let engine = assize::engine::Engine::builder().policy("p", policy).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap();
    for (properties, wanted) in [
        (r#"{"Encrypted":true}"#, &["no key", "look"][..]),
        (r#"{"KmsKeyId":"x"}"#, &["not encrypted", "short key", "look"]),
    ] {
        let line = format!(r#"{{"type":"AWS::EC2::Volume","id":"v","properties":{properties}}}"#);
        let mut run = engine.run();
        run.inventory("line", line.as_bytes());
        let assessment = run.finish();
        let said: Vec<&str> =
            assessment.outcomes[0].messages.iter().map(|message| &*message.text).collect();
        assert_eq!(said, wanted, "{properties}");
    }
}

/// The instruction with one operand that points nowhere.
fn beyond(instruction: &Instruction) -> Vec<Instruction> {
    use Instruction as I;
    let (reg, nowhere) = (Reg(u16::MAX), Addr(u32::MAX));
    match *instruction {
        I::Constant { dst, value } => {
            vec![I::Constant { dst: reg, value }, I::Constant { dst, value: ConstIdx(u32::MAX) }]
        }
        I::Move { dst, .. } => vec![I::Move { dst, src: reg }],
        I::Not { dst, .. } => vec![I::Not { dst, src: reg }],
        I::Equal { dst, left, .. } => vec![I::Equal { dst, left, right: reg }],
        I::And { dst, right, .. } => vec![I::And { dst, left: reg, right }],
        I::Jump { .. } => vec![I::Jump { to: nowhere }],
        I::JumpIfFalse { condition, .. } => vec![
            I::JumpIfFalse { condition, to: nowhere },
            I::JumpIfFalse { condition: reg, to: Addr(0) },
        ],
        I::Call { dst, first, count, .. } => {
            vec![I::Call { dst, chunk: ChunkIdx(u32::MAX), first, count }]
        }
        I::Builtin { dst, builtin, count, .. } => vec![
            I::Builtin { dst, builtin, first: reg, count: count.max(1) },
            I::Builtin { dst, builtin: BuiltinIdx(u16::MAX), first: dst, count: 0 },
        ],
        I::LoopStart { kind, .. } => {
            vec![I::LoopStart { list: reg, kind }, I::Jump { to: nowhere }]
        }
        I::LoopNext { dst, .. } => vec![I::LoopNext { dst, exit: nowhere }],
        I::LoopEnd { nonempty, .. } => vec![I::LoopEnd { dst: reg, nonempty }],
        I::Return { .. } => vec![I::Return { src: reg }],
        _ => Vec::new(),
    }
}

/// The table of instructions, written from their declarations.
fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("src/program/instruction.rs")).unwrap();
    let body = text.split("pub enum Instruction {").nth(1).unwrap().split("\n}\n").next().unwrap();
    let mut out = String::from(
        "# Bytecode\n\n\
         A program is chunks of code over registers: a chunk a function, and a chunk for each condition, message,\n\
         `let` and constant. `R[x]` is a register of the frame, `K[x]` a constant, `L` the innermost loop. A condition\n\
         is true, false or open. `assize dump --bytecode` prints a program, `src/program/verify.rs` proves one before it\n\
         runs, `src/program/codec.rs` saves and loads it. This page is written from the declarations:\n\
         `UPDATE_EXPECT=1 cargo test bytecode`.\n\n\
         | instruction | operands | what it does |\n| --- | --- | --- |\n",
    );
    let (mut docs, mut name, mut operands) = (String::new(), String::new(), Vec::new());
    for line in body.lines() {
        let inner = line.starts_with("        ");
        let line = line.trim();
        if let Some(doc) = line.strip_prefix("/// ").filter(|_| !inner) {
            docs = format!("{docs} {doc}");
        } else if let Some((start, _)) = line.split_once(" {").filter(|_| !inner) {
            start.clone_into(&mut name);
        } else if let Some((operand, _)) =
            line.split_once(": ").filter(|_| inner && !line.starts_with("//"))
        {
            operands.push(format!("`{operand}`"));
        } else if line == "}," {
            let docs = std::mem::take(&mut docs).trim().replace('|', "\\|");
            out.push_str(&format!("| `{name}` | {} | {docs} |\n", operands.join(" ")));
            operands.clear();
        }
    }
    out
}

#[test]
fn the_page_of_bytecode_is_what_the_declarations_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/bytecode.md");
    let page = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(page.matches("| `").count() > 35);
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/bytecode.md is old");
}
