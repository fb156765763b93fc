//! What a path asks for.

/// What a path asks for. Names may hold slashes, so the path is read from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// `/v2/`
    Ping,
    /// `/v2/<name>/manifests/<tag or digest>`
    Manifest { name: &'a str, reference: &'a str },
    /// `/v2/<name>/tags/list`
    Tags { name: &'a str },
    /// `/v2/<name>/blobs/<digest>`
    Blob { name: &'a str, digest: &'a str },
    /// `/v2/repositories/<name>/tags/<tag>`, at Docker Hub's API
    Hub { name: &'a str, tag: &'a str },
    /// `/token`
    Token,
    /// anything else, a name that no repository can have among it
    Other,
}

impl<'a> Route<'a> {
    /// Reads a path.
    pub(super) fn of(path: &'a str) -> Self {
        match path {
            "/v2/" => return Self::Ping,
            "/token" => return Self::Token,
            _ => {}
        }
        let Some(rest) = path.strip_prefix("/v2/") else { return Self::Other };
        // one server stands for both: no repository of the sample is called so
        if let Some((name, tag)) = rest.strip_prefix("repositories/").and_then(|rest| rest.rsplit_once("/tags/"))
            && is_name(name)
        {
            return Self::Hub { name, tag };
        }
        if let Some(name) = rest.strip_suffix("/tags/list").filter(|name| is_name(name)) {
            return Self::Tags { name };
        }
        let parts = rest.rsplit_once('/').and_then(|(rest, last)| Some((rest.rsplit_once('/')?, last)));
        match parts {
            Some(((name, "manifests"), reference)) if is_name(name) => Self::Manifest { name, reference },
            Some(((name, "blobs"), digest)) if is_name(name) => Self::Blob { name, digest },
            _ => Self::Other,
        }
    }

    /// The repository that it is about.
    pub(super) fn name(&self) -> Option<&'a str> {
        match self {
            Self::Manifest { name, .. } | Self::Tags { name } | Self::Blob { name, .. } | Self::Hub { name, .. } => Some(name),
            Self::Ping | Self::Token | Self::Other => None,
        }
    }
}

/// Whether a repository may have this name, by its letters.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/._-".contains(&byte))
}
