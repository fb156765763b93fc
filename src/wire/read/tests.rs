//! What serde writes is read as what was written, for every kind of every enum; and nothing that is not JSON is taken or panics.

use proptest::prelude::*;
use serde::Serialize;

use super::*;
use crate::wire::{
    Allows, Asker, Candidate, Change, CheckProgress, CheckState, ComposeLine, Doubt, GroupRow, GroupStatus, HostRow, HostState,
    LabelProblem, LabelProblemKind, LastGood, Layer, LayerState, Level, LoginState, Operation, Outcome, PassedOver, Phase, Pull, Quota,
    Reason, Reference, Refusal, Refused, RefusedWish, Revision, Snapshot, Start, Step, Steps, TagKind, Target, Theme, Trouble,
    UpdateAnswer, UpdateTrouble, Verdict, Versions, Viewer, WhyNot, WorkloadRow, WorkloadState,
};

/// Text with everything that JSON escapes.
const TEXT: &str = "„Ä\"\\/\n\t\u{1}\u{2028}😀";

/// What serde writes of `value` must be read as `value`.
fn survives<T: Serialize + Take + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("it can be written");
    assert_eq!(read::<T>(&json).as_ref(), Ok(value), "{json}");
    let spread = serde_json::to_string_pretty(value).expect("it can be written");
    assert_eq!(read::<T>(&spread).as_ref(), Ok(value), "{spread}");
    // as `server::shell` lays it into a page
    let carried = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    assert_eq!(read::<T>(&carried).as_ref(), Ok(value), "{carried}");
}

/// Every one of `$samples` must survive, and there must be one of each kind. A kind that is new must be named here to compile.
macro_rules! every_kind {
    ($samples:expr, $kind:ident { $($variant:ident),* $(,)? }) => {{
        let samples: Vec<$kind> = $samples;
        let name = |sample: &$kind| match sample { $($kind::$variant { .. } => stringify!($variant)),* };
        let seen: Vec<_> = samples.iter().map(name).collect();
        $( assert!(seen.contains(&stringify!($variant)), "no sample of {}", stringify!($variant)); )*
        samples.iter().for_each(survives);
        samples
    }};
}

fn text() -> String {
    TEXT.to_owned()
}

fn refusals() -> Vec<Refusal> {
    use Refusal::*;
    let fields = [
        SharesNamespace { with: text() },
        SharedBy { name: text() },
        NoTag { tag: text() },
        Unsettled { state: text() },
        Quadlet { unit: text() },
        HostAway { detail: text() },
        Journal { detail: text() },
        MonitorOnly { allows: Allows::NoPull },
    ];
    let plain = [NotFound, Updating, Own, SwarmTask, NoReference, Pinned, LocalBuild, NoPrevious, SetAside, Stopping];
    plain.into_iter().chain(fields).collect()
}

fn troubles() -> Vec<UpdateTrouble> {
    use UpdateTrouble::*;
    vec![
        Pull { detail: text() },
        Platform { image: text(), wanted: text() },
        Step { phase: Phase::SettingAside, detail: text() },
        Ended { code: -1 },
        Vanished,
        Unhealthy,
        Cancelled,
        Dependency { name: text() },
        Interfered { detail: text() },
        HostAway { detail: text() },
        Interrupted,
        Journal { detail: text() },
    ]
}

fn outcomes() -> Vec<Outcome> {
    let mut outcomes = vec![Outcome::Updated, Outcome::Unchanged];
    outcomes.extend(refusals().into_iter().map(|refusal| Outcome::Refused { refusal }));
    for trouble in troubles() {
        outcomes.push(Outcome::Failed { trouble: trouble.clone() });
        outcomes.push(Outcome::RolledBack { trouble: trouble.clone() });
        outcomes.push(Outcome::LeftOver { trouble: trouble.clone(), container: text() });
        outcomes.push(Outcome::Stuck { trouble, container: text() });
    }
    outcomes
}

fn reasons() -> Vec<Reason> {
    use Reason::*;
    let registry = text;
    let mut reasons = vec![
        NotChecked,
        NoReference,
        InvalidReference { written: text() },
        NotFoundOrNoAccess { registry: registry(), status: u16::MAX },
        TagGone { registry: registry() },
        CredentialsRefused { registry: registry() },
        RateLimited { registry: registry(), retry_after: None },
        RateLimited { registry: registry(), retry_after: Some(600) },
        QuotaLow { registry: registry(), remaining: 4, limit: 100 },
        RegistryIgnored { registry: registry() },
        TimedOut { registry: registry(), seconds: 10 },
        ServerError { registry: registry(), status: 502 },
        BadAnswer { registry: registry(), detail: text() },
        SchemaTooOld { registry: registry() },
        NoLocalDigest,
        NothingRuns,
    ];
    let troubles = every_kind!(
        vec![Trouble::Name, Trouble::Refused, Trouble::Tls, Trouble::Certificate, Trouble::Broken],
        Trouble { Name, Refused, Tls, Certificate, Broken }
    );
    reasons.extend(troubles.into_iter().map(|trouble| Unreachable { registry: registry(), trouble }));
    reasons
}

