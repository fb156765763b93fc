//! The one-time link of a first run: whoever reads the log sets the operator's password.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{ANONYMOUS, Access, CREDENTIAL, OPERATOR, SessionCookie, SetUpError, Standing, credential::Credential, token};
use crate::{
    config::{self, Anonymous},
    wire::PASSWORD_MIN,
};

/// Longest password that is taken, in bytes.
const PASSWORD_MAX: usize = 1024;

/// What is chosen on the first-run page.
#[derive(Debug, Clone)]
pub struct Choice {
    /// the operator's name
    pub user: String,
    /// the operator's password
    pub password: SecretString,
    /// what visitors see from then on
    pub anonymous: Anonymous,
}

impl Access {
    /// The token of the link, for the log alone; none once there is a password.
    pub fn setup_token(&self) -> Option<SecretString> {
        self.0.state().link.clone()
    }

    /// Whether a token is that of the link: the page asks before it shows its form.
    pub fn knows_link(&self, peer: IpAddr, given: &str) -> Result<(), SetUpError> {
        let shared = &self.0;
        if self.standing() != Standing::NoPassword {
            return Err(SetUpError::Done);
        }
        shared.login_tries.take(peer, shared.clock.now()).map_err(|seconds| SetUpError::TooMany { seconds })?;
        if !shared.state().link.as_ref().is_some_and(|link| token::same(link, given)) {
            return Err(SetUpError::Link);
        }
        shared.login_tries.forget(peer);
        Ok(())
    }

    /// Sets the password, once, and starts a session. The configured answer about visitors wins over the chosen one.
    pub async fn set_up(&self, peer: IpAddr, given: &str, choice: &Choice) -> Result<SessionCookie, SetUpError> {
        let shared = &self.0;
        let _alone = shared.setting_up.lock().await;
        self.knows_link(peer, given)?;
        let user = config::user_name(&choice.user).ok_or(SetUpError::User)?;
        let password = choice.password.expose_secret();
        if password.chars().count() < PASSWORD_MIN || password.len() > PASSWORD_MAX {
            return Err(SetUpError::Password);
        }
        let credential = Credential { user, hash: shared.verifier.hash(&choice.password).await? };
        let kept = json!(credential);
        let settings = [(OPERATOR, kept.clone()), (CREDENTIAL, kept), (ANONYMOUS, json!(choice.anonymous.as_str()))];
        shared.store.save_settings(&settings).await.map_err(super::AccessError::from)?;
        let user = credential.user.clone();
        {
            let mut state = shared.change();
            state.credential = Some(credential);
            state.anonymous = shared.configured_anonymous.unwrap_or(choice.anonymous);
            state.link = None;
        }
        Ok(shared.sessions.start(&shared.store, &user, shared.clock.now()).await?)
    }
}
