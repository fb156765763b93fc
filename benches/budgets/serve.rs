//! `plimsoll serve`: what it takes of the machine, idle and with many who look.

mod followers;
pub(crate) mod house;
mod program;

use std::{thread, time::Duration};

use crate::served::Served;
use program::Program;

/// How long a server is left alone before it counts as idle.
const SETTLES: Duration = Duration::from_secs(3);

/// Pages that are rendered, of which the mean is told.
const PAGES: u32 = 40;

/// Those who follow the changes.
const FOLLOWERS: usize = 5000;

/// One figure.
struct Row {
    what: &'static str,
    is: f64,
    unit: &'static str,
    /// at most so much
    budget: Option<f64>,
}

/// A scenario, by its name on the command line.
type Scenario = (&'static str, fn(&str) -> Vec<Row>);

/// All of them.
const ALL: [Scenario; 4] = [("idle", idle), ("mid-check", mid_check), ("page", page), ("followers", followers)];

/// Runs all scenarios, or those that are named, and prints the table. Returns how many budgets are missed.
pub(crate) fn main(names: &[String], program: &str) -> usize {
    let wanted = |(name, _): &&Scenario| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let rows: Vec<_> = ALL.iter().filter(wanted).flat_map(|(_, measure)| measure(program)).collect();
    if rows.is_empty() {
        return 0;
    }
    println!("| server | measured | budget |");
    println!("|---|---|---|");
    let mut missed = 0;
    for Row { what, is, unit, budget } in rows {
        let over = budget.is_some_and(|most| is > most);
        missed += usize::from(over);
        let budget = budget.map_or_else(String::new, |most| format!("{most} {unit}: {}", if over { "**missed**" } else { "met" }));
        println!("| {what} | {is:.1} {unit} | {budget} |");
    }
    println!();
    missed
}

/// An Engine with so many containers, whose registry takes so many milliseconds an answer, and a server that has checked them all.
fn started(program: &str, containers: &str, delay: &str) -> (Served, Program) {
    let (house, engine) = Served::start(&["--house", containers, delay]);
    (house, Program::start(program, &engine))
}

fn idle(program: &str) -> Vec<Row> {
    let (_house, server) = started(program, "100", "0");
    thread::sleep(SETTLES);
    let (memory, cpu) = (server.memory(), server.cpu());
    thread::sleep(SETTLES);
    vec![
        Row { what: "memory, idle, 100 containers", is: memory, unit: "MB", budget: Some(25.0) },
        Row {
            what: "CPU a second, idle, 100 containers",
            is: (server.cpu() - cpu) * 1000.0 / SETTLES.as_secs_f64(),
            unit: "ms",
            budget: None,
        },
    ]
}

fn mid_check(program: &str) -> Vec<Row> {
    let (_house, server) = started(program, "1000", "100");
    vec![Row { what: "most memory, 1,000 images, listed and checked", is: server.most_memory(), unit: "MB", budget: Some(45.0) }]
}

fn page(program: &str) -> Vec<Row> {
    let (_house, server) = started(program, "1000", "0");
    let mean = |header: &str| {
        let before = server.cpu();
        for _ in 0..PAGES {
            assert!(server.get("/", header).is_some_and(|page| page.len() > 10_000), "it answers with the page");
        }
        (server.cpu() - before) * 1000.0 / f64::from(PAGES)
    };
    vec![
        Row { what: "CPU of a page of 1,000 containers", is: mean(""), unit: "ms", budget: Some(25.0) },
        Row { what: "the same, compressed as a browser asks for it", is: mean("Accept-Encoding: gzip, br"), unit: "ms", budget: None },
    ]
}

fn followers(program: &str) -> Vec<Row> {
    let (mut house, server) = started(program, "100", "0");
    let revision = server.fleet()["revision"].as_str().unwrap_or_default().to_owned();
    let reached = followers::reached(server.address, FOLLOWERS, &revision, || assert_eq!(house.ask("stir"), "done"));
    vec![
        Row {
            what: "5,000 follow: until a change on the host has reached all",
            is: reached.map_or(f64::INFINITY, |took| took.as_secs_f64()),
            unit: "s",
            budget: Some(1.0),
        },
        Row { what: "most memory with them", is: server.most_memory(), unit: "MB", budget: Some(150.0) },
    ]
}
