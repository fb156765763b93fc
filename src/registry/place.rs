//! Where a registry is, and where its answers may lead.

use std::net::IpAddr;

use reqwest::{Url, redirect};

use crate::image::reference::DOCKER_HUB;

/// Where Docker Hub answers to `/v2/`.
const DOCKER_HUB_API: &str = "registry-1.docker.io";

/// Longest chain of redirects.
const REDIRECTS: usize = 5;

/// Where a registry is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// what stands in references: how people know it
    pub(super) name: String,
    /// `https://registry-1.docker.io`
    base: String,
    /// whether it is on this machine or in a private network
    near: bool,
}

impl Place {
    /// The place of the registry `host`; `address` is where to connect instead.
    pub(super) fn of(host: &str, insecure: bool, address: Option<&str>) -> Self {
        let authority = address.unwrap_or(if host == DOCKER_HUB { DOCKER_HUB_API } else { host });
        let near = is_near(name_of(authority));
        // the Engine's rule: plain http where it was asked for, and on loopback, where nobody listens in
        let scheme = if insecure || is_loopback(name_of(authority)) { "http" } else { "https" };
        Self { name: host.to_owned(), base: format!("{scheme}://{authority}"), near }
    }

    /// The address of a path below `/v2/`.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/v2/{path}", self.base)
    }

    /// Whether it is on this machine or in a private network.
    pub(super) fn is_near(&self) -> bool {
        self.near
    }

    /// Whether a token may be fetched, and credentials be sent, at `realm`: over TLS unless the registry itself has none, and never from
    /// a public registry into the network that Plimsoll stands in.
    pub(super) fn trusts(&self, realm: &Url) -> bool {
        let secure = realm.scheme() == "https" || (realm.scheme() == "http" && self.base.starts_with("http://"));
        let inward = realm.host_str().is_none_or(is_near);
        secure && (self.near || !inward)
    }
}

/// Follows a redirect unless it leaves TLS or leads from outside into a private network. `Authorization` never crosses hosts: reqwest
/// takes it away.
pub(super) fn redirect(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let Some(first) = attempt.previous().first() else { return attempt.stop() };
    let inward = !first.host_str().is_none_or(is_near) && attempt.url().host_str().is_none_or(is_near);
    let downgrade = first.scheme() == "https" && attempt.url().scheme() != "https";
    if attempt.previous().len() > REDIRECTS {
        attempt.error("too many redirects")
    } else if inward || downgrade {
        attempt.error("a redirect that may not be followed")
    } else {
        attempt.follow()
    }
}

/// The host without its port and brackets.
fn name_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

/// Whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

/// Whether a host is on this machine, in a private network, or an address with a special meaning (link-local, metadata services).
/// Names with a dot count as public unless they end as names of private networks do.
fn is_near(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified() || shared
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified()
        }
        Err(_) => {
            let host = host.to_ascii_lowercase();
            let private = [".local", ".lan", ".home", ".internal", ".home.arpa", ".localhost"];
            !host.contains('.') || private.iter().any(|end| host.ends_with(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_asked_where_it_is() {
        for (host, insecure, address, expected) in [
            ("docker.io", false, None, "https://registry-1.docker.io/v2/"),
            ("ghcr.io", false, None, "https://ghcr.io/v2/"),
            ("127.0.0.1:5000", false, None, "http://127.0.0.1:5000/v2/"),
            ("[::1]:5000", false, None, "http://[::1]:5000/v2/"),
            ("localhost", false, None, "http://localhost/v2/"),
            ("nas:5000", false, None, "https://nas:5000/v2/"),
            ("nas:5000", true, None, "http://nas:5000/v2/"),
            ("docker.io", false, Some("127.0.0.1:4321"), "http://127.0.0.1:4321/v2/"),
        ] {
            assert_eq!(Place::of(host, insecure, address).url(""), expected, "{host}");
        }
    }

    #[test]
    fn near_is_what_is_not_on_the_internet() {
        for host in [
            "127.0.0.1",
            "::1",
            "[::1]",
            "::ffff:10.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.20.0.1",
            "169.254.169.254",
            "100.100.0.1",
            "fd00::1",
            "fe80::1",
            "0.0.0.0",
            "nas",
            "registry.lan",
            "localhost",
        ] {
            assert!(is_near(host), "{host}");
        }
        for host in ["ghcr.io", "8.8.8.8", "2606:4700::1", "registry-1.docker.io", "local.example.com"] {
            assert!(!is_near(host), "{host}");
        }
    }

    #[test]
    fn credentials_go_only_where_the_registry_may_send_them() {
        for (host, insecure, realm, trusted) in [
            ("ghcr.io", false, "https://ghcr.io/token", true),
            ("lscr.io", false, "https://ghcr.io/token", true),
            ("ghcr.io", false, "http://ghcr.io/token", false),
            ("ghcr.io", false, "https://127.0.0.1/token", false),
            ("ghcr.io", false, "https://169.254.169.254/token", false),
            ("ghcr.io", false, "https://[::ffff:10.0.0.1]/token", false),
            ("ghcr.io", false, "https://auth/token", false),
            ("ghcr.io", false, "ftp://ghcr.io/token", false),
            ("nas:5000", false, "https://auth.lan/token", true),
            ("nas:5000", false, "http://auth.lan/token", false),
            ("nas:5000", true, "http://auth.lan/token", true),
            ("127.0.0.1:5000", false, "http://127.0.0.1:5001/token", true),
        ] {
            assert_eq!(Place::of(host, insecure, None).trusts(&realm.parse().unwrap()), trusted, "{host} {realm}");
        }
    }
}
