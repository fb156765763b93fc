//! The command line.

mod check;
mod config;
mod demo;
mod door;
mod hash_password;
mod healthcheck;
mod log;
mod serve;
mod start;
mod table;
mod update;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::config::{ConfigError, Environment, Loaded, Overrides, load};

/// Shows which containers have fallen behind their registry, and says why.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// Configuration file: TOML, or Cup's JSON
    #[arg(long, short, visible_alias = "config-path", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The Engine's socket or address, in place of what is configured or found; `none` for no Engine
    #[arg(long, short, global = true, value_name = "ADDRESS")]
    socket: Option<String>,
    /// Where findings and sessions are kept
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard and the API
    Serve(Listen),
    Check(check::Arguments),
    Update(update::Arguments),
    Demo(demo::Arguments),
    /// Ask a running server whether it is well; for a health check in an image without a shell
    Healthcheck(Listen),
    /// Read a password and print its hash for the configuration
    HashPassword,
    /// Print what is in force and where each value came from
    Config {
        /// Print every key that there is, with its variable, default and meaning
        #[arg(long)]
        keys: bool,
    },
}

#[derive(Debug, Default, Args)]
struct Listen {
    /// Address and port
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

/// Why a command could not be carried out: one line for a person, and the exit code that goes with it.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// wrong usage or configuration: 2
    #[error("{0}")]
    Usage(String),
    /// right, but not to be done: 1
    #[error("{0}")]
    Run(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Parses the arguments and runs the command. Exit codes: 0 done, 1 could not run, 2 usage or configuration, 3 found what
/// `--fail-on` names.
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("plimsoll: {failure}");
            ExitCode::from(match failure {
                Failure::Usage(_) => 2,
                Failure::Run(_) => 1,
            })
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { config, data_dir, socket, command } = arguments;
    let environment = Environment::of_process()?;
    let listen = match &command {
        Command::Serve(Listen { listen }) | Command::Healthcheck(Listen { listen }) => listen.clone(),
        Command::Demo(arguments) => arguments.listen(),
        _ => None,
    };
    let overrides = Overrides { config, listen, data_dir, socket };
    let load = || -> Result<Loaded, Failure> {
        let loaded = load(&overrides, &environment)?;
        for warning in &loaded.warnings {
            eprintln!("plimsoll: {warning}");
        }
        Ok(loaded)
    };
    match command {
        Command::Serve(_) => start::runtime()?.block_on(serve::run(load()?, &environment)),
        Command::Check(arguments) => start::runtime()?.block_on(check::run(&load()?, &environment, arguments)),
        Command::Update(arguments) => start::runtime()?.block_on(update::run(&load()?, &environment, arguments)),
        Command::Demo(arguments) => start::runtime()?.block_on(demo::run(load()?, &environment, arguments)),
        Command::Healthcheck(_) => Ok(healthcheck::run(&overrides)),
        Command::HashPassword => Ok(hash_password::run()),
        Command::Config { keys } => Ok(config::run(&overrides, keys)),
    }
}
