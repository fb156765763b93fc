//! The doors: everything that comes in over HTTP.

mod accept;
pub mod api;
mod assets;
mod events;
mod forms;
mod guard;
mod headers;
mod image_watch;
mod login;
mod operate;
mod pages;
mod patience;
mod probes;
mod readers;
mod refused;
mod routes;
mod shell;
mod updates;
mod wishes;

use axum::{Extension, Router};
use http::StatusCode;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{ConfigError, CsrfLayer},
    timeout::TimeoutLayer,
};

pub use patience::Patience;

use crate::app::App;

/// Bytes of a request's body. The largest that anybody has reason to send is a login.
const BODY_MAX: usize = 64 * 1024;

/// Serves `app` on `listener` until it is stopped; then streams end at once, and open requests within `patience.stop`.
///
/// # Errors
/// Where the configured public address is no origin.
pub async fn run(listener: TcpListener, app: App, patience: Patience) -> Result<(), ConfigError> {
    // pages are rendered on this runtime; a second call finds it done
    let _ = any_spawner::Executor::init_tokio();
    let stop = app.stop.clone();
    let router = router(app, patience)?;
    accept::serve(listener, router, patience, stop).await;
    Ok(())
}

/// All routes with the layers around them.
fn router(app: App, patience: Patience) -> Result<Router, ConfigError> {
    let routes = routes::router(&app);
    layered(routes, app, patience)
}

/// Puts around routes what every request and every answer passes.
fn layered(routes: Router<App>, app: App, patience: Patience) -> Result<Router, ConfigError> {
    let mut csrf = CsrfLayer::new().with_rejection_response(guard::cross_site);
    if let Some(public) = &app.config.public_url {
        csrf = csrf.add_trusted_origin(public.origin().ascii_serialization())?;
    }
    // outermost first
    let layers = ServiceBuilder::new()
        .layer(axum::middleware::map_response(headers::add))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(CompressionLayer::new().compress_when(headers::Compressible::default()))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::identify))
        .layer(csrf)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, patience.answer))
        .layer(Extension(patience))
        .layer(Extension(image_watch::Ids::default()))
        .layer(Extension(refused::Refusals::default()))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_MAX));
    Ok(routes.layer(layers).with_state(app))
}

#[cfg(test)]
mod tests;
