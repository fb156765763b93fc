//! The doors: everything that comes in over HTTP.

pub mod api;
mod assets;
mod shell;

use std::io;

use axum::{Router, routing::get};

use crate::ui;

/// Serves on `listen` until the process ends.
pub async fn run(listen: &str) -> io::Result<()> {
    let page = leptos_axum::render_app_async_with_context(|| (), || shell::shell(ui::App));
    let router = Router::new().route("/", get(page)).route("/pkg/{name}", get(assets::serve));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await
}
