//! The program: everything happens in `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    plimsoll::cli::main()
}
