//! Typed reasons in English, for documents whose readers expect a sentence. Their readers are programs and logs: the language of a
//! visitor changes nothing here.

use crate::wire::{Allows, HostState, Operation, Outcome, Phase, Reason, Reference, Refusal, Trouble, UpdateTrouble, Verdict};

/// Why an image is not known, in one line without a full stop.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NotChecked => "not checked yet".to_owned(),
        Reason::NoReference => "started from a bare image id: no registry can be asked".to_owned(),
        Reason::InvalidReference { written } => format!("`{written}` is no image reference"),
        Reason::NotFoundOrNoAccess { registry, status } => format!("{registry} has no such image, or hides it without a login ({status})"),
        Reason::TagGone { registry } => format!("{registry} no longer has this tag"),
        Reason::CredentialsRefused { registry } => format!("{registry} refused the credentials"),
        Reason::RateLimited { registry, retry_after: Some(seconds) } => format!("{registry} wants fewer requests, again in {seconds} s"),
        Reason::RateLimited { registry, retry_after: None } => format!("{registry} wants fewer requests"),
        Reason::QuotaLow { registry, remaining, limit } => {
            format!("{registry} allows {remaining} more of {limit} pulls, which are left to you")
        }
        Reason::RegistryIgnored { registry } => format!("{registry} is not asked: the configuration says so"),
        Reason::TimedOut { registry, seconds } => format!("{registry} did not answer within {seconds} s"),
        Reason::Unreachable { registry, trouble } => format!("{registry} cannot be reached: {}", broken(*trouble)),
        Reason::ServerError { registry, status } => format!("{registry} failed with status {status}"),
        Reason::BadAnswer { registry, detail } => format!("{registry} gave an answer that cannot be used: {detail}"),
        Reason::SchemaTooOld { registry } => format!("{registry} has the image in a format that engines no longer run"),
        Reason::NothingRuns => "nothing runs it here, and its tag names no version".to_owned(),
        Reason::NoLocalDigest => "the Engine does not say which digest the local image has".to_owned(),
    }
}

fn broken(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Name => "its name has no address",
        Trouble::Refused => "nobody listens there",
        Trouble::Tls => "the certificate or the handshake failed",
        Trouble::Certificate => "it wants to see a certificate that it accepts",
        Trouble::Broken => "the connection broke",
    }
}

/// What is wrong with a host, where something is.
pub(super) fn host(state: &HostState) -> Option<String> {
    match state {
        HostState::Connecting | HostState::Connected => None,
        HostState::Absent { address } => Some(format!("no Engine at {address}")),
        HostState::Forbidden { address, group: Some(group), .. } => Some(format!("{address} may only be opened by group {group}")),
        HostState::Forbidden { address, group: None, .. } => Some(format!("{address} may not be opened")),
        HostState::Lost { address, detail, since: Some(_) } => Some(format!("{address} is gone: {detail}")),
        HostState::Lost { address, detail, since: None } => Some(format!("{address} cannot be reached: {detail}")),
    }
}

/// Why nothing on a host can be updated, where that is so.
pub(super) fn monitor_only(allows: Allows) -> Option<String> {
    let (lacks, switch) = match allows {
        Allows::Updates => return None,
        Allows::Looking => ("no change is", "POST=1"),
        Allows::Part => ("not all that an update takes is", "POST=1"),
        Allows::NoPull => ("no pull is", "IMAGES=1"),
        Allows::NoNetworks => ("no change of networks is", "NETWORKS=1"),
    };
    Some(format!("its host is only watched: {lacks} let through; {switch} at a socket proxy would allow it"))
}

/// Why an update is not begun, in one line without a full stop.
pub(in crate::server) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => "there is no such container".to_owned(),
        Refusal::Updating => "an update of it is under way".to_owned(),
        Refusal::Own => "it is Plimsoll's own container, which cannot replace itself".to_owned(),
        Refusal::SharesNamespace { with } => format!("it uses a namespace of {with}, which is gone"),
        Refusal::SharedBy { name } => format!("{name} uses what is its, and may not be recreated with it"),
        Refusal::SwarmTask => "it belongs to a Swarm service, which would replace it again".to_owned(),
        Refusal::Unsettled { state } => format!("its Engine is busy with it: {state}"),
        Refusal::Quadlet { unit } => format!("systemd owns it as {unit}, and would replace it again"),
        Refusal::NoReference => "it was started from a bare image id: no registry can be asked".to_owned(),
        Refusal::Pinned => "its reference names a digest: it stays where it is".to_owned(),
        Refusal::LocalBuild => "its image was built here: no registry has it".to_owned(),
        Refusal::NoTag { tag } => format!("`{tag}` is no tag"),
        Refusal::NoPrevious => "no image that it ran before is kept".to_owned(),
        Refusal::SetAside => "it is what an unfinished update left behind".to_owned(),
        Refusal::HostAway { detail } => format!("its host does not answer: {detail}"),
        Refusal::MonitorOnly { allows } => monitor_only(*allows).unwrap_or_default(),
        Refusal::Stopping => "Plimsoll is ending".to_owned(),
        Refusal::Journal { detail } => format!("the journal cannot be written: {detail}"),
    }
}

