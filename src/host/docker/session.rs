//! The greeting: who answers, which version of the API both know, and how the Engine keeps its images.

use std::{cmp::Ordering, fmt, str::FromStr};

use http::{HeaderMap, Method, header};

use super::{
    answers::{Info, Version},
    api::{self, BRIEF},
    transport::Transport,
};
use crate::host::{HostError, Moment};

/// The newest API that Plimsoll was tried with.
const OURS: ApiVersion = ApiVersion::new(1, 51);

/// The oldest that has everything Plimsoll reads: Engine 19.03.
const OLDEST: ApiVersion = ApiVersion::new(1, 40);

/// What was learnt when the Engine was greeted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    /// the version that both know
    pub(super) api: ApiVersion,
    /// whose Engine it is
    pub(super) flavour: Flavour,
    /// name and version, for people
    pub(super) text: String,
    /// how it keeps its images; `None` where it does not say
    pub(super) store: Option<Store>,
    /// the runtime that containers get which ask for none; `None` where it does not say
    pub(super) runtime: Option<String>,
    /// the host name of its machine; `None` where it does not say
    pub(super) machine: Option<String>,
    /// its own time at the greeting
    pub(super) clock: Moment,
}

/// Whose Engine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Docker,
    Podman,
}

/// How an Engine keeps its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    /// by their configuration; the digests of the registry are kept beside
    Classic,
    /// by what the registry sent: an image's id is a digest of the registry
    Containerd,
}

/// Version of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// `major.minor`.
    pub(super) const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (major, minor) = text.trim().split_once('.').ok_or(())?;
        Ok(Self { major: major.parse().map_err(drop)?, minor: minor.parse().map_err(drop)? })
    }
}

impl Session {
    /// A path with the version in front.
    pub(super) fn path(&self, path: &str) -> String {
        format!("/v{}{path}", self.api)
    }
}

/// Asks whether the Engine answers. The path has no version: this is the question before one is known.
pub(super) async fn ping(transport: &Transport) -> Result<HeaderMap, HostError> {
    const PATH: &str = "/_ping";
    let answer = api::exchange(transport, Method::HEAD, PATH, BRIEF).await?;
    if answer.status.is_success() {
        return Ok(answer.headers);
    }
    // some proxies in between know only GET
    let answer = api::exchange(transport, Method::GET, PATH, BRIEF).await?;
    api::accept(transport, &api::shown(&Method::GET, PATH), &answer)?;
    Ok(answer.headers)
}

/// Greets the Engine.
pub(super) async fn open(transport: &Transport) -> Result<Session, HostError> {
    let headers = ping(transport).await?;
    let told = header_text(&headers, "api-version").and_then(|text| text.parse::<ApiVersion>().ok());
    let theirs = match told {
        Some(theirs) => theirs,
        None => told_in_full(transport).await?,
    };
    let api = negotiate(transport, theirs)?;
    // a proxy may keep both from us: then the greeting and the images tell enough
    let version: Option<Version> = optional(api::find(transport, &format!("/v{api}/version"), BRIEF).await)?;
    let info: Option<Info> = optional(api::find(transport, &format!("/v{api}/info"), BRIEF).await)?;
    let server = header_text(&headers, "server").unwrap_or_default();
    let (flavour, text) = identify(version.as_ref(), server, api);
    let store = info.as_ref().map(store);
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let (runtime, machine) = info.map(|info| (said(info.default_runtime), said(info.name))).unwrap_or_default();
    let clock = header_text(&headers, header::DATE.as_str()).and_then(date).unwrap_or_else(Moment::now);
    Ok(Session { api, flavour, text, store, runtime, machine, clock })
}

/// Its version by its own document. No Engine of today leaves the header out, but a proxy in between may.
async fn told_in_full(transport: &Transport) -> Result<ApiVersion, HostError> {
    let version: Version = api::get(transport, "/version", BRIEF).await?;
    version.api.parse().map_err(|()| api::bad(transport, "GET /version", "no API version".to_owned()))
}

/// The highest version that both know.
fn negotiate(transport: &Transport, theirs: ApiVersion) -> Result<ApiVersion, HostError> {
    match theirs.cmp(&OLDEST) {
        Ordering::Less => Err(HostError::TooOld { address: transport.address(), api: theirs.to_string(), needed: OLDEST.to_string() }),
        _ => Ok(theirs.min(OURS)),
    }
}

