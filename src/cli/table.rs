//! What `plimsoll check` prints for people.

use std::{
    collections::BTreeSet,
    env,
    io::{self, IsTerminal, Write},
};

use crate::{
    image::Reference,
    live::State,
    ui::text,
    wire::{GroupRow, Level, Tally, Verdict},
};

/// Columns between two texts.
const GAP: usize = 3;

/// Prints one line an image, aligned, in colour only on a terminal that wants it. `wanted` are the references that were named: those
/// that nothing runs get a line too.
pub(super) fn print(out: &mut impl Write, state: &State, wanted: &BTreeSet<Reference>) -> io::Result<()> {
    let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let groups = &state.snapshot.groups;
    let mut lines: Vec<_> = groups.iter().map(line).collect();
    let runs = |reference: &&Reference| groups.iter().any(|group| group.id == reference.to_string());
    lines.extend(wanted.iter().filter(|reference| !runs(reference)).map(|reference| elsewhere(reference, state)));
    let width = |of: fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or_default();
    let (images, words) = (width(|line| line.image.chars().count()), width(|line| line.word.chars().count()));
    for Line { image, word, paint, rest } in &lines {
        let (on, off) = if colour { (format!("\x1b[{paint}m"), "\x1b[0m") } else { (String::new(), "") };
        let (images, words) = (images + GAP, words + GAP);
        writeln!(out, "{}", format!("{image:images$}{on}{word:words$}{off}{rest}").trim_end())?;
    }
    if wanted.is_empty() {
        let tally = Tally::of(groups);
        writeln!(out, "{}", summary(&tally))?;
    }
    Ok(())
}

/// One line of the table.
struct Line {
    image: String,
    word: &'static str,
    /// parameters of the terminal's colour
    paint: &'static str,
    rest: String,
}

/// The line of a reference that nothing runs: what the registry says of it.
fn elsewhere(reference: &Reference, state: &State) -> Line {
    let rest = match state.finding(&reference.to_string()).map(|finding| &finding.answer) {
        Some(Ok(answer)) => format!("nothing runs it; the registry has {}", answer.digest),
        Some(Err(reason)) => text::reason(reason).what,
        None => "nothing runs it".to_owned(),
    };
    Line { image: reference.familiar(), word: "not here", paint: "2", rest }
}

fn line(group: &GroupRow) -> Line {
    let names: Vec<_> = group.workloads.iter().map(|workload| workload.name.as_str()).collect();
    let tag = group.reference.tag.as_deref();
    let rest = match &group.verdict {
        Verdict::Newer { tag: newer, .. } => format!("{} -> {newer}  ({})", tag.unwrap_or_default(), names.join(", ")),
        Verdict::Unknown { .. } => text::verdict(&group.verdict, tag.unwrap_or_default()),
        _ => names.join(", "),
    };
    let paint = match &group.verdict {
        Verdict::Newer { level: Level::Major, .. } => "31",
        Verdict::Newer { level: Level::Minor, .. } => "33",
        Verdict::Newer { level: Level::Patch, .. } | Verdict::Rebuilt | Verdict::Recreate => "34",
        Verdict::UpToDate => "32",
        Verdict::Pinned | Verdict::LocalBuild | Verdict::Unknown { .. } => "2",
    };
    let image = tag.map_or_else(|| group.reference.familiar.clone(), |tag| format!("{}:{tag}", group.reference.familiar));
    Line { image, word: text::verdict_word(&group.verdict), paint, rest }
}

fn summary(tally: &Tally) -> String {
    let unknown = if tally.unknown > 0 { format!(", {} unknown", tally.unknown) } else { String::new() };
    match (tally.images, tally.behind()) {
        (0, _) => "No container runs here.".to_owned(),
        (1, 0) => format!("The one image has not fallen behind{unknown}."),
        (images, 0) => format!("None of {images} images has fallen behind{unknown}."),
        (images, behind) => format!("{behind} of {images} images {} fallen behind{unknown}.", if behind == 1 { "has" } else { "have" }),
    }
}
