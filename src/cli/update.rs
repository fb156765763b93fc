//! `plimsoll update`: brings containers up to date and waits until that is done.

mod alone;
mod show;
mod through;

use std::{process::ExitCode, time::Duration};

use clap::Args;
use tokio::time::sleep;

use super::Failure;
use crate::{
    config::{Environment, Loaded},
    server::api::v1::{End, Operation},
    store::{Store, StoreError},
    wire::{Phase, Target},
};

use alone::Alone;
use show::Show;
use through::Through;

/// Containers in one command.
const NAMES_MAX: usize = 64;

/// How often it is looked how far an update is.
const LOOK: Duration = Duration::from_millis(200);

/// Bring containers up to date, one after another, and wait until that is done
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Containers by name; as HOST/NAME where several hosts have one of that name
    #[arg(required = true, num_args = 1..=NAMES_MAX, value_name = "NAME")]
    names: Vec<String>,
    /// Another tag of the same repository, in place of what the container's own tag stands for by now
    #[arg(long, value_name = "TAG", conflicts_with = "previous")]
    to: Option<String>,
    /// Back to the image that ran before the last update, as long as it is kept
    #[arg(long)]
    previous: bool,
}

impl Arguments {
    fn target(&self) -> Target {
        match &self.to {
            Some(tag) => Target::Tag { tag: tag.clone() },
            None if self.previous => Target::Previous,
            None => Target::Same,
        }
    }
}

/// Who does the work.
enum Way {
    /// the server that uses the data directory
    Through(Through),
    /// this process
    Alone(Box<Alone>),
}

/// Why there is no operation.
#[derive(Debug, PartialEq, Eq)]
enum NotBegun {
    /// the name does not say which container is meant
    Usage(String),
    /// this container is not updated; others may be
    Refused(String),
    /// nothing can be updated at all
    Run(String),
}

impl Way {
    async fn wish(&self, host: Option<&str>, name: &str, target: &Target) -> Result<Operation, NotBegun> {
        match self {
            Self::Through(through) => through.wish(host, name, target).await,
            Self::Alone(alone) => alone.wish(host, name, target).await,
        }
    }

    /// How an operation stands now.
    async fn look(&mut self, id: i64) -> Result<Operation, String> {
        match self {
            Self::Through(through) => through.look(id).await,
            Self::Alone(alone) => alone.look(id).await,
        }
    }
}

/// Updates, one after another. Exits with 1 where any was refused or has failed.
pub(super) async fn run(loaded: &Loaded, environment: &Environment, arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut way = match Store::open(&loaded.config.data_dir).await {
        Ok(store) => Way::Alone(Box::new(Alone::start(loaded, environment, store).await?)),
        Err(StoreError::InUse { .. }) => Way::Through(Through::find(&loaded.config.data_dir).await?),
        Err(error) => return Err(Failure::Run(error.to_string())),
    };
    let mut show = Show::new(environment.get("NO_COLOR").is_some_and(|value| !value.is_empty()));
    let mut code = ExitCode::SUCCESS;
    let target = arguments.target();
    for written in &arguments.names {
        let (host, name) = written.rsplit_once('/').map_or((None, written.as_str()), |(host, name)| (Some(host), name));
        match update(&mut way, host, name, &target, &mut |phase, text| show.moves(written, phase, text)).await {
            Ok(operation) => {
                let well = succeeded(&operation);
                show.end(written, &operation.text, well);
                if !well {
                    code = ExitCode::FAILURE;
                }
            }
            Err(NotBegun::Refused(why)) => {
                show.end(written, &why, false);
                code = ExitCode::FAILURE;
            }
            Err(NotBegun::Usage(why)) => return Err(Failure::Usage(why)),
            Err(NotBegun::Run(why)) => return Err(Failure::Run(why)),
        }
    }
    if let Way::Alone(alone) = way {
        alone.end().await;
    }
    Ok(code)
}

/// Updates one container, and tells how far that is: the operation as it ended.
async fn update(
    way: &mut Way,
    host: Option<&str>,
    name: &str,
    target: &Target,
    moves: &mut dyn FnMut(Phase, &str),
) -> Result<Operation, NotBegun> {
    let mut operation = way.wish(host, name, target).await?;
    while operation.running {
        moves(operation.phase, &operation.text);
        sleep(LOOK).await;
        operation = way.look(operation.id).await.map_err(NotBegun::Run)?;
    }
    Ok(operation)
}

/// Whether the container runs the newest.
fn succeeded(operation: &Operation) -> bool {
    matches!(operation.outcome, Some(End::Updated | End::Unchanged | End::LeftOver))
}
