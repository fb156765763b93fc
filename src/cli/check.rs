//! `plimsoll check`: looks once and prints, without a server.

mod progress;

use std::{
    collections::BTreeSet,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Args, ValueEnum};
use futures_util::{StreamExt, future::join_all};

use super::{Failure, start, table};
use crate::{
    check,
    config::{Environment, Loaded},
    fleet::{ImageName, Workload},
    host::HostError,
    image::{Finding, Question, Reference},
    live::{Input, Live, State},
    registry::Registries,
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
    /// Mark each line with an icon of a Nerd Font, as Cup does
    #[arg(long, short)]
    icons: bool,
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
    // written as it is made: of thousands of images the text is as large as all that is known
    let mut out = io::BufWriter::new(io::stdout().lock());
    let printed = if arguments.raw {
        serde_json::to_writer(&mut out, &api::cup::document(snapshot)).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else if arguments.json {
        serde_json::to_writer_pretty(&mut out, &api::v1::fleet(snapshot)).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        table::print(&mut out, &state, arguments.icons)
    };
    match printed.and_then(|()| out.flush()) {
        // whoever reads us has seen enough
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Failure::Run(format!("cannot print: {error}"))),
        _ => {}
    }
    let failed = arguments.fail_on.is_some_and(|kind| snapshot.groups.iter().any(|group| kind.found(&group.verdict)));
    Ok(if failed { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// Lists the hosts, asks the registries, and derives the verdicts as the server would.
///
/// References that were named need no host: what runs nowhere is told by its tags alone.
async fn look(loaded: &Loaded, environment: &Environment, wanted: &BTreeSet<Reference>) -> Result<Arc<State>, Failure> {
    let config = &loaded.config;
    let live = Live::unfollowed("check".into());
    let mut policies = config.policies.clone();
    if !wanted.is_empty() {
        policies.extra.clone_from(wanted);
    }
    live.learn(Input::Policies(policies)).await;
    let hosts = start::hosts(config, environment)?;
    let needs_one = wanted.is_empty() && config.policies.extra.is_empty();
    let mut reached = false;
    let listed = join_all(hosts.iter().map(|host| async move { (host.name(), host.inventory(config.watch.stopped).await) })).await;
    for (name, inventory) in listed {
        match inventory {
            Ok(mut inventory) => {
                reached = true;
                let named = |workload: &Workload| matches!(&workload.image, ImageName::Reference(reference) if wanted.contains(reference));
                inventory.workloads.retain(|workload| wanted.is_empty() || named(workload));
                live.learn(Input::Inventory { host: name.to_owned(), inventory: Arc::new(inventory) }).await;
                live.learn(Input::Host { name: name.to_owned(), state: HostState::Connected }).await;
            }
            // where references were named, an Engine that is not there is no news
            Err(HostError::Absent { .. }) if !wanted.is_empty() => {}
            Err(error) => eprintln!("plimsoll: {name}: {error}"),
        }
    }
    if !reached && needs_one {
        return Err(Failure::Run("no host could be asked what runs".into()));
    }
    live.settled().await;
    let findings = ask(start::registries(config, Some(environment))?, live.questions(None), config.check.limit).await;
    // at once: the rows are needed once, at the end
    live.learn(Input::AllFound(findings)).await;
    live.learn(Input::CheckEnded { at: jiff::Timestamp::now().as_second(), whole: true }).await;
    live.settled().await;
    Ok(live.state())
}

/// Asks everything, with a bar on a terminal.
async fn ask(registries: Registries, questions: Vec<Question>, limit: Duration) -> Vec<Finding> {
    let mut bar = progress::Bar::new(questions.len());
    let mut findings = std::pin::pin!(check::run(registries, questions, limit));
    let mut found = Vec::new();
    while let Some(finding) = findings.next().await {
        found.push(finding);
        bar.step();
    }
    found
}
