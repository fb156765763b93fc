//! What a registry has, as far as an Engine that pulls it can tell.

use std::time::Duration;

use super::{EngineError, Image, world::World};
use crate::image::Reference;

/// What a registry has under a reference, and how it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// what comes
    pub image: Image,
    /// how long it takes in all
    pub takes: Duration,
    /// what goes wrong
    pub trouble: Option<Trouble>,
    /// user and password of whoever may have it; everybody where there are none
    pub login: Option<(String, String)>,
}

/// What goes wrong with a pull, once it has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// the stream ends with an error of these words
    Error(String),
    /// the connection breaks half-way
    Cut,
    /// the stream ends half-way, as if it were whole
    Ends,
    /// nothing more comes after the half
    Hangs,
}

impl Offer {
    /// An image that comes at once.
    pub fn of(image: Image) -> Self {
        Self { image, takes: Duration::ZERO, trouble: None, login: None }
    }

    /// The same, taking this long.
    #[must_use]
    pub fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    /// The same, going wrong.
    #[must_use]
    pub fn failing(self, trouble: Trouble) -> Self {
        Self { trouble: Some(trouble), ..self }
    }

    /// The same, only for who logs in.
    #[must_use]
    pub fn login(self, username: &str, password: &str) -> Self {
        Self { login: Some((username.to_owned(), password.to_owned())), ..self }
    }
}

impl From<Image> for Offer {
    fn from(image: Image) -> Self {
        Self::of(image)
    }
}

impl World {
    /// What the registry has under a reference, for who logs in like this.
    pub(super) fn offered(&self, reference: &Reference, login: Option<(&str, &str)>) -> Result<Offer, EngineError> {
        let name = reference.familiar_name();
        let mut same =
            self.offers.iter().filter(|(key, _)| key.parse::<Reference>().is_ok_and(|key| key.familiar_name() == name)).peekable();
        let known = same.peek().is_some();
        let found = match reference.digest() {
            Some(digest) => same.map(|(_, offer)| offer).find(|offer| offer.image.target == *digest),
            None => self.offers.get(&reference.familiar()),
        };
        let allowed = |offer: &Offer| offer.login.as_ref().is_none_or(|(user, password)| login == Some((user, password)));
        match found {
            Some(offer) if allowed(offer) => Ok(offer.clone()),
            None if known => {
                Err(EngineError::Missing(format!("manifest for {} not found: manifest unknown: manifest unknown", reference.familiar())))
            }
            _ => Err(EngineError::Missing(format!(
                "pull access denied for {name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"
            ))),
        }
    }

    /// The references under which the registry has something of a repository.
    pub(super) fn offered_tags(&self, name: &str) -> Vec<Reference> {
        let references = self.offers.keys().filter_map(|key| key.parse::<Reference>().ok());
        references.filter(|reference| reference.digest().is_none() && reference.familiar_name() == name).collect()
    }

    /// An image arrives under a reference, and its id is answered.
    pub(super) fn pull(&mut self, reference: &Reference, image: Image) -> String {
        let id = self.add(image);
        let moved = self.arrive(&id, reference, super::event::now());
        if moved.is_some() && self.store == super::Store::Containerd {
            self.tell_image("tag", &id, &id, &reference.familiar());
        }
        self.tell_image("pull", &reference.familiar(), &id, &reference.familiar_name());
        id
    }
}
