//! From a text to what it means, key by key. None is "that may not stand there": the table of keys says what may.

use std::{fs::File, net::SocketAddr, path::PathBuf, time::Duration};

use jiff::{SignedDuration, tz::TimeZone};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::model::{Anonymous, Auth, LogFormat};
use crate::image::{Reference, policies::Excluded, policy::values};

/// `listen`.
pub(super) fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok()
}

/// `data_dir`.
pub(super) fn directory(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| text.into())
}

/// `public_url`: an origin with or without a path, nothing else.
pub(super) fn public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    (plain && url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// An entry of `hosts`: a name in lower case, without the dot at its end.
pub(super) fn host_header(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fits = (1..=253).contains(&name.len()) && name.bytes().all(known) && name.split('.').all(|label| !label.is_empty());
    fits.then_some(name)
}

/// `auth`.
pub(super) fn auth(text: &str) -> Option<Auth> {
    match text {
        "password" => Some(Auth::Password),
        "none" => Some(Auth::None),
        _ => None,
    }
}

/// `anonymous`.
pub(super) fn anonymous(text: &str) -> Option<Anonymous> {
    text.parse().ok()
}

/// `user`.
pub fn user(text: &str) -> Option<String> {
    name(text, 64)
}

/// A name without control characters or spaces at its ends.
pub(super) fn name(text: &str, most: usize) -> Option<String> {
    let fits = (1..=most).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// `timezone`.
pub(super) fn timezone(text: &str) -> Option<TimeZone> {
    TimeZone::get(text).ok()
}

/// `log`. The filter itself would take any word for the name of a module, and then log nothing.
pub(super) fn log(text: &str) -> Option<String> {
    let level = |word: &str| matches!(word.to_ascii_lowercase().as_str(), "off" | "error" | "warn" | "info" | "debug" | "trace");
    let module =
        |path: &str| !path.is_empty() && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-'));
    let directive = |part: &str| part.split_once('=').map_or_else(|| level(part), |(path, word)| module(path) && level(word));
    text.split(',').all(|part| directive(part.trim())).then(|| text.replace(' ', ""))
}

/// `log_format`.
pub(super) fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// `check.timeout`.
pub(super) fn timeout(text: &str) -> Option<Duration> {
    let span: SignedDuration = text.parse().ok()?;
    let span = Duration::try_from(span).ok()?;
    (Duration::from_secs(1)..=Duration::from_mins(5)).contains(&span).then_some(span)
}

/// `check.limit`.
pub(super) fn limit(text: &str) -> Option<Duration> {
    let span: SignedDuration = text.parse().ok()?;
    let span = Duration::try_from(span).ok()?;
    (Duration::from_secs(10)..=Duration::from_hours(1)).contains(&span).then_some(span)
}

/// `update.keep`.
pub(super) fn keep(text: &str) -> Option<Duration> {
    let seconds = values::duration(text).ok()?.unwrap_or(0);
    (seconds <= 365 * 24 * 60 * 60).then(|| Duration::from_secs(u64::from(seconds)))
}

/// An entry of `images.extra`.
pub(super) fn reference(text: &str) -> Option<Reference> {
    text.parse().ok()
}

/// The name of an `[image]`, as Docker writes it: without a tag.
pub(super) fn repository(text: &str) -> Option<String> {
    let reference = reference(text)?;
    let named = text.rsplit('/').next().is_some_and(|last| !last.contains([':', '@']));
    named.then(|| reference.familiar_name())
}

/// An entry of `images.exclude`.
pub(super) fn excluded(text: &str) -> Option<Excluded> {
    name(text, 512).map(|text| Excluded::new(&text))
}

/// `registry.*.at_once`.
pub(super) fn at_once(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| (1..=1024).contains(count))
}

/// The name of a `[registry]`, with the names of Docker Hub brought to one.
pub(super) fn registry_name(text: &str) -> Option<String> {
    let name = host_and_port(text, false)?;
    Some(match name.as_str() {
        "docker.io" | "index.docker.io" | "registry-1.docker.io" => crate::image::reference::DOCKER_HUB.to_owned(),
        _ => name,
    })
}

/// `registry.*.address`.
pub(super) fn registry_address(text: &str) -> Option<String> {
    host_and_port(text, true)
}

/// A host and a port, in lower case.
fn host_and_port(text: &str, port_needed: bool) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text.as_str(), None),
    };
    let named = host_header(host).is_some() && !host.ends_with('.');
    let bracketed =
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok());
    let numbered = match port {
        Some(port) => port.parse::<u16>().is_ok_and(|port| port > 0) && port.bytes().all(|byte| byte.is_ascii_digit()),
        None => !port_needed,
    };
    ((named || bracketed) && numbered).then_some(text)
}

