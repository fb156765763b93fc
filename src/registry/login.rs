//! What a registry wants to see, and what was got for that: its challenge, and tokens by repository.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use reqwest::{Url, header::HeaderValue};
use tokio::sync::OnceCell;

use super::credentials::Known;
use crate::wire::Reason;

/// Most scopes of one token request.
const SCOPES: usize = 40;

/// Longest address of a token request, in bytes. Load balancers refuse longer ones with 400 or 414.
const ADDRESS_MAX: usize = 4000;

/// How long a registry that did not say what it wants is not asked for that again.
const GREETED: Duration = Duration::from_mins(1);

/// What a registry wants to see, and what was got for that.
#[derive(Debug, Default)]
pub(super) struct Login {
    state: Mutex<State>,
    /// held while the registry is asked what it wants
    pub(super) greeting: tokio::sync::Mutex<()>,
}

/// What is known of the way in.
#[derive(Debug, Default)]
struct State {
    /// what the registry asked for last
    challenge: Option<Arc<Challenge>>,
    /// when it was asked for that in vain
    greeted: Option<Instant>,
    /// repositories that will be asked about, without a token yet
    announced: Vec<Arc<str>>,
    /// tokens that are being got, by repository
    batches: HashMap<Arc<str>, Arc<Batch>>,
    /// by repository
    tokens: HashMap<Arc<str>, Token>,
}

/// What a registry asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// nothing, as far as is known
    Open,
    /// a token from `realm`
    Bearer {
        /// the token server
        realm: Url,
        /// how the registry calls itself there
        service: Option<String>,
    },
    /// user and password
    Basic,
}

/// What opens one repository for a while.
#[derive(Debug)]
struct Token {
    /// `Bearer …`, marked as a secret
    value: HeaderValue,
    /// whether it opens others too
    shared: bool,
    until: Instant,
}

/// Repositories whose token is got with one request.
#[derive(Debug)]
pub(super) struct Batch {
    /// their names, at least one
    pub(super) repositories: Vec<Arc<str>>,
    /// what came of the request: the value of `Authorization`
    pub(super) outcome: OnceCell<Result<HeaderValue, Reason>>,
}

/// How to get in to a repository.
pub(super) enum Way {
    /// with this value of `Authorization`, which may open others too
    Token(HeaderValue, bool),
    /// with the token that is got for these
    Batch(Arc<Batch>),
}

impl Batch {
    /// The batch of these repositories.
    fn new(repositories: Vec<Arc<str>>) -> Arc<Self> {
        Arc::new(Self { repositories, outcome: OnceCell::new() })
    }

    /// Whether the token opens more than one repository.
    pub(super) fn is_shared(&self) -> bool {
        self.repositories.len() > 1
    }
}

impl Login {
    /// Nothing in there can panic while the lock is held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the registry asked for last.
    pub(super) fn challenge(&self) -> Option<Arc<Challenge>> {
        self.state().challenge.clone()
    }

    /// Whether it is known what the registry wants, or was asked for in vain just now.
    pub(super) fn is_greeted(&self) -> bool {
        let state = self.state();
        state.challenge.is_some() || state.greeted.is_some_and(|at| at.elapsed() < GREETED)
    }

    /// What the registry said when it was asked what it wants; nothing where it did not say.
    pub(super) fn greeted(&self, challenge: Option<Challenge>) {
        let mut state = self.state();
        state.greeted = Some(Instant::now());
        if let Some(challenge) = challenge {
            state.challenge = Some(Arc::new(challenge));
        }
    }

