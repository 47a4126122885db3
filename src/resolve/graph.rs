//! Imports that go in a circle are refused, with the circle shown.

use crate::base::{Arena, Span};
use crate::diagnostic::Diagnostics;

use super::{Module, ModuleId, Target, errors};

/// How far a module's visit is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Reports each circle of imports once. Iterative: a chain of imports may be long.
pub(super) fn refuse_cycles(modules: &Arena<Module>, sink: &mut Diagnostics) {
    let mut marks = vec![Mark::New; modules.len()];
    for (start, _) in modules.iter_with_idx() {
        let mut path: Vec<(ModuleId, usize)> = vec![(start, 0)];
        if marks.get(start.index()) != Some(&Mark::New) {
            continue;
        }
        set(&mut marks, start, Mark::Open);
        while let Some((module, at)) = path.last_mut() {
            let (here, next) = (*module, edges(modules, *module).get(*at).copied());
            *at += 1;
            match next {
                None => {
                    set(&mut marks, here, Mark::Done);
                    path.pop();
                }
                Some((to, span)) => match marks.get(to.index()) {
                    Some(Mark::New) => {
                        set(&mut marks, to, Mark::Open);
                        path.push((to, 0));
                    }
                    Some(Mark::Open) => report(modules, &path, to, span, sink),
                    Some(Mark::Done) | None => {}
                },
            }
        }
    }
}

fn set(marks: &mut [Mark], module: ModuleId, mark: Mark) {
    if let Some(slot) = marks.get_mut(module.index()) {
        *slot = mark;
    }
}

/// The modules that this one imports, with the places of the imports.
fn edges(modules: &Arena<Module>, module: ModuleId) -> Vec<(ModuleId, Span)> {
    let imports = modules.get(module).into_iter().flat_map(|module| module.imports.values());
    imports
        .filter_map(|import| match &import.target {
            Target::Module(Some(to), _) | Target::Item(to, _) => Some((*to, import.span)),
            Target::Module(None, _) | Target::Standard(_) => None,
        })
        .filter(|(to, _)| modules.get(*to).is_some())
        .collect()
}

fn report(
    modules: &Arena<Module>,
    path: &[(ModuleId, usize)],
    back_to: ModuleId,
    span: Span,
    sink: &mut Diagnostics,
) {
    let cycle: Vec<ModuleId> =
        path.iter().map(|(module, _)| *module).skip_while(|module| *module != back_to).collect();
    let name = |id: ModuleId| modules.get(id).map_or(String::new(), |m| m.name.to_string());
    let mut chain: Vec<String> = cycle.iter().map(|id| name(*id)).collect();
    chain.push(name(back_to));
    let mut others = Vec::new();
    for pair in cycle.windows(2) {
        let [from, to] = pair else { continue };
        if let Some((_, span)) = edges(modules, *from).iter().find(|(target, _)| target == to) {
            others.push((*span, format!("`{}` imports `{}` here", name(*from), name(*to))));
        }
    }
    sink.push(errors::import_cycle(&chain, span, &others));
}
