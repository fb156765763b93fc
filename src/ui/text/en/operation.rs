//! Updates in words: what one does, how it ended, who asked for it.

use super::{Why, lasted, refusal, size, trouble};
use crate::{
    ui::operations::Stage,
    wire::{Asker, ComposeLine, Layer, LayerState, Operation, Outcome, Phase, Pull, Target},
};

/// What an operation does, in words that can begin a sentence.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "Waiting for its turn",
        Phase::Pulling => "Pulling the image",
        Phase::Planning => "Comparing the old image with the new one",
        Phase::SettingAside => "Setting the old container aside",
        Phase::Creating => "Creating the new container",
        Phase::Connecting => "Connecting its networks",
        Phase::Holding => "Keeping the old container from being restarted",
        Phase::Stopping => "Stopping the old container",
        Phase::Starting => "Starting the new container",
        Phase::Releasing => "Giving the new container its restart policy",
        Phase::Proving => "Watching that the new container stays up",
        Phase::Pausing => "Pausing the new container",
        Phase::Removing => "Removing the old container",
        Phase::Undoing => "Putting the old container back",
    }
}

/// A stage of an update, as a line of the short list.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Pull => "Pull the image",
        Stage::Prepare => "Prepare the new container",
        Stage::Switch => "Switch over",
        Stage::Prove => "Watch that it stays up",
        Stage::Clear => "Remove the old container",
        Stage::Undo => "Put the old container back",
    }
}

/// How far an operation is: the phase, with layers and bytes while it pulls.
pub fn running(operation: &Operation) -> String {
    match &operation.pull {
        Some(pull) if operation.phase == Phase::Pulling && !pull.layers.is_empty() => pulling(pull),
        _ => format!("{}…", phase(operation.phase)),
    }
}

/// `Pulling 6 of 9 layers · 78 of 126 MB`.
fn pulling(pull: &Pull) -> String {
    let here = pull.layers.iter().filter(|layer| layer.state == LayerState::Done).count();
    let words = format!("Pulling {here} of {} layers", pull.layers.len());
    let total: u64 = pull.layers.iter().map(|layer| layer.total).fold(0, u64::saturating_add);
    if total == 0 {
        return words;
    }
    let done: u64 = pull.layers.iter().map(downloaded).fold(0, u64::saturating_add);
    format!("{words} · {}", of(done.min(total), total))
}

/// The bytes of a layer that have come. Once it is unpacked, `done` counts what is unpacked.
fn downloaded(layer: &Layer) -> u64 {
    match layer.state {
        LayerState::Waiting => 0,
        LayerState::Downloading => layer.done,
        LayerState::Downloaded | LayerState::Extracting | LayerState::Done => layer.total,
    }
}

/// `78 of 126 MB`; both units where they differ.
fn of(done: u64, total: u64) -> String {
    let (done, total) = (size(done), size(total));
    match (done.split_once(' '), total.split_once(' ')) {
        (Some((number, one)), Some((_, other))) if one == other => format!("{number} of {total}"),
        _ => format!("{done} of {total}"),
    }
}

/// What happens to a layer.
pub fn layer(layer: &Layer) -> String {
    let word = match layer.state {
        LayerState::Waiting => "waiting",
        LayerState::Downloading => "downloading",
        LayerState::Downloaded => "downloaded",
        LayerState::Extracting => "extracting",
        LayerState::Done => "done",
    };
    match (layer.state, layer.total) {
        (LayerState::Downloading | LayerState::Extracting, 1..) => format!("{word} · {}", of(layer.done.min(layer.total), layer.total)),
        (_, 1..) => format!("{word} · {}", size(layer.total)),
        _ => word.to_owned(),
    }
}

/// How an operation ended, in a word or two.
pub fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
        Outcome::Refused { .. } => "refused",
        Outcome::Failed { .. } => "failed",
        Outcome::RolledBack { .. } => "rolled back",
        Outcome::LeftOver { .. } => "updated, old one left over",
        Outcome::Stuck { .. } => "stuck",
    }
}

