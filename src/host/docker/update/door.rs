//! The calls of an update, and what their answers mean for it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::container::{Container, text};
use crate::{
    host::{
        HostError, StepError,
        docker::{
            Engine,
            api::{self, ALL, Answer, CHANGE, Limit, ONE},
            session::{Flavour, Session},
            transport::Transport,
        },
    },
    wire::{Phase, UpdateTrouble},
};

/// Longest time that a container which may take as long as it likes is given to stop, in seconds.
const STOP: u64 = 60 * 60;

/// How long a removal that is under way already may take.
const REMOVAL: Duration = Duration::from_mins(1);

/// The way to an Engine that has been greeted.
pub(super) struct Door<'a> {
    transport: &'a Transport,
    /// what the Engine is
    pub(super) session: Arc<Session>,
}

/// A change that is asked for.
pub(super) struct Change<'a> {
    /// for which step
    pub(super) phase: Phase,
    /// whether a step is undone by it
    pub(super) undoing: bool,
    pub(super) method: Method,
    /// path and query, without the version
    pub(super) path: String,
    /// what is sent with it
    pub(super) document: Option<&'a Value>,
    /// the container that it is done to, where that must be there
    pub(super) to: Option<&'a str>,
    /// how long the Engine may take beyond what changes take anyway
    pub(super) extra: Duration,
}

impl<'a> Change<'a> {
    /// A `POST` without a document.
    pub(super) fn post(phase: Phase, path: String) -> Self {
        Self { phase, undoing: false, method: Method::POST, path, document: None, to: None, extra: Duration::ZERO }
    }

    /// The same with a document.
    pub(super) fn with(self, document: &'a Value) -> Self {
        Self { document: Some(document), ..self }
    }
}

impl<'a> Door<'a> {
    /// Greets the Engine where that was not done yet.
    pub(super) async fn open(engine: &'a Engine) -> Result<Self, HostError> {
        Ok(Self { transport: &engine.shared.transport, session: engine.session().await? })
    }

    /// The container of this id or name; `None` only where the Engine itself says that there is none.
    pub(super) async fn container(&self, name: &str) -> Result<Option<Container>, HostError> {
        let found = self.look(&format!("/containers/{}/json", api::path(name)), "no such container").await?;
        Ok(found.map(Container::new))
    }

    /// Whether a container is there no more. Asked in two ways: taken for gone by mistake, it would be left behind for ever.
    pub(super) async fn is_gone(&self, id: &str) -> Result<bool, HostError> {
        if self.container(id).await?.is_some() {
            return Ok(false);
        }
        Ok(self.containers().await?.iter().all(|listed| text(&listed["Id"]) != id))
    }

    /// The list of all containers, running or not.
    pub(super) async fn containers(&self) -> Result<Vec<Value>, HostError> {
        api::get(self.transport, &self.session.path("/containers/json?all=1"), ALL).await
    }

    /// The image of this id or name; `None` where there is none.
    pub(super) async fn image(&self, name: &str) -> Result<Option<Value>, HostError> {
        self.look(&format!("/images/{}/json", api::path(name)), "no such image").await
    }

    /// Gets a document. A 404 in other words than the Engine's is somebody else's, and says nothing of what is there.
    async fn look(&self, path: &str, missing: &str) -> Result<Option<Value>, HostError> {
        let path = self.session.path(path);
        let shown = api::shown(&Method::GET, &path);
        let answer = api::exchange(self.transport, Method::GET, &path, ONE).await?;
        if answer.status == StatusCode::NOT_FOUND {
            let words = api::words(&answer).unwrap_or_default().to_ascii_lowercase();
            // of images Podman says it in two ways
            if words.contains(missing) || (self.session.flavour == Flavour::Podman && words.contains("image not known")) {
                return Ok(None);
            }
        }
        api::accept(self.transport, &shown, &answer)?;
        let document = serde_json::from_slice(&answer.body).ok().filter(Value::is_object);
        document.map(Some).ok_or_else(|| api::bad(self.transport, &shown, "no document".to_owned()))
    }

    /// Asks for a change. What the Engine refuses has failed; where its answer is lost, late or not its own, nobody knows.
    pub(super) async fn change(&self, change: Change<'_>) -> Result<Answer, StepError> {
        let path = self.session.path(&change.path);
        let shown = api::shown(&change.method, &path);
        let limit = Limit { wait: CHANGE.wait.saturating_add(change.extra), ..CHANGE };
        let answer = api::send(self.transport, change.method, &path, change.document, limit).await.map_err(StepError::Away)?;
        let away = |answer: &Answer| {
            let what = if answer.is_html() { ": a page of HTML" } else { "" };
            StepError::Away(api::bad(self.transport, &shown, format!("status {}{what}", answer.status.as_u16())))
        };
        let failed = |detail: String| StepError::Failed(UpdateTrouble::Step { phase: change.phase, detail });
        match answer.status {
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Err(away(&answer)),
            // on the way back a proxy that lets nothing through any more may do so again
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if answer.is_html() && !change.undoing => {
                Err(failed(format!("status {}: {shown} is not let through", answer.status.as_u16())))
            }
            _ if answer.is_html() => Err(away(&answer)),
            status if status.is_success() || status == StatusCode::NOT_MODIFIED => Ok(answer),
            // it is there: the answer is not that of its Engine, or a late one
            StatusCode::NOT_FOUND if self.is_there(change.to).await? => Err(away(&answer)),
            status => Err(failed(api::words(&answer).unwrap_or_else(|| format!("status {}", status.as_u16())))),
        }
    }

