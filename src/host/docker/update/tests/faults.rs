//! Every call of an update goes wrong in every way. In the end there is one container of the name, the old or the new one, in the state
//! that the old one had, and nothing else.

use http::Method;

use super::*;

/// All ways in which a single call can go wrong.
const FAULTS: [Fault; 6] = [Fault::Cut, Fault::Status(500), Fault::Status(404), Fault::Status(409), Fault::Html(502), Fault::Html(403)];

/// What must hold, whatever went wrong.
struct Before {
    old: String,
    policy: Value,
    volumes: Vec<String>,
    running: Vec<String>,
}

impl Before {
    fn of(engine: &Engine) -> Self {
        let volumes = engine.volumes();
        Self { old: id_of(engine, "web"), policy: policy_of(engine, "web"), volumes, running: engine.running() }
    }

    fn holds(&self, engine: &Engine, updated: bool, what: &str) {
        assert_eq!(names(engine), ["web"], "{what}: one container");
        assert_eq!(id_of(engine, "web") != self.old, updated, "{what}: updated: {updated}");
        assert_eq!(engine.running(), self.running, "{what}: runs as before");
        assert_eq!(policy_of(engine, "web"), self.policy, "{what}: its policy");
        assert_eq!(engine.volumes(), self.volumes, "{what}: its volumes");
    }
}

/// An update to `image` in which one call goes wrong; the Engine as it is then. The pull is over before.
async fn goes_wrong(image: Image, on: On, fault: Fault, what: &str) -> (Engine, Result<(), UpdateTrouble>) {
    let (engine, host) = started(Options { api: 41, ..Options::default() }, web()).await;
    engine.offer(REFERENCE, image).expect("a reference");
    let mut plan = planned(&host).await;
    let before = Before::of(&engine);
    engine.fault_on(on, fault);
    let done = carry_out(&host, &mut plan).await;
    before.holds(&engine, done.is_ok(), &format!("{what}: {done:?}"));
    (engine, done)
}

/// How many calls of a method were made to change something, but for the pull.
fn changes(engine: &Engine, method: &Method) -> usize {
    engine.changes().iter().filter(|call| call.method == *method && call.path != "/images/create").count()
}

/// Lets each change of an update to `image` go wrong in turn, before it is done and after. Answers how many did.
async fn each_goes_wrong(image: Image, faults: &[Fault]) -> usize {
    let mut runs = 0;
    for (method, fault, after) in [Method::POST, Method::DELETE]
        .into_iter()
        .flat_map(|method| faults.iter().flat_map(move |fault| [false, true].map(|after| (method.clone(), *fault, after))))
    {
        for number in 1.. {
            let on = On::call(method.clone(), "/").nth(number);
            let on = if after { on.after() } else { on };
            let what = format!("{method} {number} {fault:?} after: {after}");
            let (engine, _) = goes_wrong(image.clone(), on, fault, &what).await;
            if changes(&engine, &method) < number {
                break;
            }
            runs += 1;
        }
    }
    runs
}

#[tokio::test]
async fn no_change_that_goes_wrong_loses_anything() {
    let runs = each_goes_wrong(image(2), &FAULTS).await;
    assert!(runs > 80, "{runs} calls went wrong");
}

#[tokio::test]
async fn no_way_back_that_is_broken_off_loses_anything() {
    let ends = image(2).behaving(Behaviour::Ends { code: 3, after: Duration::ZERO });
    let faults = [Fault::Cut, Fault::Status(404), Fault::Html(502), Fault::Html(403)];
    let runs = each_goes_wrong(ends, &faults).await;
    // how many calls there are depends on how soon its end is seen
    assert!(runs > 60, "{runs} calls went wrong");
}

#[tokio::test]
async fn no_look_that_goes_wrong_loses_anything() {
    let looks = |engine: &Engine| engine.calls().iter().filter(|call| call.starts_with("GET /containers/")).count();
    let (engine, host) = started(Options { api: 41, ..Options::default() }, web()).await;
    let mut plan = planned(&host).await;
    let before = looks(&engine);
    carry_out(&host, &mut plan).await.expect("an update");
    let all = looks(&engine) - before;
    assert!(all > 10, "{all} looks");
    for fault in [Fault::Cut, Fault::Status(404), Fault::Html(404)] {
        for number in 1..=all {
            let what = format!("look {number} {fault:?}");
            let (_engine, done) = goes_wrong(image(2), On::call(Method::GET, "/containers/").nth(number), fault, &what).await;
            assert_eq!(done, Ok(()), "{what}: a look can be taken again");
        }
    }
}

#[tokio::test]
async fn what_was_made_unheard_is_found() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::SettingAside).await;
    engine.fault_on(On::call(Method::POST, "/containers/create").after(), Fault::Cut);
    assert!(matches!(host.apply(&mut plan, step(Phase::Creating)).await, Err(StepError::Away(_))));
    assert_eq!(plan.docker.members[0].made, None);
    assert_eq!(host.observe(&mut plan, step(Phase::Creating)).await, Ok(Observed::Done));
    assert_eq!(plan.docker.members[0].made, Some(id_of(&engine, "web")));
}

