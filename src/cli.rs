//! The command line.

mod config;
mod hash_password;
mod healthcheck;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::Overrides;

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
    /// Prints the configuration in force, and where each value came from
    Config {
        #[command(flatten)]
        settings: Settings,
        /// Print every key that there is, with its variable, default and meaning
        #[arg(long)]
        keys: bool,
    },
    /// Asks a running server whether it lives: for HEALTHCHECK
    Healthcheck {
        #[command(flatten)]
        settings: Settings,
    },
    /// Prints the argon2 hash of a password, read from the terminal or a pipe
    HashPassword,
}

/// What wins over the file and the environment.
#[derive(Debug, Args)]
struct Settings {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Where the database lives
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
}

impl From<Settings> for Overrides {
    fn from(Settings { config, listen, data_dir }: Settings) -> Self {
        Self { config, listen, data_dir }
    }
}

/// Parses the arguments and runs the command. Exit codes: 0 done, 1 could not run, 2 usage or configuration, 3 found what
/// `--fail-on` names.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Serve => serve::run(),
        Command::Config { settings, keys } => config::run(&settings.into(), keys),
        Command::Healthcheck { settings } => healthcheck::run(&settings.into()),
        Command::HashPassword => hash_password::run(),
    }
}
