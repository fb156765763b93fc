//! Registries with TLS whose certificates are signed by an authority of one's own, and those that want to see one.

use std::{collections::BTreeMap, fs, process::Command};

use plimsoll::{
    image::{Digest, Reference},
    registry::RegistrySettings,
    wire::{Reason, Trouble},
};
use tempfile::TempDir;

use crate::{configured, lab, repository::Repository, started::Started};

/// The lab's certificates.
struct Lab {
    /// the name for which `server` is good
    host: String,
    /// the folder of the registry's certificate: `ca.pem`, `cert.pem` and `key.pem`
    server: String,
    /// the folder of another authority's certificate for who connects, with the same files
    client: String,
}

impl Lab {
    /// Nothing where there is no lab.
    fn new(test: &str) -> Option<Self> {
        let registry = lab::variable("PLIMSOLL_LAB_REGISTRY_TLS", test)?;
        let ca = lab::variable("PLIMSOLL_LAB_REGISTRY_CA", test)?;
        let client = lab::variable("PLIMSOLL_LAB_DOCKER_CERTS", test)?;
        let host = registry.split_once(':').expect("a host and a port").0.to_owned();
        Some(Self { host, server: ca.trim_end_matches("/ca.pem").to_owned(), client })
    }

    /// A registry with TLS; with `clients` only for those who show a certificate that this authority signed.
    fn registry(&self, clients: Option<&str>) -> Started {
        let clients = clients.map_or_else(String::new, |ca| format!(", clientcas: [{ca}]"));
        let server = &self.server;
        Started::new(&self.host, &format!(", tls: {{certificate: {server}/cert.pem, key: {server}/key.pem{clients}}}"), "", &[])
    }

    /// The certificate for who connects, and its key.
    fn identity(&self) -> String {
        ["cert.pem", "key.pem"].map(|name| fs::read_to_string(format!("{}/{name}", self.client)).expect("the lab's certificates")).concat()
    }
}

/// The answer of a registry that is known by these files: its authority's certificate, and one to show with its key.
async fn ask(reference: &Reference, ca: Option<&str>, shown: Option<&str>) -> Result<Digest, Reason> {
    let read = |path: String| fs::read(path).expect("the lab's certificates");
    let known = RegistrySettings {
        ca: ca.map(|folder| read(format!("{folder}/ca.pem"))),
        cert: shown.map(|folder| read(format!("{folder}/cert.pem"))),
        key: shown.map(|folder| String::from_utf8(read(format!("{folder}/key.pem"))).expect("a text").into()),
        ..RegistrySettings::default()
    };
    let registries = configured(BTreeMap::from([(reference.registry().to_owned(), known)]));
    registries.look_up(reference).await.answer
}

/// What `plimsoll check` prints about `reference`, with this configuration and these certificates of the machine.
fn check(reference: &Reference, configuration: &str, bundle: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("plimsoll.toml"), configuration).expect("a configuration");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.env_clear().env("SSL_CERT_FILE", bundle).env("HOME", folder.path()).env("PLIMSOLL_DATA_DIR", folder.path());
    command.env("DOCKER_HOST", "unix:///nowhere.sock").args(["check", &reference.to_string()]);
    let output = command.output().expect("the program runs");
    String::from_utf8(output.stdout).expect("a text") + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn a_registry_is_trusted_by_the_certificates_of_the_machine() {
    let test = "a_registry_is_trusted_by_the_certificates_of_the_machine";
    let Some(lab) = Lab::new(test) else { return };
    let registry = lab.registry(None);
    let (own, stranger) = (format!("{}/ca.pem", lab.server), format!("{}/ca.pem", lab.client));
    let repository = Repository::with_tls(registry.address.clone(), "machine", &own);
    let digest = repository.push("1", "behind TLS").await;
    let reference = repository.reference("1");
    let found = check(&reference, "", &own);
    assert!(found.contains(digest.as_str()), "{found}");
    for bundle in [stranger.as_str(), "/nowhere.pem"] {
        let refused = check(&reference, "", bundle);
        assert!(refused.contains("No secure connection"), "{bundle}: {refused}");
        assert!(!refused.contains(digest.as_str()), "{bundle}: {refused}");
    }
}

#[tokio::test]
async fn a_registry_is_trusted_by_an_authority_of_its_own() {
    let test = "a_registry_is_trusted_by_an_authority_of_its_own";
    let Some(lab) = Lab::new(test) else { return };
    let registry = lab.registry(None);
    let own = format!("{}/ca.pem", lab.server);
    let repository = Repository::with_tls(registry.address.clone(), "authority", &own);
    let digest = repository.push("1", "behind TLS").await;
    let reference = repository.reference("1");
    let untrusted = Err(Reason::Unreachable { registry: registry.address.clone(), trouble: Trouble::Tls });
    for (ca, answer) in [(Some(&lab.server), Ok(digest.clone())), (None, untrusted.clone()), (Some(&lab.client), untrusted)] {
        assert_eq!(ask(&reference, ca.map(String::as_str), None).await, answer, "{ca:?}");
    }
    // by the configuration alone: the machine knows of nobody
    let found = check(&reference, &format!("[registry.\"{}\"]\nca = \"{own}\"\n", registry.address), "/nowhere.pem");
    assert!(found.contains(digest.as_str()), "{found}");
    let refused = check(&reference, "", "/nowhere.pem");
    assert!(refused.contains("set `ca`"), "{refused}");
}

#[tokio::test]
async fn a_registry_that_wants_to_see_a_certificate_is_shown_it() {
    let test = "a_registry_that_wants_to_see_a_certificate_is_shown_it";
    let Some(lab) = Lab::new(test) else { return };
    let registry = lab.registry(Some(&format!("{}/ca.pem", lab.client)));
    let own = format!("{}/ca.pem", lab.server);
    let repository = Repository::with_certificate(registry.address.clone(), "certificate", &own, &lab.identity());
    let digest = repository.push("1", "behind TLS").await;
    let reference = repository.reference("1");
    let server = lab.server.as_str();
    assert_eq!(ask(&reference, Some(server), Some(&lab.client)).await, Ok(digest.clone()));
    let refused = Err(Reason::Unreachable { registry: registry.address.clone(), trouble: Trouble::Certificate });
    // how the refusal comes is a matter of luck: before the request is written, or after
    for _ in 0..20 {
        assert_eq!(ask(&reference, Some(server), None).await, refused, "no certificate");
        assert_eq!(ask(&reference, Some(server), Some(server)).await, refused, "one that another authority signed");
    }
    let ca = format!("[registry.\"{}\"]\nca = \"{own}\"\n", registry.address);
    let told = check(&reference, &ca, "/nowhere.pem");
    assert!(told.contains("set `cert` and `key`") && !told.contains(digest.as_str()), "{told}");
    let both = format!("{ca}cert = \"{0}/cert.pem\"\nkey = \"{0}/key.pem\"\n", lab.client);
    let found = check(&reference, &both, "/nowhere.pem");
    assert!(found.contains(digest.as_str()), "{found}");
}
