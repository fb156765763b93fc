//! What a 401 asks for, read from its `WWW-Authenticate` headers.

use http_auth::{ChallengeParser, ChallengeRef};

#[cfg(test)]
mod tests;

/// What is offered to who wants to come in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// the first token server that is named
    pub(super) bearer: Option<Bearer>,
    /// whether a user and a password would do
    pub(super) basic: bool,
}

/// Where tokens are got.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bearer {
    /// the address, as it was written
    pub(super) realm: String,
    /// how the registry calls itself there
    pub(super) service: Option<String>,
}

/// Reads the value of one `WWW-Authenticate` and says whether it offers a way in. For fuzzing: this text comes from anybody.
#[doc(hidden)]
pub fn read_challenge(value: &str) -> bool {
    let offers = Offers::read(std::iter::once(value));
    offers.basic || offers.bearer.is_some()
}

impl Offers {
    /// Reads the values of all headers. Each may hold several challenges; what cannot be read is as if it were not there.
    pub(super) fn read<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut offers = Self::default();
        for value in values {
            for challenge in ChallengeParser::new(value) {
                match challenge {
                    Ok(challenge) => offers.add(&challenge),
                    // what was read until here is read again, which changes nothing
                    Err(_) => offers.add_sloppy(value),
                }
            }
        }
        offers
    }

    /// Takes up one challenge. Names of schemes and parameters are the same in upper and lower case.
    fn add(&mut self, challenge: &ChallengeRef<'_>) {
        let parameter = |name: &str| {
            let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        self.offer(challenge.scheme, parameter("realm"), parameter("service"));
    }

    /// Takes up what stands in a value that breaks the grammar: Zot writes addresses without quotation marks.
    fn add_sloppy(&mut self, value: &str) {
        let (mut scheme, mut realm, mut service) = ("", None, None);
        for part in value.split(',') {
            let (name, text) = part.split_once('=').unwrap_or((part, ""));
            // the first parameter of a challenge stands behind its scheme
            let mut words = name.split_whitespace().rev();
            let name = words.next().unwrap_or_default();
            let begins = words.next().or((!part.contains('=')).then_some(name));
            if let Some(next) = begins {
                self.offer(scheme, realm.take(), service.take());
                scheme = next;
            }
            let text = text.trim().trim_matches('"').to_owned();
            match name {
                _ if text.is_empty() => {}
                name if name.eq_ignore_ascii_case("realm") => realm = Some(text),
                name if name.eq_ignore_ascii_case("service") => service = Some(text),
                _ => {}
            }
        }
        self.offer(scheme, realm, service);
    }

    /// One more way in.
    fn offer(&mut self, scheme: &str, realm: Option<String>, service: Option<String>) {
        self.basic |= scheme.eq_ignore_ascii_case("basic");
        if let Some(realm) = realm.filter(|_| scheme.eq_ignore_ascii_case("bearer") && self.bearer.is_none()) {
            self.bearer = Some(Bearer { realm, service });
        }
    }
}
