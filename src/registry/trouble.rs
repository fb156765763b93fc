//! What went wrong with a request, in types.

use std::{error::Error, io, time::Duration};

use crate::wire::{Reason, Trouble};

/// The reason that an unanswered request gives.
pub(super) fn reason(error: &reqwest::Error, registry: &str, timeout: Duration) -> Reason {
    let registry = registry.to_owned();
    if error.is_timeout() {
        return Reason::TimedOut { registry, seconds: u32::try_from(timeout.as_secs()).unwrap_or(u32::MAX).max(1) };
    }
    if error.is_redirect() {
        return Reason::BadAnswer { registry, detail: "it redirects to where Plimsoll may not follow".into() };
    }
    Reason::Unreachable { registry, trouble: trouble(error) }
}

/// Whether the same request may well succeed in a moment.
pub(super) fn is_passing(error: &reqwest::Error) -> bool {
    !error.is_timeout() && !error.is_redirect() && trouble(error) == Trouble::Broken
}

/// What failed, in a few words for the record of steps. Never the whole error: its text holds the address with its parameters.
pub(super) fn words(error: &reqwest::Error) -> String {
    let words = match trouble(error) {
        _ if error.is_timeout() => "no answer in time",
        _ if error.is_redirect() => "a redirect that may not be followed",
        Trouble::Name => "the name has no address",
        Trouble::Refused => "the connection was refused",
        Trouble::Tls => "the TLS handshake failed",
        Trouble::Broken => "the connection broke",
    };
    words.to_owned()
}

/// Looks through the chain of causes for the one that says something.
fn trouble(error: &reqwest::Error) -> Trouble {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<rustls::Error>().is_some() {
            return Trouble::Tls;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return Trouble::Refused,
                // what rustls finds wrong with a certificate comes wrapped in one of these
                io::ErrorKind::InvalidData => return Trouble::Tls,
                _ => {}
            }
            if let Some(inner) = error.get_ref()
                && inner.downcast_ref::<rustls::Error>().is_some()
            {
                return Trouble::Tls;
            }
        }
        // hyper-util says this of a failed look-up, and has no type for it
        if error.to_string().starts_with("dns error") {
            return Trouble::Name;
        }
        cause = error.source();
    }
    Trouble::Broken
}