#[tokio::test]
async fn what_somebody_else_made_is_left_alone() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::SettingAside).await;
    let foreign = engine.run(ContainerSpec::new("web", REFERENCE)).expect("the image is there");
    let interfered = |found: &UpdateTrouble| matches!(found, UpdateTrouble::Interfered { .. });
    let observed = host.observe(&mut plan, step(Phase::Creating)).await;
    assert!(matches!(&observed, Ok(Observed::Interfered(found)) if interfered(found)), "{observed:?}");
    let applied = host.apply(&mut plan, step(Phase::Creating)).await;
    assert!(matches!(&applied, Err(StepError::Failed(found)) if interfered(found)), "{applied:?}");
    host.undo(&mut plan, step(Phase::Creating)).await.expect("nothing to undo");
    let undone = host.undo(&mut plan, step(Phase::SettingAside)).await;
    assert!(matches!(&undone, Err(StepError::Failed(UpdateTrouble::Step { .. }))), "the name is taken: {undone:?}");
    assert_eq!(id_of(&engine, "web"), foreign);
    engine.remove("web").expect("it is there");
    host.undo(&mut plan, step(Phase::SettingAside)).await.expect("the name is free");
    assert_eq!((names(&engine), id_of(&engine, "web")), (vec!["web".to_owned()], plan.docker.members[0].old.clone()));
}

#[tokio::test]
async fn an_old_one_that_somebody_tidied_away_is_made_again() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    let before = Before::of(&engine);
    up_to(&host, &mut plan, Phase::Starting).await;
    engine.remove("web.plimsoll-17").expect("it is there");
    for phase in [Phase::Releasing, Phase::Starting, Phase::Stopping, Phase::Holding, Phase::Creating, Phase::SettingAside] {
        host.undo(&mut plan, step(phase)).await.expect("there is nothing against it");
    }
    let again = id_of(&engine, "web");
    before.holds(&engine, true, "neither the old one nor the new one, but one as the old one was");
    assert_eq!((&plan.docker.members[0].old, names(&engine)), (&again, vec!["web".to_owned()]));
}

#[tokio::test]
async fn an_old_one_that_was_removed_before_there_was_a_new_one_is_not_brought_back() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::SettingAside).await;
    engine.remove("web.plimsoll-17").expect("it is there");
    let undone = host.undo(&mut plan, step(Phase::SettingAside)).await;
    assert!(matches!(&undone, Err(StepError::Failed(UpdateTrouble::Interfered { .. }))), "{undone:?}");
    assert_eq!(names(&engine), Vec::<String>::new());
}

#[tokio::test]
async fn what_somebody_has_renamed_is_undone_all_the_same() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    let before = Before::of(&engine);
    up_to(&host, &mut plan, Phase::Starting).await;
    engine.rename("web", "theirs").expect("it is there");
    for phase in [Phase::Releasing, Phase::Starting, Phase::Stopping, Phase::Holding, Phase::Creating, Phase::SettingAside] {
        host.undo(&mut plan, step(phase)).await.expect("there is nothing against it");
    }
    before.holds(&engine, false, "the new one was called otherwise");

    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::SettingAside).await;
    engine.rename("web.plimsoll-17", "mine").expect("it is there");
    host.undo(&mut plan, step(Phase::SettingAside)).await.expect("the name is theirs");
    assert_eq!((names(&engine), engine.running()), (vec!["mine".to_owned()], vec!["mine".to_owned()]));
}

#[tokio::test]
async fn the_old_one_is_kept_where_the_new_one_is_gone() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::Proving).await;
    engine.remove("web").expect("it is there");
    let removed = host.apply(&mut plan, step(Phase::Removing)).await;
    assert!(matches!(&removed, Err(StepError::Failed(UpdateTrouble::Interfered { .. }))), "{removed:?}");
    assert_eq!(names(&engine), ["web.plimsoll-17"]);
}

#[tokio::test]
async fn a_lie_does_not_leave_the_old_one_behind() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    up_to(&host, &mut plan, Phase::Proving).await;
    engine.fault_on(On::call(Method::DELETE, "/containers/").once(), Fault::Status(404));
    let removed = host.apply(&mut plan, step(Phase::Removing)).await;
    assert!(matches!(&removed, Err(StepError::Away(_))), "{removed:?}");
    assert_eq!(host.observe(&mut plan, step(Phase::Removing)).await, Ok(Observed::NotDone));
    host.apply(&mut plan, step(Phase::Removing)).await.expect("it may be removed");
    assert_eq!(names(&engine), ["web"]);
}

#[tokio::test]
async fn a_proxy_that_lets_no_change_through_is_told_at_once() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    engine.fault_on(On::call(Method::POST, "/containers/"), Fault::Html(403));
    let applied = host.apply(&mut plan, step(Phase::SettingAside)).await;
    let Err(StepError::Failed(UpdateTrouble::Step { phase: Phase::SettingAside, detail })) = &applied else { panic!("{applied:?}") };
    assert!(detail.contains("403"), "{detail}");
}

#[tokio::test]
async fn what_an_inventory_shows_is_one_container_at_every_step() {
    let (engine, host) = started(Options::default(), web()).await;
    let mut plan = planned(&host).await;
    for step in plan.steps.clone() {
        host.apply(&mut plan, step).await.unwrap_or_else(|error| panic!("{step:?}: {error:?}"));
        for all in [true, false] {
            let shown = host.inventory(all).await.expect("an inventory").workloads;
            let names: Vec<_> = shown.iter().map(|workload| workload.name.as_str()).collect();
            // between stop and start nothing runs
            let expected: &[&str] = if !all && engine.running().is_empty() { &[] } else { &["web"] };
            assert_eq!(names, expected, "{step:?}, all: {all}");
        }
    }
}
