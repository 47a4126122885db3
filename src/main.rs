//! The `assize` program: arguments to exit code.

fn main() -> std::process::ExitCode {
    assize::cli::main()
}
