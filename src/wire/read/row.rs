//! Rows of the dashboard.

use super::take::{fields, kinds, words};
use crate::wire::{GroupRow, GroupStatus, LastGood, Level, Reason, Reference, Trouble, Verdict, WorkloadRow, WorkloadState};

fields!(Reference { registry, repository, tag, digest, familiar });
fields!(GroupRow { id, reference, verdict, status, workloads, remote_digest, checked_at, took_ms, last_good, checking, url });
fields!(LastGood { verdict, at });
fields!(WorkloadRow { host, id, name, project, service, state, health, local_digests, verdict, auto_update });
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
});
words!(Trouble { "name" => Name, "refused" => Refused, "tls" => Tls, "broken" => Broken });
