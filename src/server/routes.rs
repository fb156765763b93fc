//! THE table: every path, its method, who may use it, and what answers.

use axum::{
    Router,
    handler::Handler,
    middleware::from_fn_with_state,
    routing::{MethodFilter, MethodRouter, any, on},
};

use super::{assets, events, forms, guard, image_watch, login, operate, pages, probes, readers, updates};
use crate::{
    access::Permit::{self, Counts, Open, Operate, View},
    app::App,
};

const GET: Option<MethodFilter> = Some(MethodFilter::GET);
const POST: Option<MethodFilter> = Some(MethodFilter::POST);
const PUT: Option<MethodFilter> = Some(MethodFilter::PUT);
/// The handler looks at the method itself, because a contract names the answer to a wrong one.
const ANY: Option<MethodFilter> = None;

/// One row of the table.
struct Route {
    path: &'static str,
    permit: Permit,
    handler: MethodRouter<App>,
}

/// A row from its four columns.
fn route<H, T>(path: &'static str, method: Option<MethodFilter>, permit: Permit, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let handler = match method {
        Some(method) => on(method, handler),
        None => any(handler),
    };
    Route { path, permit, handler }
}

/// The table. Paths stand without the base path.
#[rustfmt::skip]
fn table() -> Vec<Route> {
    vec![
        // pages
        route("/",                          GET,  View,    pages::page),
        route("/image/{*reference}",        GET,  View,    pages::image),
        route("/history",                   GET,  View,    pages::page),
        route("/login",                     GET,  Open,    pages::page),
        route("/setup",                     GET,  Open,    pages::page),
        // forms of the pages
        route("/check",                     POST, View,    forms::check),
        route("/update",                    POST, Operate, operate::update),
        route("/choice",                    POST, Operate, operate::choice),
        route("/switch",                    POST, Operate, operate::switch),
        route("/theme",                     POST, Open,    forms::theme),
        route("/login",                     POST, Open,    login::form_login),
        route("/logout",                    POST, Open,    login::form_logout),
        route("/setup",                     POST, Open,    login::form_setup),
        // what pages are made of
        route("/events",                    GET,  View,    events::events),
        route("/pkg/{name}",                GET,  Open,    assets::package),
        route("/favicon.svg",               GET,  Open,    assets::public),
        route("/robots.txt",                GET,  Open,    assets::public),
        route("/site.webmanifest",          GET,  Open,    assets::public),
        // Plimsoll's own
        route("/api/v1/fleet",              GET,  View,    readers::fleet),
        route("/api/v1/updates",            GET,  View,    updates::list),
        route("/api/v1/updates",            POST, Operate, updates::wish),
        route("/api/v1/updates/{id}",       GET,  View,    updates::one),
        route("/api/v1/updates/{id}/log",   GET,  Operate, updates::log),
        route("/api/v1/updates/{id}/{choice}", POST, Operate, updates::choose),
        route("/api/v1/workloads/{host}/{name}/update", POST, Operate, updates::wish_one),
        route("/api/v1/auto-update",        PUT,  Operate, updates::switch),
        // Image Watch's
        route("/api/images",                ANY,  View,    image_watch::images),
        route("/api/images/",               ANY,  View,    image_watch::image),
        route("/api/images/{*path}",        ANY,  View,    image_watch::image),
        route("/api/groups/",               ANY,  Operate, image_watch::group),
        route("/api/groups/{*path}",        ANY,  Operate, image_watch::group),
        route("/api/login",                 ANY,  Open,    login::contract_login),
        route("/api/logout",                ANY,  Open,    login::contract_logout),
        route("/api/auth/status",           GET,  Open,    login::status),
        route("/health",                    ANY,  Open,    probes::health),
        // Cup's
        route("/api/v3/json",               GET,  Counts,  readers::cup),
        route("/api/v2/json",               GET,  Counts,  readers::cup),
        route("/api/v3/refresh",            GET,  Counts,  readers::refresh),
        route("/api/v2/refresh",            GET,  Counts,  readers::refresh),
        // What's Up Docker's
        route("/api/containers",            GET,  Counts,  readers::containers),
        route("/api/containers/",           GET,  Counts,  readers::containers),
        // operations
        route("/livez",                     GET,  Open,    probes::livez),
        route("/readyz",                    GET,  Open,    probes::readyz),
    ]
}

/// The table as a router: each handler behind its permit, each path behind the base path.
pub(super) fn router(app: &App) -> Router<App> {
    let base = app.config.base_path.prefix();
    let mut router = Router::new();
    for Route { path, permit, handler } in table() {
        let guarded = handler.layer(from_fn_with_state((app.clone(), permit), guard::permit));
        router = router.route(&format!("{base}{path}"), guarded);
    }
    if !base.is_empty() {
        router = router.route(base, on(MethodFilter::GET, pages::to_base));
    }
    router.fallback(pages::not_found)
}
