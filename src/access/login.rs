//! Login and logout.

use std::net::IpAddr;

use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};

use super::{Access, LoginError, SessionCookie, cookie};
use crate::{config::Auth, store::StoreError};

impl Access {
    /// Starts a session for somebody who knows user and password.
    pub async fn login(&self, peer: IpAddr, user: &str, password: &SecretString) -> Result<SessionCookie, LoginError> {
        let shared = &self.0;
        if shared.auth == Auth::None {
            return Err(LoginError::NotNeeded);
        }
        if user.is_empty() || password.expose_secret().is_empty() {
            return Err(LoginError::Incomplete);
        }
        let credential = shared.state().credential.clone().ok_or(LoginError::NoPassword)?;
        shared.login_tries.take(peer, shared.clock.now()).map_err(|seconds| LoginError::TooMany { seconds })?;
        // the same work for a user that does not exist
        let right = shared.verifier.verify(password, &credential.hash).await?;
        if !right || user != credential.user {
            tracing::warn!(client.address = %peer, "a login failed");
            return Err(LoginError::Wrong);
        }
        shared.login_tries.forget(peer);
        Ok(shared.sessions.start(&shared.store, user, shared.clock.now()).await?)
    }

    /// Ends the session that the request comes with.
    pub async fn logout(&self, headers: &HeaderMap) -> Result<(), StoreError> {
        for token in cookie::tokens(headers) {
            self.0.sessions.end(&self.0.store, token).await?;
        }
        Ok(())
    }
}
