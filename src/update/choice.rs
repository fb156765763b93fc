//! What somebody wants of an update that is under way: that it stops, or that a container is kept which takes its time to become healthy.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// nothing more is to be done, and what was done is to be undone
    Cancel,
    /// the new container is to be kept as it is, although its health check says nothing yet
    Keep,
}

/// Of all operations that are under way: what was chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices(Arc<Mutex<HashMap<i64, watch::Sender<Option<Choice>>>>>);

/// What was chosen for one operation.
#[derive(Debug)]
pub(super) struct Chosen {
    choices: Choices,
    id: i64,
    receiver: watch::Receiver<Option<Choice>>,
}

impl Choices {
    /// Listens for one operation, until it is dropped.
    pub(super) fn listen(&self, id: i64) -> Chosen {
        let receiver = self.all().entry(id).or_insert_with(|| watch::Sender::new(None)).subscribe();
        Chosen { choices: self.clone(), id, receiver }
    }

    /// Chooses. Answers whether there is such an operation under way. Whoever cancels is not overruled.
    pub(super) fn choose(&self, id: i64, choice: Choice) -> bool {
        let all = self.all();
        let Some(sender) = all.get(&id) else { return false };
        sender.send_if_modified(|chosen| {
            let moves = *chosen != Some(Choice::Cancel) && *chosen != Some(choice);
            if moves {
                *chosen = Some(choice);
            }
            moves
        });
        true
    }

    /// Whole entries go in and out: a poisoned table is as good as any.
    fn all(&self) -> MutexGuard<'_, HashMap<i64, watch::Sender<Option<Choice>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chosen {
    /// Whether it is to stop.
    pub(super) fn is_cancelled(&self) -> bool {
        *self.receiver.borrow() == Some(Choice::Cancel)
    }

    /// Whether the new container is to be kept as it is.
    pub(super) fn keeps(&self) -> bool {
        *self.receiver.borrow() == Some(Choice::Keep)
    }

    /// Returns when something is chosen that was not known before.
    pub(super) async fn changed(&mut self) {
        if self.receiver.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns when it is to stop.
    pub(super) async fn cancelled(&self) {
        let mut receiver = self.receiver.clone();
        if receiver.wait_for(|chosen| *chosen == Some(Choice::Cancel)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Chosen {
    fn drop(&mut self) {
        self.choices.all().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_chosen_is_heard_while_it_runs() {
        let choices = Choices::default();
        let mut chosen = choices.listen(7);
        assert!(!choices.choose(8, Choice::Cancel), "nobody is there");
        assert!(choices.choose(7, Choice::Keep) && chosen.keeps() && !chosen.is_cancelled());
        chosen.changed().await;
        assert!(choices.choose(7, Choice::Cancel) && chosen.is_cancelled());
        chosen.cancelled().await;
        assert!(choices.choose(7, Choice::Keep) && chosen.is_cancelled(), "who cancels is not overruled");
        drop(chosen);
        assert!(!choices.choose(7, Choice::Cancel));
    }
}
