//! The registries of a scenario, in a process of their own.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
    time::Duration,
};

use plimsoll::simulate::registry::{Access, Counts, Fault, Registry, Scope};

use crate::scenario::Scenario;

/// Serves the scenario of that name: prints the addresses on one line, then the counts for each line that it reads, until there are no more.
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let Some(scenario) = arguments.first().and_then(|name| Scenario::named(name)) else { return ExitCode::from(2) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let registries: Vec<_> = (0..scenario.registries).map(|at| runtime.block_on(furnished(scenario, at))).collect();
    let addresses: Vec<_> = registries.iter().map(|registry| registry.address().to_string()).collect();
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

/// The registry `at`, with its share of the images.
async fn furnished(scenario: Scenario, at: usize) -> Registry {
    let registry = Registry::start().await.expect("a registry");
    for image in (0..scenario.images).filter(|image| image % scenario.registries == at) {
        let repository = Scenario::repository(image);
        registry.push(&repository, scenario.tag(), 1);
        registry.push_all(&repository, (0..scenario.tags).map(|n| format!("{}.{}.{}", 1 + n / 400, n / 20 % 20, n % 20)), 2);
    }
    registry.set_delay(Duration::from_millis(scenario.delay));
    registry.set_page(scenario.page);
    if scenario.tokens {
        registry.set_access(Access::Token { lifetime: Duration::from_mins(5), login: None });
    }
    if let Some(most) = scenario.most {
        registry.fault(Scope::Whole, Fault::TooManyAbove(most));
    }
    registry
}
