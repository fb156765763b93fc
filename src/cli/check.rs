//! `plimsoll check`: looks once and prints, without a server.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, ValueEnum};
use futures_util::StreamExt;

use super::{Failure, start, table};
use crate::{
    check,
    config::{Environment, Loaded},
    fleet::ImageName,
    image::Reference,
    live::{Input, Live, State},
    server::api,
    wire::{HostState, Level, Verdict},
};

/// Check once and print what was found, without a server
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// References to check, such as nginx:1.27; without any, all that runs is checked
    references: Vec<String>,
    /// Print Cup's document on one line
    #[arg(long, short, conflicts_with = "json")]
    raw: bool,
    /// Print Plimsoll's own document
    #[arg(long)]
    json: bool,
    /// Exit with 3 where something of this kind was found
    #[arg(long, value_enum, value_name = "KIND")]
    fail_on: Option<FailOn>,
}

/// What makes a check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// anything that an update would change
    Any,
    /// a newer major version
    Major,
    /// a newer minor or major version
    Minor,
    /// a newer patch, minor or major version
    Patch,
    /// an image of which nothing could be learnt
    Unknown,
}

impl FailOn {
    fn found(self, verdict: &Verdict) -> bool {
        match (self, verdict) {
            (Self::Any, verdict) => verdict.is_behind(),
            (Self::Major, Verdict::Newer { level, .. }) => *level >= Level::Major,
            (Self::Minor, Verdict::Newer { level, .. }) => *level >= Level::Minor,
            (Self::Patch, Verdict::Newer { .. }) | (Self::Unknown, Verdict::Unknown { .. }) => true,
            _ => false,
        }
    }
}

/// Checks and prints.
pub(super) async fn run(loaded: &Loaded, environment: &Environment, arguments: Arguments) -> Result<ExitCode, Failure> {
    let wanted = arguments.references.iter().map(|text| text.parse::<Reference>()).collect::<Result<BTreeSet<_>, _>>();
    let wanted = wanted.map_err(|error| Failure::Usage(error.to_string()))?;
    let state = look(loaded, environment, &wanted).await?;
    let snapshot = &state.snapshot;
    let mut out = io::stdout().lock();
    let printed = if arguments.raw {
        writeln!(out, "{}", serde_json::to_string(&api::cup::document(snapshot)).unwrap_or_default())
    } else if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&api::v1::fleet(snapshot)).unwrap_or_default())
    } else {
        table::print(&mut out, &state, &wanted)
    };
    match printed {
        // whoever reads us has seen enough
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Failure::Run(format!("cannot print: {error}"))),
        _ => {}
    }
    let failed = arguments.fail_on.is_some_and(|kind| snapshot.groups.iter().any(|group| kind.found(&group.verdict)));
    Ok(if failed { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// Lists the hosts, asks the registries, and derives the verdicts as the server would.
async fn look(loaded: &Loaded, environment: &Environment, wanted: &BTreeSet<Reference>) -> Result<Arc<State>, Failure> {
    let live = Live::start("check".into(), false);
    let mut reached = false;
    for host in start::hosts(&loaded.config, environment)? {
        match host.inventory(loaded.config.watch.stopped).await {
            Ok(mut inventory) => {
                reached = true;
                if !wanted.is_empty() {
                    inventory
                        .workloads
                        .retain(|workload| matches!(&workload.image, ImageName::Reference(reference) if wanted.contains(reference)));
                }
                live.learn(Input::Inventory { host: host.name().to_owned(), inventory: Arc::new(inventory) }).await;
                live.learn(Input::Host { name: host.name().to_owned(), state: HostState::Connected }).await;
            }
            // references that were named can be looked up without any host
            Err(error) if !wanted.is_empty() => eprintln!("plimsoll: {error}"),
            Err(error) => eprintln!("plimsoll: {}: {error}", host.name()),
        }
    }
    if !reached && wanted.is_empty() {
        return Err(Failure::Run("no host could be asked what runs".into()));
    }
    live.settled().await;
    let references: Vec<_> = if wanted.is_empty() { live.references().into_iter().collect() } else { wanted.iter().cloned().collect() };
    let (total, mut done) = (references.len(), 0);
    let mut progress = io::stderr();
    let shows = progress.is_terminal();
    let mut findings = std::pin::pin!(check::run(start::registries(&loaded.config, Some(environment))?, references));
    while let Some(finding) = findings.next().await {
        done += 1;
        if shows {
            // a line that cannot be drawn is no reason to stop
            let _ = write!(progress, "\r\x1b[2KChecking {done} of {total}");
        }
        live.learn(Input::Found(finding)).await;
    }
    if shows && total > 0 {
        let _ = write!(progress, "\r\x1b[2K");
    }
    live.learn(Input::CheckEnded { at: jiff::Timestamp::now().as_second(), whole: true }).await;
    live.settled().await;
    Ok(live.state())
}
