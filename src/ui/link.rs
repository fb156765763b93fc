//! Addresses inside Plimsoll: every link and form goes through here, because Plimsoll may live below a path of a proxy.

use std::fmt::Write as _;

/// What stands before every path: empty, or `/plimsoll`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Takes the base path of the page. A slash at the end makes no difference.
    pub fn new(base: &str) -> Self {
        Self(base.trim_end_matches('/').to_owned())
    }

    /// The base path without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address below the base. `path` begins with a slash.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The page of an image group.
    pub fn image(&self, id: &str) -> String {
        self.to(&format!("/image/{}", escape(id, true)))
    }

    /// The dashboard with these parameters; empty values are left out.
    pub fn dashboard(&self, parameters: &[(&str, &str)]) -> String {
        let mut address = self.to("/");
        let mut separator = '?';
        for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(address, "{separator}{name}={}", escape(value, false));
            separator = '&';
        }
        address
    }
}

/// Percent-encodes what could be misread in an address. In a path `/`, `:` and `@` may stay.
pub(super) fn escape(text: &str, path: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            b'/' | b':' | b'@' if path => escaped.push(char::from(byte)),
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_below_the_base() {
        for (base, dashboard, image) in [
            ("", "/?show=major&q=a%26b", "/image/docker.io/library/nginx:1.27"),
            ("/", "/?show=major&q=a%26b", "/image/docker.io/library/nginx:1.27"),
            ("/plimsoll", "/plimsoll/?show=major&q=a%26b", "/plimsoll/image/docker.io/library/nginx:1.27"),
            ("/plimsoll/", "/plimsoll/?show=major&q=a%26b", "/plimsoll/image/docker.io/library/nginx:1.27"),
        ] {
            let base = Base::new(base);
            assert_eq!(base.dashboard(&[("show", "major"), ("by", ""), ("q", "a&b")]), dashboard);
            assert_eq!(base.image("docker.io/library/nginx:1.27"), image);
        }
        assert_eq!(Base::new("").image("Ä b?#%"), "/image/%C3%84%20b%3F%23%25");
        assert_eq!(Base::new("").dashboard(&[]), "/");
    }
}
