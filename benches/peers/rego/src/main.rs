//! regorus, as fast as it is known to go: its virtual machine, a resource at a time, with mimalloc. The policy is
//! read at run time: it is not part of this repository.

use measure::{Call, Found, lines, unusable};
use mimalloc::MiMalloc;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Whether a resource is a group by which the world reaches port 22; the other entry asks the controls.
const OPEN: &str = "data.assize.open_on_ssh";
const DENY: &str = "data.assize.deny";

fn main() {
    let call = Call::read();
    let [policy] = call.more.as_slice() else { unusable("which policy?") };
    let policy =
        std::fs::read_to_string(policy).unwrap_or_else(|error| unusable(&error.to_string()));
    if call.mode != "rvm" {
        unusable(&format!("no mode `{}`", call.mode));
    }
    // Compiled before the clock starts.
    let mut open = machine(&policy, OPEN);
    let mut deny = machine(&policy, DENY);
    call.report(
        || judged(&call.file, &mut open, &mut deny).unwrap_or_else(|error| unusable(&error)),
        |found| Some(found.clone()),
    );
}

fn machine(policy: &str, entry: &str) -> RegoVM {
    let compiled = || {
        let mut engine = Engine::new();
        engine.add_policy("thirteen.rego".to_owned(), policy.to_owned())?;
        let policy = engine.compile_with_entrypoint(&Rc::from(entry))?;
        Ok::<_, Box<dyn std::error::Error>>(Compiler::compile_from_policy(&policy, &[entry])?)
    };
    let mut machine = RegoVM::new();
    match compiled() {
        Ok(program) => machine.load_program(program),
        Err(error) => unusable(&error.to_string()),
    }
    machine.set_max_instructions(usize::MAX);
    machine
}

/// The resources stay in memory: the join asks for a pass of its own over all of them.
fn judged(file: &str, open: &mut RegoVM, deny: &mut RegoVM) -> Result<Found, String> {
    let (mut resources, mut groups) = (Vec::new(), Value::new_object());
    let known = groups.as_object_mut().map_err(|error| error.to_string())?;
    let read = lines(file, |line| {
        let resource =
            Value::from_json_str(line).unwrap_or_else(|error| unusable(&error.to_string()));
        open.set_input(resource.clone());
        match open.execute() {
            Ok(answer) if answer == Value::from(true) => {
                known.insert(resource["id"].clone(), Value::from(true));
            }
            Ok(_) => {}
            Err(error) => unusable(&error.to_string()),
        }
        resources.push(resource);
    });
    read.map_err(|error| error.to_string())?;
    let mut data = Value::new_object();
    let members = data.as_object_mut().map_err(|error| error.to_string())?;
    members.insert(Value::from("open_sgs"), groups);
    deny.set_data(data).map_err(|error| error.to_string())?;
    let mut found = Found::default();
    for resource in resources {
        let id = resource["id"].clone();
        deny.set_input(resource);
        let answer = deny.execute().map_err(|error| error.to_string())?;
        for name in answer.as_set().into_iter().flatten() {
            let (name, id) = (name.as_string(), id.as_string());
            let (Ok(name), Ok(id)) = (name, id) else { continue };
            let number = Found::number(name).ok_or_else(|| format!("control `{name}`?"))?;
            found.add(number, id);
        }
    }
    Ok(found)
}
