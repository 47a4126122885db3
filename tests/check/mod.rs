//! The checker on whole programs: the examples, the library, the policies of the benchmark.

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::Sources;
use assize::check;
use assize::diagnostic::{Diagnostics, render};
use assize::hir::Hir;
use assize::resolve::{self, MemoryLoader, Root};

/// The typed tree of these modules (path and text), or all diagnostics as text.
pub fn compile(modules: &[(String, String)]) -> Result<Hir, String> {
    let mut sources = Sources::new();
    let mut sink = Diagnostics::new();
    let roots: Vec<Root> = modules
        .iter()
        .map(|(module, text)| Root {
            module: module.clone(),
            name: format!("{}.assize", module.replace('.', "/")),
            text: text.clone(),
        })
        .collect();
    let loaded = resolve::load(&roots, &MemoryLoader::default(), &mut sources, &mut sink);
    let hir = check::check(&loaded, &sources, &mut sink);
    if sink.is_empty() { Ok(hir) } else { Err(render::to_text(&sink.sorted(), &sources, false)) }
}

fn shared(path: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    crate::shared_or_left_out(&shared).then(|| shared.join(path))
}

fn modules_in(folder: &Path) -> Vec<(String, String)> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "assize") {
            let module = path.file_stem().unwrap().to_string_lossy().into_owned();
            modules.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
    modules.sort();
    modules
}

#[test]
fn the_examples_check() {
    let Some(folder) = shared("design/examples") else { return };
    let hir = compile(&modules_in(&folder)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(hir.controls.len(), 6);
}

#[test]
fn the_benchmark_checks() {
    let Some(file) = shared("bench/policies/controls.assize") else { return };
    let text = fs::read_to_string(file).unwrap();
    let hir = compile(&[("controls".to_owned(), text)]).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(hir.controls.len(), 13);
    let own = hir.functions.iter().filter(|function| *function.module == *"controls");
    assert_eq!(own.count(), 2);
}

#[test]
fn the_library_checks() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib/aws");
    let modules: Vec<(String, String)> = modules_in(&library)
        .into_iter()
        .map(|(module, text)| (format!("aws.{module}"), text))
        .collect();
    let hir = compile(&modules).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(hir.controls.len() > 40);
}

#[test]
fn every_declaration_of_the_examples_is_in_the_tree() {
    let Some(folder) = shared("design/examples") else { return };
    let hir = compile(&modules_in(&folder)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(hir.frameworks.len(), 1);
    assert_eq!(hir.profiles.len(), 1);
    assert_eq!(hir.waivers.len(), 1);
    assert_eq!(hir.treatments.len(), 1);
    assert_eq!(hir.tests.len(), 6);
}

#[test]
fn an_adapter_reads_json_leniently() {
    let text = r#"
adapter config for AWS::EC2::SecurityGroup from item {
    set SecurityGroupIngress = [
        { IpProtocol: p.ipProtocol, FromPort: p.fromPort, ToPort: p.toPort, CidrIp: r.cidrIp }
        for p in item.configuration.ipPermissions for r in p.ipv4Ranges where r.cidrIp != ""
    ]
    set GroupDescription = if item.version == "1" then item.configuration.description else absent
    set GroupName = item.configuration["groupName"]
}
"#;
    let hir = compile(&[("config".to_owned(), text.to_owned())]).unwrap_or_else(|e| panic!("{e}"));
    // The library has one, too: one's own takes its place.
    let group = hir.types.find("AWS::EC2::SecurityGroup").unwrap();
    let own = |adapter: &&assize::hir::Adapter| {
        adapter.target == group && *adapter.source.as_str() == *"config"
    };
    let own: Vec<_> = hir.adapters.iter().filter(own).collect();
    assert_eq!((own.len(), own[0].sets.len()), (1, 3));
}
