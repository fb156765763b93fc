//! What labels make of a policy.

use std::collections::{BTreeMap, BTreeSet};

use super::{Labelled, Pattern, PatternError, Policy, Tool, from_labels};
use crate::wire::{LabelProblem, LabelProblemKind, Level};

/// What these labels say.
fn read(labels: &[(&str, &str)], base: &Policy, adopt: &[Tool]) -> Labelled {
    let labels: BTreeMap<String, String> = labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
    from_labels(&labels, base, &adopt.iter().copied().collect::<BTreeSet<_>>())
}

/// A pattern.
fn pattern(text: &str) -> Pattern {
    text.parse().unwrap()
}

#[test]
fn own_labels_win_over_the_configuration_and_over_other_tools() {
    let base = Policy { follow: Some(Level::Major), below: Some("20".to_owned()), cooldown: Some(60), ..Policy::default() };
    let labels = [
        ("plimsoll.enable", "true"),
        ("plimsoll.follow", "patch"),
        ("plimsoll.tag.include", r"^\d+\.\d+$"),
        ("plimsoll.tag.exclude", "-rc"),
        ("plimsoll.tag.ignore", "1.2.3, 1.2.4,,"),
        ("plimsoll.cooldown", "1d12h"),
        ("plimsoll.pin", "yes"),
        ("plimsoll.below", "< 17.2"),
        ("plimsoll.auto-update", "true"),
        ("com.centurylinklabs.watchtower.enable", "false"),
        ("com.centurylinklabs.watchtower.monitor-only", "true"),
        ("wud.tag.include", "^other$"),
        ("wud.watch", "false"),
        ("cupdate.config.pin", "true"),
        ("image-watch.auto-update", "false"),
    ];
    let expected = Policy {
        enable: true,
        tell: Some(Level::Major),
        follow: Some(Level::Patch),
        include: Some(pattern(r"^\d+\.\d+$")),
        exclude: Some(pattern("-rc")),
        pin: true,
        below: Some("17.2".to_owned()),
        ignore: vec!["1.2.3".to_owned(), "1.2.4".to_owned()],
        cooldown: Some(36 * 3600),
    };
    assert_eq!(read(&labels, &base, &[]), Labelled { policy: expected, auto_update: Some(true), problems: Vec::new() });
    assert_eq!(read(&[], &base, &Tool::ALL), Labelled { policy: base, ..Labelled::default() });
}

#[test]
fn a_label_can_take_back_what_the_configuration_wishes() {
    let base = Policy { include: Some(pattern("x")), cooldown: Some(60), follow: Some(Level::Minor), pin: true, ..Policy::default() };
    let labels = [("plimsoll.tag.include", ""), ("plimsoll.cooldown", "0"), ("plimsoll.follow", "digest"), ("plimsoll.pin", "false")];
    assert_eq!(read(&labels, &base, &[]).policy, Policy::default());
}

#[test]
fn labels_of_other_tools_restrict() {
    let base = Policy { follow: Some(Level::Major), ..Policy::default() };
    let of = |label, value| read(&[(label, value)], &base, &[]);
    let disabled = Policy { enable: false, ..base.clone() };
    for (label, value) in [
        ("com.centurylinklabs.watchtower.enable", "false"),
        ("wud.watch", "false"),
        ("cupdate.config.ignore", "true"),
        ("config.cupdate/ignore", "true"),
    ] {
        assert_eq!(of(label, value).policy, disabled, "{label}");
    }
    for (label, value) in [
        ("com.centurylinklabs.watchtower.monitor-only", "true"),
        ("com.centurylinklabs.watchtower.no-pull", "true"),
        ("image-watch.auto-update", "false"),
    ] {
        assert_eq!(of(label, value), Labelled { policy: base.clone(), auto_update: Some(false), problems: Vec::new() }, "{label}");
    }
    assert_eq!(of("wud.tag.include", r"^\d+$").policy.include, Some(pattern(r"^\d+$")));
    assert_eq!(of("wud.tag.exclude", "beta").policy.exclude, Some(pattern("beta")));
    assert_eq!(of("cupdate.config.pin", "true").policy.follow, None);
    assert_eq!(of("config.cupdate/stay-on-current-major", "true").policy.follow, Some(Level::Minor));
    assert_eq!(of("cupdate.config.stay-below", "2.0.0").policy.below.as_deref(), Some("2.0.0"));
    // what is narrower already stays so
    assert_eq!(read(&[("cupdate.config.stay-on-current-major", "true")], &Policy::default(), &[]).policy.follow, None);
}

#[test]
fn only_an_adopted_tool_can_wish_for_updates_unasked() {
    let wishes = [
        (Tool::Watchtower, "com.centurylinklabs.watchtower.enable", "true"),
        (Tool::Wud, "wud.trigger.include", "docker.local"),
        (Tool::ImageWatch, "image-watch.auto-update", "true"),
    ];
    for (tool, label, value) in wishes {
        let others: Vec<Tool> = Tool::ALL.into_iter().filter(|other| *other != tool).collect();
        assert_eq!(read(&[(label, value)], &Policy::default(), &others).auto_update, None, "{label}");
        assert_eq!(read(&[(label, value)], &Policy::default(), &[tool]).auto_update, Some(true), "{label}");
        let restricted = [(label, value), ("com.centurylinklabs.watchtower.monitor-only", "true")];
        assert_eq!(read(&restricted, &Policy::default(), &Tool::ALL).auto_update, Some(false), "{label}");
        assert_eq!(Tool::by_name(tool.name()), Some(tool));
    }
}

#[test]
fn wrong_values_change_nothing_and_are_told() {
    use LabelProblemKind::{NoBoolean, NoDuration, NoLevel, NoPattern, NoVersion};
    let long = "x".repeat(1025);
    let cases = [
        ("plimsoll.enable", "maybe", NoBoolean),
        ("plimsoll.pin", "", NoBoolean),
        ("plimsoll.follow", "everything", NoLevel),
        ("plimsoll.tag.include", "(", NoPattern),
        ("plimsoll.tag.exclude", long.as_str(), NoPattern),
        ("plimsoll.tag.include", "(?!x)", NoPattern),
        ("plimsoll.tag.include", "(a{1000}){1000}", NoPattern),
        ("plimsoll.cooldown", "3", NoDuration),
        ("plimsoll.cooldown", "", NoDuration),
        ("plimsoll.cooldown", "99999999999999999999d", NoDuration),
        ("plimsoll.cooldown", "9000d", NoDuration),
        ("plimsoll.cooldown", "1ö", NoDuration),
        ("plimsoll.below", "latest", NoVersion),
        ("plimsoll.auto-update", "2", NoBoolean),
        ("wud.tag.include", "[", NoPattern),
    ];
    for (label, value, kind) in cases {
        let found = read(&[(label, value)], &Policy::default(), &Tool::ALL);
        let shown = if value.len() > 60 { format!("{}…", &value[..60]) } else { value.to_owned() };
        let problem = LabelProblem { label: label.to_owned(), value: shown, kind };
        assert_eq!(found, Labelled { problems: vec![problem], ..Labelled::default() }, "{label}={value}");
    }
}

#[test]
fn patterns_are_looked_for_anywhere_and_compared_by_their_text() {
    let found: Pattern = "alp".parse().unwrap();
    assert!(found.matches("1.2-alpine") && !found.matches("1.2"));
    assert_eq!(Some(pattern("a")), Some(pattern("a")));
    assert_ne!(Some(pattern("a")), Some(pattern("b")));
    assert_eq!("x".repeat(1025).parse::<Pattern>(), Err(PatternError::Length));
}
