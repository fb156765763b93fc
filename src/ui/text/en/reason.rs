//! Why something is not known, and what would help.

use crate::wire::{Reason, Trouble};

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// what happened, short enough for a row
    pub what: String,
    /// what to do about it, where something can be done
    pub help: Option<String>,
}

/// The reason in words.
pub fn reason(reason: &Reason) -> Why {
    let (what, help) = match reason {
        Reason::NotChecked => ("Not checked yet.".to_owned(), String::new()),
        Reason::NoReference => (
            "Started from a bare image id.".to_owned(),
            "No registry can be asked about it: recreate the container from a name and a tag.".to_owned(),
        ),
        Reason::InvalidReference { written } => {
            (format!("“{written}” is no image reference."), "Correct the image name of the container.".to_owned())
        }
        Reason::NotFoundOrNoAccess { registry, status } => (
            format!("{registry} answered {status}: not found or no access."),
            format!("Add credentials for {registry}, or correct the image name."),
        ),
        Reason::TagGone { registry } => {
            (format!("{registry} has the repository, but no longer this tag."), "Choose another tag; what runs goes on running.".to_owned())
        }
        Reason::CredentialsRefused { registry } => {
            (format!("{registry} refused the credentials."), format!("Log in to {registry} again, or correct them in the configuration."))
        }
        Reason::RateLimited { registry, retry_after } => (
            format!("{registry} wants fewer requests."),
            match retry_after {
                Some(seconds) => format!("It may be asked again {}.", super::ahead(i64::from(*seconds))),
                None => format!("Credentials for {registry} raise its limit."),
            },
        ),
        Reason::QuotaLow { registry, remaining, limit } => (
            format!("{registry} allows {remaining} more of {limit} pulls."),
            format!("The last ones are left to you. Credentials for {registry} may raise its limit."),
        ),
        Reason::RegistryIgnored { registry } => {
            (format!("{registry} is not asked."), format!("Remove `ignore` of {registry} from the configuration to change that."))
        }
        Reason::TimedOut { registry, seconds } => {
            (format!("{registry} did not answer within {seconds} s."), "It is asked again at the next check.".to_owned())
        }
        Reason::Unreachable { registry, trouble } => unreachable_registry(registry, *trouble),
        Reason::ServerError { registry, status } => {
            (format!("{registry} answered {status}: trouble on its side."), "It is asked again at the next check.".to_owned())
        }
        Reason::BadAnswer { registry, detail } => (
            format!("{registry} gave an answer that cannot be used: {detail}."),
            "Look whether a proxy or a login page stands in between.".to_owned(),
        ),
        Reason::SchemaTooOld { registry } => (
            format!("{registry} has this image in a format (schema 1) that engines no longer run."),
            "Push it again with a present-day tool.".to_owned(),
        ),
        Reason::NoLocalDigest => {
            ("The Engine does not say which digest the image has.".to_owned(), "Pull it once more, then it can be compared.".to_owned())
        }
        Reason::NothingRuns => (
            "Nothing here runs it, and its tag names no version.".to_owned(),
            "Name a tag with a version, such as 1.27.3: then newer ones can be told.".to_owned(),
        ),
    };
    Why { what, help: Some(help).filter(|help| !help.is_empty()) }
}

