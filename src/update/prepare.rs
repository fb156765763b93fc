//! Everything before the first step: look, pull, plan. Nothing of the workload is changed.

use std::{pin::pin, time::Duration};

use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    busy::{Busy, Held},
    pace::{Ending, unless_ending},
    record::Record,
    run::json,
};
use crate::{
    host::{Goal, Host, HostError, Login, Plan, StepError, Stood, Survey, SurveyError},
    image::Reference,
    registry::Registries,
    store::{Kept, Store, StoreError},
    wire::{Operation, Outcome, Phase, Pull, Refusal, Target, UpdateTrouble},
};

/// How often the progress of a pull is told at most. Layers come in hundreds of lines a second.
const TELL: Duration = Duration::from_millis(250);

/// How often a workload is looked at while what belongs to it changes.
const LOOKS: u32 = 5;

/// Why there is no plan.
pub(super) enum Unprepared {
    /// the operation ends with this
    Ends(Outcome),
    /// Plimsoll is ending
    Ending,
}

impl From<Ending> for Unprepared {
    fn from(Ending: Ending) -> Self {
        Self::Ending
    }
}

impl From<UpdateTrouble> for Unprepared {
    fn from(trouble: UpdateTrouble) -> Self {
        Self::Ends(Outcome::Failed { trouble })
    }
}

impl From<StoreError> for Unprepared {
    fn from(error: StoreError) -> Self {
        UpdateTrouble::Journal { detail: error.to_string() }.into()
    }
}

/// What an operation is prepared with.
pub(super) struct Preparation<'a> {
    pub(super) host: &'a Host,
    pub(super) registries: &'a Registries,
    pub(super) store: &'a Store,
    pub(super) busy: &'a Busy,
    pub(super) stop: &'a CancellationToken,
}

impl Preparation<'_> {
    /// Looks at the workload, pulls its image and makes the plan, which is in the journal then. Nobody else exchanges what it is about
    /// as long as what comes with it is held.
    pub(super) async fn plan(&self, record: &mut Record) -> Result<(Plan, Held), Unprepared> {
        let (survey, held) = self.survey(record).await?;
        record.surveyed(survey.digest.clone(), survey.along.clone()).await?;
        let goal = self.goal(record.operation()).await?;
        // unique among the names that this and earlier journals gave
        let mark = format!("{:x}-{}", record.operation().begun, record.operation().id);
        self.store.keep_image(&kept(record.operation(), &survey, &mark)).await?;
        let stood = match unless_ending(self.stop, self.host.before_pull(&survey, &goal, &mark)).await? {
            Ok(stood) => stood,
            Err(error) => return Err(trouble(error).into()),
        };
        match self.pull_and_plan(record, &survey, &goal, &stood, &mark).await {
            Ok(plan) => Ok((plan, held)),
            Err(Unprepared::Ending) => Err(Unprepared::Ending),
            Err(unprepared) => {
                // a courtesy: no container is any different
                let _ = unless_ending(self.stop, self.host.after_pull(&survey, &goal, &stood)).await?;
                Err(unprepared)
            }
        }
    }

    /// Looks at the workload once nobody else is at it, or at those that go with it.
    async fn survey(&self, record: &Record) -> Result<(Survey, Held), Unprepared> {
        let Operation { host, name, .. } = record.operation();
        let mut names = vec![name.clone()];
        for _ in 0..LOOKS {
            let held = tokio::select! {
                biased;
                () = record.chosen().cancelled() => return Err(UpdateTrouble::Cancelled.into()),
                held = self.busy.take(host, &names, self.stop) => held?,
            };
            let survey = match unless_ending(self.stop, self.host.survey(name)).await? {
                Ok(survey) => survey,
                Err(SurveyError::Refused(refusal)) => return Err(Unprepared::Ends(Outcome::Refused { refusal })),
                Err(SurveyError::Host(error)) => return Err(away(&error).into()),
            };
            let wanted: Vec<String> = [name.clone()].into_iter().chain(survey.along.iter().cloned()).collect();
            if wanted.iter().all(|name| names.contains(name)) {
                return Ok((survey, held));
            }
            names = wanted;
        }
        Err(UpdateTrouble::Interfered { detail: "what has to be recreated with it changes all the time".to_owned() }.into())
    }

    /// What the workload is to run.
    async fn goal(&self, operation: &Operation) -> Result<Goal, Unprepared> {
        Ok(match &operation.target {
            Target::Same => Goal::Same,
            Target::Tag { tag } => Goal::Tag(tag.clone()),
            Target::Previous => {
                let kept = self.store.previous_image(&operation.host, &operation.name, Timestamp::now().as_second()).await?;
                let kept = kept.ok_or(Unprepared::Ends(Outcome::Refused { refusal: Refusal::NoPrevious }))?;
                Goal::Image { id: kept.image, reference: kept.reference }
            }
        })
    }

    async fn pull_and_plan(
        &self,
        record: &mut Record,
        survey: &Survey,
        goal: &Goal,
        stood: &Stood,
        mark: &str,
    ) -> Result<Plan, Unprepared> {
        let wanted = survey.wanted(goal);
        let (host, reference) = (record.operation().host.clone(), wanted.to_string());
        if !matches!(goal, Goal::Image { .. }) && !record.pulled_before().has(&host, &reference) {
            self.pull(&wanted, record).await?;
            record.pulled_before().note(&host, &reference);
        }
        record.phase(Phase::Planning).await;
        let plan = match unless_ending(self.stop, self.host.plan(survey, goal, stood, mark)).await? {
            Ok(Some(plan)) => plan,
            Ok(None) => return Err(Unprepared::Ends(Outcome::Unchanged)),
            Err(error) => return Err(trouble(error).into()),
        };
        record.planned(plan.digest.clone(), &json(&plan)).await?;
        Ok(plan)
    }

    /// Pulls what a reference stands for, and tells how far that is.
    async fn pull(&self, reference: &Reference, record: &mut Record) -> Result<(), Unprepared> {
        let credentials = self.registries.login_for(reference).await;
        let login = credentials.map(|known| Login { username: known.username, password: known.password });
        let mut states = pin!(self.host.pull(reference, login));
        let mut untold: Option<Pull> = None;
        let mut due = Instant::now();
        loop {
            let state = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(Unprepared::Ending),
                () = record.chosen().cancelled() => return Err(UpdateTrouble::Cancelled.into()),
                () = sleep_until(due), if untold.is_some() => {
                    if let Some(pull) = untold.take() {
                        record.pulled(pull).await;
                    }
                    due = Instant::now() + TELL;
                    continue;
                }
                state = states.next() => state,
            };
            match state {
                Some(Ok(pull)) => untold = Some(pull),
                Some(Err(trouble)) => return Err(trouble.into()),
                None => break,
            }
        }
        if let Some(pull) = untold {
            record.pulled(pull).await;
        }
        Ok(())
    }
}

/// What is to be kept for a way back.
fn kept(operation: &Operation, survey: &Survey, mark: &str) -> Kept {
    Kept {
        operation: operation.id,
        host: operation.host.clone(),
        name: operation.name.clone(),
        mark: mark.to_owned(),
        image: survey.image.clone(),
        reference: survey.written.clone(),
        digest: survey.digest.clone(),
        until: None,
    }
}

fn trouble(error: StepError) -> UpdateTrouble {
    match error {
        StepError::Away(error) => away(&error),
        StepError::Failed(trouble) => trouble,
    }
}

/// The host did not answer as it should.
pub(super) fn away(error: &HostError) -> UpdateTrouble {
    UpdateTrouble::HostAway { detail: error.to_string() }
}
