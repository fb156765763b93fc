//! The configuration: read once, checked whole before a port opens.
//!
//! One table (`keys.rs`) describes every key. The names of the environment, the output of `plimsoll config` and the document
//! `docs/configuration.md` follow from it. What is given comes from four places, the later winning: the table's defaults, one file,
//! the environment, the command line. [`Loaded`] remembers which it was.

mod base_path;
mod build;
mod compose;
mod cup;
mod document;
mod environment;
mod error;
mod file;
mod gather;
mod keys;
mod listing;
mod model;
mod near;
mod parse;
mod password;
mod reader;
mod schedule;
mod tables;
mod value;
mod zone;

use std::path::PathBuf;

pub use base_path::BasePath;
pub use compose::{Compose, Seen};
pub use document::reference;
pub use environment::Environment;
pub use error::ConfigError;
pub use model::{Access, Anonymous, Auth, Check, Config, Host, Log, LogFormat, Registry, Tls, Update, Watch};
pub use password::{Password, PasswordError};
pub use schedule::Schedule;
pub use value::Origin;
pub use zone::Zone;

/// A user's name, where it is one; also for names that are chosen in the program.
pub use parse::user as user_name;

use gather::Gathered;

/// What the command line says; it wins over everything else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<String>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--socket`
    pub socket: Option<String>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// what is in force
    pub config: Config,
    /// the file that was read, where there is one
    pub file: Option<PathBuf>,
    /// every key with its value and where that came from, in the order of the table
    pub settings: Vec<Setting>,
    /// what was given and has no effect, one line each
    pub warnings: Vec<String>,
}

/// One key as `plimsoll config` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// its full name: `check.schedule`, `registry."127.0.0.1:5000".insecure`
    pub key: String,
    /// its value as TOML; none where nothing is set
    pub value: Option<String>,
    /// whether the value is a secret, and therefore not in `value`
    pub secret: bool,
    /// where it came from
    pub origin: Origin,
}

/// Reads and checks everything that was configured.
pub fn load(overrides: &Overrides, environment: &Environment) -> Result<Loaded, ConfigError> {
    let mut gathered = Gathered::collect(overrides, environment)?;
    let mut settings = gathered.settings();
    let config = build::config(&mut gathered, environment)?;
    for setting in settings.iter_mut().filter(|setting| setting.key == "timezone" && setting.value.is_none()) {
        // that of the system is looked up where it is shown
        if let Zone::Named(zone) = &config.timezone {
            setting.value = zone.iana_name().map(value::quoted);
        }
        setting.origin = environment.get("TZ").map_or(Origin::System, |_| Origin::Environment("TZ".to_owned()));
    }
    Ok(Loaded { config, file: gathered.file, settings, warnings: gathered.warnings })
}

#[cfg(test)]
mod tests;
