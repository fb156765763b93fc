//! Everything before the first step: look, pull, plan. Nothing of the workload is changed.

use std::{pin::pin, time::Duration};

use futures_util::StreamExt;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    pace::{Ending, unless_ending},
    record::Record,
    run::json,
};
use crate::{
    host::{Host, HostError, Login, Plan, StepError, Survey, SurveyError},
    registry::Registries,
    store::StoreError,
    wire::{Outcome, Phase, Pull, UpdateTrouble},
};

/// How often the progress of a pull is told at most. Layers come in hundreds of lines a second.
const TELL: Duration = Duration::from_millis(250);

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
    pub(super) grace: Duration,
    pub(super) stop: &'a CancellationToken,
}

impl Preparation<'_> {
    /// Looks at the workload, pulls its image and makes the plan, which is in the journal then.
    pub(super) async fn plan(&self, record: &mut Record) -> Result<Plan, Unprepared> {
        let survey = match unless_ending(self.stop, self.host.survey(&record.operation().name)).await? {
            Ok(survey) => survey,
            Err(SurveyError::Refused(refusal)) => return Err(Unprepared::Ends(Outcome::Refused { refusal })),
            Err(SurveyError::Host(error)) => return Err(away(&error).into()),
        };
        record.surveyed(survey.digest.clone()).await?;
        self.pull(&survey, record).await?;
        record.phase(Phase::Planning).await;
        // unique among the names that this and earlier journals gave
        let mark = format!("{:x}-{}", record.operation().begun, record.operation().id);
        let plan = match unless_ending(self.stop, self.host.plan(&survey, &mark, self.grace)).await? {
            Ok(Some(plan)) => plan,
            Ok(None) => return Err(Unprepared::Ends(Outcome::Unchanged)),
            Err(StepError::Away(error)) => return Err(away(&error).into()),
            Err(StepError::Failed(trouble)) => return Err(trouble.into()),
        };
        record.planned(plan.digest.clone(), &json(&plan)).await?;
        Ok(plan)
    }

    /// Pulls what the workload's reference stands for, and tells how far that is.
    async fn pull(&self, survey: &Survey, record: &mut Record) -> Result<(), Unprepared> {
        let credentials = self.registries.login_for(&survey.reference).await;
        let login = credentials.map(|known| Login { username: known.username, password: known.password });
        let mut states = pin!(self.host.pull(&survey.reference, login));
        let mut untold: Option<Pull> = None;
        let mut due = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(Unprepared::Ending),
                () = sleep_until(due), if untold.is_some() => {
                    if let Some(pull) = untold.take() {
                        record.pulled(pull).await;
                    }
                    due = Instant::now() + TELL;
                }
                state = states.next() => match state {
                    Some(Ok(pull)) => untold = Some(pull),
                    Some(Err(trouble)) => return Err(trouble.into()),
                    None => break,
                },
            }
        }
        if let Some(pull) = untold {
            record.pulled(pull).await;
        }
        Ok(())
    }
}

/// The host did not answer as it should.
pub(super) fn away(error: &HostError) -> UpdateTrouble {
    UpdateTrouble::HostAway { detail: error.to_string() }
}
