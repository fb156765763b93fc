//! Runs the scenarios and writes the table.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio},
};

use crate::{
    measure::{Run, run},
    scenario::{ALL, Scenario},
};

/// Runs of each scenario, of which the median is told.
const RUNS: usize = 5;

/// What a scenario took.
struct Row {
    scenario: Scenario,
    run: Run,
    requests: u64,
    peak: u64,
    lost: usize,
}

/// Runs all scenarios, or those that are named, and prints the table. Fails where a budget is not met.
pub(crate) fn main(names: &[String]) -> ExitCode {
    let program = env::var("PLIMSOLL_BIN").unwrap_or_else(|_| "target/release/plimsoll".to_owned());
    let wanted = |scenario: &&Scenario| names.is_empty() || names.iter().any(|name| name == scenario.name);
    let rows: Vec<_> = ALL.iter().filter(wanted).map(|scenario| measured(*scenario, &program)).collect();
    println!("| scenario | floor | wall | × floor | CPU | memory | requests | at once | budget | Cup 3.5.1 |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut missed = 0;
    for row in &rows {
        let over = misses(row);
        missed += over.len();
        println!("{}", line(row, &over));
    }
    if missed > 0 {
        eprintln!("{missed} budgets are not met");
    }
    ExitCode::from(u8::from(missed > 0))
}

/// The registries of a scenario.
struct Served {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Served {
    fn start(scenario: Scenario) -> (Self, Vec<String>) {
        let itself = env::current_exe().expect("this program");
        let mut child =
            Command::new(itself).args(["--serve", scenario.name]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("registries");
        let to = child.stdin.take().expect("a pipe");
        let mut from = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        from.read_line(&mut line).expect("their addresses");
        (Self { child, to, from }, line.split_whitespace().map(str::to_owned).collect())
    }

    /// The requests since the last call, and the most that were ever under way.
    fn counts(&mut self) -> (u64, u64) {
        let mut line = String::new();
        writeln!(self.to).and_then(|()| self.from.read_line(&mut line)).expect("counts");
        let mut numbers = line.split_whitespace().filter_map(|number| number.parse().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn measured(scenario: Scenario, program: &str) -> Row {
    let (mut served, addresses) = Served::start(scenario);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let references: Vec<_> = (0..scenario.images)
        .map(|image| format!("\"{}/{}:{}\"", addresses[image % addresses.len()], Scenario::repository(image), scenario.tag()))
        .collect();
    let at_once = scenario.at_once.map_or_else(String::new, |most| {
        let one = |address: &String| format!("[registry.\"{address}\"]\nat_once = \"{most}\"\n");
        addresses.iter().map(one).collect::<Vec<_>>().concat()
    });
    let configuration = format!("[watch]\ndiscover = false\n[images]\nextra = [\n{}\n]\n", references.join(",\n")) + &at_once;
    fs::write(folder.path().join("plimsoll.toml"), configuration).expect("a configuration");
    let (config, output) = (at("plimsoll.toml"), at("out.json"));
    let mut runs = Vec::new();
    let (mut requests, mut peak, mut lost) = (0, 0, 0);
    for _ in 0..RUNS {
        let run = run(&output, program, &["--config", &config, "--data-dir", &at("data"), "check", "--json"], &[]).expect("a run");
        runs.push(run);
        (requests, peak) = served.counts();
        let document = fs::read_to_string(&output).unwrap_or_default();
        lost = lost.max(lost_in(&document, scenario));
    }
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    let median = |of: fn(&Run) -> f64| {
        let mut all: Vec<_> = runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let run = Run { wall: median(|run| run.wall), cpu: median(|run| run.cpu), memory: median(|run| run.memory) };
    eprintln!("{}: {run:?}", scenario.name);
    Row { scenario, run, requests, peak, lost }
}

/// How many images have no answer.
fn lost_in(document: &str, scenario: Scenario) -> usize {
    let document: serde_json::Value = serde_json::from_str(document).unwrap_or_default();
    let groups = document["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let answered = groups.iter().filter(|group| group["remote_digest"].is_string()).count();
    scenario.images - answered.min(scenario.images)
}

/// Which budgets are not met.
fn misses(row: &Row) -> Vec<&'static str> {
    let Row { scenario: Scenario { budget, .. }, run, requests, peak, lost } = row;
    let over = |is: f64, most: Option<f64>| most.is_some_and(|most| is > most);
    [
        (over(run.wall, budget.wall), "wall"),
        (over(run.cpu, budget.cpu), "CPU"),
        (over(run.memory, budget.memory), "memory"),
        (budget.peak.is_some_and(|most| *peak > most), "at once"),
        (budget.requests.is_some_and(|most| *requests > most), "requests"),
        (*lost > 0, "images lost"),
    ]
    .into_iter()
    .filter_map(|(missed, what)| missed.then_some(what))
    .collect()
}

fn line(row: &Row, misses: &[&str]) -> String {
    let Row { scenario, run, requests, peak, .. } = row;
    let floor = (scenario.trips * scenario.delay) as f64 / 1000.0;
    let ratio = if floor > 0.0 { format!("{:.2}", run.wall / floor) } else { String::new() };
    let budget = &scenario.budget;
    let promises = [
        budget.wall.map(|most| format!("{most} s")),
        budget.cpu.map(|most| format!("CPU {most} s")),
        budget.memory.map(|most| format!("{most} MB")),
        budget.peak.map(|most| format!("{most} at once")),
        budget.requests.map(|most| format!("{most} requests")),
    ];
    let promises = promises.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let met = match (promises.is_empty() && misses.is_empty(), misses) {
        (true, _) => String::new(),
        (false, []) => format!("{promises}: met"),
        (false, misses) => format!("{promises}: **missed: {}**", misses.join(", ")),
    };
    let cup = scenario.cup.map_or_else(String::new, |(wall, cpu, memory)| {
        let more = [cpu.map(|cpu| format!("CPU {cpu} s")), memory.map(|memory| format!("{memory} MB"))];
        [Some(format!("{wall} s"))].into_iter().chain(more).flatten().collect::<Vec<_>>().join(", ")
    });
    let Run { wall, cpu, memory } = run;
    let what = scenario.what;
    format!("| {what} | {floor:.2} s | {wall:.3} s | {ratio} | {cpu:.3} s | {memory:.1} MB | {requests} | {peak} | {met} | {cup} |")
}
