//! How registries are reached, as the caller says it.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use secrecy::SecretString;

/// How the registries are reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// what is known of single registries, by the host that stands in references (`docker.io` for Docker Hub)
    pub registries: BTreeMap<String, RegistrySettings>,
    /// files with logins as Docker (`config.json`) and Podman (`auth.json`) keep them, used where `registries` has no login. Of two files
    /// that have one for the same image the first counts
    pub logins: Vec<PathBuf>,
    /// how long one request may take
    pub timeout: Duration,
    /// how Plimsoll introduces itself
    pub user_agent: String,
    /// where Docker Hub's own API is, where that is not `https://hub.docker.com`
    pub hub_api: Option<String>,
}

/// What is known of one registry.
#[derive(Debug, Clone, Default)]
pub struct RegistrySettings {
    /// whether it speaks plain http. Loopback always may
    pub insecure: bool,
    /// host and port to connect to, where that is not the host of the reference: a mirror
    pub address: Option<String>,
    /// the login for it
    pub credentials: Option<Credentials>,
    /// whether it is never asked
    pub ignore: bool,
    /// most requests under way to it at once; without a number 256 on this machine and in private networks, 32 elsewhere
    pub at_once: Option<u32>,
    /// authorities that may vouch for it besides those of the system, as PEM
    pub ca: Option<Vec<u8>>,
    /// the certificate that Plimsoll shows it, as PEM. Good only together with `key`
    pub cert: Option<Vec<u8>>,
    /// the private key of `cert`, as PEM
    pub key: Option<SecretString>,
}

/// A user and a password or token.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// the user's name
    pub username: String,
    /// the password, or a token that is used as one
    pub password: SecretString,
}
