//! The registries of a scenario, in a process of their own.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
    time::Duration,
};

use plimsoll::simulate::{
    engine::{Engine, Image, Options},
    registry::{Access, Counts, Fault, Registry, Scope, digest_of},
};

use super::scenario::Scenario;

/// Serves the scenario of that name: prints the addresses on one line, with `engine` that of an Engine last, then the counts for each line that it reads, until there are no more.
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let [name, engine] = arguments else { return ExitCode::from(2) };
    let Some(scenario) = Scenario::named(name) else { return ExitCode::from(2) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let registries: Vec<_> = (0..scenario.registries).map(|at| runtime.block_on(furnished(scenario, at))).collect();
    let mut addresses: Vec<_> = registries.iter().map(|registry| registry.address().to_string()).collect();
    let engine = (engine == "engine").then(|| runtime.block_on(stocked(scenario, &addresses)));
    // an address such as `tcp://127.0.0.1:2375`
    addresses.extend(engine.as_ref().map(|engine| engine.address().trim_start_matches("tcp://").to_owned()));
    println!("{}", addresses.join(" "));
    let mut before = 0;
    for line in io::stdin().lock().lines() {
        if line.is_err() {
            break;
        }
        let counts: Vec<_> = registries.iter().map(Registry::counts).collect();
        let (all, peak) = (counts.iter().map(Counts::all).sum::<u64>(), counts.iter().map(|counts| counts.peak).sum::<u64>());
        println!("{} {peak}", all - before);
        before = all;
        let _ = io::stdout().flush();
    }
    ExitCode::SUCCESS
}

/// An Engine that has every image of a scenario.
async fn stocked(scenario: Scenario, addresses: &[String]) -> Engine {
    let engine = Engine::start(Options::default()).await.expect("an Engine");
    for image in 0..scenario.images {
        let reference = scenario.reference(image, &addresses[image % addresses.len()]);
        engine.pull(&reference, Image::pulled(digest_of(&Scenario::repository(image), 1))).expect("an image");
    }
    engine
}

/// The registry `at`, with its share of the images.
async fn furnished(scenario: Scenario, at: usize) -> Registry {
    let registry = Registry::start().await.expect("a registry");
    for image in (0..scenario.images).filter(|image| image % scenario.registries == at) {
        let repository = Scenario::repository(image);
        registry.push(&repository, scenario.tag(), 1);
        registry.push_all(&repository, (0..scenario.tags).map(|n| format!("{}.{}.{}", 1 + n / 400, n / 20 % 20, n % 20)), 2);
    }
    registry.set_delay(Duration::from_millis(scenario.delay));
    match scenario.page {
        Some(page) => registry.set_page(page),
        None => registry.fault(Scope::Whole, Fault::NoPages),
    }
    if scenario.tokens {
        registry.set_access(Access::Token { lifetime: Duration::from_mins(5), login: None });
    }
    if let Some(most) = scenario.most {
        registry.fault(Scope::Whole, Fault::TooManyAbove(most));
    }
    registry
}
