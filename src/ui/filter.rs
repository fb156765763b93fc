//! What the dashboard is asked to show: the part of its address behind the question mark.

use leptos_router::params::ParamsMap;

use super::{kind::Kind, link::Base};
use crate::wire::GroupRow;

/// What is shown, and how it is grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// only this kind
    pub show: Option<Kind>,
    /// only what matches each word of this
    pub q: String,
    /// how rows are grouped
    pub by: By,
}

/// How rows are grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// one list
    #[default]
    Image,
    /// a section a Compose project or stack
    Stack,
    /// a section a host
    Host,
}

/// Longest search that is read from an address, in characters.
const SEARCH_MAX: usize = 200;

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Image, Self::Stack, Self::Host];

    /// Its word in addresses; the usual one needs none.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Image => "",
            Self::Stack => "stack",
            Self::Host => "host",
        }
    }
}

impl Filter {
    /// Reads the parameters of an address. What is not understood is left out.
    pub fn read(parameters: &ParamsMap) -> Self {
        let get = |name| parameters.get_str(name).unwrap_or_default();
        let by = By::ALL.into_iter().find(|by| by.slug() == get("by")).unwrap_or_default();
        Self { show: Kind::parse(get("show")), q: get("q").chars().take(SEARCH_MAX).collect(), by }
    }

    /// The address of the dashboard that shows this.
    pub fn address(&self, base: &Base) -> String {
        let show = self.show.map_or("", Kind::slug);
        base.dashboard(&[("show", show), ("q", self.q.trim()), ("by", self.by.slug())])
    }

    /// The same with another kind; without any, if it is the one that is shown.
    #[must_use]
    pub fn toggled(&self, kind: Kind) -> Self {
        Self { show: if self.show == Some(kind) { None } else { Some(kind) }, ..self.clone() }
    }

    /// The same, grouped otherwise.
    #[must_use]
    pub fn grouped(&self, by: By) -> Self {
        Self { by, ..self.clone() }
    }

    /// The same grouping, and everything shown.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { by: self.by, ..Self::default() }
    }

    /// Whether the group is to be shown.
    pub fn admits(&self, group: &GroupRow) -> bool {
        let kind = self.show.is_none_or(|kind| Kind::of(&group.verdict) == kind);
        // the counts that filter count what runs
        let counted = self.show.is_none() || group.runs();
        kind && counted && self.q.split_whitespace().all(|word| matches(group, &word.to_lowercase()))
    }
}

/// Whether the lower-case `word` occurs in the name of the image or of anything that uses it.
fn matches(group: &GroupRow, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    let optional = |text: &Option<String>| text.as_deref().is_some_and(has);
    has(&group.id)
        || group
            .workloads
            .iter()
            .any(|workload| has(&workload.name) || has(&workload.host) || optional(&workload.project) || optional(&workload.service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ui::sample, wire::Verdict};

    #[test]
    fn an_address_survives_being_read() {
        let base = Base::new("/plimsoll");
        for (parameters, address) in [
            (vec![], "/plimsoll/"),
            (vec![("show", "major"), ("q", "my db"), ("by", "stack")], "/plimsoll/?show=major&q=my%20db&by=stack"),
            (vec![("show", "nonsense"), ("q", "  "), ("by", "planet")], "/plimsoll/"),
        ] {
            let mut map = ParamsMap::new();
            for (name, value) in parameters {
                map.insert(name, value.to_owned());
            }
            assert_eq!(Filter::read(&map).address(&base), address);
        }
    }

    #[test]
    fn a_kind_is_shown_and_shown_no_more() {
        let filter = Filter { q: "x".into(), ..Filter::default() };
        let shown = filter.toggled(Kind::Major);
        assert_eq!(shown.show, Some(Kind::Major));
        assert_eq!(shown.toggled(Kind::Minor).show, Some(Kind::Minor));
        assert_eq!(shown.toggled(Kind::Major), filter);
        assert_eq!(shown.cleared(), Filter::default());
    }

    #[test]
    fn each_word_must_occur_somewhere() {
        let mut group = sample::group("ghcr.io/acme/billing:2.8", Verdict::UpToDate);
        group.workloads[0].name = "web-1".into();
        group.workloads[0].project = Some("Shop".into());
        for (q, expected) in [("", true), ("BILL", true), ("shop acme", true), ("web 2.8", true), ("shop nginx", false)] {
            let filter = Filter { q: q.into(), ..Filter::default() };
            assert_eq!(filter.admits(&group), expected, "{q}");
        }
    }

    #[test]
    fn counts_and_what_they_show_agree() {
        let filter = Filter { show: Some(Kind::Current), ..Filter::default() };
        let group = sample::group("nginx:1", Verdict::UpToDate);
        assert!(filter.admits(&group));
        assert!(!filter.admits(&sample::stopped(group)));
    }
}