/// Why an update failed, in one line without a full stop.
pub(super) fn trouble(trouble: &UpdateTrouble) -> String {
    match trouble {
        UpdateTrouble::Pull { detail } => format!("the image could not be pulled: {detail}"),
        UpdateTrouble::Platform { image, wanted } => format!("the new image is for {image}, the container runs on {wanted}"),
        UpdateTrouble::Step { phase, detail } => format!("the Engine refused to {}: {detail}", step(*phase)),
        UpdateTrouble::Ended { code } => format!("the new container ended by itself with code {code}"),
        UpdateTrouble::Vanished => "the new container ended by itself, and was removed".to_owned(),
        UpdateTrouble::Unhealthy => "the new container's health check failed".to_owned(),
        UpdateTrouble::Cancelled => "somebody cancelled it".to_owned(),
        UpdateTrouble::Dependency { name } => format!("{name}, which it needs, was not updated"),
        UpdateTrouble::Interfered { detail } => format!("somebody else changed the container meanwhile: {detail}"),
        UpdateTrouble::HostAway { detail } => format!("its host does not answer: {detail}"),
        UpdateTrouble::Interrupted => "Plimsoll ended meanwhile".to_owned(),
        UpdateTrouble::Journal { detail } => format!("the journal could not be written: {detail}"),
    }
}

/// A step as what was to be done.
fn step(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting | Phase::Planning => "tell of the container",
        Phase::Pulling => "pull the image",
        Phase::SettingAside => "rename the old container",
        Phase::Creating => "create the new container",
        Phase::Connecting => "connect it to its networks",
        Phase::Holding | Phase::Releasing => "change the restart policy",
        Phase::Stopping => "stop the old container",
        Phase::Starting => "start the new container",
        Phase::Proving => "tell how the new container is",
        Phase::Pausing => "pause the new container",
        Phase::Removing => "remove the old container",
        Phase::Undoing => "put the old container back",
    }
}

/// What an operation does.
fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Pulling => "pulling",
        Phase::Planning => "reading the containers",
        Phase::SettingAside => "setting the old container aside",
        Phase::Creating => "creating the new container",
        Phase::Connecting => "connecting its networks",
        Phase::Holding => "holding the old container",
        Phase::Stopping => "stopping the old container",
        Phase::Starting => "starting the new container",
        Phase::Releasing => "giving it its restart policy",
        Phase::Proving => "waiting until it has proved itself",
        Phase::Pausing => "pausing the new container",
        Phase::Removing => "removing the old container",
        Phase::Undoing => "putting everything back",
    }
}

/// How an operation stands, in one line without a full stop.
pub(super) fn operation(operation: &Operation) -> String {
    let percent = operation.pull.as_ref().filter(|_| operation.phase == Phase::Pulling).map(|pull| pull.percent);
    match (&operation.outcome, percent) {
        (None, Some(percent)) => format!("{} {percent} %", phase(operation.phase)),
        (None, None) => phase(operation.phase).to_owned(),
        (Some(Outcome::Updated), _) => "updated".to_owned(),
        (Some(Outcome::Unchanged), _) => "runs the newest already".to_owned(),
        (Some(Outcome::Refused { refusal: why }), _) => format!("refused: {}", refusal(why)),
        (Some(Outcome::Failed { trouble: why }), _) => format!("failed, nothing was changed: {}", trouble(why)),
        (Some(Outcome::RolledBack { trouble: why }), _) => format!("failed, the old container is back: {}", trouble(why)),
        (Some(Outcome::LeftOver { trouble: why, container }), _) => format!("updated, but {container} is still there: {}", trouble(why)),
        (Some(Outcome::Stuck { trouble: why, container }), _) => {
            format!("failed, and {container} could not be put back yet: {}", trouble(why))
        }
    }
}

/// What a verdict says of a reference, short enough for a tile: `1.25.0 → 1.27.0`, `latest rebuilt`.
pub(super) fn change(reference: &Reference, verdict: &Verdict) -> String {
    let tag = reference.tag.as_deref().unwrap_or_default();
    match verdict {
        Verdict::UpToDate => "up to date".to_owned(),
        Verdict::Rebuilt => format!("{tag} rebuilt"),
        Verdict::Newer { tag: newer, rebuilt: false, .. } => format!("{tag} → {newer}"),
        Verdict::Newer { tag: newer, rebuilt: true, .. } => format!("{tag} → {newer}, also rebuilt"),
        Verdict::Recreate => format!("{tag} pulled, recreate"),
        Verdict::Pinned => "pinned".to_owned(),
        Verdict::LocalBuild => "built here".to_owned(),
        Verdict::Unknown { reason: why } => format!("unknown: {}", reason(why)),
    }
}
