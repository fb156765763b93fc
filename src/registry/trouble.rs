//! What went wrong with a request, in types.

use std::{error::Error, io, iter, time::Duration};

use rustls::AlertDescription;

use crate::wire::{Reason, Trouble};

/// What is told of a request that did not end before the time of the whole look-up was over.
pub(super) const GIVEN_UP: &str = "given up: the look-up took too long";

/// What is told where no request was sent, because those before it got no answer.
pub(super) const NOT_SENT: &str = "not sent: others waited for this registry in vain just now";

/// What is told where no request was sent, because the registry asked to be left alone for longer than the look-up has time.
pub(super) const PAUSED: &str = "not sent: the registry wants no requests for a while";

/// What is told where no request was sent, because the token for it, which another look-up asked for, did not come.
pub(super) const NO_TOKEN: &str = "not sent: the token that another look-up asked for did not come";

/// What is told of a request that got no answer in time.
pub(super) const NO_ANSWER: &str = "no answer in time";

/// The reason that an unanswered request gives.
pub(super) fn reason(error: &reqwest::Error, registry: &str, timeout: Duration) -> Reason {
    let registry = registry.to_owned();
    if error.is_timeout() {
        return timed_out(registry, timeout);
    }
    if error.is_redirect() {
        return Reason::BadAnswer { registry, detail: "it redirects to where Plimsoll may not follow".into() };
    }
    Reason::Unreachable { registry, trouble: trouble(error) }
}

/// The reason that a limit gives, in whole seconds.
pub(super) fn timed_out(registry: String, limit: Duration) -> Reason {
    Reason::TimedOut { registry, seconds: u32::try_from(limit.as_secs()).unwrap_or(u32::MAX).max(1) }
}

/// Whether the same request may well succeed in a moment.
pub(super) fn is_passing(error: &reqwest::Error) -> bool {
    !error.is_timeout() && !error.is_redirect() && trouble(error) == Trouble::Broken
}

/// What failed, in a few words for the record of steps. Never the whole error: its text holds the address with its parameters.
pub(super) fn words(error: &reqwest::Error) -> String {
    let words = match trouble(error) {
        _ if error.is_timeout() => NO_ANSWER,
        _ if error.is_redirect() => "a redirect that may not be followed",
        Trouble::Name => "the name has no address",
        Trouble::Refused => "the connection was refused",
        Trouble::Tls if trusts_nobody(error) => "the TLS handshake failed: there are no certificates to trust it by",
        Trouble::Tls => "the TLS handshake failed",
        Trouble::Certificate => "it wants to see a certificate that it accepts",
        Trouble::Broken => "the connection broke",
    };
    words.to_owned()
}

/// Looks through the chain of causes for the one that says something.
fn trouble(error: &reqwest::Error) -> Trouble {
    let shaking_hands = error.is_connect() && error.url().is_some_and(|url| url.scheme() == "https");
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref() {
            return tls(error);
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return Trouble::Refused,
                // there was a connection, and no TLS came of it: what listens there speaks plain http, most likely
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset if shaking_hands => return Trouble::Tls,
                _ => {}
            }
        }
        // hyper-util says the latter of a failed look-up, and has no type for it
        if cause.is::<rustls_pki_types::InvalidDnsNameError>() || cause.to_string().starts_with("dns error") {
            return Trouble::Name;
        }
    }
    Trouble::Broken
}

/// What an error of TLS means: most are about the registry's certificate, and what it sends word of is about ours (RFC 8446, 6.2).
fn tls(error: &rustls::Error) -> Trouble {
    use AlertDescription as Alert;
    match error {
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied,
        ) => Trouble::Certificate,
        _ => Trouble::Tls,
    }
}

/// Whether TLS failed because there are no authorities at all, which has no type either.
fn trusts_nobody(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::General(_))))
}

/// An error and all that caused it.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    iter::from_fn(move || {
        let cause = next?;
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            // such an error hides the one that it wraps: its source is only the source of that
            Some(inner) => Some(inner),
            None => cause.source(),
        };
        Some(cause)
    })
}