/// Passes over a refusal: what was asked for is welcome, not needed.
fn optional<T>(answer: Result<Option<T>, HostError>) -> Result<Option<T>, HostError> {
    match answer {
        Err(HostError::Refused { .. } | HostError::BadAnswer { .. }) => Ok(None),
        other => other,
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whose Engine it is, and what to call it: from its version document, else from the header `Server: Docker/28.2.2 (linux)`.
fn identify(version: Option<&Version>, server: &str, api: ApiVersion) -> (Flavour, String) {
    let podman = version.and_then(|version| version.components.iter().find(|component| component.name.contains("Podman")));
    if let Some(component) = podman {
        return (Flavour::Podman, format!("Podman {}", component.version));
    }
    let (product, number) = server.split_once('/').unwrap_or(("", ""));
    let number = number.split_whitespace().next().unwrap_or_default();
    match version {
        _ if product == "Libpod" => (Flavour::Podman, format!("Podman {number}")),
        Some(version) if !version.engine.is_empty() => (Flavour::Docker, format!("Docker {}", version.engine)),
        _ if product == "Docker" && !number.is_empty() => (Flavour::Docker, format!("Docker {number}")),
        _ => (Flavour::Docker, format!("Docker (API {api})")),
    }
}

fn store(info: &Info) -> Store {
    let snapshotter = |pair: &Vec<String>| {
        pair.first().is_some_and(|name| name == "driver-type")
            && pair.get(1).is_some_and(|value| value.starts_with("io.containerd.snapshotter"))
    };
    if info.driver_status.iter().any(snapshotter) { Store::Containerd } else { Store::Classic }
}

/// Reads `Date: Sat, 21 Nov 2026 04:02:51 GMT`.
fn date(text: &str) -> Option<Moment> {
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Moment::from_seconds(time.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> ApiVersion {
        text.parse().expect("a version")
    }

    #[test]
    fn the_lower_version_is_spoken_down_to_a_limit() {
        let transport = Transport::new(crate::host::Endpoint::Unix("/s".into()));
        for (theirs, spoken) in [("1.40", "1.40"), ("1.41", "1.41"), ("1.51", "1.51"), ("1.55", "1.51"), ("2.0", "1.51")] {
            assert_eq!(negotiate(&transport, version(theirs)), Ok(version(spoken)), "{theirs}");
        }
        let old = HostError::TooOld { address: "unix:///s".into(), api: "1.39".into(), needed: "1.40".into() };
        assert_eq!(negotiate(&transport, version("1.39")), Err(old));
    }

    #[test]
    fn an_engine_is_called_by_its_name() {
        let document = |json: &str| serde_json::from_str::<Version>(json).expect("a version document");
        let docker = document(r#"{"Version":"20.10.24+dfsg1","Components":[{"Name":"Engine","Version":"20.10.24+dfsg1"}]}"#);
        let podman = document(r#"{"Version":"4.3.1","Components":[{"Name":"Podman Engine","Version":"4.3.1"}],"Os":null}"#);
        let api = version("1.41");
        for (version, server, flavour, text) in [
            (Some(&docker), "Docker/20.10.24 (linux)", Flavour::Docker, "Docker 20.10.24+dfsg1"),
            (Some(&podman), "Libpod/4.3.1 (linux)", Flavour::Podman, "Podman 4.3.1"),
            (None, "Docker/28.2.2 (linux)", Flavour::Docker, "Docker 28.2.2"),
            (None, "Libpod/5.0.0 (linux)", Flavour::Podman, "Podman 5.0.0"),
            (None, "nginx", Flavour::Docker, "Docker (API 1.41)"),
        ] {
            assert_eq!(identify(version, server, api), (flavour, text.to_owned()), "{server}");
        }
    }

    #[test]
    fn the_store_is_told_by_the_driver() {
        let info = |json: &str| store(&serde_json::from_str(json).expect("an info document"));
        assert_eq!(info(r#"{"DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}"#), Store::Containerd);
        assert_eq!(info(r#"{"DriverStatus":[["Backing Filesystem","extfs"],["Supports d_type","true"]]}"#), Store::Classic);
        assert_eq!(info(r#"{"DriverStatus":null}"#), Store::Classic);
    }

    #[test]
    fn the_engines_clock_is_read_from_its_greeting() {
        assert_eq!(date("Thu, 01 Jan 1970 00:01:40 GMT"), Some(Moment::from_seconds(100)));
        assert_eq!(date("yesterday"), None);
    }
}