/// How an operation ended: what happened, and what to do next.
pub fn outcome(outcome: &Outcome) -> Why {
    let (what, help) = match outcome {
        Outcome::Updated => ("The new container runs, the old one is gone.".to_owned(), None),
        Outcome::Unchanged => ("It runs the newest image already. Nothing was changed.".to_owned(), None),
        Outcome::Refused { refusal: why } => {
            let Why { what, help } = refusal(why);
            (format!("{what} Nothing was changed."), help)
        }
        Outcome::Failed { trouble: why } => {
            let Why { what, help } = trouble(why);
            (format!("{what} Nothing was changed."), help)
        }
        Outcome::RolledBack { trouble: why } => {
            let Why { what, help } = trouble(why);
            (format!("{what} The old container is back as it was."), help)
        }
        Outcome::LeftOver { trouble: why, container } => {
            let what = trouble(why).what;
            let what = format!("The new container runs, but the old one is still there as {container}. {what}");
            (what, Some("It is removed when Plimsoll starts the next time.".to_owned()))
        }
        Outcome::Stuck { trouble: why, container } => {
            let what = trouble(why).what;
            let what = format!("{what} The old container could not be put back: it is there as {container}.");
            let help = "Plimsoll tries again when it starts the next time. By hand: remove the new container, rename the old one back, \
                        and start it.";
            (what, Some(help.to_owned()))
        }
    };
    Why { what, help }
}

/// Who asked for an operation.
pub fn asker(asker: &Asker) -> String {
    match asker {
        Asker::User { name } => format!("asked for by {name}"),
        Asker::Anyone => "asked for without a login".to_owned(),
        Asker::CommandLine => "asked for on the command line".to_owned(),
        Asker::Automatic => "automatic, after a scheduled check".to_owned(),
    }
}

/// Who is recreated with a container; nothing where nobody is.
pub fn along(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(format!("{one} is recreated with it, because it uses what is its.")),
        many => Some(format!("{} are recreated with it, because they use what is its.", many.join(", "))),
    }
}

/// What a Compose file has to say after a container was moved to another version.
pub fn compose(line: &ComposeLine) -> String {
    let ComposeLine { file, line, becomes, edited } = line;
    let becomes = becomes.trim();
    if *edited {
        format!("Line {line} of {file} says so too now: {becomes}")
    } else {
        format!("Write it into line {line} of {file} as well, or the next docker compose up goes back: {becomes}")
    }
}

/// What an operation brings a container to, behind how it went; nothing where that is what its own tag stands for.
pub fn target(target: &Target) -> Option<String> {
    match target {
        Target::Same => None,
        Target::Tag { tag } => Some(format!("to {tag} ")),
        Target::Previous => Some("back to what ran before ".to_owned()),
    }
}

/// What is read out when an update begins.
pub fn begun(name: &str) -> String {
    format!("Updating {name}.")
}

/// What is read out when an update ended.
pub fn ended(name: &str, how: &Outcome) -> String {
    let Why { what, .. } = outcome(how);
    format!("{name}: {}. {what}", outcome_word(how))
}

/// The name of the bar that shows a pull.
pub fn pulling_of(name: &str) -> String {
    format!("Pulling {name}")
}

/// How far a pull is.
pub fn percent(percent: u8) -> String {
    format!("{percent} %")
}

/// How long an update took, behind who asked for it.
pub fn lasted_for(seconds: i64) -> String {
    format!(" · took {}", lasted(seconds))
}

/// Where a container runs, behind its name.
pub fn on_host(host: &str) -> String {
    format!(" on {host}")
}

/// On the button of several containers.
pub fn update_all(n: usize) -> String {
    format!("Update all ({n})")
}

/// Behind the words on a button, for those who hear the page: what it updates.
pub fn update_of(name: &str) -> String {
    format!(" {name}")
}

/// Behind the updates that are told: how many more run.
pub fn more_updates(n: usize) -> String {
    format!(" · {n} more")
}

/// What stands over a workload that could not be put back: a strong beginning.
pub fn stuck(name: &str) -> String {
    format!("The update of {name} is stuck.")
}

/// What stands over a wish that was refused: a strong beginning.
pub fn not_updated(name: &str) -> String {
    format!("{name} was not updated.")
}

#[cfg(test)]
mod tests;
