//! The doors: everything that comes in over HTTP.

pub mod api;
mod assets;
mod shell;

use std::io;

use axum::{Router, routing::get};

use crate::{
    ui::Start,
    wire::{CheckState, LoginState, Revision, Snapshot, Viewer},
};

/// Serves on `listen` until the process ends.
pub async fn run(listen: &str) -> io::Result<()> {
    let page = leptos_axum::render_app_async_with_context(|| (), || shell::shell(nothing(), "0"));
    let router = Router::new().route("/", get(page)).route("/pkg/{name}", get(assets::serve));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await
}

/// A page that knows nothing yet.
fn nothing() -> Start {
    let revision = Revision { boot: "0".to_owned(), n: 0 };
    let snapshot = Snapshot { revision, hosts: Vec::new(), groups: Vec::new(), check: CheckState::default(), sample: false };
    let viewer = Viewer { name: None, can_look: true, can_operate: false, login: LoginState::Open };
    Start { base: String::new(), snapshot, viewer, theme: None, now: 0, steps: None }
}
