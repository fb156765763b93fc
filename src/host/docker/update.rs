//! The writing half of an Engine's door.

use std::time::Duration;

use futures_util::Stream;
use serde::{Deserialize, Serialize};

use super::Engine;
use crate::{
    host::{Login, Observed, StepError, Survey, SurveyError},
    image::Reference,
    wire::{self, Phase, UpdateTrouble},
};

/// What was seen of a container before an update.
#[derive(Debug, Clone)]
pub(in crate::host) struct Seen {}

/// The Engine's half of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::host) struct Plan {}

impl Engine {
    pub(in crate::host) async fn survey(&self, _name: &str) -> Result<Survey, SurveyError> {
        todo!()
    }

    pub(in crate::host) fn pull(
        &self,
        _reference: &Reference,
        _login: Option<Login>,
    ) -> impl Stream<Item = Result<wire::Pull, UpdateTrouble>> + Send + use<> {
        futures_util::stream::empty()
    }

    pub(in crate::host) async fn plan(
        &self,
        _survey: &Survey,
        _mark: &str,
        _grace: Duration,
    ) -> Result<Option<crate::host::Plan>, StepError> {
        todo!()
    }

    pub(in crate::host) async fn apply(&self, _plan: &mut Plan, _step: Phase) -> Result<(), StepError> {
        todo!()
    }

    pub(in crate::host) async fn undo(&self, _plan: &mut Plan, _step: Phase) -> Result<(), StepError> {
        todo!()
    }

    pub(in crate::host) async fn observe(&self, _plan: &mut Plan, _step: Phase) -> Result<Observed, StepError> {
        todo!()
    }
}