fn unreachable_registry(registry: &str, trouble: Trouble) -> (String, String) {
    match trouble {
        Trouble::Name => (format!("The name {registry} has no address."), "Correct it, or look at the DNS where Plimsoll runs.".to_owned()),
        Trouble::Refused => (format!("Nobody listens at {registry}."), "Start the registry, or correct its address and port.".to_owned()),
        Trouble::Tls => (
            format!("No secure connection to {registry}."),
            format!(
                "Its certificate is not trusted or does not match. For {registry}, set `ca` where its authority is your own, and \
                 `insecure = true` where it speaks plain http."
            ),
        ),
        Trouble::Certificate => {
            (format!("{registry} wants to see a certificate that it accepts."), format!("For {registry}, set `cert` and `key`."))
        }
        Trouble::Broken => (format!("The connection to {registry} broke."), "It is asked again at the next check.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reason and its help, as one line.
    fn line(why: &Reason) -> String {
        let Why { what, help } = reason(why);
        format!("{what}|{}", help.unwrap_or_default())
    }

    #[test]
    fn every_reason_says_what_happened_and_what_to_do() {
        let registry = || "ghcr.io".to_owned();
        let unreachable = |trouble| Reason::Unreachable { registry: registry(), trouble };
        let cases = [
            (Reason::NotChecked, "Not checked yet.|"),
            (
                Reason::NoReference,
                "Started from a bare image id.|No registry can be asked about it: recreate the container from a name and a tag.",
            ),
            (
                Reason::InvalidReference { written: "A:B:C".into() },
                "“A:B:C” is no image reference.|Correct the image name of the container.",
            ),
            (
                Reason::NotFoundOrNoAccess { registry: registry(), status: 403 },
                "ghcr.io answered 403: not found or no access.|Add credentials for ghcr.io, or correct the image name.",
            ),
            (
                Reason::TagGone { registry: registry() },
                "ghcr.io has the repository, but no longer this tag.|Choose another tag; what runs goes on running.",
            ),
            (
                Reason::CredentialsRefused { registry: registry() },
                "ghcr.io refused the credentials.|Log in to ghcr.io again, or correct them in the configuration.",
            ),
            (
                Reason::RateLimited { registry: registry(), retry_after: Some(600) },
                "ghcr.io wants fewer requests.|It may be asked again in 10 minutes.",
            ),
            (
                Reason::RateLimited { registry: registry(), retry_after: None },
                "ghcr.io wants fewer requests.|Credentials for ghcr.io raise its limit.",
            ),
            (
                Reason::QuotaLow { registry: registry(), remaining: 4, limit: 100 },
                "ghcr.io allows 4 more of 100 pulls.|The last ones are left to you. Credentials for ghcr.io may raise its limit.",
            ),
            (
                Reason::RegistryIgnored { registry: registry() },
                "ghcr.io is not asked.|Remove `ignore` of ghcr.io from the configuration to change that.",
            ),
            (
                Reason::TimedOut { registry: registry(), seconds: 10 },
                "ghcr.io did not answer within 10 s.|It is asked again at the next check.",
            ),
            (unreachable(Trouble::Name), "The name ghcr.io has no address.|Correct it, or look at the DNS where Plimsoll runs."),
            (unreachable(Trouble::Refused), "Nobody listens at ghcr.io.|Start the registry, or correct its address and port."),
            (
                unreachable(Trouble::Tls),
                "No secure connection to ghcr.io.|Its certificate is not trusted or does not match. For ghcr.io, set `ca` where its \
                 authority is your own, and `insecure = true` where it speaks plain http.",
            ),
            (unreachable(Trouble::Certificate), "ghcr.io wants to see a certificate that it accepts.|For ghcr.io, set `cert` and `key`."),
            (unreachable(Trouble::Broken), "The connection to ghcr.io broke.|It is asked again at the next check."),
            (
                Reason::ServerError { registry: registry(), status: 502 },
                "ghcr.io answered 502: trouble on its side.|It is asked again at the next check.",
            ),
            (
                Reason::BadAnswer { registry: registry(), detail: "no digest".into() },
                "ghcr.io gave an answer that cannot be used: no digest.|Look whether a proxy or a login page stands in between.",
            ),
            (
                Reason::SchemaTooOld { registry: registry() },
                "ghcr.io has this image in a format (schema 1) that engines no longer run.|Push it again with a present-day tool.",
            ),
            (
                Reason::NothingRuns,
                "Nothing here runs it, and its tag names no version.|\
                 Name a tag with a version, such as 1.27.3: then newer ones can be told.",
            ),
            (Reason::NoLocalDigest, "The Engine does not say which digest the image has.|Pull it once more, then it can be compared."),
        ];
        for (why, expected) in cases {
            assert_eq!(line(&why), expected, "{why:?}");
        }
    }
}