    async fn is_there(&self, id: Option<&str>) -> Result<bool, StepError> {
        match id {
            Some(id) => self.container(id).await.map(|found| found.is_some()).map_err(StepError::Away),
            None => Ok(false),
        }
    }

    /// Gives a container a restart policy.
    pub(super) async fn set_policy(&self, phase: Phase, undoing: bool, id: &str, policy: &Value) -> Result<(), StepError> {
        let document = json!({ "RestartPolicy": policy });
        let change = Change::post(phase, format!("/containers/{}/update", api::path(id))).with(&document);
        self.change(Change { undoing, to: Some(id), ..change }).await.map(drop)
    }

    /// Freezes a container.
    pub(super) async fn pause(&self, phase: Phase, undoing: bool, id: &str) -> Result<(), StepError> {
        let change = Change::post(phase, format!("/containers/{}/pause", api::path(id)));
        self.change(Change { undoing, to: Some(id), ..change }).await.map(drop)
    }

    /// Lets a container go on.
    pub(super) async fn unpause(&self, phase: Phase, undoing: bool, id: &str) -> Result<(), StepError> {
        let change = Change::post(phase, format!("/containers/{}/unpause", api::path(id)));
        self.change(Change { undoing, to: Some(id), ..change }).await.map(drop)
    }

    /// Stops a container, as gently as it wants to be stopped. One that is paused hears nothing before it goes on.
    pub(super) async fn stop(&self, phase: Phase, undoing: bool, container: &Container) -> Result<(), StepError> {
        if container.flag("Paused") {
            self.unpause(phase, undoing, container.id()).await?;
        }
        let seconds = u64::try_from(container.stop_timeout()).unwrap_or(STOP).min(STOP);
        let change = Change::post(phase, format!("/containers/{}/stop", api::path(container.id())));
        self.change(Change { undoing, to: Some(container.id()), extra: Duration::from_secs(seconds), ..change }).await.map(drop)
    }

    /// Starts a container.
    pub(super) async fn start(&self, phase: Phase, undoing: bool, id: &str) -> Result<(), StepError> {
        let change = Change::post(phase, format!("/containers/{}/start", api::path(id)));
        self.change(Change { undoing, to: Some(id), ..change }).await.map(drop)
    }

    /// Gives a container another name.
    pub(super) async fn rename(&self, phase: Phase, undoing: bool, id: &str, name: &str) -> Result<(), StepError> {
        let change = Change::post(phase, format!("/containers/{}/rename?name={}", api::path(id), api::path(name)));
        self.change(Change { undoing, to: Some(id), ..change }).await.map(drop)
    }

    /// Removes a container: one that is stopped, with its volumes left alone; or by force, with those that were made for it alone. One that
    /// is gone already is as good.
    pub(super) async fn remove(&self, phase: Phase, undoing: bool, id: &str, by_force: bool) -> Result<(), StepError> {
        let query = if by_force { "force=1&v=1" } else { "force=0&v=0" };
        let change = Change::post(phase, format!("/containers/{}?{query}", api::path(id)));
        let refusal = match self.change(Change { undoing, method: Method::DELETE, to: Some(id), ..change }).await {
            Err(refusal @ StepError::Failed(_)) => refusal,
            other => return other.map(drop),
        };
        let begun = Instant::now();
        // the Engine may be at it already, for this or somebody else's request
        loop {
            match self.container(id).await.map_err(StepError::Away)? {
                None if self.is_gone(id).await.map_err(StepError::Away)? => return Ok(()),
                Some(container) if container.status() != "removing" => return Err(refusal),
                _ if begun.elapsed() > REMOVAL => return Err(refusal),
                _ => sleep(Duration::from_millis(500)).await,
            }
        }
    }

    /// An answer that cannot be.
    pub(super) fn bad(&self, request: &str, detail: &str) -> HostError {
        api::bad(self.transport, request, detail.to_owned())
    }

    /// The last lines that a container wrote, as it wrote them or with a head before each part; empty where they cannot be had.
    pub(super) async fn log(&self, id: &str, lines: u32, limit: Limit) -> Result<Vec<u8>, HostError> {
        let path = self.session.path(&format!("/containers/{}/logs?stdout=1&stderr=1&tail={lines}", api::path(id)));
        let answer = api::exchange(self.transport, Method::GET, &path, limit).await?;
        Ok(if answer.status.is_success() && !answer.is_html() { answer.body.to_vec() } else { Vec::new() })
    }

    /// Whether `reference` stands for `image` on the host.
    pub(super) async fn stands_for(&self, reference: &str, image: &str) -> Result<bool, HostError> {
        let found = self.image(reference).await?;
        Ok(found.is_some_and(|found| crate::host::docker::images::full_id(text(&found["Id"])) == image))
    }

    /// Several containers, at most some at once. Those that are gone meanwhile are left out.
    pub(super) async fn all(&self, ids: Vec<String>) -> Result<Vec<Container>, HostError> {
        use futures_util::{StreamExt, TryStreamExt, stream};
        const AT_ONCE: usize = 16;
        let found: BTreeMap<String, Option<Container>> = stream::iter(ids)
            .map(|id| async move { self.container(&id).await.map(|container| (id, container)) })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_values().flatten().collect())
    }
}
