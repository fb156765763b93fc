//! The tags of a repository: page after page, until a registry has no more.
//!
//! Where the next page is, a registry says in a `Link`. Some say it wrongly, some not at all, and some never stop saying it; every way to
//! go on is bounded, and none leads to another host.

mod again;
mod onward;

use std::collections::{HashMap, HashSet};

use reqwest::{Response, StatusCode, Url, header};
use url::Position;

use super::{
    Lookup, Registries, clock, link,
    listing::{Listed, Listing},
    one::Registry,
    page::{Flaw, Gathered, Page},
    reply,
};
use crate::{
    image::{PageMark, Reference, Step},
    wire::Reason,
};
use onward::Onward;

/// Tags of a page that are asked for: the most that everybody gives. Amazon's registries refuse more.
const COUNT: usize = 1000;

/// Tags of a page where `COUNT` is refused.
const FEW: usize = 100;

/// Most pages of a list.
const PAGES_MAX: usize = 1000;

/// Largest page, in bytes. Microsoft's registry gives thousands of tags at once, Google's every manifest beside them.
const PAGE_SIZE_MAX: usize = 16 * 1024 * 1024;

/// Largest list in bytes, all pages together.
const SIZE_MAX: usize = 64 * 1024 * 1024;

/// Largest error that is read to the end, in bytes.
const ERROR_SIZE_MAX: usize = 64 * 1024;

/// Longest entity tag that is kept, in bytes.
const ETAG_MAX: usize = 256;

/// Registries cap pages at such numbers of tags: a last page that has a multiple of it may be full.
const CAPS: usize = 50;

impl Registries {
    /// Asks for all tags of the repository of `reference`. Where every page is as it is `known` by, only that is told; where none is known,
    /// `known` is empty. Returns within a bounded time, whatever the registry does.
    ///
    /// No pull is spent: lists of tags are none.
    pub async fn tags(&self, reference: &Reference, known: &[PageMark]) -> Lookup<Listed> {
        let repository = reference.repository();
        let lookup = self.bounded(reference, true, async |registry, steps| registry.tags(repository, known, steps).await).await;
        Lookup { steps: folded(lookup.steps), ..lookup }
    }
}

/// A list on its way.
#[derive(Debug)]
struct Walk {
    gathered: Gathered,
    /// path and query of every page that was asked for
    asked: HashSet<String>,
    /// of all pages so far, while all have one
    marks: Option<Vec<PageMark>>,
    /// bytes so far
    size: usize,
    /// entries of the first page
    first: usize,
}

impl Registry {
    /// Asks for all tags of `repository`.
    async fn tags(&self, repository: &str, known: &[PageMark], steps: &mut Vec<Step>) -> Result<Listed, Reason> {
        let mut kept = HashMap::new();
        if !known.is_empty() {
            match self.asked_again(repository, known, steps).await? {
                None => return Ok(Listed::Unchanged),
                Some(answers) => kept = answers,
            }
        }
        let mut count = COUNT;
        loop {
            match self.walk(repository, count, &mut kept, steps).await? {
                Some(listing) => return Ok(Listed::Tags(listing)),
                None => count = FEW,
            }
        }
    }

    /// Reads all pages, with `count` tags where the registry keeps to that. None where it refuses to give more than `FEW`. Answers that came already
    /// are in `kept`, by path and query.
    async fn walk(
        &self,
        repository: &str,
        count: usize,
        kept: &mut HashMap<String, Response>,
        steps: &mut Vec<Step>,
    ) -> Result<Option<Listing>, Reason> {
        let start = self.list_url(repository)?;
        let mut walk = Walk { gathered: Gathered::default(), asked: HashSet::new(), marks: Some(Vec::new()), size: 0, first: 0 };
        let mut onward = Onward::By(start.with_count(count));
        while let Some(url) = onward.url() {
            if walk.asked.len() >= PAGES_MAX {
                return Err(self.bad("a list of tags in more than 1,000 pages"));
            }
            let path = path_of(url);
            let response = match kept.remove(&path) {
                Some(response) => response,
                None => self.page(url, repository, None, steps).await?,
            };
            if response.status() != StatusCode::OK {
                let refusal = self.refusal(&response);
                let refused = walk.asked.is_empty() && count > FEW && self.refuses_count(response).await;
                return if refused { Ok(None) } else { Err(refusal) };
            }
            let guessed = onward.is_guessed();
            walk.mark(&path, &response);
            let next = start.next(&response, &walk.asked);
            let page = self.read_page(response, &mut walk).await?;
            clock::wind();
            if page.new == 0 && page.entries > 0 && guessed {
                // it said that there is more, and where it is cannot be found out
                return Err(self.bad("it names a next page where Plimsoll may not ask"));
            }
            onward = if page.new == 0 { Onward::End } else { next.or_behind(&start, count, &page) };
            if onward.url().is_none() {
                walk.settle(&page, count);
            }
        }
        walk.gathered.listing.marks = walk.marks.unwrap_or_default();
        Ok(Some(walk.gathered.listing))
    }

