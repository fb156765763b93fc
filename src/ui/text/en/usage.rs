//! Who uses an image.

use std::collections::BTreeSet;

use crate::wire::GroupRow;

/// A piece of the line that tells who uses an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// the words
    pub text: String,
    /// whether they are a name
    pub name: bool,
}

/// Which places are told. Those that a heading names already are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// the stacks
    pub stacks: bool,
    /// the hosts
    pub hosts: bool,
}

/// Places that are named; the rest is counted.
const NAMED: usize = 2;

/// Who uses the image: the only container by name, else how many there are; in which stacks and on which hosts.
pub fn used_by(group: &GroupRow, places: Places) -> Vec<Used> {
    let mut line = Line::default();
    let projects: BTreeSet<_> = group.workloads.iter().filter_map(|workload| workload.project.as_deref()).collect();
    let hosts: BTreeSet<_> = group.workloads.iter().map(|workload| workload.host.as_str()).collect();
    match group.workloads.as_slice() {
        [only] => line.name(&only.name),
        many => line.words(&format!("{} containers", many.len())),
    }
    // a container called as its stack says everything already
    let redundant = matches!(group.workloads.as_slice(), [only] if only.project.as_deref() == Some(only.name.as_str()));
    if places.stacks && !projects.is_empty() && !redundant {
        line.words(" in ");
        line.names(&projects);
    }
    if places.hosts && !hosts.is_empty() {
        line.words(" on ");
        line.names(&hosts);
    }
    line.0
}

/// The line while it is written.
#[derive(Default)]
struct Line(Vec<Used>);

impl Line {
    fn words(&mut self, text: &str) {
        self.0.push(Used { text: text.to_owned(), name: false });
    }

    fn name(&mut self, text: &str) {
        self.0.push(Used { text: text.to_owned(), name: true });
    }

    /// `a`, `a and b`, `a, b, 2 more`.
    fn names(&mut self, names: &BTreeSet<&str>) {
        for (at, name) in names.iter().take(NAMED).enumerate() {
            if at > 0 {
                self.words(if names.len() == NAMED { " and " } else { ", " });
            }
            self.name(name);
        }
        if names.len() > NAMED {
            self.words(&format!(", {} more", names.len() - NAMED));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ui::sample, wire::Verdict};

    /// The line for containers given as `name@project`, all on one host unless `host/` stands before.
    fn line(containers: &[&str], places: Places) -> String {
        let mut group = sample::group("redis:7", Verdict::UpToDate);
        let one = group.workloads[0].clone();
        group.workloads.clear();
        for container in containers {
            let (name, project) = container.split_once('@').unwrap_or((container, ""));
            let (host, name) = name.split_once('/').unwrap_or(("harbor", name));
            let mut workload = one.clone();
            workload.name = name.to_owned();
            workload.host = host.to_owned();
            workload.project = Some(project.to_owned()).filter(|project| !project.is_empty());
            group.workloads.push(workload);
        }
        used_by(&group, places).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn the_line_is_short_and_complete() {
        let cases: [(&[&str], bool, &str); 8] = [
            (&["web"], false, "web"),
            (&["web@shop"], false, "web in shop"),
            (&["grafana@grafana"], false, "grafana"),
            (&["web"], true, "web on harbor"),
            (&["a", "b"], false, "2 containers"),
            (&["a@x", "b@y"], false, "2 containers in x and y"),
            (&["a@x", "b@y", "c@z", "d@w"], false, "4 containers in w, x, 2 more"),
            (&["a@x", "nas/b@x"], true, "2 containers in x on harbor and nas"),
        ];
        for (containers, hosts, expected) in cases {
            assert_eq!(line(containers, Places { stacks: true, hosts }), expected);
        }
        assert_eq!(line(&["a@x", "nas/b@x"], Places { stacks: false, hosts: true }), "2 containers on harbor and nas");
    }
}
