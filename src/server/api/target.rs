//! Which containers a wish means: by name, on a host where several have it, or all of an image.

use super::image_watch;
use crate::wire::{Snapshot, Verdict, WorkloadRow};

/// Why a name means no container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// no host has one of that name
    Nowhere,
    /// these hosts have one
    Several(Vec<String>),
}

impl Missing {
    /// The same in English, in one line without a full stop.
    pub fn text(&self, name: &str) -> String {
        match self {
            Self::Nowhere => format!("there is no container `{name}`"),
            Self::Several(hosts) => format!("several hosts have a container `{name}`: name one of {}", hosts.join(", ")),
        }
    }
}

/// The container of that name, on that host where one is named.
pub fn workload<'a>(snapshot: &'a Snapshot, host: Option<&str>, name: &str) -> Result<&'a WorkloadRow, Missing> {
    let rows = snapshot.groups.iter().flat_map(|group| &group.workloads);
    let found: Vec<_> = rows.filter(|row| row.name == name && host.is_none_or(|host| row.host == host)).collect();
    let Some(first) = found.first() else { return Err(Missing::Nowhere) };
    if found.iter().any(|row| row.host != first.host) {
        let mut hosts: Vec<_> = found.iter().map(|row| row.host.clone()).collect();
        hosts.sort();
        hosts.dedup();
        return Err(Missing::Several(hosts));
    }
    Ok(first)
}

/// Host and name of the running containers of an image that an update may concern: not of those that are known to be up to date, unless all
/// are, and then somebody wants to be sure; and not of those on hosts that are only watched, unless all are, and then somebody is told why.
pub fn image(snapshot: &Snapshot, image: &str) -> Vec<(String, String)> {
    let mut members = image_watch::members(snapshot, image);
    if members.iter().any(|row| row.allows.updates()) {
        members.retain(|row| row.allows.updates());
    }
    let place = |row: &&WorkloadRow| (row.host.clone(), row.name.clone());
    let behind: Vec<_> = members.iter().filter(|row| row.verdict != Verdict::UpToDate).map(place).collect();
    if behind.is_empty() { members.iter().map(place).collect() } else { behind }
}

#[cfg(test)]
mod tests {
    use super::{Missing, image};
    use crate::{
        server::api::sample::{group, snapshot, workload},
        wire::{Allows, Reason, Verdict, WorkloadRow},
    };

    #[test]
    fn a_name_means_one_container_or_says_why_not() {
        let mut elsewhere = workload("web", Verdict::Rebuilt);
        elsewhere.host = "nas".into();
        let fleet = snapshot(vec![group("nginx:1", vec![workload("web", Verdict::Rebuilt), workload("db", Verdict::Rebuilt), elsewhere])]);
        let found = |host, name| super::workload(&fleet, host, name).map(|row| (row.host.as_str(), row.name.as_str()));
        assert_eq!(found(None, "db"), Ok(("local", "db")));
        assert_eq!(found(Some("nas"), "web"), Ok(("nas", "web")));
        assert_eq!(found(None, "web"), Err(Missing::Several(vec!["local".into(), "nas".into()])));
        for (host, name) in [(Some("nas"), "db"), (Some("moon"), "web"), (None, "nothing"), (None, ""), (Some(""), "db")] {
            assert_eq!(found(host, name), Err(Missing::Nowhere), "{host:?} {name}");
        }
    }

    #[test]
    fn an_image_means_those_that_can_be_updated() {
        let watched = |name| WorkloadRow { allows: Allows::Looking, ..workload(name, Verdict::Rebuilt) };
        let of = |rows| image(&snapshot(vec![group("nginx:1", rows)]), "nginx:1").into_iter().map(|(_, name)| name).collect::<String>();
        assert_eq!(of(vec![workload("a", Verdict::Rebuilt), watched("b")]), "a");
        assert_eq!(of(vec![watched("a"), watched("b")]), "ab");
    }

    #[test]
    fn an_image_means_those_that_may_be_behind() {
        let of = |verdicts: [Verdict; 3]| {
            let rows = ["a", "b", "c"].into_iter().zip(verdicts).map(|(name, verdict)| workload(name, verdict)).collect();
            let found = image(&snapshot(vec![group("nginx:1", rows)]), "nginx:1");
            found.into_iter().map(|(_, name)| name).collect::<String>()
        };
        assert_eq!(of([Verdict::Rebuilt, Verdict::UpToDate, Verdict::Recreate]), "ac");
        assert_eq!(of([Verdict::UpToDate, Verdict::UpToDate, Verdict::UpToDate]), "abc");
        assert_eq!(of([Verdict::UpToDate, Verdict::Unknown { reason: Reason::NoLocalDigest }, Verdict::UpToDate]), "b");
    }
}
