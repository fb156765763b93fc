//! The command line.

mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Shows which containers have fallen behind their registry, and brings them up to date without ever losing one.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the dashboard and the API
    Serve,
}

/// Parses the arguments and runs the command. Exit codes: 0 done, 1 could not run, 2 usage or configuration, 3 found what
/// `--fail-on` names.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Serve => serve::run(),
    }
}
