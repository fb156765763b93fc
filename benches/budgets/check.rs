//! `plimsoll check`, and Cup beside it where it is there, in every scenario.

mod cup;
pub(crate) mod registries;
mod scenario;
mod table;

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    measure::{Run, run},
    served::Served,
};
use scenario::{ALL, Scenario};

/// Runs of each scenario, of which the median is told.
const RUNS: usize = 5;

/// What a scenario took.
struct Row {
    scenario: Scenario,
    run: Run,
    requests: u64,
    peak: u64,
    lost: usize,
    /// what Cup took for it in the same run, where it is there
    cup: Option<Run>,
}

/// The registries of a scenario, and where they are.
struct Field {
    served: Served,
    addresses: Vec<String>,
    /// an Engine that has all images, where one is needed
    engine: Option<String>,
    folder: TempDir,
}

/// Runs all scenarios, or those that are named, and prints the table. Returns how many budgets are missed.
pub(crate) fn main(names: &[String], program: &str) -> usize {
    let cup = cup::program();
    let wanted = |scenario: &&Scenario| names.is_empty() || names.iter().any(|name| name == scenario.name);
    let rows: Vec<_> = ALL.iter().filter(wanted).map(|scenario| measured(*scenario, program, cup.as_deref())).collect();
    if rows.is_empty() { 0 } else { table::print(&rows) }
}

impl Field {
    fn new(scenario: Scenario, engine: bool) -> Self {
        let arguments = ["--registries", scenario.name, if engine { "engine" } else { "" }];
        let (served, ready) = Served::start(&arguments);
        let mut addresses: Vec<_> = ready.split_whitespace().map(str::to_owned).collect();
        let engine = engine.then(|| addresses.pop()).flatten();
        Self { served, addresses, engine, folder: tempfile::tempdir().expect("a folder") }
    }

    /// A file in the folder of this scenario.
    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Writes a file.
    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.folder.path().join(name), text).expect("a file");
        self.file(name)
    }

    /// The requests since the last call, and the most that were ever under way.
    fn counts(&mut self) -> (u64, u64) {
        let line = self.served.ask("counts");
        let mut numbers = line.split_whitespace().filter_map(|number| number.parse().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

fn measured(scenario: Scenario, program: &str, cup: Option<&Path>) -> Row {
    let mut field = Field::new(scenario, cup.is_some());
    let references: Vec<_> = (0..scenario.images)
        .map(|image| format!("\"{}\"", scenario.reference(image, &field.addresses[image % field.addresses.len()])))
        .collect();
    let at_once = scenario.at_once.map_or_else(String::new, |most| {
        let one = |address: &String| format!("[registry.\"{address}\"]\nat_once = \"{most}\"\n");
        field.addresses.iter().map(one).collect::<Vec<_>>().concat()
    });
    let configuration = format!("[watch]\ndiscover = false\n[images]\nextra = [\n{}\n]\n", references.join(",\n")) + &at_once;
    let config = field.write("plimsoll.toml", &configuration);
    let (data, output) = (field.file("data"), field.file("out.json"));
    let mut runs = Vec::new();
    let (mut requests, mut peak, mut lost) = (0, 0, 0);
    for _ in 0..RUNS {
        runs.push(run(&output, program, &["--config", &config, "--data-dir", &data, "check", "--json"]).expect("a run"));
        (requests, peak) = field.counts();
        let document = serde_json::from_str(&fs::read_to_string(&output).unwrap_or_default()).unwrap_or_default();
        lost = lost.max(lost_in(&document, scenario));
    }
    let run = Run::median(&runs);
    eprintln!("{}: {run:?}", scenario.name);
    let cup = cup.and_then(|cup| cup::measured(scenario, &field, cup));
    Row { scenario, run, requests, peak, lost, cup }
}

/// How many images have no answer.
fn lost_in(document: &Value, scenario: Scenario) -> usize {
    let groups = document["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let answered = groups.iter().filter(|group| group["remote_digest"].is_string()).count();
    scenario.images - answered.min(scenario.images)
}
