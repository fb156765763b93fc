//! The cookie of a session.

use http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use super::token;
use crate::config::BasePath;

/// Its name, which scripts for Image Watch know. Other programs on the same machine use it too, because cookies know no ports: hence every
/// cookie of that name is tried.
const NAME: &str = "session";

/// Cookies of that name that are tried.
const TRIED_MAX: usize = 8;

/// The token of a new session, for the browser alone.
#[derive(Debug, Clone)]
pub struct SessionCookie {
    pub(super) token: SecretString,
    /// how long it lasts, in seconds
    pub(super) seconds: i64,
}

impl SessionCookie {
    /// The value of `Set-Cookie`. `secure` is whether the browser came by https.
    pub fn header(&self, base: &BasePath, secure: bool) -> HeaderValue {
        set(self.token.expose_secret(), self.seconds, base, secure)
    }

    /// The value of `Set-Cookie` that makes the browser forget the session.
    pub fn expired(base: &BasePath, secure: bool) -> HeaderValue {
        set("", 0, base, secure)
    }
}

/// Builds the header.
fn set(token: &str, seconds: i64, base: &BasePath, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let path = base.with_slash();
    let text = format!("{NAME}={token}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::try_from(text).expect("a token and a base path are plain ASCII");
    value.set_sensitive(true);
    value
}

/// Everything in the request that may be the token of a session.
pub(super) fn tokens(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let texts = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, value)| *name == NAME && token::has_form(value)).map(|(_, value)| value).take(TRIED_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_as_narrow_as_the_scheme_allows() {
        let cookie = SessionCookie { token: "secret".into(), seconds: 60 };
        let text = |value: HeaderValue| value.to_str().unwrap().to_owned();
        let below = BasePath::parse("/plimsoll").unwrap();
        assert_eq!(text(cookie.header(&BasePath::root(), false)), "session=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
        assert_eq!(text(cookie.header(&below, true)), "session=secret; Path=/plimsoll/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(text(SessionCookie::expired(&below, false)), "session=; Path=/plimsoll/; Max-Age=0; HttpOnly; SameSite=Lax");
        assert!(!format!("{cookie:?}").contains("secret"));
        assert!(!format!("{:?}", cookie.header(&below, true)).contains("secret"));
    }

    #[test]
    fn every_cookie_of_that_name_is_tried() {
        let (one, two) = ("a".repeat(43), "b".repeat(43));
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, format!("theme=dark; session=.eJw; session={one}").parse().unwrap());
        headers.append(header::COOKIE, format!("session={two};xsession={one}").parse().unwrap());
        assert_eq!(tokens(&headers).collect::<Vec<_>>(), [one, two]);
    }
}