    /// Asks for one page; with an entity tag only for what is not known.
    async fn page(&self, url: &Url, repository: &str, known: Option<&str>, steps: &mut Vec<Step>) -> Result<Response, Reason> {
        // the query may hold what a registry thinks is a secret
        let shown = format!("GET {}{}", url.origin().ascii_serialization(), url.path());
        self.authorized(repository, &shown, steps, |authorization| {
            let mut request = self.client.get(url.clone()).header(header::ACCEPT, "application/json");
            request = request.header(header::ACCEPT_ENCODING, "identity");
            if let Some(known) = known {
                request = request.header(header::IF_NONE_MATCH, known);
            }
            match authorization {
                Some(value) => request.header(header::AUTHORIZATION, value),
                None => request,
            }
        })
        .await
    }

    /// Whether an answer says that a page cannot have so many tags. Amazon's registries answer 405, Zot and distribution 400.
    async fn refuses_count(&self, response: Response) -> bool {
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED => true,
            StatusCode::BAD_REQUEST => {
                let body = self.body(response, ERROR_SIZE_MAX).await.ok().flatten().unwrap_or_default();
                String::from_utf8_lossy(&body).contains("PAGINATION_NUMBER_INVALID")
            }
            _ => false,
        }
    }

    /// Reads the tags of one page.
    async fn read_page(&self, response: Response, walk: &mut Walk) -> Result<Page, Reason> {
        if reply::media_type(&response).as_deref() == Some("text/html") {
            return Err(self.bad("a web page instead of a list of tags"));
        }
        if reply::is_encoded(&response) {
            return Err(self.bad("a compressed list of tags"));
        }
        let body = self.body(response, PAGE_SIZE_MAX).await?.ok_or_else(|| self.bad("a page of tags of more than 16 MiB"))?;
        walk.size += body.len();
        if walk.size > SIZE_MAX {
            return Err(self.bad("a list of tags of more than 64 MiB"));
        }
        let page = walk.gathered.read(&body).map_err(|flaw| match flaw {
            Flaw::Form => self.bad("what came is no list of tags"),
            Flaw::Length => self.bad("a list of more than 500,000 tags"),
        })?;
        if walk.asked.len() == 1 {
            walk.first = page.entries;
        }
        Ok(page)
    }
}

impl Walk {
    /// Takes note of a page that is about to be read.
    fn mark(&mut self, path: &str, response: &Response) {
        let etag = response.headers().get(header::ETAG).and_then(|value| value.to_str().ok());
        match (etag.filter(|etag| !etag.is_empty() && etag.len() <= ETAG_MAX), &mut self.marks) {
            (Some(etag), Some(marks)) => marks.push(PageMark { path: path.to_owned(), etag: etag.to_owned() }),
            // one page without a mark, and nothing can be said of the whole list
            _ => self.marks = None,
        }
        self.asked.insert(path.to_owned());
    }

    /// Takes note of the end. Where the last page may be full, a new tag would begin a page of its own and change none that is marked.
    fn settle(&mut self, last: &Page, count: usize) {
        let as_full_as_others = self.asked.len() > 1 && last.entries >= count.min(self.first);
        if last.entries > 0 && (as_full_as_others || last.entries.is_multiple_of(CAPS)) {
            self.marks = None;
        }
    }
}

/// Path and query of an address.
fn path_of(url: &Url) -> String {
    url[Position::BeforePath..Position::AfterQuery].to_owned()
}

/// The record of a list of many pages is as short as that of one: requests that differ only in their page become one step.
fn folded(steps: Vec<Step>) -> Vec<Step> {
    let mut folded: Vec<(Step, u32)> = Vec::new();
    for step in steps {
        match folded.last_mut() {
            Some((last, times))
                if last.request == step.request && last.status == step.status && last.trouble.is_none() && step.trouble.is_none() =>
            {
                last.took_ms = last.took_ms.saturating_add(step.took_ms);
                *times += 1;
            }
            _ => folded.push((step, 1)),
        }
    }
    let told = |(step, times): (Step, u32)| {
        if times == 1 { step } else { Step { request: format!("{} × {times}", step.request), ..step } }
    };
    folded.into_iter().map(told).collect()
}
