//! `plimsoll demo`: the ordinary program on an invented Engine and registry.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, Listen};
use crate::config::Loaded;

/// Serves the dashboard with invented containers, so that anyone can try it without Docker
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    listen: Listen,
    /// How many images
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=5000))]
    size: u32,
}

impl Arguments {
    /// Where to listen, if it was said.
    pub(super) fn listen(&self) -> Option<String> {
        self.listen.listen.clone()
    }
}

pub(super) async fn run(_loaded: Loaded, _arguments: Arguments) -> Result<ExitCode, Failure> {
    unimplemented!()
}
