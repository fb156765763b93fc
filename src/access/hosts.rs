//! Which `Host` is accepted: a page of a stranger whose name points here (DNS rebinding) must not read what is shown here.

use std::net::{IpAddr, Ipv6Addr};

use url::Url;

/// Names that no stranger can own, by their end.
const OWN: &[&str] = &["local", "lan", "home", "internal", "home.arpa", "localhost"];

/// The names that are accepted beside those that no stranger can own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostRule(Vec<String>);

impl HostRule {
    /// Accepts `hosts` and the name of `public_url`.
    pub fn new(hosts: &[String], public_url: Option<&Url>) -> Self {
        let public = public_url.and_then(Url::host_str).map(str::to_ascii_lowercase);
        Self(hosts.iter().cloned().chain(public).collect())
    }

    /// Whether a request with this `Host` (or `:authority`) is answered. One without was sent by no browser.
    pub fn accepts(&self, host: Option<&str>) -> bool {
        let Some(host) = host else { return true };
        let Some(name) = name_of(host) else { return false };
        if is_address(&name) || !name.contains('.') || self.0.contains(&name) {
            return true;
        }
        OWN.iter().any(|end| name.strip_suffix(end).is_some_and(|start| start.ends_with('.')))
    }

    /// The line to set so that this `Host` is accepted; none for what is no name at all.
    pub fn line_for(host: &str) -> Option<String> {
        name_of(host).map(|name| format!("PLIMSOLL_HOSTS={name}"))
    }
}

/// The name without its port and the dot at its end, in lower case; none where it is no name.
fn name_of(host: &str) -> Option<String> {
    let (name, port) = match host.rfind(':') {
        Some(at) if !host.ends_with(']') => (&host[..at], &host[at + 1..]),
        _ => (host, ""),
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let bracketed = name.starts_with('[') && is_address(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let plain = (1..=253).contains(&name.len()) && name.bytes().all(known);
    let numbered = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    ((bracketed || plain) && numbered).then(|| name.to_ascii_lowercase())
}

/// Whether it is an address: `10.0.0.1` or `[::1]`.
fn is_address(name: &str) -> bool {
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => matches!(name.parse(), Ok(IpAddr::V4(_))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_hosts_are_accepted() {
        let public = Url::parse("https://Plimsoll.example.org/x").unwrap();
        let rule = HostRule::new(&["nas.example.com".to_owned()], Some(&public));
        for (host, expected) in [
            ("localhost:8099", true),
            ("127.0.0.1", true),
            ("192.168.1.7:8099", true),
            ("[::1]:8099", true),
            ("[fe80::1]", true),
            ("nas", true),
            ("NAS:8099", true),
            ("nas.local", true),
            ("nas.lan:80", true),
            ("nas.home", true),
            ("nas.internal", true),
            ("nas.home.arpa", true),
            ("a.localhost", true),
            ("nas.lan.", true),
            ("nas.example.com", true),
            ("NAS.example.com.:443", true),
            ("plimsoll.example.org", true),
            ("evil.example.com", false),
            ("nas.example.com.evil.com", false),
            ("xnas.example.com", false),
            ("evillan", true), // no dot: no stranger can own it
            ("evil.notlan", false),
            ("127.0.0.1.evil.com", false),
            ("127.0.0.1.nip.io:8099", false),
            ("arpa", true),
            ("x.arpa", false),
            ("", false),
            (":8099", false),
            ("nas:port", false),
            ("na s", false),
            ("user@nas", false),
            ("[::1", false),
            ("::1", false),
            ("nas/..", false),
        ] {
            assert_eq!(rule.accepts(Some(host)), expected, "{host}");
        }
        assert!(rule.accepts(None));
        assert_eq!(HostRule::line_for("Evil.example.com:80").as_deref(), Some("PLIMSOLL_HOSTS=evil.example.com"));
        assert_eq!(HostRule::line_for("<script>"), None);
    }
}
