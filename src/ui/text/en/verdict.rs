//! Verdicts in words.

use super::reason;
use crate::{
    ui::kind::Kind,
    wire::{GroupRow, LastGood, Level, Verdict},
};

/// The word of a kind, as it stands in rows and counts.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Major => "major",
        Kind::Minor => "minor",
        Kind::Patch => "patch",
        Kind::Rebuilt => "rebuilt",
        Kind::Recreate => "recreate",
        Kind::Unknown => "unknown",
        Kind::Pinned => "pinned",
        Kind::Local => "built here",
        Kind::Current => "up to date",
    }
}

/// The verdict in a word.
pub fn verdict_word(verdict: &Verdict) -> &'static str {
    kind_word(Kind::of(verdict))
}

/// The verdict in a sentence or two: what is so, and what to do about it. `tag` is what the containers were started from.
pub fn verdict(verdict: &Verdict, tag: &str) -> String {
    match verdict {
        Verdict::UpToDate => format!("Runs what {tag} stands for in the registry today."),
        Verdict::Rebuilt => format!("{tag} was built again: the registry has a newer image under the same tag."),
        Verdict::Newer { level, tag: newer, rebuilt } => {
            let level = match level {
                Level::Patch => "patch release",
                Level::Minor => "minor version",
                Level::Major => "major version",
            };
            let also = if *rebuilt { format!(" {tag} itself was rebuilt too.") } else { String::new() };
            format!("{newer} is a newer {level}.{also}")
        }
        Verdict::Recreate => "The newer image is on the host already. Recreate the container to run it.".to_owned(),
        Verdict::Pinned => "Pinned by digest: it stays as it is until its reference is changed.".to_owned(),
        Verdict::LocalBuild => "Built on its host. No registry knows it, so there is nothing to compare it with.".to_owned(),
        Verdict::Unknown { reason: why } => {
            let why = reason(why);
            match why.help {
                Some(help) => format!("{} {help}", why.what),
                None => why.what,
            }
        }
    }
}

/// What a row adds to its verdict: that the same tag was rebuilt too, or that it does not hold for every container.
pub fn aside(group: &GroupRow) -> Option<String> {
    let also = matches!(group.verdict, Verdict::Newer { rebuilt: true, .. }).then(|| "also rebuilt".to_owned());
    let running = || group.workloads.iter().filter(|workload| workload.state.is_running());
    let (same, all) = (running().filter(|workload| workload.verdict == group.verdict).count(), running().count());
    let partly = (group.verdict.is_behind() && same < all && same > 0).then(|| format!("{same} of {all} containers"));
    let parts: Vec<_> = also.into_iter().chain(partly).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What was known before, and how long ago.
pub fn last_good(good: &LastGood, now: i64) -> String {
    format!("Last known {}: {}.", super::ago(now - good.at), verdict_word(&good.verdict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ui::sample, wire::Reason};

    #[test]
    fn verdicts_read_well() {
        let newer = |level, rebuilt| Verdict::Newer { level, tag: "17.2".into(), rebuilt };
        let cases = [
            (Verdict::UpToDate, "up to date", "Runs what 16.4 stands for in the registry today."),
            (Verdict::Rebuilt, "rebuilt", "16.4 was built again: the registry has a newer image under the same tag."),
            (newer(Level::Major, false), "major", "17.2 is a newer major version."),
            (newer(Level::Minor, false), "minor", "17.2 is a newer minor version."),
            (newer(Level::Patch, true), "patch", "17.2 is a newer patch release. 16.4 itself was rebuilt too."),
            (Verdict::Recreate, "recreate", "The newer image is on the host already. Recreate the container to run it."),
            (Verdict::Pinned, "pinned", "Pinned by digest: it stays as it is until its reference is changed."),
            (Verdict::LocalBuild, "built here", "Built on its host. No registry knows it, so there is nothing to compare it with."),
            (Verdict::Unknown { reason: Reason::NotChecked }, "unknown", "Not checked yet."),
        ];
        for (judged, word, sentence) in cases {
            assert_eq!(verdict_word(&judged), word);
            assert_eq!(verdict(&judged, "16.4"), sentence);
        }
    }

    #[test]
    fn a_row_adds_what_its_word_does_not_say() {
        let newer = Verdict::Newer { level: Level::Patch, tag: "17.2".into(), rebuilt: true };
        let mut group = sample::group("postgres:16.4", newer.clone());
        assert_eq!(aside(&group).as_deref(), Some("also rebuilt"));
        group.workloads.push(group.workloads[0].clone());
        group.workloads[1].verdict = Verdict::UpToDate;
        assert_eq!(aside(&group).as_deref(), Some("also rebuilt · 1 of 2 containers"));
        assert_eq!(aside(&sample::group("redis:7", Verdict::Rebuilt)), None);
    }

    #[test]
    fn what_was_known_is_told_with_its_age() {
        let good = LastGood { verdict: Verdict::UpToDate, at: 1_000 };
        assert_eq!(last_good(&good, 1_000 + 3 * 3600), "Last known 3 hours ago: up to date.");
    }
}
