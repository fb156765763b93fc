//! Typed reasons in English, for documents whose readers expect a sentence. Their readers are programs and logs: the language of a
//! visitor changes nothing here.

use crate::wire::{HostState, Reason, Reference, Trouble, Verdict};

/// Why an image is not known, in one line without a full stop.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NotChecked => "not checked yet".to_owned(),
        Reason::NoReference => "started from a bare image id: no registry can be asked".to_owned(),
        Reason::InvalidReference { written } => format!("`{written}` is no image reference"),
        Reason::NotFoundOrNoAccess { registry, status } => format!("{registry} has no such image, or hides it without a login ({status})"),
        Reason::CredentialsRefused { registry } => format!("{registry} refused the credentials"),
        Reason::RateLimited { registry, retry_after: Some(seconds) } => format!("{registry} wants fewer requests, again in {seconds} s"),
        Reason::RateLimited { registry, retry_after: None } => format!("{registry} wants fewer requests"),
        Reason::TimedOut { registry, seconds } => format!("{registry} did not answer within {seconds} s"),
        Reason::Unreachable { registry, trouble } => format!("{registry} cannot be reached: {}", broken(*trouble)),
        Reason::ServerError { registry, status } => format!("{registry} failed with status {status}"),
        Reason::BadAnswer { registry, detail } => format!("{registry} gave an answer that cannot be used: {detail}"),
        Reason::SchemaTooOld { registry } => format!("{registry} has the image in a format that engines no longer run"),
        Reason::NoLocalDigest => "the Engine does not say which digest the local image has".to_owned(),
    }
}

fn broken(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Name => "its name has no address",
        Trouble::Refused => "nobody listens there",
        Trouble::Tls => "the certificate or the handshake failed",
        Trouble::Broken => "the connection broke",
    }
}

/// What is wrong with a host, where something is.
pub(super) fn host(state: &HostState) -> Option<String> {
    match state {
        HostState::Connecting | HostState::Connected => None,
        HostState::Absent { address } => Some(format!("no Engine at {address}")),
        HostState::Forbidden { address, group: Some(group), .. } => Some(format!("{address} may only be opened by group {group}")),
        HostState::Forbidden { address, group: None, .. } => Some(format!("{address} may not be opened")),
        HostState::Lost { address, detail, .. } => Some(format!("{address} is gone: {detail}")),
    }
}

/// What a verdict says of a reference, short enough for a tile: `1.25.0 → 1.27.0`, `latest rebuilt`.
pub(super) fn change(reference: &Reference, verdict: &Verdict) -> String {
    let tag = reference.tag.as_deref().unwrap_or_default();
    match verdict {
        Verdict::UpToDate => "up to date".to_owned(),
        Verdict::Rebuilt => format!("{tag} rebuilt"),
        Verdict::Newer { tag: newer, rebuilt: false, .. } => format!("{tag} → {newer}"),
        Verdict::Newer { tag: newer, rebuilt: true, .. } => format!("{tag} → {newer}, also rebuilt"),
        Verdict::Recreate => format!("{tag} pulled, recreate"),
        Verdict::Pinned => "pinned".to_owned(),
        Verdict::LocalBuild => "built here".to_owned(),
        Verdict::Unknown { reason: why } => format!("unknown: {}", reason(why)),
    }
}