    /// These repositories will be asked about. What was announced before and never asked about is forgotten.
    pub(super) fn announce<'a>(&self, repositories: impl Iterator<Item = &'a str>) {
        let mut state = self.state();
        let State { announced, batches, tokens, .. } = &mut *state;
        let now = Instant::now();
        tokens.retain(|_, token| now < token.until);
        batches.clear();
        announced.clear();
        announced.extend(repositories.filter(|name| !tokens.contains_key(*name)).map(Arc::from));
        announced.sort_unstable();
        announced.dedup();
    }

    /// The token that opens all of a batch from now on.
    pub(super) fn keep(&self, batch: &Batch, value: &HeaderValue, until: Instant) {
        let mut state = self.state();
        if state.tokens.len().is_power_of_two() {
            // now and then is enough, and costs little however many there are
            let now = Instant::now();
            state.tokens.retain(|_, token| now < token.until);
        }
        for repository in &batch.repositories {
            state.tokens.insert(Arc::clone(repository), Token { value: value.clone(), shared: batch.is_shared(), until });
        }
    }

    /// A token that was refused is of no more use for `repository`.
    pub(super) fn drop_token(&self, repository: &str, value: &HeaderValue) {
        let mut state = self.state();
        if state.tokens.get(repository).is_some_and(|token| token.value == *value) {
            state.tokens.remove(repository);
        }
    }

    /// The way in to `repository`: the token that opens it now, else the batch that it belongs to. `alone` is one without any other. At first
    /// all that were announced are cut into batches.
    pub(super) fn way(&self, repository: &str, realm: &Url, service: Option<&str>, known: &[Known], alone: bool) -> Way {
        // one look at both: between two a batch could end, and its token be got once more
        let mut state = self.state();
        let live = state.tokens.get(repository).filter(|token| Instant::now() < token.until && !(alone && token.shared));
        if let Some(Token { value, shared, .. }) = live {
            return Way::Token(value.clone(), *shared);
        }
        let announced = std::mem::take(&mut state.announced);
        let room = ADDRESS_MAX.saturating_sub(realm.as_str().len() + service.map_or(0, |service| 3 * service.len() + "service=".len()));
        for batch in cut(announced, room, known) {
            for repository in &batch.repositories {
                state.batches.insert(Arc::clone(repository), Arc::clone(&batch));
            }
        }
        if let Some(batch) = state.batches.get(repository).filter(|batch| !alone || !batch.is_shared()) {
            return Way::Batch(Arc::clone(batch));
        }
        let repository: Arc<str> = Arc::from(repository);
        let batch = Batch::new(vec![Arc::clone(&repository)]);
        state.batches.insert(repository, Arc::clone(&batch));
        Way::Batch(batch)
    }

    /// A batch is done: who comes later looks for its token, or gets one alone.
    pub(super) fn done(&self, batch: &Arc<Batch>) {
        let mut state = self.state();
        for repository in &batch.repositories {
            if state.batches.get(repository).is_some_and(|other| Arc::ptr_eq(other, batch)) {
                state.batches.remove(repository);
            }
        }
    }
}

/// Cuts repositories into batches of the same login, each of at most [`SCOPES`] and with scopes of at most `room` bytes.
fn cut(repositories: Vec<Arc<str>>, room: usize, known: &[Known]) -> Vec<Arc<Batch>> {
    let mut by_login: HashMap<Option<usize>, (Vec<Arc<str>>, usize)> = HashMap::new();
    let mut batches = Vec::new();
    for repository in repositories {
        let (batch, length) = by_login.entry(Known::of(known, &repository)).or_default();
        let scope = scope_length(&repository);
        if batch.len() == SCOPES || (*length + scope > room && !batch.is_empty()) {
            batches.push(Batch::new(std::mem::take(batch)));
            *length = 0;
        }
        *length += scope;
        batch.push(repository);
    }
    batches.extend(by_login.into_values().map(|(batch, _)| Batch::new(batch)));
    batches
}

/// The bytes of a scope in an address. In names of repositories only slashes are written with three.
fn scope_length(repository: &str) -> usize {
    "&scope=repository%3A%3Apull".len() + repository.len() + 2 * repository.matches('/').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_no_larger_than_token_servers_take() {
        let names = |count: usize, length: usize| -> Vec<Arc<str>> { (0..count).map(|n| format!("a/{n:0length$}").into()).collect() };
        for (count, length, room, expected) in [
            (0, 4, 4000, vec![]),
            (1, 4, 4000, vec![1]),
            (40, 4, 4000, vec![40]),
            (81, 4, 4000, vec![40, 40, 1]),
            (5, 170, 404, vec![2, 2, 1]),
            (2, 200, 10, vec![1, 1]),
        ] {
            let batches = cut(names(count, length), room, &[]);
            let sizes: Vec<_> = batches.iter().map(|batch| batch.repositories.len()).collect();
            assert_eq!(sizes, expected, "{count} of {length}");
            for batch in batches.iter().filter(|batch| batch.is_shared()) {
                assert!(batch.repositories.iter().map(|name| scope_length(name)).sum::<usize>() <= room);
            }
        }
    }
}
