//! What a server watches: an Engine and a registry, in a process of their own.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
    time::Duration,
};

use plimsoll::simulate::{
    engine::{ContainerSpec, Engine, Image, Options},
    registry::{Access, Registry, digest_of},
};

/// The container to which something happens.
const STIRRED: &str = "bench-0000";

/// Serves so many containers, each with an image of its own, and a registry whose answers take so many milliseconds: prints the address of
/// the Engine, then lets something happen to a container for each line that it reads, until there are no more.
pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let [containers, delay] = arguments else { return ExitCode::from(2) };
    let (Ok(containers), Ok(delay)) = (containers.parse(), delay.parse()) else { return ExitCode::from(2) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (engine, _registry) = runtime.block_on(furnished(containers, Duration::from_millis(delay)));
    println!("{}", engine.address());
    let mut runs = true;
    for line in io::stdin().lock().lines() {
        if line.is_err() {
            break;
        }
        let done = if runs { engine.stop(STIRRED) } else { engine.start_container(STIRRED) };
        done.expect("the container is there");
        runs = !runs;
        println!("done");
        let _ = io::stdout().flush();
    }
    ExitCode::SUCCESS
}

async fn furnished(containers: usize, delay: Duration) -> (Engine, Registry) {
    let engine = Engine::start(Options::default()).await.expect("an Engine");
    let registry = Registry::start().await.expect("a registry");
    registry.set_delay(delay);
    registry.set_access(Access::Token { lifetime: Duration::from_mins(5), login: None });
    for number in 0..containers {
        let name = format!("bench-{number:04}");
        let repository = format!("bench/image-{number:04}");
        let reference = format!("{}/{repository}:stable", registry.address());
        // every tenth has fallen behind
        registry.push(&repository, "stable", if number % 10 == 9 { 2 } else { 1 });
        engine.pull(&reference, Image::pulled(digest_of(&repository, 1))).expect("an image");
        let spec = ContainerSpec::new(&name, &reference).compose(&format!("stack-{:03}", number / 8), &name);
        engine.run(spec.aged(Duration::from_hours(48))).expect("a container");
    }
    (engine, registry)
}
