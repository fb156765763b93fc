//! Short forms of references, digests and times. No words.

use crate::wire::{GroupRow, Reference, Verdict};

/// Hexadecimal digits of a short digest.
const SHORT: usize = 6;

/// The beginning of a digest's digits: `7c21e0`.
pub fn short_digest(digest: &str) -> &str {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.get(..SHORT).unwrap_or(hex)
}

/// A reference as a row shows it: what is quiet, what is strong, what is quiet again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// the registry with its slash, where it is not Docker Hub
    pub registry: String,
    /// the repository
    pub name: String,
    /// the tag and a pinned digest, with what separates them
    pub tag: String,
}

impl Shown {
    /// The parts of a reference.
    pub fn of(reference: &Reference) -> Self {
        let prefix = format!("{}/", reference.registry);
        let (registry, name) = match reference.familiar.strip_prefix(&prefix) {
            Some(name) => (prefix, name.to_owned()),
            None => (String::new(), short_id(&reference.familiar)),
        };
        let mut tag = reference.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        if let Some(digest) = &reference.digest {
            tag.push('@');
            tag.push_str(short_digest(digest));
        }
        Self { registry, name, tag }
    }

    /// The parts in a row.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.registry, self.name, self.tag)
    }
}

/// A reference in full as Docker writes it: without the registry where that is Docker Hub.
pub fn familiar(id: &str) -> &str {
    let name = id.strip_prefix("docker.io/").unwrap_or(id);
    name.strip_prefix("library/").unwrap_or(name)
}

/// Shortens a bare image id; leaves names as they are.
fn short_id(name: &str) -> String {
    const ENOUGH: usize = 12;
    let hex = name.strip_prefix("sha256:").unwrap_or(name);
    let is_id = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { hex[..ENOUGH].to_owned() } else { name.to_owned() }
}

/// From what to what an image would move: two tags, or two short digests.
pub fn movement(group: &GroupRow) -> Option<(String, String)> {
    match &group.verdict {
        Verdict::Newer { tag, .. } => Some((group.reference.tag.clone().unwrap_or_default(), tag.clone())),
        Verdict::Rebuilt | Verdict::Recreate => {
            let behind = group.workloads.iter().find(|workload| workload.verdict == group.verdict);
            let from = behind.and_then(|workload| workload.local_digests.first());
            let to = group.remote_digest.as_deref()?;
            from.map(|from| (short_digest(from).to_owned(), short_digest(to).to_owned()))
        }
        _ => None,
    }
}

/// A moment in the form that `datetime` attributes take: `2026-11-21T03:58:00Z`.
pub fn stamp(unix: i64) -> String {
    let (days, seconds) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A moment for people, where their time zone is not known: `2026-11-21 03:58 UTC`.
pub fn moment(unix: i64) -> String {
    let stamp = stamp(unix);
    format!("{} {} UTC", &stamp[..10], &stamp[11..16])
}

/// The date of a day counted from 1970-01-01, by counting eras of 400 years that begin on 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ui::sample, wire::Level};

    #[test]
    fn references_are_shown_in_three_parts() {
        let digest = format!("sha256:{}", "7c21e0ff".repeat(8));
        for (written, registry, name, tag) in [
            ("nginx:1.27", "", "nginx", ":1.27"),
            ("ghcr.io/acme/app:2", "ghcr.io/", "acme/app", ":2"),
            (&format!("redis:7@{digest}"), "", "redis", ":7@7c21e0"),
        ] {
            let group = sample::group(written, Verdict::UpToDate);
            let shown = Shown::of(&group.reference);
            assert_eq!((shown.registry.as_str(), shown.name.as_str(), shown.tag.as_str()), (registry, name, tag));
        }
        let mut bare = sample::group("x:1", Verdict::UpToDate).reference;
        bare.registry = String::new();
        bare.tag = None;
        bare.familiar = digest;
        assert_eq!(Shown::of(&bare).text(), "7c21e0ff7c21");
        assert_eq!(
            ["docker.io/library/nginx:1", "docker.io/grafana/grafana:11", "ghcr.io/acme/app:2"].map(familiar),
            ["nginx:1", "grafana/grafana:11", "ghcr.io/acme/app:2"]
        );
    }

    #[test]
    fn movements_are_of_tags_or_digests() {
        let moved = |verdict| movement(&sample::group("nginx:1.26", verdict));
        let newer = Verdict::Newer { level: Level::Minor, tag: "1.27".into(), rebuilt: false };
        assert_eq!(moved(newer), Some(("1.26".into(), "1.27".into())));
        assert_eq!(moved(Verdict::Rebuilt), Some(("7c21e0".into(), "bd0417".into())));
        assert_eq!(moved(Verdict::UpToDate), None);
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (unix, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_233_480, "2026-11-21T03:58:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(stamp(unix), expected);
        }
        assert_eq!(moment(1_795_233_480), "2026-11-21 03:58 UTC");
    }
}
