//! Rows of the dashboard.

use super::take::{fields, kinds, words};
use crate::wire::{
    Candidate, Doubt, GroupRow, GroupStatus, LabelProblem, LabelProblemKind, LastGood, Level, PassedOver, Reason, Reference, TagKind,
    Trouble, Verdict, Versions, WhyNot, WorkloadRow, WorkloadState,
};

fields!(Reference { registry, repository, tag, digest, familiar });
fields!(GroupRow {
    id,
    reference,
    verdict,
    status,
    workloads,
    remote_digest,
    checked_at,
    took_ms,
    last_good,
    checking,
    versions,
    runs_version,
    url
});
fields!(LastGood { verdict, at });
fields!(WorkloadRow {
    host,
    id,
    name,
    project,
    service,
    state,
    health,
    local_digests,
    verdict,
    auto_update,
    auto_update_by_label,
    label_problems,
    allows
});
fields!(LabelProblem { label, value, kind });
words!(LabelProblemKind {
    "no_boolean" => NoBoolean,
    "no_level" => NoLevel,
    "no_pattern" => NoPattern,
    "no_duration" => NoDuration,
    "no_version" => NoVersion,
});
words!(WorkloadState {
    "running" => Running,
    "paused" => Paused,
    "restarting" => Restarting,
    "created" => Created,
    "exited" => Exited,
    "other" => Other,
});
words!(GroupStatus { "current" => Current, "behind" => Behind, "partial" => Partial, "unknown" => Unknown });
words!(Level { "patch" => Patch, "minor" => Minor, "major" => Major });
kinds!(Verdict by "is" {
    "up_to_date" => UpToDate,
    "rebuilt" => Rebuilt,
    "newer" => Newer { level, tag, rebuilt },
    "recreate" => Recreate,
    "pinned" => Pinned,
    "local_build" => LocalBuild,
    "unknown" => Unknown { reason },
});
kinds!(Reason by "kind" {
    "not_checked" => NotChecked,
    "no_reference" => NoReference,
    "invalid_reference" => InvalidReference { written },
    "not_found_or_no_access" => NotFoundOrNoAccess { registry, status },
    "tag_gone" => TagGone { registry },
    "credentials_refused" => CredentialsRefused { registry },
    "rate_limited" => RateLimited { registry, retry_after },
    "quota_low" => QuotaLow { registry, remaining, limit },
    "registry_ignored" => RegistryIgnored { registry },
    "timed_out" => TimedOut { registry, seconds },
    "unreachable" => Unreachable { registry, trouble },
    "server_error" => ServerError { registry, status },
    "bad_answer" => BadAnswer { registry, detail },
    "schema_too_old" => SchemaTooOld { registry },
    "no_local_digest" => NoLocalDigest,
    "nothing_runs" => NothingRuns,
});
words!(Trouble { "name" => Name, "refused" => Refused, "tls" => Tls, "certificate" => Certificate, "broken" => Broken });
fields!(Versions { kind, tag_gone, candidates, track, passed_over, failed });
fields!(Candidate { tag, level, offered, created, size });
fields!(PassedOver { tag, why });
words!(TagKind { "version" => Version, "track" => Track, "channel" => Channel, "unordered" => Unordered });
words!(Doubt { "jump" => Jump, "counter_restarted" => CounterRestarted });
kinds!(WhyNot by "is" {
    "prerelease" => Prerelease,
    "naming_changed" => NamingChanged,
    "other_scheme" => OtherScheme,
    "other_variant" => OtherVariant,
    "not_long_term" => NotLongTerm,
    "unconfirmed" => Unconfirmed { doubt },
    "older" => Older,
    "no_platform" => NoPlatform { platform },
    "not_included" => NotIncluded,
    "excluded" => Excluded,
    "not_below" => NotBelow { bound },
    "ignored" => Ignored,
    "too_young" => TooYoung { until },
});
