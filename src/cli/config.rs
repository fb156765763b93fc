//! `plimsoll config`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::config::{self, Environment, Overrides};

/// Prints what is in force and where each value came from; with `keys`, every key that there is.
pub(super) fn run(overrides: &Overrides, keys: bool) -> ExitCode {
    if keys {
        return print(&config::reference());
    }
    match Environment::of_process().and_then(|environment| config::load(overrides, &environment)) {
        Ok(loaded) => print(&loaded.to_string()),
        Err(error) => {
            eprintln!("plimsoll: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints; a reader that closed the pipe has seen enough.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plimsoll: cannot print: {error}");
            ExitCode::FAILURE
        }
    }
}
