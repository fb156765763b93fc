//! Logins as Docker and Podman keep them (<https://docs.docker.com/reference/cli/docker/login/>, `containers-auth.json(5)`).

use std::{collections::BTreeMap, fs::File, io::Read, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Credentials, Secret};
use crate::image::reference::DOCKER_HUB;

/// Under which key Docker keeps the login of Docker Hub.
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// All names under which Docker Hub is found in such files.
const DOCKER_HUB_NAMES: [&str; 4] = [DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// Largest file that is read, in bytes.
const SIZE_MAX: u64 = 1024 * 1024;

/// Where a login is.
#[derive(Debug)]
pub(super) enum Stored {
    /// in the file itself
    Secret(Secret),
    /// a program has it: `docker-credential-<name>`
    Helper {
        /// the end of the program's name
        name: String,
        /// what it is asked for
        server: String,
    },
}

/// Such a file.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Logins {
    auths: BTreeMap<String, Entry>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: String,
}

/// One login in it. Where a program has it, it is there and empty.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<SecretString>,
    username: Option<String>,
    password: Option<SecretString>,
    identitytoken: Option<SecretString>,
}

/// The logins for `registry` in the files at `paths`, each with the first parts of the repositories that it is for. Of several for the same
/// the first counts. Blocks.
pub(super) fn read(paths: &[PathBuf], registry: &str) -> Vec<(String, Stored)> {
    paths.iter().flat_map(|path| text(path).map(|text| within(&text, registry)).unwrap_or_default()).collect()
}

/// The text of a file.
fn text(path: &PathBuf) -> Option<SecretString> {
    let mut text = String::new();
    File::open(path).ok()?.take(SIZE_MAX).read_to_string(&mut text).ok()?;
    Some(text.into())
}

/// The logins of one file: helpers of single registries before what lies in the file, and both before the helper for everything else.
fn within(text: &SecretString, registry: &str) -> Vec<(String, Stored)> {
    let Ok(Logins { auths, cred_helpers, creds_store }) = serde_json::from_str(text.expose_secret()) else { return Vec::new() };
    let mut found = Vec::new();
    for (key, name) in cred_helpers {
        if let Some(namespace) = namespace(&key, registry) {
            // it is asked for what stands there, as Docker does
            found.push((namespace, Stored::Helper { name, server: key }));
        }
    }
    for (key, entry) in auths {
        if let Some((namespace, secret)) = namespace(&key, registry).and_then(|namespace| Some((namespace, entry.secret()?))) {
            found.push((namespace, Stored::Secret(secret)));
        }
    }
    if !creds_store.is_empty() {
        let server = if registry == DOCKER_HUB { DOCKER_HUB_KEY } else { registry };
        found.push((String::new(), Stored::Helper { name: creds_store, server: server.to_owned() }));
    }
    found
}

/// The part of `registry` that the login under `key` is for: empty for all of it, none where it is for another. Keys are hosts, hosts with the first
/// parts of repositories (`quay.io/acme`, Podman), or old addresses (`https://ghcr.io/v2/`).
fn namespace(key: &str, registry: &str) -> Option<String> {
    let address = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"));
    let (host, path) = address.unwrap_or(key).split_once('/').unwrap_or((address.unwrap_or(key), ""));
    let host = host.to_ascii_lowercase();
    let same = host == registry.to_ascii_lowercase() || (registry == DOCKER_HUB && DOCKER_HUB_NAMES.contains(&&*host));
    let path = path.trim_end_matches('/');
    // behind an address comes the version of the API
    let path = if matches!(path, "v1" | "v2") { "" } else { path };
    same.then(|| path.to_owned())
}

