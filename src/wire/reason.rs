//! Why something is not known.

use serde::Serialize;

/// Why nothing can be said of an image. Every kind asks a different thing of the reader, and none is a sentence:
/// those are made in `ui::text` and `cli`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// no check has finished since the image was first seen
    NotChecked,
    /// the container was started from a bare image id: no registry can be asked
    NoReference,
    /// what the container was started from is no reference
    InvalidReference {
        /// what stands there instead
        written: String,
    },
    /// the registry answers "no such image", or hides one that needs a login
    NotFoundOrNoAccess {
        /// who was asked
        registry: String,
        /// the HTTP status: 401, 403 or 404
        status: u16,
    },
    /// the repository is there, but the tag is not any more
    TagGone {
        /// who was asked
        registry: String,
    },
    /// the registry refused the credentials that Plimsoll has for it
    CredentialsRefused {
        /// who was asked
        registry: String,
    },
    /// the registry wants fewer requests
    RateLimited {
        /// who was asked
        registry: String,
        /// seconds until it wants to be asked again, where it said so
        retry_after: Option<u32>,
    },
    /// the registry allows so few more pulls that they are left to its user
    QuotaLow {
        /// who said so
        registry: String,
        /// pulls that are left
        remaining: u32,
        /// pulls that are allowed in all
        limit: u32,
    },
    /// the configuration says that this registry is not asked
    RegistryIgnored {
        /// who is not asked
        registry: String,
    },
    /// no answer in time
    TimedOut {
        /// who was asked
        registry: String,
        /// the limit that was kept
        seconds: u32,
    },
    /// no connection
    Unreachable {
        /// who was asked
        registry: String,
        /// what failed
        trouble: Trouble,
    },
    /// an answer of status 5xx, or another that says nothing of the image
    ServerError {
        /// who was asked
        registry: String,
        /// the HTTP status
        status: u16,
    },
    /// an answer that no registry should give: no digest, a page of HTML, a realm that may not be followed
    BadAnswer {
        /// who was asked
        registry: String,
        /// what was wrong with it, in a few English words
        detail: String,
    },
    /// the image is of a format (schema 1) that engines no longer run
    SchemaTooOld {
        /// who was asked
        registry: String,
    },
    /// the Engine did not say which digests the local image has
    NoLocalDigest,
    /// nothing here runs it, and its tag names no version that others could be newer than
    NothingRuns,
}

/// What kept a connection from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ssr", derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// the name has no address
    Name,
    /// nobody listens there
    Refused,
    /// the registry's certificate or the handshake failed
    Tls,
    /// it wants to see a certificate, and was shown none or one that it does not accept
    Certificate,
    /// the connection broke
    Broken,
}
