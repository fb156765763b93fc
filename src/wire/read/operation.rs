//! Updates.

use super::take::{fields, kinds, words};
use crate::wire::{
    Asker, ComposeLine, Layer, LayerState, Operation, Outcome, Phase, Pull, Refusal, Refused, RefusedWish, Target, UpdateAnswer,
    UpdateTrouble,
};

fields!(Operation {
    id,
    host,
    name,
    image,
    target,
    along,
    asker,
    begun,
    ended,
    phase,
    pull,
    outcome,
    from,
    to,
    overdue,
    log,
    kept_until,
    compose
});
kinds!(Target by "is" { "same" => Same, "tag" => Tag { tag }, "previous" => Previous });
fields!(ComposeLine { file, line, becomes, edited });
fields!(Pull { percent, layers });
fields!(Layer { id, state, done, total });
fields!(Refused { name, refusal });
fields!(RefusedWish { host, name, refusal });
fields!(UpdateAnswer { operations, refused });
kinds!(Asker by "is" { "user" => User { name }, "anyone" => Anyone, "command_line" => CommandLine, "automatic" => Automatic });
words!(Phase {
    "waiting" => Waiting,
    "pulling" => Pulling,
    "planning" => Planning,
    "setting_aside" => SettingAside,
    "creating" => Creating,
    "connecting" => Connecting,
    "holding" => Holding,
    "stopping" => Stopping,
    "starting" => Starting,
    "releasing" => Releasing,
    "proving" => Proving,
    "pausing" => Pausing,
    "removing" => Removing,
    "undoing" => Undoing,
});
words!(LayerState {
    "waiting" => Waiting,
    "downloading" => Downloading,
    "downloaded" => Downloaded,
    "extracting" => Extracting,
    "done" => Done,
});
kinds!(Outcome by "is" {
    "updated" => Updated,
    "unchanged" => Unchanged,
    "refused" => Refused { refusal },
    "failed" => Failed { trouble },
    "rolled_back" => RolledBack { trouble },
    "left_over" => LeftOver { trouble, container },
    "stuck" => Stuck { trouble, container },
});
kinds!(Refusal by "kind" {
    "not_found" => NotFound,
    "updating" => Updating,
    "own" => Own,
    "shares_namespace" => SharesNamespace { with },
    "shared_by" => SharedBy { name },
    "swarm_task" => SwarmTask,
    "unsettled" => Unsettled { state },
    "quadlet" => Quadlet { unit },
    "no_reference" => NoReference,
    "pinned" => Pinned,
    "local_build" => LocalBuild,
    "no_tag" => NoTag { tag },
    "no_previous" => NoPrevious,
    "set_aside" => SetAside,
    "host_away" => HostAway { detail },
    "monitor_only" => MonitorOnly { allows },
    "stopping" => Stopping,
    "journal" => Journal { detail },
});
kinds!(UpdateTrouble by "kind" {
    "pull" => Pull { detail },
    "platform" => Platform { image, wanted },
    "step" => Step { phase, detail },
    "ended" => Ended { code },
    "vanished" => Vanished,
    "unhealthy" => Unhealthy,
    "cancelled" => Cancelled,
    "dependency" => Dependency { name },
    "interfered" => Interfered { detail },
    "host_away" => HostAway { detail },
    "interrupted" => Interrupted,
    "journal" => Journal { detail },
});