/// Whether a repository lies in a namespace. Everything lies in the empty one.
pub(super) fn is_within(repository: &str, namespace: &str) -> bool {
    namespace.is_empty() || repository.strip_prefix(namespace).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Entry {
    /// The secret in it, where there is one.
    fn secret(self) -> Option<Secret> {
        let filled = |token: &SecretString| !token.expose_secret().is_empty();
        if let Some(token) = self.identitytoken.filter(filled) {
            return Some(Secret::Identity(token));
        }
        let pair = self.auth.filter(filled).and_then(|auth| pair(&auth));
        let (username, password) = pair.or_else(|| Some((self.username?, self.password?)))?;
        (!username.is_empty()).then_some(Secret::Password(Credentials { username, password }))
    }
}

/// A user and a password from `auth`: base64 of `user:password`.
fn pair(auth: &SecretString) -> Option<(String, SecretString)> {
    let pair = SecretString::from(String::from_utf8(BASE64_STANDARD.decode(auth.expose_secret().trim()).ok()?).ok()?);
    let (username, password) = pair.expose_secret().split_once(':')?;
    // old versions of Docker filled the end with zeros
    Some((username.to_owned(), password.trim_end_matches('\0').into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `me:secret`, as it lies in a file.
    const AUTH: &str = "bWU6c2VjcmV0";

    /// What is found, in words.
    fn found(text: &str, registry: &str) -> Vec<String> {
        let words = |(namespace, stored): (String, Stored)| match stored {
            Stored::Secret(Secret::Password(known)) => format!("{namespace}|{}:{}", known.username, known.password.expose_secret()),
            Stored::Secret(Secret::Identity(token)) => format!("{namespace}|{}", token.expose_secret()),
            Stored::Helper { name, server } => format!("{namespace}|{name} {server}"),
        };
        within(&text.to_owned().into(), registry).into_iter().map(words).collect()
    }

    #[test]
    fn logins_are_found_under_every_key_that_is_in_use() {
        for (key, registry, namespace) in [
            ("ghcr.io", "ghcr.io", Some("")),
            ("GHCR.io", "ghcr.io", Some("")),
            ("https://ghcr.io", "ghcr.io", Some("")),
            ("https://ghcr.io/v2/", "ghcr.io", Some("")),
            ("http://ghcr.io/v1/", "ghcr.io", Some("")),
            ("ghcr.io/", "ghcr.io", Some("")),
            ("quay.io/acme", "quay.io", Some("acme")),
            ("quay.io/acme/app/", "quay.io", Some("acme/app")),
            ("nas:5000", "nas:5000", Some("")),
            ("nas:5000", "nas", None),
            ("quay.io", "ghcr.io", None),
            ("ghcr.io.example", "ghcr.io", None),
            ("https://index.docker.io/v1/", "docker.io", Some("")),
            ("index.docker.io", "docker.io", Some("")),
            ("docker.io", "docker.io", Some("")),
            ("docker.io/acme", "docker.io", Some("acme")),
            ("registry-1.docker.io", "docker.io", Some("")),
            ("https://index.docker.io/v1/", "ghcr.io", None),
        ] {
            assert_eq!(super::namespace(key, registry).as_deref(), namespace, "{key} {registry}");
        }
    }

    #[test]
    fn a_helper_for_one_comes_first_then_the_file_then_the_helper_for_all() {
        let text = format!(
            r#"{{"auths":{{"ghcr.io":{{"auth":"{AUTH}"}},"quay.io/acme":{{"auth":"{AUTH}"}},"index.docker.io":{{}}}},
                "credHelpers":{{"ghcr.io":"gh","gcr.io":"gcloud"}},"credsStore":"desktop","HttpHeaders":{{"a":"b"}}}}"#
        );
        assert_eq!(found(&text, "ghcr.io"), ["|gh ghcr.io", "|me:secret", "|desktop ghcr.io"]);
        assert_eq!(found(&text, "quay.io"), ["acme|me:secret", "|desktop quay.io"]);
        assert_eq!(found(&text, "gcr.io"), ["|gcloud gcr.io", "|desktop gcr.io"]);
        assert_eq!(found(&text, "docker.io"), ["|desktop https://index.docker.io/v1/"]);
    }

    #[test]
    fn entries_are_read_as_they_were_ever_written() {
        let zeros = BASE64_STANDARD.encode("me:secret\0\0");
        let colons = BASE64_STANDARD.encode("me:a:b");
        for (entry, expected) in [
            (format!(r#"{{"auth":"{AUTH}"}}"#), Some("|me:secret")),
            (format!(r#"{{"auth":"{zeros}"}}"#), Some("|me:secret")),
            (format!(r#"{{"auth":"{colons}","email":"me@example.org"}}"#), Some("|me:a:b")),
            (r#"{"username":"me","password":"secret"}"#.to_owned(), Some("|me:secret")),
            (format!(r#"{{"auth":"{AUTH}","identitytoken":"token"}}"#), Some("|token")),
            (format!(r#"{{"auth":"{AUTH}","identitytoken":""}}"#), Some("|me:secret")),
            (r#"{"auth":"%"}"#.to_owned(), None),
            (r#"{"auth":"bWU="}"#.to_owned(), None),
            (r#"{"auth":""}"#.to_owned(), None),
            ("{}".to_owned(), None),
        ] {
            let text = format!(r#"{{"auths":{{"ghcr.io":{entry}}}}}"#);
            assert_eq!(found(&text, "ghcr.io"), Vec::from_iter(expected), "{entry}");
        }
        for broken in ["", "{", "[]", r#"{"auths":[]}"#, "null", r#"{"auths":{"ghcr.io":{"auth":7}}}"#] {
            assert!(found(broken, "ghcr.io").is_empty(), "{broken}");
        }
    }

    #[test]
    fn a_namespace_ends_where_a_part_of_a_name_ends() {
        for (repository, namespace, inside) in [
            ("acme/app", "", true),
            ("acme/app", "acme", true),
            ("acme/app", "acme/app", true),
            ("acme/apple", "acme/app", false),
            ("acme", "acme/app", false),
        ] {
            assert_eq!(is_within(repository, namespace), inside, "{repository} {namespace}");
        }
    }
}
