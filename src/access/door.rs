//! The token of the command line. It lies in a file of the data directory that only its owner can read: whoever may read that file could
//! change the database as well, and is let in as the operator, from this machine alone.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};

use super::{Access, AccessError, By, Identity, Role, token};

/// Who the token belongs to.
const NAME: &str = "command line";

/// The door that the token opens.
pub(super) struct Door {
    /// the SHA-256 of the token behind a salt of this process: how long a comparison with it takes tells nobody anything about the token
    mark: [u8; 32],
    /// where the server listens: who comes from there is on this machine too
    own: IpAddr,
}

impl Access {
    /// Makes the token that the command line shows to a server that listens on `own`; one made before ends.
    pub fn open_door(&self, own: IpAddr) -> Result<SecretString, AccessError> {
        let token = token::random()?;
        let mark = token::salted(&self.0.salt, token.expose_secret());
        self.0.change().door = Some(Door { mark, own });
        Ok(token)
    }

    /// Who an `Authorization: Bearer` names.
    pub(super) fn by_token(&self, value: &str, peer: IpAddr) -> Option<Identity> {
        let (scheme, token) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") || !token::has_form(token) {
            return None;
        }
        let state = self.0.state();
        let Door { mark, own } = state.door.as_ref()?;
        let near = peer.is_loopback() || peer == own.to_canonical();
        let right = *mark == token::salted(&self.0.salt, token);
        (near && right).then(|| Identity { user: Some(NAME.to_owned()), role: Role::Operator, by: By::Token })
    }
}
