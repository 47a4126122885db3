//! What every peer does alike: arguments, repetitions, clocks, lines of a stream, and what was found.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// How much is read at once: as much as Assize does.
pub const CHUNK: usize = 256 << 10;

/// The controls, each by the name that `thirteen.assize` gives it and the name in the peers' policies.
pub const CONTROLS: [(&str, &str); 13] = [
    ("bucket_public_access", "s3_pab"),
    ("bucket_encryption", "s3_enc"),
    ("group_administration", "sg_admin"),
    ("volume_encryption", "ebs_enc"),
    ("instance_tokens", "ec2_imds"),
    ("database_protection", "rds"),
    ("identity_wildcard", "iam_star"),
    ("function_runtime", "lambda_rt"),
    ("key_rotation", "kms_rot"),
    ("trail_validation", "trail"),
    ("balancer_logs", "elb_logs"),
    ("table_recovery", "ddb_pitr"),
    ("instance_open_group", "ec2_open_sg"),
];

/// The resources that break each control: how many, and a hash of their ids in whatever order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found([(u64, u64); 13]);

impl Found {
    /// The number of the control with this name, ours or the peers'.
    pub fn number(name: &str) -> Option<usize> {
        CONTROLS.iter().position(|(ours, theirs)| [ours, theirs].contains(&&name))
    }

    /// A resource breaks the control with this number.
    pub fn add(&mut self, control: usize, id: &str) {
        let (count, sum) = &mut self.0[control];
        *count += 1;
        *sum = sum.wrapping_add(hash(id));
    }

    fn json(&self) -> String {
        let mut out = String::from("{");
        for ((name, _), (count, sum)) in CONTROLS.iter().zip(&self.0) {
            let comma = if out.len() > 1 { "," } else { "" };
            let _ = write!(out, "{comma}\"{name}\":\"{count}:{sum:016x}\"");
        }
        out + "}"
    }
}

/// FNV-1a, mixed once more: its sum over ids is to tell one set of ids from another.
fn hash(id: &str) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = id.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (sum ^ (sum >> 32)).wrapping_mul(0x9e6c_63d0_876a_9a47)
}

/// How a peer was called: `peer MODE FILE REPETITIONS [MORE]`.
#[derive(Debug)]
pub struct Call {
    pub mode: String,
    pub file: String,
    pub more: Vec<String>,
    repetitions: usize,
}

impl Call {
    /// What the command line says; ends the process where it says too little.
    pub fn read() -> Self {
        let all: Vec<String> = std::env::args().skip(1).collect();
        let [mode, file, repetitions, more @ ..] = all.as_slice() else {
            unusable("usage: peer MODE FILE REPETITIONS [MORE]");
        };
        let Ok(repetitions) = repetitions.parse() else {
            unusable("REPETITIONS is a number");
        };
        Self { mode: mode.clone(), file: file.clone(), more: more.to_vec(), repetitions }
    }

    /// Runs it so many times and prints the medians, the peak of memory, and what was found, as JSON. Each result
    /// is dropped within the time of its own repetition, as whoever asks must.
    pub fn report<T>(&self, mut run: impl FnMut() -> T, found: impl Fn(&T) -> Option<Found>) {
        let (mut cpu, mut wall) = (Vec::new(), Vec::new());
        let mut last = None;
        for _ in 0..self.repetitions.max(1) {
            let (cpu_from, wall_from) = (cpu_ms(), Instant::now());
            let result = run();
            let so_far = (cpu_ms() - cpu_from, wall_from.elapsed());
            last = Some(found(&result));
            let (cpu_from, wall_from) = (cpu_ms(), Instant::now());
            drop(result);
            cpu.push(so_far.0 + cpu_ms() - cpu_from);
            wall.push((so_far.1 + wall_from.elapsed()).as_secs_f64() * 1e3);
        }
        let found = last.flatten().map_or("null".to_owned(), |found| found.json());
        println!(
            "{{\"cpu_ms\":{:.4},\"wall_ms\":{:.4},\"peak_mib\":{:.1},\"found\":{found}}}",
            median(cpu),
            median(wall),
            peak_mib(),
        );
    }
}

/// Ends the process: it cannot measure what was asked for.
pub fn unusable(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(2)
}

/// Ends the process: this mode is not offered (yet), and is to be left out.
pub fn not_offered(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(3)
}

/// Hands over each line of the file, read in chunks as large as Assize reads.
///
/// # Errors
///
/// Where the file cannot be read, or holds no UTF-8.
pub fn lines(file: &str, mut sink: impl FnMut(&str)) -> io::Result<()> {
    let mut file = BufReader::with_capacity(CHUNK, File::open(file)?);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        sink(std::str::from_utf8(&line).map_err(io::Error::other)?);
        line.clear();
    }
    Ok(())
}

/// Work that touches no memory, the same in sum for however many threads.
pub fn busy(threads: u64) {
    const STEPS: u64 = 400_000_000;
    let work = move || {
        let step = |sum: u64, at: u64| (sum ^ at).wrapping_mul(0x0100_0000_01b3);
        std::hint::black_box((0..STEPS / threads).fold(1, step));
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}

/// The time that all threads of the process have run, in milliseconds.
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The most memory that the process has had, in MiB; Linux tells it.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse::<f64>().ok()).map_or(0.0, |kib| kib / 1024.0)
}
