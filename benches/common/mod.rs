//! What the benches share: policies, an estate, and how long to measure.

pub mod estate;
pub mod policy;

use std::sync::LazyLock;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};

use assize::base::Sources;
use assize::diagnostic::Diagnostics;
use assize::engine::{Engine, library_for};
use assize::program::Program;
use assize::resolve::{self, MemoryLoader, Modules, Root};
use assize::snapshot::inventory::{self, Record};
use assize::snapshot::model::{Input, Snapshot, SourceKind};

/// How many resources the estates have.
pub const SIZES: [u64; 3] = [1_000, 10_000, 100_000];

/// How often the controls stand in the long policy.
pub const TIMES: usize = 25;

/// Runs the benches of a file, with the arguments of the command line.
pub fn main(benches: impl FnOnce(&mut Criterion)) {
    let mut criterion = Criterion::default().configure_from_args();
    benches(&mut criterion);
    criterion.final_summary();
}

/// A group of benches that take from milliseconds to seconds: few samples, as many runs in each.
pub fn slow<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group
}

/// An inventory of each size, made when it is first asked for: a filter may leave it out.
pub fn inventories() -> impl Iterator<Item = (u64, LazyLock<String, impl FnOnce() -> String>)> {
    SIZES.into_iter().map(|size| (size, LazyLock::new(move || estate::inventory(size))))
}

/// The thirteen controls so many times, compiled.
pub fn engine(times: usize) -> Engine {
    let policy = policy::thirteen(times);
    Engine::builder().policy("thirteen", &policy).at(0).build().unwrap()
}

/// The library as a run for one profile has it, and its controls so many times more in modules of other names.
pub fn library_times(times: usize) -> Vec<Root> {
    let own = library_for(Some("fedramp_moderate"));
    let controls = own.iter().filter(|root| root.module.starts_with("aws.")).cloned();
    let controls: Vec<Root> = controls.collect();
    let copies = (1..times).flat_map(|time| {
        let copy = move |root: &Root| Root {
            module: format!("copy_{time}.{}", root.module),
            name: format!("copy_{time}/{}", root.name),
            text: root.text.clone(),
        };
        controls.iter().map(copy).collect::<Vec<_>>()
    });
    own.iter().cloned().chain(copies).collect()
}

/// The modules, all that they import, and their texts.
pub fn loaded(roots: &[Root]) -> (Modules, Sources) {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let modules = resolve::load(roots, &MemoryLoader::default(), &mut sources, &mut sink);
    assert!(!sink.has_errors(), "the policies do not load");
    (modules, sources)
}

/// What the program reads of an inventory.
pub fn snapshot(program: &Program, text: &str) -> Snapshot {
    let mut snapshot = Snapshot::default();
    inventory::read(&program.projection, 0, text.as_bytes(), |record| match record {
        Record::Resource(resource) => snapshot.resources.push(resource),
        Record::Skipped(..) | Record::Foreign(..) => {}
        Record::Gap(_) | Record::Bad(..) => panic!("the estate has a flaw: {record:?}"),
    })
    .unwrap();
    snapshot.inputs.push(Input {
        name: "estate".into(),
        source: SourceKind::Inventory,
        resources: snapshot.resources.len() as u64,
        bytes: text.len() as u64,
        sha256: String::new(),
    });
    snapshot
}
