//! What `plimsoll check` prints for people.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use crate::{
    live::State,
    ui::text,
    wire::{GroupRow, Level, Reason, Tally, Verdict},
};

/// Columns between two texts.
const GAP: usize = 3;

/// Prints one line an image, aligned, in colour only on a terminal that wants it.
pub(super) fn print(out: &mut impl Write, state: &State, icons: bool) -> io::Result<()> {
    let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let groups = &state.snapshot.groups;
    let lines: Vec<_> = groups.iter().map(line).collect();
    let width = |of: fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or_default();
    let (images, words) = (width(|line| line.image.chars().count()), width(|line| line.word.chars().count()));
    for Line { image, word, icon, paint, rest } in &lines {
        let (on, off) = if colour { (format!("\x1b[{paint}m"), "\x1b[0m") } else { (String::new(), "") };
        let icon = if icons { format!("{on}{icon}{off} ") } else { String::new() };
        let (images, words) = (images + GAP, words + GAP);
        writeln!(out, "{}", format!("{icon}{image:images$}{on}{word:words$}{off}{rest}").trim_end())?;
    }
    writeln!(out, "{}", summary(&Tally::of(groups)))
}

/// One line of the table.
struct Line {
    image: String,
    word: &'static str,
    icon: char,
    /// parameters of the terminal's colour
    paint: &'static str,
    rest: String,
}

fn line(group: &GroupRow) -> Line {
    let names: Vec<_> = group.workloads.iter().map(|workload| workload.name.as_str()).collect();
    let users = if names.is_empty() { String::new() } else { format!("  ({})", names.join(", ")) };
    let tag = group.reference.tag.as_deref();
    let rest = match &group.verdict {
        Verdict::Newer { tag: newer, .. } => format!("{} -> {newer}{users}", tag.unwrap_or_default()),
        Verdict::Unknown { reason: Reason::NothingRuns } => match &group.remote_digest {
            Some(digest) => format!("nothing here runs it; the registry has {digest}"),
            None => text::verdict(&group.verdict, tag.unwrap_or_default()),
        },
        Verdict::Unknown { .. } => text::verdict(&group.verdict, tag.unwrap_or_default()),
        _ => names.join(", "),
    };
    let (paint, icon) = match &group.verdict {
        Verdict::Newer { level: Level::Major, .. } => ("31", '\u{f0aa}'),
        Verdict::Newer { level: Level::Minor, .. } => ("33", '\u{f0aa}'),
        Verdict::Newer { level: Level::Patch, .. } | Verdict::Rebuilt | Verdict::Recreate => ("34", '\u{f0aa}'),
        Verdict::UpToDate => ("32", '\u{f058}'),
        Verdict::Pinned | Verdict::LocalBuild | Verdict::Unknown { .. } => ("2", '\u{f059}'),
    };
    let image = tag.map_or_else(|| group.reference.familiar.clone(), |tag| format!("{}:{tag}", group.reference.familiar));
    Line { image, word: text::verdict_word(&group.verdict), icon, paint, rest }
}

fn summary(tally: &Tally) -> String {
    let unknown = if tally.unknown > 0 { format!(", {} unknown", tally.unknown) } else { String::new() };
    match (tally.images, tally.behind()) {
        (0, _) => "No container runs here.".to_owned(),
        (1, 0) if tally.unknown == 1 => "Nothing is known of the one image.".to_owned(),
        (images, 0) if tally.unknown == images => format!("Nothing is known of the {images} images."),
        (1, 0) => "The one image has not fallen behind.".to_owned(),
        (images, 0) => format!("None of {images} images has fallen behind{unknown}."),
        (images, behind) => format!("{behind} of {images} images {} fallen behind{unknown}.", if behind == 1 { "has" } else { "have" }),
    }
}
