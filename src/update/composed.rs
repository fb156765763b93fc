//! What another version means for Compose: which line of which file pins the tag, and the edit of that line where it is allowed. Without it the next
//! `docker compose up` would go back.

use std::{collections::BTreeMap, path::PathBuf};

use tracing::{info, warn};

use crate::{
    compose::{self, Advice},
    config,
    image::{Digest, Reference},
    wire::ComposeLine,
};

/// A container that is moved to another tag, as far as Compose is concerned.
#[derive(Debug)]
pub(super) struct Composed {
    /// its labels
    pub(super) labels: BTreeMap<String, String>,
    /// what it was started from
    pub(super) reference: Reference,
    /// the tag that it is moved to
    pub(super) tag: String,
    /// what may be done
    pub(super) settings: config::Compose,
    /// where a file is copied to that has to be written in place
    pub(super) backups: PathBuf,
}

impl Composed {
    /// The line that pins the tag, edited where that is allowed. None where there is none, or it cannot be seen from here.
    pub(super) async fn settle(self, digest: Option<&str>) -> Option<ComposeLine> {
        let Self { labels, reference, tag, settings, backups } = self;
        let target = compose::Target { tag, digest: digest.and_then(|digest| digest.parse::<Digest>().ok()) };
        let advice = compose::advise(labels, reference, target, Vec::new(), settings.clone()).await;
        let (change, unedited) = match advice {
            Advice::Line { change, unedited } => (change, unedited),
            Advice::Free | Advice::Already { .. } => return None,
            Advice::Unlocated(why) => {
                info!(?why, "The line of a Compose file that pins a tag was not found");
                return None;
            }
        };
        let mut line =
            ComposeLine { file: change.file.display().to_string(), line: change.line, becomes: change.becomes.clone(), edited: false };
        if unedited.is_none() {
            let edited = tokio::task::spawn_blocking(move || compose::edit(&change, &[], &settings, &backups)).await;
            match edited {
                Ok(Ok(_)) => line.edited = true,
                Ok(Err(error)) => warn!(%error, file = line.file, "A Compose file could not be edited"),
                Err(error) => warn!(%error, file = line.file, "A Compose file could not be edited"),
            }
        }
        Some(line)
    }
}
