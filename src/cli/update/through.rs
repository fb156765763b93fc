//! Updates through the server that uses the data directory: it keeps the journal, and every open page sees them.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::NotBegun;
use crate::{
    cli::{Failure, door::Server},
    server::api::v1::{Accepted, Operation},
    wire::Target,
};

/// How long a server that has just started may take to open its door.
const STARTS: Duration = Duration::from_secs(3);

/// How long a server may be silent while an update runs: it may be started anew in the middle.
const SILENT: Duration = Duration::from_secs(30);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// The server.
pub(super) struct Through {
    directory: PathBuf,
    server: Server,
}

impl Through {
    /// Finds it.
    pub(super) async fn find(directory: &Path) -> Result<Self, Failure> {
        let until = Instant::now() + STARTS;
        loop {
            match Server::find(directory) {
                Ok(server) => return Ok(Self { directory: directory.to_owned(), server }),
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Err(Failure::Run(format!("only the user that runs the server may do this: {}: {error}", directory.display())));
                }
                Err(_) if Instant::now() < until => sleep(PAUSE).await,
                Err(error) => {
                    let directory = directory.display();
                    let help = "another Plimsoll uses the data directory, and is no server: wait until it has ended";
                    return Err(Failure::Run(format!("{help} ({directory}: {error})")));
                }
            }
        }
    }

    /// Wishes for an update.
    pub(super) async fn wish(&self, host: Option<&str>, name: &str, target: &Target) -> Result<Operation, NotBegun> {
        let to = if let Target::Tag { tag } = target { Some(tag) } else { None };
        let body = json!({ "host": host, "name": name, "to": to, "previous": *target == Target::Previous });
        let answer = self.server.ask(Method::POST, "/api/v1/updates", Some(&body)).await;
        let (status, document) = answer.map_err(|error| NotBegun::Run(format!("the server does not answer: {error}")))?;
        let error = || document["error"].as_str().unwrap_or_default().to_owned();
        match status {
            StatusCode::ACCEPTED | StatusCode::CONFLICT => begun(document),
            StatusCode::NOT_FOUND => Err(NotBegun::Refused(error())),
            StatusCode::UNPROCESSABLE_ENTITY => Err(NotBegun::Usage(error())),
            status => Err(NotBegun::Run(format!("the server answers {status} {}", error()).trim_end().to_owned())),
        }
    }

    /// How an operation stands. A server that went away is waited for.
    pub(super) async fn look(&mut self, id: i64) -> Result<Operation, String> {
        let until = Instant::now() + SILENT;
        loop {
            let why = match self.server.ask(Method::GET, &format!("/api/v1/updates/{id}"), None).await {
                Ok((StatusCode::OK, document)) => return serde_json::from_value(document).map_err(|error| strange(&error)),
                Ok((status, _)) => format!("it answers {status}"),
                Err(error) => error.to_string(),
            };
            if Instant::now() >= until {
                return Err(format!("the server does not tell of the update any more ({why}); when it starts, it finishes or undoes it"));
            }
            sleep(PAUSE).await;
            // another process has another token
            if let Ok(server) = Server::find(&self.directory) {
                self.server = server;
            }
        }
    }
}

/// The operation that was begun, or why there is none.
fn begun(document: Value) -> Result<Operation, NotBegun> {
    let Accepted { operations, refused } = serde_json::from_value(document).map_err(|error| NotBegun::Run(strange(&error)))?;
    match (operations.into_iter().next(), refused.into_iter().next()) {
        (Some(operation), _) => Ok(operation),
        (None, Some(refused)) => Err(NotBegun::Refused(format!("refused: {}", refused.text))),
        (None, None) => Err(NotBegun::Run("the server began nothing and says no reason".to_owned())),
    }
}

fn strange(error: &serde_json::Error) -> String {
    format!("the server that runs is of another version: {error}")
}