fn verdicts() -> Vec<Verdict> {
    use Verdict::*;
    let levels = every_kind!(vec![Level::Patch, Level::Minor, Level::Major], Level { Patch, Minor, Major });
    let newer = levels.into_iter().map(|level| Newer { level, tag: text(), rebuilt: level == Level::Minor });
    let unknown = reasons().into_iter().map(|reason| Unknown { reason });
    [UpToDate, Rebuilt, Recreate, Pinned, LocalBuild].into_iter().chain(newer).chain(unknown).collect()
}

fn host_states() -> Vec<HostState> {
    vec![
        HostState::Connecting,
        HostState::Connected,
        HostState::Absent { address: text() },
        HostState::Forbidden { address: text(), group: Some(998), in_container: true },
        HostState::Forbidden { address: text(), group: None, in_container: false },
        HostState::Lost { address: text(), detail: text(), since: Some(-7) },
        HostState::Lost { address: text(), detail: text(), since: None },
    ]
}

fn operation(outcome: Option<Outcome>) -> Operation {
    let layer = Layer { id: text(), state: LayerState::Extracting, done: 0, total: i64::MAX.unsigned_abs() };
    Operation {
        id: i64::MAX,
        host: text(),
        name: String::new(),
        image: text(),
        target: Target::Tag { tag: text() },
        along: vec![text()],
        asker: Asker::User { name: text() },
        begun: i64::MIN,
        ended: outcome.as_ref().map(|_| 0),
        phase: Phase::Waiting,
        pull: outcome.is_none().then(|| Pull { percent: 100, layers: vec![layer] }),
        outcome,
        from: Some(text()),
        to: None,
        overdue: true,
        log: true,
        kept_until: Some(-1),
        compose: Some(ComposeLine { file: text(), line: u32::MAX, becomes: text(), edited: true }),
    }
}

fn whys() -> Vec<WhyNot> {
    use WhyNot::*;
    vec![
        Prerelease,
        NamingChanged,
        OtherScheme,
        OtherVariant,
        NotLongTerm,
        Unconfirmed { doubt: Doubt::Jump },
        Unconfirmed { doubt: Doubt::CounterRestarted },
        Older,
        NoPlatform { platform: text() },
        NotIncluded,
        Excluded,
        NotBelow { bound: text() },
        Ignored,
        TooYoung { until: i64::MAX },
    ]
}

fn kinds() -> Vec<TagKind> {
    vec![TagKind::Version, TagKind::Track, TagKind::Channel, TagKind::Unordered]
}

fn versions() -> Versions {
    let candidate = |offered| Candidate { tag: text(), level: Level::Patch, offered, created: Some(-1), size: None };
    Versions {
        kind: TagKind::Version,
        tag_gone: true,
        candidates: vec![candidate(true), candidate(false)],
        track: Some(candidate(false)),
        passed_over: whys().into_iter().map(|why| PassedOver { tag: text(), why }).collect(),
        failed: Some(Reason::NotChecked),
    }
}

