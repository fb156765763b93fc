//! Newer versions in words.

use crate::{
    ui::shape,
    wire::{Candidate, Doubt, LabelProblem, LabelProblemKind, Level, TagKind, Versions, WhyNot},
};

/// The level of a candidate.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Patch => "patch",
        Level::Minor => "minor",
        Level::Major => "major",
    }
}

/// What the tags of the repository mean for `tag`, in a sentence or two; nothing where there is nothing to add to the verdict.
pub fn versions(versions: &Versions, tag: &str) -> Option<String> {
    if let Some(reason) = &versions.failed {
        let why = super::reason(reason);
        return Some(format!("Whether newer versions exist is not known. {}", why.what));
    }
    let gone = if versions.tag_gone { format!("The registry no longer has {tag}. ") } else { String::new() };
    let offered = versions.candidates.iter().find(|candidate| candidate.offered);
    let said = match (versions.kind, offered, &versions.track) {
        (TagKind::Version, Some(Candidate { tag, .. }), _) => format!("{tag} is the furthest that the policy of this image follows."),
        (TagKind::Version, None, _) if versions.candidates.is_empty() => String::new(),
        (TagKind::Version, None, _) => {
            format!("An update stays on {tag}, unless another version is chosen.")
        }
        (TagKind::Track, Some(Candidate { tag, .. }), _) => format!("{tag} is the line that the policy of this image follows."),
        (TagKind::Track, None, Some(newer)) => format!("{tag} is a line that moves by itself; {} is a newer one.", newer.tag),
        (TagKind::Track | TagKind::Channel | TagKind::Unordered, ..) => String::new(),
    };
    let text = format!("{gone}{said}");
    (!text.is_empty()).then(|| text.trim_end().to_owned())
}

/// On the button of another version.
pub fn update_to(tag: &str) -> String {
    format!("Update to {tag}")
}

/// What comes of that button.
pub fn moves_to(names: &[String], tag: &str, project: Option<&str>) -> String {
    let (who, are) = if let [one] = names { (one.clone(), "is") } else { (names.join(", "), "are") };
    let words = format!("{who} {are} recreated from {tag}. The old image is kept for a way back.");
    match project {
        Some(project) => format!(
            "{words} In the Compose project {project} the tag stands in a file: change it there too, or the next docker compose up goes back."
        ),
        None => words,
    }
}

/// The version that an image tells of itself.
pub fn runs_version(version: &str) -> String {
    format!("By its own word it runs version {version}.")
}

/// What is wrong with the value of a label.
pub fn label_problem(problem: &LabelProblem) -> String {
    let allowed = match problem.kind {
        LabelProblemKind::NoBoolean => "true or false",
        LabelProblemKind::NoLevel => "digest, patch, minor or major",
        LabelProblemKind::NoPattern => "a regular expression without look-around, of at most 1024 characters",
        LabelProblemKind::NoDuration => "a time such as 3d or 12h",
        LabelProblemKind::NoVersion => "a version such as 17 or 2.4.1",
    };
    format!("The label {} is “{}” and counts for nothing; allowed: {allowed}.", problem.label, problem.value)
}

/// Why a tag that looks newer is not offered.
pub fn why_not(why: &WhyNot) -> String {
    match why {
        WhyNot::Prerelease => "not finished yet".to_owned(),
        WhyNot::NamingChanged => "named differently: the publisher may have changed how tags are written".to_owned(),
        WhyNot::OtherScheme => "counts versions in another way".to_owned(),
        WhyNot::OtherVariant => "another variant".to_owned(),
        WhyNot::NotLongTerm => "no line with long support".to_owned(),
        WhyNot::Unconfirmed { doubt: Doubt::Jump } => "far beyond all others, and no date confirms it".to_owned(),
        WhyNot::Unconfirmed { doubt: Doubt::CounterRestarted } => "its counter began anew, and no date confirms it".to_owned(),
        WhyNot::Older => "made before the image that runs".to_owned(),
        WhyNot::NoPlatform { platform } => format!("not there for {platform}"),
        WhyNot::NotIncluded => "not among the tags that the policy includes".to_owned(),
        WhyNot::Excluded => "excluded by the policy".to_owned(),
        WhyNot::NotBelow { bound } => format!("not below {bound}, as the policy wants"),
        WhyNot::Ignored => "passed over, as the policy wants".to_owned(),
        WhyNot::TooYoung { until } => format!("too young for the policy until {}", shape::moment(*until)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reason;

    fn candidate(tag: &str, offered: bool) -> Candidate {
        Candidate { tag: tag.into(), level: Level::Minor, offered, created: None, size: None }
    }

    fn of(kind: TagKind, candidates: Vec<Candidate>) -> Versions {
        Versions { kind, tag_gone: false, candidates, track: None, passed_over: Vec::new(), failed: None }
    }

    #[test]
    fn one_sentence_says_why() {
        let gone = Versions { tag_gone: true, ..of(TagKind::Version, vec![candidate("1.28.0", true)]) };
        let track = Versions { track: Some(candidate("1.28", false)), ..of(TagKind::Track, Vec::new()) };
        let failed = Versions { failed: Some(Reason::NotFoundOrNoAccess { registry: "ghcr.io".into(), status: 403 }), ..track.clone() };
        for (versions, expected) in [
            (of(TagKind::Version, Vec::new()), None),
            (of(TagKind::Version, vec![candidate("1.28.0", false)]), Some("An update stays on 1.27.3, unless another version is chosen.")),
            (of(TagKind::Version, vec![candidate("1.28.0", true)]), Some("1.28.0 is the furthest that the policy of this image follows.")),
            (gone, Some("The registry no longer has 1.27.3. 1.28.0 is the furthest that the policy of this image follows.")),
            (track, Some("1.27.3 is a line that moves by itself; 1.28 is a newer one.")),
            (of(TagKind::Channel, Vec::new()), None),
            (failed, Some("Whether newer versions exist is not known. ghcr.io answered 403: not found or no access.")),
        ] {
            assert_eq!(super::versions(&versions, "1.27.3").as_deref(), expected, "{versions:?}");
        }
        assert_eq!(why_not(&WhyNot::TooYoung { until: 1_795_233_480 }), "too young for the policy until 2026-11-21 03:58 UTC");
    }
}
