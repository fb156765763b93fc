//! The ways out. Registries with the same needs share one, and with it connections and the memory that TLS takes.

use std::{collections::HashMap, time::Duration};

use reqwest::{Certificate, Client, ClientBuilder, Identity, redirect};
use secrecy::{ExposeSecret, SecretString};

use super::{
    RegistryError, RegistrySettings, Settings,
    place::{self, Place},
    trust,
};

/// Longest time to make a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a connection is kept that nobody uses. While a check runs, none is idle that long.
const IDLE: Duration = Duration::from_secs(20);

/// The ways out.
#[derive(Debug)]
pub(super) struct Clients {
    /// for the internet: through the proxy of the environment
    proxied: Client,
    /// for loopback and private addresses
    direct: Client,
    /// those with authorities or certificates of their own, by the host that these are for
    own: HashMap<String, Client>,
}

impl Clients {
    /// Makes every client that `settings` ask for.
    pub(super) fn new(settings: &Settings) -> Result<Self, RegistryError> {
        let builder = || {
            Client::builder()
                .user_agent(&settings.user_agent)
                .timeout(settings.timeout)
                .connect_timeout(settings.timeout.min(CONNECT))
                .pool_idle_timeout(IDLE)
                .redirect(redirect::Policy::custom(place::redirect))
        };
        let tls = trust::by_system();
        Ok(Self {
            proxied: builder().tls_backend_preconfigured(tls.clone()).build().map_err(RegistryError::Client)?,
            direct: builder().tls_backend_preconfigured(tls).no_proxy().build().map_err(RegistryError::Client)?,
            own: own(settings, &builder)?,
        })
    }

    /// The way to the registry `host`; `near` is on this machine or in a private network.
    pub(super) fn of(&self, host: &str, near: bool) -> Client {
        self.own.get(host).unwrap_or(if near { &self.direct } else { &self.proxied }).clone()
    }
}

/// Clients for registries with authorities or certificates of their own. Where two have the same, they share one.
fn own(settings: &Settings, builder: &impl Fn() -> ClientBuilder) -> Result<HashMap<String, Client>, RegistryError> {
    let mut made: Vec<(&RegistrySettings, bool, Client)> = Vec::new();
    let mut by_host = HashMap::new();
    for (host, known) in &settings.registries {
        if known.ca.is_none() && known.cert.is_none() {
            continue;
        }
        let near = Place::of(host, known.insecure, known.address.as_deref()).is_near();
        let same = made.iter().find(|(other, also_near, _)| *also_near == near && same_tls(known, other));
        let client = if let Some((_, _, client)) = same {
            client.clone()
        } else {
            let builder = if near { builder().no_proxy() } else { builder() };
            let client = with_tls(builder, known).map_err(|source| RegistryError::Certificates { registry: host.clone(), source })?;
            made.push((known, near, client.clone()));
            client
        };
        by_host.insert(host.clone(), client);
    }
    Ok(by_host)
}

/// Whether two registries are spoken to with the same authorities and certificates.
fn same_tls(one: &RegistrySettings, other: &RegistrySettings) -> bool {
    let key = |known: &RegistrySettings| known.key.as_ref().map(|key| key.expose_secret().to_owned());
    one.ca == other.ca && one.cert == other.cert && key(one) == key(other)
}

/// A client that trusts and shows what is known of a registry.
fn with_tls(mut builder: ClientBuilder, known: &RegistrySettings) -> reqwest::Result<Client> {
    if let Some(ca) = &known.ca {
        builder = builder.tls_certs_merge(Certificate::from_pem_bundle(ca)?);
    }
    if let Some(cert) = &known.cert {
        // one text with both is what reqwest reads
        let key = known.key.as_ref().map_or("", |key| key.expose_secret());
        let both = SecretString::from(String::from_utf8_lossy(cert).into_owned() + "\n" + key);
        builder = builder.identity(Identity::from_pem(both.expose_secret().as_bytes())?);
    }
    builder.build()
}
