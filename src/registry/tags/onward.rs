//! Where the next page is.

use std::collections::HashSet;

use reqwest::{Response, Url, header};

use super::{Registry, link, path_of};
use crate::{registry::page::Page, wire::Reason};

/// Longest address of a page that is followed, in bytes.
const TARGET_MAX: usize = 8 * 1024;

/// Where to go on.
#[derive(Debug)]
pub(super) enum Onward {
    /// there, as the registry said, or as it is usual where it did not say
    By(Url),
    /// there, it seems: the registry named a place where it may not be asked
    Guessed(Url),
    /// behind the last tag, if there is anything: the registry named no place
    Open,
    /// behind the last tag, if there is anything: the registry named a place where it was asked already
    Seen,
    /// behind the last tag: the registry named a place of which nothing can be used
    Lost,
    /// nowhere
    End,
}

/// The address of a repository's list, without parameters.
#[derive(Debug)]
pub(super) struct ListUrl {
    url: Url,
    /// how the path of every page of it ends
    ending: String,
}

impl Registry {
    /// Where the tags of `repository` are.
    pub(super) fn list_url(&self, repository: &str) -> Result<ListUrl, Reason> {
        let ending = format!("/{repository}/tags/list");
        let url = self.place.url(&ending[1..]).parse().map_err(|_| self.bad("an address that cannot be asked"))?;
        Ok(ListUrl { url, ending })
    }
}

impl ListUrl {
    /// The first page.
    pub(super) fn with_count(&self, count: usize) -> Url {
        self.with(|url| {
            url.query_pairs_mut().append_pair("n", &count.to_string());
        })
    }

    /// The page behind a tag.
    fn behind(&self, count: usize, last: &str) -> Url {
        self.with(|url| {
            url.query_pairs_mut().append_pair("n", &count.to_string()).append_pair("last", last);
        })
    }

    /// A page that was asked for before, by path and query. None where that is at another place than the registry.
    pub(super) fn at(&self, path: &str) -> Option<Url> {
        let url = self.url.join(path).ok()?;
        (url.origin() == self.url.origin()).then_some(url)
    }

    /// The page that an answer names.
    pub(super) fn next(&self, response: &Response, asked: &HashSet<String>) -> Onward {
        let values = response.headers().get_all(header::LINK);
        let Some(target) = link::next(values.iter().filter_map(|value| value.to_str().ok())) else { return Onward::Open };
        let Some(mut url) = response.url().join(target).ok().filter(|_| target.len() <= TARGET_MAX) else { return Onward::Lost };
        url.set_fragment(None);
        // never to another host: the registry would choose whom Plimsoll asks, with its credentials. Some name themselves wrongly, behind a
        // proxy, and Artifactory leaves out where in it the repository lies: then what follows the path is right all the same
        let (url, onward): (Url, fn(Url) -> Onward) = if url.origin() == self.url.origin() && url.path().ends_with(&self.ending) {
            (url, Onward::By)
        } else if let Some(query) = url.query().filter(|query| !query.is_empty()) {
            (self.with(|url| url.set_query(Some(query))), Onward::Guessed)
        } else {
            return Onward::Lost;
        };
        if asked.contains(&path_of(&url)) { Onward::Seen } else { onward(url) }
    }

    /// The address, changed.
    fn with(&self, change: impl FnOnce(&mut Url)) -> Url {
        let mut url = self.url.clone();
        change(&mut url);
        url
    }
}

impl Onward {
    /// The address, where there is one.
    pub(super) fn url(&self) -> Option<&Url> {
        match self {
            Self::By(url) | Self::Guessed(url) => Some(url),
            Self::Open | Self::Seen | Self::Lost | Self::End => None,
        }
    }

    /// Whether there is more for certain, and only where is guessed.
    pub(super) fn is_guessed(&self) -> bool {
        matches!(self, Self::Guessed(_))
    }

    /// Where no place was named, what stands behind the last tag of this page, if anything can: Nexus names none, but keeps to `count`.
    pub(super) fn or_behind(self, list: &ListUrl, count: usize, page: &Page) -> Self {
        match self {
            Self::Open if page.entries == count && !page.last.is_empty() => Self::By(list.behind(count, &page.last)),
            Self::Seen if !page.last.is_empty() => Self::By(list.behind(count, &page.last)),
            Self::Lost => Self::Guessed(list.behind(count, &page.last)),
            Self::Open | Self::Seen => Self::End,
            other => other,
        }
    }
}
