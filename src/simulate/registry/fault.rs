//! What registries do wrong, as switches.

use super::route::Route;

/// Where a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// every request, those for tokens too
    Whole,
    /// requests about this repository
    Repository(String),
    /// requests for tokens
    Token,
    /// requests for lists of tags
    Tags,
    /// requests for configurations and layers
    Blobs,
    /// requests for the manifest of this tag or digest
    Manifest(String),
    /// requests to the API of Docker Hub
    Hub,
    /// requests for `/v2/`
    Ping,
}

impl Scope {
    /// The scope of one repository.
    pub fn repository(name: &str) -> Self {
        Self::Repository(name.to_owned())
    }
}

/// Something that a registry does wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    // === instead of an answer ===
    /// never answers
    Hang,
    /// closes the connection without an answer
    Reset,
    /// answers with this status, and no more
    Status(u16),
    /// answers 429
    TooMany(RetryAfter),
    /// answers 429 to what comes while more requests than these are under way
    TooManyAbove(usize),
    /// answers 200 with a page of HTML
    Html,
    /// sends elsewhere
    Redirect(String),

    // === manifests ===
    /// takes no `HEAD`: 405
    HeadRefused,
    /// does not say the digest in answer to a `HEAD`
    NoDigestOfHead,
    /// never says the digest
    NoDigest,
    /// says this digest
    Digest(String),
    /// says no digest, and sends a body without end
    HugeBody,
    /// says no digest, and sends the body a byte at a time with long pauses
    SlowBody,
    /// says no digest, and breaks the connection in the middle of the body
    ResetMidBody,
    /// says no digest, and compresses the body, asked or not
    Gzip,
    /// calls it a manifest of the first schema
    Schema1,

    // === lists of tags ===
    /// names no next page, as Nexus does
    NoLink,
    /// names the next page by its whole address
    LinkAbsolute,
    /// names the next page at this other place
    LinkElsewhere(String),
    /// names every page as the one behind itself
    LinkLoop,
    /// names a next page as long as there are tags on a page, as Gitea does
    LinkAlways,
    /// has a next page, with other tags, always
    LinkEndless,
    /// names the next page by a token, and knows no other way there, as Quay does
    LinkOpaque,
    /// names the next page relative to this one, without quotation marks, behind another link
    LinkSloppy,
    /// names the next page without the first part of the repository, as Artifactory does
    LinkWithoutPrefix,
    /// begins with the first tag on every page
    LastIgnored,
    /// gives all tags at once and in no order, whatever was asked for, as docker-registry 2.8 does
    NoPages,
    /// answers 405 to who wants more tags than this, as Amazon does
    CountRefused(usize),
    /// answers 400 to who wants more tags than this
    CountInvalid(usize),
    /// has `null` in place of tags
    NullTags,
    /// has `null`, numbers, digests and signatures among its tags
    OddTags,
    /// gives lists no entity tag
    NoEtag,

    // === configurations and layers ===
    /// sends to this place for them
    BlobsElsewhere(String),
    /// gives other bytes
    OtherBlob,

    // === Docker Hub's API ===
    /// says that so many requests are left
    HubRemaining(u32),
    /// does not say the digest of a tag
    HubNoDigest,

    // === challenges ===
    /// offers Bearer and Basic in one header
    TwoChallenges,
    /// writes the scheme in lower case
    LowerCaseScheme,
    /// does not put the realm between quotation marks
    UnquotedRealm,
    /// names a scope that nobody asked for
    PlaceholderScope,
    /// names this token server
    Realm(String),

    // === tokens ===
    /// calls the token `access_token` only
    AccessTokenOnly,
    /// does not say how long a token lives
    NoExpiry,
    /// gives tokens that it does not take
    UselessToken,
    /// looks at the first scope of a request only
    FirstScopeOnly,
    /// answers a request with several scopes with this status
    ManyScopes(u16),
    /// does not exchange identity tokens
    NoExchange,
}

/// How a 429 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// in seconds
    Seconds(u32),
    /// as a date, so many seconds from now
    Date(u32),
    /// only in the text, as GHCR does
    Body,
    /// not at all
    Missing,
}

/// The faults that are on.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Placed>);

/// A fault and where it strikes.
#[derive(Debug)]
struct Placed {
    scope: Scope,
    fault: Fault,
    /// how often it still strikes; for ever where there is no number
    left: Option<u32>,
}

impl Faults {
    /// Switches one on.
    pub(super) fn add(&mut self, scope: Scope, fault: Fault, left: Option<u32>) {
        self.0.push(Placed { scope, fault, left });
    }

    /// Those that strike a request. Each of them has struck once more then.
    pub(super) fn strike(&mut self, route: &Route<'_>) -> Vec<Fault> {
        let mut striking = Vec::new();
        for placed in &mut self.0 {
            let meets = match &placed.scope {
                Scope::Whole => true,
                Scope::Repository(name) => route.name() == Some(name),
                Scope::Token => *route == Route::Token,
                Scope::Tags => matches!(route, Route::Tags { .. }),
                Scope::Blobs => matches!(route, Route::Blob { .. }),
                Scope::Manifest(wanted) => matches!(route, Route::Manifest { reference, .. } if reference == wanted),
                Scope::Hub => matches!(route, Route::Hub { .. }),
                Scope::Ping => *route == Route::Ping,
            };
            if meets && placed.left != Some(0) {
                placed.left = placed.left.map(|left| left - 1);
                striking.push(placed.fault.clone());
            }
        }
        striking
    }
}
