//! The state of the fleet, what changes of it, and what a page starts from.

use super::{
    Malformed, Reader, Take,
    take::{fields, kinds, words},
};
use crate::wire::{
    Allows, Change, CheckProgress, CheckState, HostRow, HostState, LoginState, Quota, Revision, Snapshot, Start, Step, Steps, Theme, Viewer,
};

impl Take for Revision {
    fn take(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.string()?.parse().map_err(|_| Malformed)
    }
}

fields!(Start { base, snapshot, viewer, theme, now, steps, past, refused });
fields!(Snapshot { revision, hosts, groups, check, operations, sample });
fields!(Change { revision, groups, gone, hosts, check, operations });
fields!(HostRow { name, state, engine, allows });
words!(Allows {
    "updates" => Updates,
    "looking" => Looking,
    "part" => Part,
    "no_pull" => NoPull,
    "no_networks" => NoNetworks,
});
kinds!(HostState by "is" {
    "connecting" => Connecting,
    "connected" => Connected,
    "absent" => Absent { address },
    "forbidden" => Forbidden { address, group, in_container },
    "lost" => Lost { address, detail, since },
});
fields!(CheckState { running, last, next, quotas });
fields!(Quota { registry, limit, remaining });
fields!(CheckProgress { since, done, total });
fields!(Viewer { name, can_look, can_operate, login });
words!(LoginState { "open" => Open, "unset" => Unset, "password" => Password });
words!(Theme { "light" => Light, "dark" => Dark });
fields!(Steps { at, steps });
fields!(Step { request, status, trouble, took_ms });