/// `registry.*.password`; the error says what was found.
pub(super) fn token(secret: SecretString) -> Result<SecretString, String> {
    match secret.expose_secret().len() {
        0 => Err("empty".to_owned()),
        1..=4096 => Ok(secret),
        _ => Err("longer than 4096 bytes".to_owned()),
    }
}

/// The name of a `[host]`: part of ids and addresses.
pub(super) fn host_name(text: &str) -> Option<String> {
    let known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    let fits = (1..=63).contains(&text.len()) && text.bytes().all(known) && text.as_bytes()[0].is_ascii_alphanumeric();
    fits.then(|| text.to_owned())
}

/// `host.*.url`.
pub(super) fn engine(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let known = match scheme {
        "unix" => rest.starts_with('/') && !rest.contains('\0'),
        "tcp" | "http" | "https" => {
            let url = Url::parse(&format!("http://{rest}")).ok()?;
            url.has_host() && url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none()
        }
        // its parts are looked at where it is used: they become arguments of a program
        "ssh" => !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()),
        _ => false,
    };
    known.then(|| text.to_owned())
}

/// A file that can be read now.
pub(super) fn readable(text: &str) -> Option<PathBuf> {
    File::open(text).ok().filter(|file| file.metadata().is_ok_and(|file| file.is_file())).map(|_| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_stand_there() {
        assert_eq!(registry_name("GHCR.io").as_deref(), Some("ghcr.io"));
        assert_eq!(registry_name("registry-1.docker.io").as_deref(), Some("docker.io"));
        assert_eq!(registry_name("[::1]:5000").as_deref(), Some("[::1]:5000"));
        assert_eq!(registry_name("[::1]").as_deref(), Some("[::1]"));
        for wrong in ["", "https://ghcr.io", "ghcr.io/acme", "ghcr.io:", "ghcr.io:x", "ghcr.io:0", "::1", "a..b"] {
            assert_eq!(registry_name(wrong), None, "{wrong}");
        }
        assert_eq!(registry_address("10.0.0.5"), None);
        for right in
            ["unix:///run/docker.sock", "tcp://nas:2376", "http://10.0.0.1:2375", "https://[::1]:2376", "ssh://me@nas:22/run/docker.sock"]
        {
            assert_eq!(engine(right).as_deref(), Some(right));
        }
        for wrong in
            ["", "/run/docker.sock", "unix://run/docker.sock", "ssh://", "ssh://me nas", "npipe://nas", "tcp://", "tcp://me:pw@nas:2376"]
        {
            assert_eq!(engine(wrong), None, "{wrong}");
        }
        for right in ["info", "INFO", "info,plimsoll::registry=debug", "warn, plimsoll=trace", "off"] {
            assert!(log(right).is_some(), "{right}");
        }
        for wrong in ["", "verbose", "plimsoll", "plimsoll=loud", "info,"] {
            assert_eq!(log(wrong), None, "{wrong}");
        }
        for right in ["https://plimsoll.example.org", "http://nas:8099/plimsoll/"] {
            assert!(public_url(right).is_some(), "{right}");
        }
        for wrong in ["plimsoll.example.org", "ftp://x", "https://me@x", "https://x?y", "https://x#y"] {
            assert_eq!(public_url(wrong), None, "{wrong}");
        }
        assert_eq!(host_header("NAS.Example.org.").as_deref(), Some("nas.example.org"));
        for wrong in ["", ".", "nas:8099", "https://nas", "a..b", "*.example.org"] {
            assert_eq!(host_header(wrong), None, "{wrong}");
        }
        assert_eq!(timeout("1m 30s"), Some(Duration::from_secs(90)));
        for wrong in ["", "30", "0s", "500ms", "6m", "-3s"] {
            assert_eq!(timeout(wrong), None, "{wrong}");
        }
    }
}
