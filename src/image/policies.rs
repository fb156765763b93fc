//! The wishes in the configuration, for all images.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Policy, Reference,
    policy::{Labelled, Tool, from_labels},
};

/// What the configuration says about images.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// for every image of which nothing else is said
    pub default: Policy,
    /// by the name of the repository as Docker writes it (`nginx`, `ghcr.io/acme/app`); whole, what it does not say is as in `default`
    pub images: BTreeMap<String, Policy>,
    /// references to check although nothing runs them
    pub extra: BTreeSet<Reference>,
    /// images that are not looked at
    pub exclude: Vec<Excluded>,
    /// other tools whose labels may wish for updates without being asked for
    pub adopt: BTreeSet<Tool>,
}

/// Images that are not looked at, as Cup's configuration and ours name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded(String);

impl Excluded {
    /// All references that start with `text`, as Docker writes them or in full: `nginx`, `nginx:1.2`, `ghcr.io/acme/`.
    ///
    /// A name ends where a name ends: `nginx` is not `nginx-proxy`, and `:1.2` not `:1.20`.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it names `reference`.
    pub fn names(&self, reference: &Reference) -> bool {
        [reference.familiar(), reference.to_string()].iter().any(|text| {
            text.strip_prefix(&self.0).is_some_and(|rest| {
                self.0.ends_with('/') || rest.starts_with([':', '@', '.', '-']) && ends(&self.0, rest) || rest.is_empty()
            })
        })
    }
}

/// Whether a name or tag ends between `said` and `rest`.
fn ends(said: &str, rest: &str) -> bool {
    let tagged = said.rsplit('/').next().is_some_and(|last| last.contains(':'));
    // behind a tag's beginning another part of the tag may follow, behind a name only the tag
    if tagged { !rest.starts_with(':') } else { rest.starts_with([':', '@']) }
}

impl Policies {
    /// What the configuration wishes for `reference`.
    pub fn base(&self, reference: &Reference) -> &Policy {
        self.images.get(&reference.familiar_name()).unwrap_or(&self.default)
    }

    /// What is wished for a workload with these labels that runs `reference`, if it runs one.
    pub fn of(&self, reference: Option<&Reference>, labels: &BTreeMap<String, String>) -> Labelled {
        from_labels(labels, reference.map_or(&self.default, |reference| self.base(reference)), &self.adopt)
    }

    /// Whether `reference` is not looked at.
    pub fn excludes(&self, reference: &Reference) -> bool {
        self.exclude.iter().any(|excluded| excluded.names(reference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exclusion_ends_where_a_name_ends() {
        for (said, reference, names) in [
            ("nginx", "nginx:1.27", true),
            ("nginx", "nginx", true),
            ("nginx", "nginx-proxy:1", false),
            ("nginx", "nginxinc/nginx-unprivileged:1", false),
            ("docker.io/library/nginx", "nginx:1.27", true),
            ("nginx:1.2", "nginx:1.2", true),
            ("nginx:1.2", "nginx:1.2.5", true),
            ("nginx:1.2", "nginx:1.2-alpine", true),
            ("nginx:1.2", "nginx:1.20", false),
            ("ghcr.io/acme/", "ghcr.io/acme/app:3", true),
            ("ghcr.io/acme", "ghcr.io/acme/app:3", false),
            ("127.0.0.1:5000/zzz/other:2", "127.0.0.1:5000/a/major:1", false),
            ("127.0.0.1:5000/", "127.0.0.1:5000/a/major:1", true),
        ] {
            assert_eq!(Excluded::new(said).names(&reference.parse().unwrap()), names, "{said} {reference}");
        }
    }
}
