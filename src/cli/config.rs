//! `plimsoll config`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::start;
use crate::config::{self, Config, Environment, Overrides};

/// Prints what is in force and where each value came from; with `keys`, every key that there is.
pub(super) fn run(overrides: &Overrides, keys: bool) -> ExitCode {
    if keys {
        return print(&config::reference());
    }
    let loaded = Environment::of_process().and_then(|environment| {
        let loaded = config::load(overrides, &environment)?;
        let hosts = hosts(&loaded.config, &environment);
        Ok((loaded, hosts))
    });
    match loaded {
        Ok((loaded, hosts)) => print(&format!("{loaded}{hosts}")),
        Err(error) => {
            eprintln!("plimsoll: {error}");
            ExitCode::from(2)
        }
    }
}

/// Each host with its address, as comments: one that was found with the reason why it is that one.
fn hosts(config: &Config, environment: &Environment) -> String {
    let lines = match (start::found(config, environment), start::hosts(config, environment)) {
        (Err(error), _) | (_, Err(error)) => vec![error.to_string()],
        (Ok(Some(found)), Ok(hosts)) => hosts.iter().map(|host| format!("{}: {found}", host.name())).collect(),
        (Ok(None), Ok(hosts)) => hosts.iter().map(|host| format!("{}: {}", host.name(), host.address())).collect(),
    };
    lines.iter().fold(String::new(), |text, line| text + "# host " + line + "\n")
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
