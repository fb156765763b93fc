//! The images that were replaced: kept for a while, so that somebody can go back, and then let go.

use jiff::Timestamp;
use tracing::warn;

use super::keeper::Keeper;
use crate::{
    store::{Kept, StoreError},
    wire::Outcome,
};

/// For how long letting go of an image is tried, where something uses it or its host is away, in seconds.
const TRIED: i64 = 90 * 24 * 60 * 60;

impl Keeper {
    /// Lets go of every image whose time has come.
    pub(super) async fn let_go(&self) {
        // one at a time: two would only be in each other's way
        let _alone = self.letting_go.lock().await;
        if let Err(error) = self.try_let_go().await {
            warn!(%error, "Images that are kept no more could not be let go");
        }
    }

    async fn try_let_go(&self) -> Result<(), StoreError> {
        let now = Timestamp::now().as_second();
        for kept in self.store.kept_images().await? {
            let Some(until) = self.ends(&kept).await? else { continue };
            if until > now || self.stop.is_cancelled() {
                continue;
            }
            // what was not replaced is what somebody had there before, with its name
            let written = if self.was_replaced(&kept).await? { Some(kept.reference.as_str()) } else { None };
            let gone = match self.hosts.get(&kept.host) {
                Some(host) => host.release(&kept.mark, &kept.image, written).await.is_ok(),
                None => false,
            };
            if gone || now - until > TRIED {
                self.store.forget_image(kept.operation).await?;
            }
        }
        Ok(())
    }

    /// Whether its update has put another one in its place.
    async fn was_replaced(&self, kept: &Kept) -> Result<bool, StoreError> {
        let operation = self.store.operation(kept.operation).await?;
        let outcome = operation.and_then(|(operation, _)| operation.outcome);
        Ok(matches!(outcome, Some(Outcome::Updated | Outcome::LeftOver { .. })))
    }

    /// Until when an image is kept; none as long as its update is under way. One that an update left behind which ended without a word, because
    /// Plimsoll ended, is kept no longer.
    async fn ends(&self, kept: &Kept) -> Result<Option<i64>, StoreError> {
        if kept.until.is_some() {
            return Ok(kept.until);
        }
        let operation = self.store.operation(kept.operation).await?;
        Ok(match operation {
            Some((operation, _)) if operation.is_running() || operation.outcome.as_ref().is_some_and(Outcome::is_open) => None,
            _ => Some(0),
        })
    }
}
