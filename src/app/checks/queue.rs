//! Who waits for which check.

use std::collections::HashSet;

use tokio::sync::oneshot;

use crate::image::Reference;

/// Somebody wants something checked, and is told when that is done.
#[derive(Debug)]
pub(super) struct Wish {
    /// one image; none for all of them
    pub(super) only: Option<Reference>,
    /// told by being resolved
    pub(super) done: oneshot::Sender<()>,
}

/// Those who wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    all: Vec<oneshot::Sender<()>>,
    singles: Vec<(Reference, oneshot::Sender<()>)>,
}

impl Queue {
    /// One more. Those who gave up do not gather here while a registry hangs.
    pub(super) fn push(&mut self, Wish { only, done }: Wish) {
        match only {
            None => {
                self.all.retain(|waiting| !waiting.is_closed());
                self.all.push(done);
            }
            // the check is wanted, also where nobody waits to be told: once for each image
            Some(reference) => {
                self.singles.retain(|(known, waiting)| *known != reference || !waiting.is_closed());
                self.singles.push((reference, done));
            }
        }
    }

    /// Whether somebody waits for a check of everything.
    pub(super) fn wants_all(&self) -> bool {
        !self.all.is_empty()
    }

    /// Takes out who waits for single images, and which these are.
    pub(super) fn take_singles(&mut self) -> (HashSet<Reference>, Vec<oneshot::Sender<()>>) {
        std::mem::take(&mut self.singles).into_iter().unzip()
    }

    /// A check of everything has ended: whoever wished for it sees its result from here on.
    pub(super) fn all_done(&mut self) {
        for done in self.all.drain(..) {
            let _ = done.send(());
        }
    }
}
