//! `plimsoll demo`: the ordinary program on an invented Engine and invented registries.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, Listen, log, serve, start};
use crate::{
    config::{Auth, Environment, Loaded, Origin},
    host::{Endpoint, Host},
    simulate::fleet,
    store::Store,
};

/// Serve the dashboard with invented containers, so that anyone can try it without Docker
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    listen: Listen,
    /// How many images
    #[arg(long, default_value_t = fleet::SIZE, value_parser = clap::value_parser!(u32).range(1..=5000))]
    size: u32,
    /// Let nothing happen by itself
    #[arg(long)]
    still: bool,
}

impl Arguments {
    /// Where to listen, if it was said.
    pub(super) fn listen(&self) -> Option<String> {
        self.listen.listen.clone()
    }
}

/// Starts the invented fleet and serves it. Nothing is stored: each demo begins anew.
pub(super) async fn run(mut loaded: Loaded, environment: &Environment, arguments: Arguments) -> Result<ExitCode, Failure> {
    log::start(&loaded.config.log, loaded.config.timezone.zone(), environment.get("NO_COLOR").is_some());
    let failed = |error: &dyn std::error::Error| Failure::Run(format!("cannot start the demo: {error}"));
    let fleet = fleet::start(arguments.size, !arguments.still).await.map_err(|error| failed(&error))?;
    let is_said = loaded.settings.iter().any(|setting| setting.key == "auth" && setting.origin != Origin::Default);
    if !is_said && loaded.config.access.credential.is_none() {
        // what is invented may be changed by everyone who tries it
        loaded.config.access.auth = Auth::None;
    }
    loaded.config.registries = registries(fleet.addresses().map_err(|error| failed(&error))?);
    let endpoint = Endpoint::parse(fleet.host(), None).map_err(|error| failed(&error))?;
    let hosts = vec![Host::new("harbour", endpoint)];
    let registries = start::registries(&loaded.config, None)?;
    let store = Store::in_memory().await.map_err(|error| failed(&error))?;
    serve::serve(loaded, hosts, registries, store, None).await
}

/// Every invented registry is asked at its address in this process, and nobody's real login is used.
fn registries(addresses: impl IntoIterator<Item = (String, String)>) -> std::collections::BTreeMap<String, crate::config::Registry> {
    let entry =
        |(host, address)| (host, crate::config::Registry { insecure: true, address: Some(address), ..crate::config::Registry::default() });
    addresses.into_iter().map(entry).collect()
}
