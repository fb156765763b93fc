//! References: `registry/repository:tag@digest`, parsed once at the edge.
//!
//! The grammar and the rules of normalising are those of `distribution/reference` (`ParseNormalizedNamed`, `TagNameOnly`), which Docker
//! and Compose use; unlike them a tag beside a digest is kept, because it names the track that a pinned image follows.

use std::{fmt, net::Ipv6Addr, str::FromStr};

use super::{Digest, digest::DigestError};

#[cfg(test)]
mod tests;

/// The registry that a reference without one means.
pub const DOCKER_HUB: &str = "docker.io";

/// Longest path in a registry, in bytes.
const PATH_MAX: usize = 255;

/// Longest tag, in bytes.
const TAG_MAX: usize = 128;

/// An image by name: never a bare image id, never without both tag and digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// What is no reference, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// breaks the grammar
    #[error("`{0}` is no image reference: expected `registry/repository:tag`")]
    Form(String),
    /// upper-case letters in the path
    #[error("`{0}` is no image reference: the repository name must be lower case")]
    Uppercase(String),
    /// the path is too long
    #[error("`{0}` is no image reference: the repository name has more than {PATH_MAX} characters")]
    Length(String),
    /// 64 hexadecimal digits, with or without `sha256:` before them: an image id
    #[error("`{0}` is an image id, not a reference")]
    ImageId(String),
    /// what stands behind the `@` is no digest
    #[error("`{text}` is no image reference: {source}")]
    Digest {
        /// the whole text
        text: String,
        /// what is wrong with the digest
        source: DigestError,
    },
}

// === impl Reference ===

impl Reference {
    /// Host and port of the registry, as written; `docker.io` for Docker Hub.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path in the registry: `library/nginx`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag. Absent only where there is a digest.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest that it pins.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// What stands behind `/manifests/` in a request: the digest where there is one, as Docker does it, else the tag.
    pub fn identifier(&self) -> &str {
        self.digest.as_ref().map(Digest::as_str).or(self.tag.as_deref()).unwrap_or("latest")
    }

    /// The same repository under another tag, without a digest; `None` where that is no tag.
    pub fn with_tag(&self, tag: &str) -> Option<Self> {
        format!("{}:{tag}", self.name()).parse().ok().filter(|reference: &Self| reference.tag.as_deref() == Some(tag))
    }

    /// Registry and repository, as in an image's `RepoDigests` once those are normalised.
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// Registry and repository as Docker writes them: `nginx` for `docker.io/library/nginx`.
    pub fn familiar_name(&self) -> String {
        if self.registry != DOCKER_HUB {
            return self.name();
        }
        match self.repository.strip_prefix("library/") {
            Some(short) if !short.contains('/') => short.to_owned(),
            // `docker.io/a.b/c` without its registry would be read as an image on the host `a.b`, `docker.io/docker.io/c` as `c`
            _ if split_registry(&self.repository).1 != self.repository => self.name(),
            _ => self.repository.clone(),
        }
    }

    /// The reference as Docker writes it: `nginx:1.27`.
    pub fn familiar(&self) -> String {
        self.suffixed(self.familiar_name())
    }

    /// Tag and digest appended to a name.
    fn suffixed(&self, mut text: String) -> String {
        if let Some(tag) = &self.tag {
            text.push(':');
            text.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest.as_str());
        }
        text
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.suffixed(self.name()))
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let form = || ReferenceError::Form(excerpt(text));
        // The grammar would read `sha256:…` as a tag of an image named sha256. Engines write image ids so; nobody means the other thing.
        let id = text.strip_prefix("sha256:").unwrap_or(text);
        if id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(ReferenceError::ImageId(excerpt(text)));
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => {
                let digest = digest.parse().map_err(|source| ReferenceError::Digest { text: excerpt(text), source })?;
                (rest, Some(digest))
            }
            None => (text, None),
        };
        let (registry, rest) = split_registry(rest);
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (rest, None),
        };
        if !is_host(registry) || tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(form());
        }
        if path.bytes().any(|byte| byte.is_ascii_uppercase()) && is_path(&path.to_ascii_lowercase()) {
            return Err(ReferenceError::Uppercase(excerpt(text)));
        }
        if !is_path(path) {
            return Err(form());
        }
        let repository = if registry == DOCKER_HUB && !path.contains('/') { format!("library/{path}") } else { path.to_owned() };
        if repository.len() > PATH_MAX {
            return Err(ReferenceError::Length(excerpt(text)));
        }
        let tag = match (tag, &digest) {
            (Some(tag), _) => Some(tag.to_owned()),
            (None, Some(_)) => None,
            (None, None) => Some("latest".to_owned()),
        };
        Ok(Self { registry: registry.to_owned(), repository, tag, digest })
    }
}

/// Splits off the registry: what stands before the first slash, if it can only be a host. Else the image is on Docker Hub.
fn split_registry(text: &str) -> (&str, &str) {
    match text.split_once('/') {
        Some(("index.docker.io", rest)) => (DOCKER_HUB, rest),
        Some((first, rest))
            if first == "localhost" || first.contains(['.', ':']) || first.bytes().any(|byte| byte.is_ascii_uppercase()) =>
        {
            (first, rest)
        }
        _ => (DOCKER_HUB, text),
    }
}

/// `name`, `name:port`, `[ipv6]` or `[ipv6]:port`.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            if address.contains('.') || address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            match port.strip_prefix(':') {
                Some(port) => return is_port(port),
                None => return port.is_empty(),
            }
        }
        None => match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        },
    };
    port.is_none_or(is_port) && name.split('.').all(is_label)
}

/// Digits, up to 65535.
fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Letters, digits and inner hyphens.
fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Components between slashes.
fn is_path(text: &str) -> bool {
    text.split('/').all(is_component)
}

/// Lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`.
fn is_component(text: &str) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    alphanumeric(first)
        && alphanumeric(last)
        && bytes
            .split(alphanumeric)
            .all(|separator| matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-'))
}

/// A word character, then word characters, `.` and `-`.
fn is_tag(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= TAG_MAX
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// Enough of a text from outside to recognise it in an error.
fn excerpt(text: &str) -> String {
    const ENOUGH: usize = 120;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
