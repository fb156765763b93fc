//! Where a tag is pinned.

use std::{ops::Range, path::Path};

use super::{
    change::{Change, Place, Target},
    files::{Read, Source},
    interpolate::name,
    lines,
    model::{Found, Model, Way},
    project::Project,
    shared::{self, Also},
    traced::Run,
    unlocated::{Unlocated, Unreadable},
};
use crate::image::Reference;

/// The place that pins a tag, together with the files that were read to find it.
pub struct Pin {
    project: Project,
    sources: Vec<Source>,
    found: Found,
}

/// Finds what says the image of a container: `reference` is the one that it was made from, which must come out.
pub fn locate(project: &Project, reference: &Reference, read: &dyn Read) -> Result<Pin, Unlocated> {
    let mut model = Model::open(project, read)?;
    let found = model.image(&project.service)?;
    if found.value.text().parse().as_ref() != Ok(reference) {
        let source = model.sources.get(found.source);
        return Err(Unlocated::Differs {
            file: source.path.clone(),
            line: lines::number(&source.text, found.at.start),
            says: found.value.text().to_owned(),
            variables: found.variables,
        });
    }
    // who else depends on it is asked of the same files, so they are all read now
    model.services()?;
    Ok(Pin { project: project.clone(), sources: model.into_sources(), found })
}

impl Pin {
    /// What must be written for a tag, proved in memory: the service's image becomes that one, one value of one file differs, and what
    /// else comes to differ by it is told.
    pub fn to(&self, target: &Target) -> Result<Change, Unlocated> {
        let old = self.found.value.text();
        let new = renamed(old, target)?;
        let run = self.run(&new)?;
        let with = new[run.at.start..new.len() - (old.len() - run.at.end)].to_owned();
        let source = &self.sources[run.source];
        let mut after = source.text.clone();
        after.replace_range(run.written.clone(), &with);
        let also = self.prove(run.source, &after, &new)?;
        let (excerpt, whole_line) = self.excerpt(&run);
        let line = |text: &str, end: usize| {
            if whole_line { lines::around(text, run.written.start).to_owned() } else { text[excerpt.start..end].to_owned() }
        };
        let (text, becomes) = (line(&source.text, excerpt.end), line(&after, excerpt.end + with.len() - run.written.len()));
        Ok(Change {
            file: source.path.clone(),
            line: lines::number(&source.text, run.written.start),
            text,
            becomes,
            whole_line,
            place: self.place(&run),
            built: self.found.built,
            also,
            before: source.text.clone(),
            after,
        })
    }

    /// The piece that alone makes the old image the new one. Of several the last: what stands behind is nearer to the tag.
    fn run(&self, new: &str) -> Result<Run, Unlocated> {
        let old = self.found.value.text();
        let fits = |run: &Run| {
            let (before, behind) = (old.get(..run.at.start), old.get(run.at.end..));
            before.zip(behind).is_some_and(|(before, behind)| {
                new.len() >= before.len() + behind.len() && new.starts_with(before) && new.ends_with(behind)
            })
        };
        self.found.value.runs().into_iter().rev().find(fits).ok_or(Unlocated::Pieces)
    }

    /// Works everything out anew from the changed files, and compares.
    fn prove(&self, number: usize, after: &str, new: &str) -> Result<Vec<Also>, Unlocated> {
        let at = |path: &Path| self.sources.iter().position(|source| source.path == path);
        let before = |path: &Path| at(path).map(|at| self.sources[at].text.clone()).ok_or(Unreadable::Absent);
        let changed = |path: &Path| if at(path) == Some(number) { Ok(after.to_owned()) } else { before(path) };
        let (mut old, mut now) = (Model::open(&self.project, &before)?, Model::open(&self.project, &changed)?);
        let found = now.image(&self.project.service)?;
        let one = shared::differ_in_one(&self.sources[number], after);
        if found.value.text() != new || !one {
            return Err(Unlocated::Unproved);
        }
        shared::also(&mut old, &mut now, &self.project.service, &self.sources[number].path)
    }

    /// What is shown: the whole line, unless other values stand in it too, which are nobody's business.
    fn excerpt(&self, run: &Run) -> (Range<usize>, bool) {
        let mine = run.source == self.found.source && self.found.at.contains(&run.written.start);
        if mine && self.found.flow { (self.found.pair.clone(), false) } else { (run.written.clone(), true) }
    }

    /// In what kind of place the piece stands.
    fn place(&self, run: &Run) -> Place {
        let source = &self.sources[run.source];
        if source.tree.is_none() {
            let assignments = super::env::assignments(&source.text);
            let own = assignments.iter().find(|each| each.at.start <= run.written.start && run.written.end <= each.at.end);
            return Place::Variable { name: own.map(|each| each.name.to_owned()).unwrap_or_default() };
        }
        // a file can be one of Compose and one with variables at once
        let before = (run.source == self.found.source).then(|| source.text.get(self.found.at.start..run.written.start)).flatten();
        if let Some(variable) = before.and_then(default_of) {
            return Place::Default { variable };
        }
        match self.found.way {
            Way::Straight => Place::Service,
            Way::Anchor => Place::Anchor,
            Way::Extended => Place::Extended,
            Way::Included => Place::Included,
        }
    }
}

/// The variable whose default is being written where a text ends.
fn default_of(before: &str) -> Option<String> {
    let at = before.rfind("${")?;
    let inner = &before[at + 2..];
    (!inner.contains('}')).then(|| name(inner).map(str::to_owned)).flatten()
}

/// An image with another tag, the rest as it is written.
fn renamed(image: &str, target: &Target) -> Result<String, Unlocated> {
    let (rest, pinned) = match image.split_once('@') {
        Some((rest, _)) => (rest, true),
        None => (image, false),
    };
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let name = rest[slash..].find(':').map_or(rest, |at| &rest[..slash + at]);
    match (&target.digest, pinned) {
        (Some(digest), true) => Ok(format!("{name}:{}@{}", target.tag, digest.as_str())),
        (None, true) => Err(Unlocated::Digest),
        (_, false) => Ok(format!("{name}:{}", target.tag)),
    }
}
