//! What the Engine's door lets through, asked without changing anything.
//!
//! A socket proxy in between may allow looking and nothing else. Every kind of call that an update makes is made about something that cannot
//! be: the Engine itself then says that there is no such thing, in its own words; a proxy that lets the call not through says so in others,
//! and with another status. What cannot be told apart counts as allowed: then the update itself will tell.

use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    Engine,
    api::{self, Answer, BRIEF},
    session::{ApiVersion, Flavour, Session},
};
use crate::{host::HostError, wire::Allows};

/// An id that no container and no network has: it is drawn by nobody, but spells a name. Proxies may have rules about the form of ids.
const NOBODY: &str = "706c696d736f6c6c706c696d736f6c6c706c696d736f6c6c706c696d736f6c6c";

/// From this API on a container is created in all its networks; before, they are connected one by one.
const MANY_NETWORKS: ApiVersion = ApiVersion::new(1, 44);

/// Probes at once: over ssh each may take a connection of its own.
const AT_ONCE: usize = 2;

/// What a probe stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// a change of a container, or a new one
    Container,
    /// a pull
    Pull,
    /// connecting a container to a network
    Network,
}

/// A call that does nothing, wherever it arrives.
struct Probe {
    deed: Deed,
    method: Method,
    path: String,
    document: Option<Value>,
}

impl Engine {
    /// What may be done there.
    pub(in crate::host) async fn allows(&self) -> Result<Allows, HostError> {
        let session = self.session().await?;
        let asked = stream::iter(probes(&session)).map(|probe| self.is_barred(&session, probe));
        let barred: Vec<(Deed, bool)> = asked.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(allows(&barred))
    }

    /// Makes a call, and tells whether it was not let through.
    async fn is_barred(&self, session: &Session, probe: Probe) -> Result<(Deed, bool), HostError> {
        let path = session.path(&probe.path);
        let answer = api::send(&self.shared.transport, probe.method, &path, probe.document.as_ref(), BRIEF).await?;
        Ok((probe.deed, is_barred(&answer)))
    }
}

/// All that an update takes. Each is wrong in more than one way, so that no Engine can take it for something to do.
fn probes(session: &Session) -> Vec<Probe> {
    let probe = |deed, method, path: String, document| Probe { deed, method, path, document };
    let post = |action: &str| probe(Deed::Container, Method::POST, format!("/containers/{NOBODY}/{action}"), None);
    let mut probes = vec![
        post("start"),
        post("stop?t=1"),
        post(&format!("rename?name={NOBODY}")),
        probe(Deed::Container, Method::DELETE, format!("/containers/{NOBODY}?force=0&v=0"), None),
        // a name that none can have, and no image
        probe(Deed::Container, Method::POST, format!("/containers/create?name=-{NOBODY}"), Some(json!({ "Image": "" }))),
        // no reference, so there is nothing to pull
        probe(Deed::Pull, Method::POST, format!("/images/create?fromImage=%3A%3A{NOBODY}&tag=none"), None),
    ];
    // Podman has no such call in some versions, and says so in words like a proxy's
    if session.flavour == Flavour::Docker {
        probes.push(Probe { document: Some(json!({})), ..post("update") });
    }
    if session.api < MANY_NETWORKS {
        let document = json!({ "Container": NOBODY });
        probes.push(probe(Deed::Network, Method::POST, format!("/networks/{NOBODY}/connect"), Some(document)));
    }
    probes
}

/// Whether an answer is that of somebody in between. Proxies answer 403, or 405 where they look at the method; an Engine's own plugin for
/// permissions answers 403 too. That there is no such thing only the Engine says in its own words.
fn is_barred(answer: &Answer) -> bool {
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED => true,
        StatusCode::NOT_FOUND => api::words(answer).is_none(),
        _ => false,
    }
}

/// What all answers together mean.
fn allows(barred: &[(Deed, bool)]) -> Allows {
    let of = |deed: Deed| barred.iter().filter(move |(kind, _)| *kind == deed).map(|(_, barred)| *barred);
    let any = |deed: Deed| of(deed).any(|barred| barred);
    match (any(Deed::Container), any(Deed::Pull), any(Deed::Network)) {
        (false, false, false) => Allows::Updates,
        (false, true, _) => Allows::NoPull,
        (false, false, true) => Allows::NoNetworks,
        (true, ..) if barred.iter().all(|(_, barred)| *barred) => Allows::Looking,
        (true, ..) => Allows::Part,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    #[test]
    fn the_words_of_an_answer_tell_whose_it_is() {
        let answer = |status: u16, body: &'static str| Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::new(),
            body: Bytes::from(body),
        };
        let haproxy = "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n";
        for (status, body, barred) in [
            (404, r#"{"message":"No such container: 706c"}"#, false),
            (404, r#"{"cause":"no such container","message":"no container with name or ID \"706c\" found","response":404}"#, false),
            (400, r#"{"message":"invalid reference format"}"#, false),
            (500, r#"{"message":"neither old nor new names may be empty"}"#, false),
            (409, r#"{"message":"conflict"}"#, false),
            (502, "<html>bad gateway</html>", false),
            (403, haproxy, true),
            (403, "Forbidden", true),
            (403, r#"{"message":"authorization denied by plugin opa"}"#, true),
            (401, "", true),
            (405, "Method Not Allowed", true),
            (404, "404 page not found", true),
            (404, "<html><h1>404 Not Found</h1></html>", true),
        ] {
            assert_eq!(is_barred(&answer(status, body)), barred, "{status} {body}");
        }
    }

    #[test]
    fn what_is_missing_is_named_by_what_would_allow_it() {
        let of = |container: [bool; 2], pull, network| {
            let containers = container.map(|barred| (Deed::Container, barred));
            allows(&[containers[0], containers[1], (Deed::Pull, pull), (Deed::Network, network)])
        };
        assert_eq!(of([false, false], false, false), Allows::Updates);
        assert_eq!(of([true, true], true, true), Allows::Looking);
        assert_eq!(of([false, true], true, true), Allows::Part);
        assert_eq!(of([true, true], false, false), Allows::Part);
        assert_eq!(of([false, false], true, true), Allows::NoPull);
        assert_eq!(of([false, false], false, true), Allows::NoNetworks);
    }
}
