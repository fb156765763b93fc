//! How new containers are: whether they stay up, and become healthy where they have a health check.

use std::time::Duration;

use serde_json::Value;

use super::{
    container::{Container, is_unset, list},
    door::Door,
    observe::{Successor, successor},
    plan::Plan,
};
use crate::{
    host::{Probe, Standing, StepError},
    wire::UpdateTrouble,
};

/// What a health check may take beyond what it says.
const SLACK: Duration = Duration::from_secs(10);

/// Looks at all new containers that are to run. The first that has failed speaks for all, else the one that is not well yet.
pub(super) async fn probe(door: &Door<'_>, plan: &mut Plan) -> Result<Probe, StepError> {
    let mut all = Probe { standing: Standing::Well, restarts: 0, limit: Duration::ZERO, code: 0 };
    for member in plan.members.iter_mut().filter(|member| member.running) {
        let found = match successor(door, member).await? {
            Successor::There(new) => {
                all.restarts += new.restarts();
                all.limit = all.limit.max(limit(&new.config()["Healthcheck"]));
                all.code = if new.exit_code() == 0 { all.code } else { new.exit_code() };
                look(&new)
            }
            // where its Engine removes what stops, that is how an end looks
            Successor::Missing if member.removes => Standing::Failed(UpdateTrouble::Vanished),
            Successor::Missing => Standing::Failed(UpdateTrouble::Interfered { detail: "the new container is gone".to_owned() }),
            Successor::Foreign(detail) => Standing::Failed(UpdateTrouble::Interfered { detail }),
        };
        all.standing = match (all.standing, found) {
            (failed @ Standing::Failed(_), _) | (_, failed @ Standing::Failed(_)) => failed,
            (Standing::Starting, _) | (_, Standing::Starting) => Standing::Starting,
            (Standing::Well, Standing::Well) => Standing::Well,
        };
    }
    Ok(all)
}

fn look(container: &Container) -> Standing {
    if !container.is_running() || container.is_restarting() {
        return Standing::Failed(UpdateTrouble::Ended { code: container.exit_code() });
    }
    match container.health() {
        Some("unhealthy") => Standing::Failed(UpdateTrouble::Unhealthy),
        None if !has_check(&container.config()["Healthcheck"]) => Standing::Well,
        Some("healthy") => Standing::Well,
        _ => Standing::Starting,
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
    time("StartPeriod", 0).saturating_add(round.saturating_mul(retries)).saturating_add(SLACK)
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
            ("hours", json!({ "StartPeriod": 7200 * second }), 7200 + 3 * 60 + 10),
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
        let ended = |code| Standing::Failed(UpdateTrouble::Ended { code });
        for (what, container, expected) in [
            ("it runs", told(runs.clone(), 0, &Value::Null), Standing::Well),
            ("no health check by wish", told(healthy("none"), 0, &json!({ "Test": ["NONE"] })), Standing::Well),
            ("nothing known yet of its check", told(runs, 0, &check), Standing::Starting),
            ("starting", told(healthy("starting"), 0, &check), Standing::Starting),
            ("healthy", told(healthy("healthy"), 0, &check), Standing::Well),
            ("unhealthy", told(healthy("unhealthy"), 0, &check), Standing::Failed(UpdateTrouble::Unhealthy)),
            ("it ended", told(json!({ "Status": "exited", "ExitCode": 3 }), 0, &Value::Null), ended(3)),
            ("it ended well", told(json!({ "Status": "exited", "ExitCode": 0 }), 0, &Value::Null), ended(0)),
            (
                "it waits to be restarted",
                told(json!({ "Status": "restarting", "Running": true, "ExitCode": 1 }), 1, &Value::Null),
                ended(1),
            ),
        ] {
            assert_eq!(look(&container), expected, "{what}");
        }
    }
}
