//! The log: to standard error, so that what a command prints stays apart.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts the log. Colours only on a terminal that wants them.
pub(super) fn start(log: &Log, no_color: bool) {
    let filter = EnvFilter::new(&log.filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    // a log that was started before stays: only tests do that
    let _ = match log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.with_ansi(!no_color && io::stderr().is_terminal()).try_init(),
    };
}
