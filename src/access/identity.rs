//! Who sends a request.

use std::net::IpAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, header};
use secrecy::SecretString;

use super::{Access, Role, cookie, token};

/// Who sends a request, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// the name, where it is known
    pub user: Option<String>,
    /// what they may do
    pub role: Role,
    /// how they showed who they are
    pub by: By,
}

/// How somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// not at all
    Nothing,
    /// with the cookie of a session
    Session,
    /// with `Authorization: Basic`, which browsers send also when another site asks for it: it lets nobody change anything
    Basic,
    /// with the token of the command line
    Token,
}

/// Longest `Authorization` that is looked at, in bytes.
const BASIC_MAX: usize = 4096;

impl Identity {
    /// Somebody unknown.
    pub fn visitor() -> Self {
        Self { user: None, role: Role::Visitor, by: By::Nothing }
    }

    /// Whether they showed who they are. Such a request is answered under any `Host`.
    pub fn is_known(&self) -> bool {
        self.by != By::Nothing
    }
}

impl Access {
    /// Who sends a request with these headers.
    pub async fn identify(&self, headers: &HeaderMap, peer: IpAddr) -> Identity {
        if let Some(user) = cookie::tokens(headers).find_map(|token| self.user_of(token)) {
            return Identity { user: Some(user), role: Role::Operator, by: By::Session };
        }
        match headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            Some(value) => match self.by_token(value, peer) {
                Some(known) => known,
                None => self.by_basic(value, peer).await.unwrap_or_else(Identity::visitor),
            },
            None => Identity::visitor(),
        }
    }

    /// Whose session a token is.
    fn user_of(&self, token: &str) -> Option<String> {
        let shared = &self.0;
        let (user, noted) = shared.sessions.find(token, shared.clock.now())?;
        if let Some(session) = noted {
            let store = shared.store.clone();
            tokio::spawn(async move {
                if let Err(error) = store.save_session(&session).await {
                    tracing::warn!(%error, "it could not be noted that a session is used");
                }
            });
        }
        Some(user)
    }

    /// Who an `Authorization: Basic` names. What was right once is remembered, because tools send it with every request.
    async fn by_basic(&self, value: &str, peer: IpAddr) -> Option<Identity> {
        let shared = &self.0;
        let (scheme, encoded) = value.split_once(' ').filter(|_| value.len() <= BASIC_MAX)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let credential = shared.state().credential.clone()?;
        let known = Identity { user: Some(credential.user.clone()), role: Role::Viewer, by: By::Basic };
        // the hash stands in it so that a new password makes the old one forgotten
        let mark = token::salted(&shared.salt, &format!("{}\n{encoded}", credential.hash));
        if *shared.basic.lock().unwrap_or_else(std::sync::PoisonError::into_inner) == Some(mark) {
            return Some(known);
        }
        let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (user, password) = text.split_once(':')?;
        shared.basic_tries.take(peer, shared.clock.now()).ok()?;
        let right = shared.verifier.verify(&SecretString::from(password), &credential.hash).await.ok()?;
        if !right || user != credential.user {
            return None;
        }
        shared.basic_tries.forget(peer);
        *shared.basic.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(mark);
        Some(known)
    }
}
