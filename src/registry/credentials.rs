//! Logins from Docker's `config.json`.

use std::{fs::File, io::Read, path::Path};

use docker_credential::{DockerCredential, get_credential_from_reader};

use super::Credentials;
use crate::image::reference::DOCKER_HUB;

/// Under which key Docker keeps the login of Docker Hub.
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// Largest `config.json` that is read, in bytes.
const SIZE_MAX: u64 = 1024 * 1024;

/// The login that `config` has for `registry`. Blocks: a credential helper is a process.
///
/// A file that is absent or broken, and a helper that fails, are as no login: most images are public, and one that is not says so itself.
pub(super) fn from_docker(config: &Path, registry: &str) -> Option<Credentials> {
    let key = if registry == DOCKER_HUB { DOCKER_HUB_KEY } else { registry };
    let file = File::open(config).ok()?.take(SIZE_MAX);
    match get_credential_from_reader(file, key).ok()? {
        DockerCredential::UsernamePassword(username, password) => Some(Credentials { username, password: password.into() }),
        // an identity token is used by the OAuth2 form of the token request, which Plimsoll does not speak yet
        DockerCredential::IdentityToken(_) => None,
    }
}
