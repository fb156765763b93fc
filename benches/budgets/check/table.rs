//! The table of checks.

use super::{Row, scenario::Scenario};
use crate::measure::Run;

/// Prints it. Returns how many budgets are missed.
pub(crate) fn print(rows: &[Row]) -> usize {
    let here = rows.iter().any(|row| row.cup.is_some());
    let beside = if here { "Cup in the same run" } else { "Cup 3.5.1, recorded" };
    println!("| scenario | floor | wall | × floor | CPU | memory | requests | at once | budget | {beside} |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut missed = 0;
    for row in rows {
        let over = misses(row);
        missed += over.len();
        println!("{}", line(row, &over, here));
    }
    println!();
    missed
}

/// Which budgets are not met.
fn misses(row: &Row) -> Vec<&'static str> {
    let Row { scenario: Scenario { budget, .. }, run, requests, peak, lost, .. } = row;
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

fn line(row: &Row, misses: &[&str], here: bool) -> String {
    let Row { scenario, run, requests, peak, cup, .. } = row;
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
    let beside = match cup {
        Some(Run { wall, cpu, memory }) => format!("{wall:.3} s, CPU {cpu:.3} s, {memory:.1} MB"),
        None if here => "not all of it".to_owned(),
        None => recorded(*scenario),
    };
    let Run { wall, cpu, memory } = run;
    let what = scenario.what;
    format!("| {what} | {floor:.2} s | {wall:.3} s | {ratio} | {cpu:.3} s | {memory:.1} MB | {requests} | {peak} | {met} | {beside} |")
}

/// What Cup took on another machine.
fn recorded(scenario: Scenario) -> String {
    scenario.cup.map_or_else(String::new, |(wall, cpu, memory)| {
        let more = [cpu.map(|cpu| format!("CPU {cpu} s")), memory.map(|memory| format!("{memory} MB"))];
        [Some(format!("{wall} s"))].into_iter().chain(more).flatten().collect::<Vec<_>>().join(", ")
    })
}
