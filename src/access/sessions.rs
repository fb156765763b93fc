//! Sessions: all in memory, so that no request waits for the disk, and all in the store, so that they survive a restart.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{AccessError, SessionCookie, token};
use crate::store::{Session, Store, StoreError};
use secrecy::ExposeSecret;

/// A session ends when it was not used for so long.
const IDLE: i64 = 30 * 24 * 3600;

/// A session ends after so long, used or not.
const WHOLE: i64 = 90 * 24 * 3600;

/// How often it is noted that a session is used.
const NOTED: i64 = 3600;

/// Sessions at once; beyond them the one that was longest unused ends.
const SESSIONS_MAX: usize = 1000;

/// By the hash of their token.
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Those of before the restart, without those that ended.
    pub(super) async fn load(store: &Store, now: i64) -> Result<Self, StoreError> {
        let (lasting, ended): (Vec<_>, Vec<_>) = store.load_sessions().await?.into_iter().partition(|session| lasts(session, now));
        if !ended.is_empty() {
            store.delete_sessions(&hashes(ended)).await?;
        }
        Ok(Self(Mutex::new(lasting.into_iter().map(|session| (session.hash.clone(), session)).collect())))
    }

    /// Starts one.
    pub(super) async fn start(&self, store: &Store, user: &str, now: i64) -> Result<SessionCookie, AccessError> {
        let token = token::random()?;
        let hash = token::hash(token.expose_secret());
        let session = Session { hash: hash.clone(), username: user.to_owned(), created: now, expires: now + WHOLE, seen: now };
        store.save_session(&session).await?;
        let ended = {
            let mut sessions = self.lock();
            let mut ended: Vec<_> = sessions.extract_if(|_, session| !lasts(session, now)).map(|(_, session)| session).collect();
            if sessions.len() >= SESSIONS_MAX {
                let unused = sessions.values().min_by_key(|session| session.seen).map(|session| session.hash.clone());
                ended.extend(unused.and_then(|hash| sessions.remove(&hash)));
            }
            sessions.insert(hash, session);
            ended
        };
        if !ended.is_empty() {
            store.delete_sessions(&hashes(ended)).await?;
        }
        Ok(SessionCookie { token, seconds: WHOLE })
    }

    /// Whose session it is. A second value is there when it should be noted that the session is used.
    pub(super) fn find(&self, token: &str, now: i64) -> Option<(String, Option<Session>)> {
        let mut sessions = self.lock();
        let session = sessions.get_mut(&token::hash(token)).filter(|session| lasts(session, now))?;
        let note = now - session.seen >= NOTED;
        if note {
            session.seen = now;
        }
        Some((session.username.clone(), note.then(|| session.clone())))
    }

    /// Ends one.
    pub(super) async fn end(&self, store: &Store, token: &str) -> Result<(), StoreError> {
        let hash = token::hash(token);
        let known = self.lock().remove(&hash).is_some();
        if known { store.delete_sessions(&[hash]).await } else { Ok(()) }
    }

    /// Ends all.
    pub(super) async fn end_all(&self, store: &Store) -> Result<(), StoreError> {
        let ended: Vec<_> = self.lock().drain().map(|(hash, _)| hash).collect();
        store.delete_sessions(&ended).await
    }

    /// The sessions, also after a panic elsewhere: every change of them is whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a session has not ended.
fn lasts(session: &Session, now: i64) -> bool {
    now < session.expires && now - session.seen < IDLE
}

/// Their hashes.
fn hashes(sessions: Vec<Session>) -> Vec<String> {
    sessions.into_iter().map(|session| session.hash).collect()
}
