//! Who may do what.
//!
//! A request has an [`Identity`], a route asks for a [`Permit`], and a pure table ([`permit`]) decides. The secrets that make an identity
//! are never kept: of a password its argon2 hash, of a session's token its SHA-256.

mod clock;
mod cookie;
mod credential;
mod door;
mod error;
mod hosts;
mod identity;
mod limit;
mod login;
pub mod permit;
mod sessions;
mod setup;
mod token;

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use secrecy::SecretString;

pub use clock::Clock;
pub use cookie::SessionCookie;
pub use credential::hash as hash_password;
pub use error::{AccessError, LoginError, SetUpError};
pub use hosts::HostRule;
pub use identity::{By, Identity};
pub use permit::{Decision, Permit, Role, Standing};
pub use setup::Choice;

use credential::{Credential, Verifier};
use door::Door;
use limit::Limit;
use sessions::Sessions;

use crate::{
    config::{self, Anonymous, Auth},
    store::{Store, StoreError},
};

/// Everything about who may do what. Clones share it.
#[derive(Clone)]
pub struct Access(Arc<Shared>);

/// What the clones share.
struct Shared {
    auth: Auth,
    configured_anonymous: Option<Anonymous>,
    clock: Clock,
    store: Store,
    verifier: Verifier,
    sessions: Sessions,
    state: RwLock<State>,
    /// the SHA-256 of the last `Authorization: Basic` that was right, with a salt of this process
    basic: Mutex<Option<[u8; 32]>>,
    salt: [u8; 32],
    /// held while a password is being set
    setting_up: tokio::sync::Mutex<()>,
    login_tries: Limit,
    basic_tries: Limit,
    wishes: Limit,
}

/// What can change while the program runs. Never locked across an await.
struct State {
    credential: Option<Credential>,
    anonymous: Anonymous,
    /// the token of the one-time link
    link: Option<SecretString>,
    /// the token of the command line
    door: Option<Door>,
}

/// Where the credential that was set by the link is kept.
const OPERATOR: &str = "operator";

/// Where the credential that the sessions were made with is kept.
const CREDENTIAL: &str = "credential";

/// Where the answer to "what may visitors see" is kept.
const ANONYMOUS: &str = "anonymous";

impl Access {
    /// Brings together what is configured and what is stored. Sessions that were made with another password end here.
    pub async fn new(config: &config::Access, store: Store, clock: Clock) -> Result<Self, AccessError> {
        let verifier = Verifier::new();
        let seen: Option<Credential> = store.setting(CREDENTIAL).await?;
        let credential = match &config.credential {
            Some((user, password)) => Some(verifier.adopt(user, password, seen.as_ref()).await?),
            None => store.setting(OPERATOR).await?,
        };
        let sessions = Sessions::load(&store, clock.now()).await?;
        if credential != seen {
            sessions.end_all(&store).await?;
            store.save_setting(CREDENTIAL, &credential).await?;
        }
        let answered = match config.anonymous {
            Some(anonymous) => Some(anonymous),
            None => store.setting::<String>(ANONYMOUS).await?.and_then(|word| word.parse().ok()),
        };
        let link = match (config.auth, &credential) {
            (Auth::Password, None) => Some(token::random()?),
            _ => None,
        };
        Ok(Self(Arc::new(Shared {
            auth: config.auth,
            configured_anonymous: config.anonymous,
            clock,
            store,
            verifier,
            sessions,
            state: RwLock::new(State { credential, anonymous: answered.unwrap_or(Anonymous::None), link, door: None }),
            basic: Mutex::default(),
            salt: token::bytes()?,
            setting_up: tokio::sync::Mutex::default(),
            login_tries: Limit::tries(),
            basic_tries: Limit::tries(),
            wishes: Limit::wishes(),
        })))
    }

    /// How things stand: what a page tells its reader, and what the table decides by.
    pub fn standing(&self) -> Standing {
        let state = self.0.state();
        match (self.0.auth, &state.credential) {
            (Auth::None, _) => Standing::Open,
            (Auth::Password, None) => Standing::NoPassword,
            (Auth::Password, Some(_)) => Standing::Password(state.anonymous),
        }
    }

    /// Whether a change needs a login: `enabled` of `/api/auth/status`.
    pub fn enabled(&self) -> bool {
        self.0.auth == Auth::Password
    }

    /// Whether somebody may do what a route asks for.
    pub fn allows(&self, identity: &Identity, permit: Permit) -> Decision {
        permit::decide(self.standing(), identity.role, permit)
    }

    /// Whether this client's wish for a check is heard: six a minute of a visitor's, all of others'.
    pub fn hears_wish(&self, identity: &Identity, peer: IpAddr) -> bool {
        identity.role > Role::Visitor || !self.enabled() || self.0.wishes.take(peer, self.0.clock.now()).is_ok()
    }
}

// what it holds is nobody's business
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

impl Shared {
    /// The state, also after a panic elsewhere: every change of it is a single assignment.
    fn state(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, to change it.
    fn change(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests;
