//! The proof: the new container stays up, and becomes healthy where it has a health check.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{
    container::{Container, is_unset, list},
    door::Door,
};
use crate::{host::StepError, wire::UpdateTrouble};

/// Longest time in which a container may become healthy.
const LONGEST: Duration = Duration::from_mins(15);

/// What a health check may take beyond what it says.
const SLACK: Duration = Duration::from_secs(10);

/// How often is looked at first, when most of what fails does, and after that.
const PACES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

/// How long is looked often.
const EAGER: Duration = Duration::from_secs(5);

/// Waits until the container has proved itself. `first` is how it was found: what happened to it before is forgiven.
pub(super) async fn prove(door: &Door<'_>, first: &Container, grace: Duration) -> Result<(), StepError> {
    let begun = Instant::now();
    let limit = limit(&first.config()["Healthcheck"]);
    let failed = |trouble| Err(StepError::Failed(trouble));
    let mut now = first.clone();
    loop {
        let past = begun.elapsed();
        match look(&now, first.restarts()) {
            Look::Failed(trouble) => return failed(trouble),
            Look::Well if past >= grace => return Ok(()),
            Look::Starting if past >= limit.max(grace) => {
                let seconds = u32::try_from(limit.max(grace).as_secs()).unwrap_or(u32::MAX);
                return failed(UpdateTrouble::NotHealthyInTime { seconds });
            }
            Look::Well | Look::Starting => {}
        }
        sleep(if past < EAGER { PACES.0 } else { PACES.1 }).await;
        now = match door.container(first.id()).await.map_err(StepError::Away)? {
            Some(container) => container,
            None => return failed(UpdateTrouble::Interfered { detail: "the new container is gone".to_owned() }),
        };
    }
}

/// How it looks at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Look {
    /// it runs, and is healthy where it has a health check
    Well,
    /// it runs, and its health check says nothing yet
    Starting,
    /// it has failed
    Failed(UpdateTrouble),
}

fn look(container: &Container, restarts_before: u64) -> Look {
    if !container.is_running() || container.is_restarting() || container.restarts() > restarts_before {
        return Look::Failed(UpdateTrouble::Ended { code: container.exit_code() });
    }
    match container.health() {
        Some("unhealthy") => Look::Failed(UpdateTrouble::Unhealthy),
        None if !has_check(&container.config()["Healthcheck"]) => Look::Well,
        Some("healthy") => Look::Well,
        _ => Look::Starting,
    }
}

fn has_check(check: &Value) -> bool {
    let test = list(&check["Test"]);
    test.first().is_some_and(|first| first != "NONE")
}

/// How long a container may take to become healthy. Times are in nanoseconds, with Docker's defaults for what is not said.
fn limit(check: &Value) -> Duration {
    let time = |field: &str, default: u64| {
        let nanoseconds = check[field].as_u64().filter(|nanoseconds| *nanoseconds > 0);
        nanoseconds.map_or(Duration::from_secs(default), Duration::from_nanos)
    };
    let retries = if is_unset(&check["Retries"]) { 3 } else { check["Retries"].as_u64().unwrap_or(3) };
    let retries = u32::try_from(retries).unwrap_or(u32::MAX);
    let round = time("Interval", 30).saturating_add(time("Timeout", 30));
    time("StartPeriod", 0).saturating_add(round.saturating_mul(retries)).saturating_add(SLACK).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn how_long_it_may_take_is_what_its_health_check_says() {
        let second = 1_000_000_000_u64;
        for (what, check, expected) in [
            ("nothing is said", json!({ "Test": ["CMD", "true"] }), 3 * 60 + 10),
            (
                "all is said",
                json!({ "StartPeriod": 40 * second, "Interval": 5 * second, "Timeout": 2 * second, "Retries": 4 }),
                40 + 4 * 7 + 10,
            ),
            ("zeros are as nothing", json!({ "StartPeriod": 0, "Interval": 0, "Timeout": 0, "Retries": 0 }), 3 * 60 + 10),
            ("hours", json!({ "StartPeriod": 7200 * second }), 15 * 60),
            ("too much to add", json!({ "StartPeriod": u64::MAX, "Interval": u64::MAX, "Retries": u64::MAX }), 15 * 60),
        ] {
            assert_eq!(limit(&check), Duration::from_secs(expected), "{what}");
        }
    }

    #[test]
    fn a_container_is_judged_by_its_state() {
        let check = json!({ "Test": ["CMD", "true"] });
        let told = |state: Value, restarts: u64, check: &Value| {
            Container::new(json!({ "State": state, "RestartCount": restarts, "Config": { "Healthcheck": check } }))
        };
        let runs = json!({ "Status": "running", "Running": true });
        let healthy = |status: &str| json!({ "Status": "running", "Running": true, "Health": { "Status": status } });
        let ended = |code| Look::Failed(UpdateTrouble::Ended { code });
        for (what, container, expected) in [
            ("it runs", told(runs.clone(), 0, &Value::Null), Look::Well),
            ("no health check by wish", told(healthy("none"), 0, &json!({ "Test": ["NONE"] })), Look::Well),
            ("nothing known yet of its check", told(runs.clone(), 0, &check), Look::Starting),
            ("starting", told(healthy("starting"), 0, &check), Look::Starting),
            ("healthy", told(healthy("healthy"), 0, &check), Look::Well),
            ("unhealthy", told(healthy("unhealthy"), 0, &check), Look::Failed(UpdateTrouble::Unhealthy)),
            ("it ended", told(json!({ "Status": "exited", "ExitCode": 3 }), 0, &Value::Null), ended(3)),
            ("it ended well", told(json!({ "Status": "exited", "ExitCode": 0 }), 0, &Value::Null), ended(0)),
            (
                "it waits to be restarted",
                told(json!({ "Status": "restarting", "Running": true, "ExitCode": 1 }), 1, &Value::Null),
                ended(1),
            ),
            ("it was restarted", told(runs, 2, &Value::Null), ended(0)),
        ] {
            assert_eq!(look(&container, 0), expected, "{what}");
        }
    }
}
