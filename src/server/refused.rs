//! Refusals on their way to a page: a form without JavaScript leads back to its page, and the page says why nothing happened.
//!
//! The address carries a number and nothing else, so that no link can make a page say what Plimsoll never said. No session is needed, and
//! a refusal that nobody comes for is forgotten.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::Uri;

use crate::wire::Refused;

/// The parameter of the address.
const PARAMETER: &str = "refused";

/// Refusals that are kept.
const KEPT: usize = 64;

/// How long one is shown: through a few reloads, not the next morning.
const LASTS: Duration = Duration::from_mins(1);

/// The refusals of the last moments. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusals(Arc<Mutex<Kept>>);

/// What the clones share.
#[derive(Debug, Default)]
struct Kept {
    /// the number of the last one
    last: u64,
    /// number, time, and what was refused; oldest first
    entries: VecDeque<(u64, Instant, Refused)>,
}

impl Refusals {
    /// Keeps a refusal for the page at `back`; answers that address with its number.
    pub(super) fn keep(&self, refused: Refused, back: &str) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        let number = kept.last;
        kept.entries.push_back((number, Instant::now(), refused));
        if kept.entries.len() > KEPT {
            kept.entries.pop_front();
        }
        let (path, query) = back.split_once('?').unwrap_or((back, ""));
        let mine = format!("{PARAMETER}={number}");
        let others = query.split('&').filter(|pair| !pair.is_empty() && !is_mine(pair));
        format!("{path}?{}", others.chain([mine.as_str()]).collect::<Vec<_>>().join("&"))
    }

    /// What the page of this address tells.
    pub(super) fn told(&self, uri: &Uri) -> Option<Refused> {
        self.told_at(uri, Instant::now())
    }

    fn told_at(&self, uri: &Uri, now: Instant) -> Option<Refused> {
        let pair = uri.query()?.split('&').find(|pair| is_mine(pair))?;
        let number: u64 = pair.split_once('=')?.1.parse().ok()?;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, at, refused) = kept.entries.iter().find(|(known, ..)| *known == number)?;
        (now.duration_since(*at) < LASTS).then(|| refused.clone())
    }
}

/// Whether a pair of the query is the number of a refusal.
fn is_mine(pair: &str) -> bool {
    pair.split('=').next() == Some(PARAMETER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Refusal;

    fn refused(name: &str) -> Refused {
        Refused { name: name.into(), refusal: Refusal::Pinned }
    }

    fn told(refusals: &Refusals, uri: &str) -> Option<String> {
        refusals.told(&uri.parse().unwrap()).map(|refused| refused.name)
    }

    #[test]
    fn a_refusal_is_told_at_its_address_for_a_while() {
        let refusals = Refusals::default();
        let web = refusals.keep(refused("web"), "/");
        let db = refusals.keep(refused("db"), "/p/?by=host&refused=1&q=a");
        assert_eq!((web.as_str(), db.as_str()), ("/?refused=1", "/p/?by=host&q=a&refused=2"));
        assert_eq!((told(&refusals, &web), told(&refusals, &db)), (Some("web".into()), Some("db".into())));
        for nonsense in
            ["/", "/?refused=", "/?refused=3", "/?refused=-1", "/?refused=<b>", "/?refused", "/?xrefused=1", "/?refused=paused&name=web"]
                .map(|uri| uri.replace('<', "%3C").replace('>', "%3E"))
        {
            assert_eq!(told(&refusals, &nonsense), None, "{nonsense}");
        }
        assert_eq!(refusals.told_at(&web.parse().unwrap(), Instant::now() + LASTS), None);
    }

    #[test]
    fn only_the_newest_are_kept() {
        let refusals = Refusals::default();
        for _ in 0..=KEPT {
            refusals.keep(refused("web"), "/");
        }
        assert_eq!((told(&refusals, "/?refused=1"), told(&refusals, "/?refused=2")), (None, Some("web".into())));
    }
}