fn snapshot() -> Snapshot {
    use LabelProblemKind::{NoBoolean, NoDuration, NoLevel, NoPattern, NoVersion};
    let states = [WorkloadState::Running, WorkloadState::Other];
    let problems = every_kind!(
        vec![NoBoolean, NoLevel, NoPattern, NoDuration, NoVersion],
        LabelProblemKind { NoBoolean, NoLevel, NoPattern, NoDuration, NoVersion }
    );
    let workload = |state| WorkloadRow {
        host: text(),
        id: text(),
        name: text(),
        project: None,
        service: Some(text()),
        state,
        health: Some(text()),
        local_digests: vec![text(), String::new()],
        verdict: Verdict::Unknown { reason: Reason::NotChecked },
        auto_update: state == WorkloadState::Running,
        auto_update_by_label: state != WorkloadState::Running,
        label_problems: problems.iter().map(|kind| LabelProblem { label: text(), value: text(), kind: *kind }).collect(),
        allows: Allows::Updates,
    };
    let group = |verdict: Verdict| GroupRow {
        id: text(),
        reference: Reference { registry: text(), repository: text(), tag: Some(text()), digest: None, familiar: text() },
        verdict: verdict.clone(),
        status: GroupStatus::Partial,
        workloads: states.map(workload).to_vec(),
        remote_digest: Some(text()),
        checked_at: Some(1_795_233_480),
        took_ms: Some(0),
        last_good: Some(LastGood { verdict, at: 1 }),
        checking: true,
        versions: Some(versions()),
        runs_version: Some(text()),
        url: None,
    };
    Snapshot {
        revision: Revision { boot: "k3x9".into(), n: u64::MAX },
        hosts: host_states().into_iter().map(|state| HostRow { name: text(), state, engine: None, allows: Allows::Looking }).collect(),
        groups: verdicts().into_iter().map(group).collect(),
        check: CheckState {
            running: Some(CheckProgress { since: 1, done: 2, total: 3 }),
            last: None,
            next: Some(4),
            quotas: vec![Quota { registry: text(), limit: 100, remaining: 0 }],
        },
        operations: vec![operation(None), operation(Some(Outcome::Updated))],
        sample: false,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line a kind")]
fn every_kind_of_every_enum_survives() {
    every_kind!(
        reasons(),
        Reason {
            NotChecked,
            NoReference,
            InvalidReference,
            NotFoundOrNoAccess,
            TagGone,
            CredentialsRefused,
            RateLimited,
            QuotaLow,
            RegistryIgnored,
            TimedOut,
            Unreachable,
            ServerError,
            BadAnswer,
            SchemaTooOld,
            NoLocalDigest,
            NothingRuns
        }
    );
    every_kind!(
        whys(),
        WhyNot {
            Prerelease,
            NamingChanged,
            OtherScheme,
            OtherVariant,
            NotLongTerm,
            Unconfirmed,
            Older,
            NoPlatform,
            NotIncluded,
            Excluded,
            NotBelow,
            Ignored,
            TooYoung
        }
    );
    every_kind!(kinds(), TagKind { Version, Track, Channel, Unordered });
    every_kind!(vec![Doubt::Jump, Doubt::CounterRestarted], Doubt { Jump, CounterRestarted });
    every_kind!(verdicts(), Verdict { UpToDate, Rebuilt, Newer, Recreate, Pinned, LocalBuild, Unknown });
    every_kind!(host_states(), HostState { Connecting, Connected, Absent, Forbidden, Lost });
    every_kind!(
        refusals(),
        Refusal {
            NotFound,
            Updating,
            Own,
            SharesNamespace,
            SharedBy,
            SwarmTask,
            Unsettled,
            Quadlet,
            NoReference,
            Pinned,
            LocalBuild,
            NoTag,
            NoPrevious,
            SetAside,
            HostAway,
            MonitorOnly,
            Stopping,
            Journal
        }
    );
    every_kind!(
        troubles(),
        UpdateTrouble {
            Pull,
            Platform,
            Step,
            Ended,
            Vanished,
            Unhealthy,
            Cancelled,
            Dependency,
            Interfered,
            HostAway,
            Interrupted,
            Journal
        }
    );
    every_kind!(outcomes(), Outcome { Updated, Unchanged, Refused, Failed, RolledBack, LeftOver, Stuck });
    every_kind!(
        Phase::ALL.to_vec(),
        Phase {
            Waiting,
            Pulling,
            Planning,
            SettingAside,
            Creating,
            Connecting,
            Holding,
            Stopping,
            Starting,
            Releasing,
            Proving,
            Pausing,
            Removing,
            Undoing
        }
    );
    let states = vec![
        WorkloadState::Running,
        WorkloadState::Paused,
        WorkloadState::Restarting,
        WorkloadState::Created,
        WorkloadState::Exited,
        WorkloadState::Other,
    ];
    every_kind!(states, WorkloadState { Running, Paused, Restarting, Created, Exited, Other });
    let statuses = vec![GroupStatus::Current, GroupStatus::Behind, GroupStatus::Partial, GroupStatus::Unknown];
    every_kind!(statuses, GroupStatus { Current, Behind, Partial, Unknown });
    let layers = vec![LayerState::Waiting, LayerState::Downloading, LayerState::Downloaded, LayerState::Extracting, LayerState::Done];
    every_kind!(layers, LayerState { Waiting, Downloading, Downloaded, Extracting, Done });
    let askers = vec![Asker::User { name: text() }, Asker::Anyone, Asker::CommandLine, Asker::Automatic];
    every_kind!(askers, Asker { User, Anyone, CommandLine, Automatic });
    every_kind!(vec![LoginState::Open, LoginState::Unset, LoginState::Password], LoginState { Open, Unset, Password });
    let allows = vec![Allows::Updates, Allows::Looking, Allows::Part, Allows::NoPull, Allows::NoNetworks];
    every_kind!(allows, Allows { Updates, Looking, Part, NoPull, NoNetworks });
    every_kind!(vec![Theme::Light, Theme::Dark], Theme { Light, Dark });
}

#[test]
fn everything_that_is_sent_survives() {
    survives(&snapshot());
    let Snapshot { revision, hosts, groups, check, operations, .. } = snapshot();
    let steps = vec![Step { request: text(), status: Some(200), trouble: None, took_ms: 7 }];
    survives(&Start {
        base: "/plimsoll".into(),
        snapshot: snapshot(),
        viewer: Viewer { name: Some(text()), can_look: true, can_operate: false, login: LoginState::Password },
        theme: Some(Theme::Dark),
        now: 0,
        steps: Some(Steps { at: 1, steps }),
        past: operations.clone(),
        refused: Some(Refused { name: text(), refusal: Refusal::Own }),
    });
    survives(&Change { revision: revision.clone(), groups, gone: vec![text()], hosts: Some(hosts), check: Some(check), operations });
    survives(&Change { revision, groups: Vec::new(), gone: Vec::new(), hosts: None, check: None, operations: Vec::new() });
    let refused = RefusedWish { host: text(), name: text(), refusal: Refusal::Updating };
    survives(&UpdateAnswer { operations: vec![operation(None)], refused: vec![refused] });
}

#[test]
fn the_order_of_fields_and_further_ones_make_no_difference() {
    let json = r#" { "tag" : "1.28", "later": [{"a": "}\"]"}, -1.5e3, null], "rebuilt":true, "level":"minor", "is":"newer" } "#;
    assert_eq!(read(json), Ok(Verdict::Newer { level: Level::Minor, tag: "1.28".into(), rebuilt: true }));
    assert_eq!(read(r#"{"running":null,"last":7,"quotas":[]}"#), Ok(CheckState { last: Some(7), ..CheckState::default() }));
}

#[test]
fn what_is_not_as_expected_is_refused() {
    let deep = format!(r#"{{"is":"updated","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        "",
        " ",
        "{",
        "}",
        "{}",
        "null",
        "[]",
        r#""updated""#,
        r#"{"is"}"#,
        r#"{"is":}"#,
        r#"{"is":"updated"} x"#,
        r#"{"is":"updated",}"#,
        r#"{"is":"sunk"}"#,
        r#"{"is":"failed"}"#,
        r#"{"is":"failed","trouble":"pull"}"#,
        r#"{"is":7}"#,
        r#"{"is":"upd"#,
        r#"{"is":"updated\"#,
        r#"{is:"updated"}"#,
        r#"{"is":"updated","x":[}"#,
        r#"{"is" "updated"}"#,
        &deep,
    ];
    for json in cases {
        assert_eq!(read::<Outcome>(json), Err(Malformed), "{}", json.get(..60).unwrap_or(json));
    }
    for json in ["256", "-1", "1.0", "1e2", "+1", "", "-", "0x1", "true", "\"1\"", "99999999999999999999"] {
        assert_eq!(read::<u8>(json), Err(Malformed), "{json}");
    }
    for json in
        [r#""\x""#, r#""\ä""#, r#""\u12""#, r#""\u+123""#, r#""\ud800""#, r#""\ud800 \udc00""#, r#""\ud800\u0041""#, r#""\udc00""#, "\"a"]
    {
        assert_eq!(read::<String>(json), Err(Malformed), "{json}");
    }
    assert_eq!(read::<Vec<bool>>("[true,false"), Err(Malformed));
    assert_eq!(read::<Vec<bool>>("[true false]"), Err(Malformed));
}

#[test]
fn escapes_are_what_they_stand_for() {
    assert_eq!(read::<String>(r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\uDE00 ü""#).as_deref(), Ok("\"\\/\u{8}\u{c}\n\r\tä😀 ü"));
}

proptest! {
    #[test]
    fn every_text_and_number_survives(text in any::<String>(), numbers in any::<Vec<i64>>()) {
        survives(&text);
        survives(&numbers);
    }

    #[test]
    fn a_text_that_was_cut_or_changed_never_panics(at in any::<prop::sample::Index>(), other in any::<char>()) {
        let json = serde_json::to_string(&operation(Some(outcomes().remove(5)))).expect("it can be written");
        let mut cut: Vec<char> = json.chars().collect();
        let at = at.index(cut.len());
        cut[at] = other;
        let _ = read::<Operation>(&cut.iter().collect::<String>());
        let shorter: String = json.chars().take(at).collect();
        prop_assert_eq!(read::<Operation>(&shorter), Err(Malformed));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = read::<Snapshot>(&text);
        let _ = read::<Vec<String>>(&format!("[\"{text}"));
    }
}
