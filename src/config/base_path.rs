//! The path under which everything lies.

/// `/`, or `/plimsoll`: starts with a slash, and ends with none unless it is the root.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BasePath(String);

/// Longest base path, in bytes.
const LENGTH_MAX: usize = 128;

impl BasePath {
    /// The root.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Understands a path with or without slashes at its ends.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('/').unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if inner.is_empty() {
            return (!text.is_empty() && text.len() <= 1).then(Self::root);
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        let part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.bytes().all(known);
        (inner.len() <= LENGTH_MAX && inner.split('/').all(part)).then(|| Self(format!("/{inner}")))
    }

    /// What stands before every path: nothing, or `/plimsoll`.
    pub fn prefix(&self) -> &str {
        &self.0
    }

    /// The path of the first page, and of cookies: `/`, or `/plimsoll/`.
    pub fn with_slash(&self) -> String {
        format!("{}/", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_normalised_or_refused() {
        for (text, prefix) in [
            ("/", Some("")),
            ("/plimsoll", Some("/plimsoll")),
            ("/plimsoll/", Some("/plimsoll")),
            ("plimsoll", Some("/plimsoll")),
            ("/a/b-1_2.3~", Some("/a/b-1_2.3~")),
            ("", None),
            ("//", None),
            ("//evil.example", None),
            ("/a//b", None),
            ("/a/../b", None),
            ("/.", None),
            ("/a b", None),
            ("/a?b", None),
            ("/%2e", None),
            ("/é", None),
            ("https://x", None),
        ] {
            assert_eq!(BasePath::parse(text).as_ref().map(BasePath::prefix), prefix, "{text}");
        }
        assert_eq!(BasePath::root().with_slash(), "/");
    }
}
