//! The sample fleet as a table.

use crate::simulate::engine::{Health, State};

/// One image, and who runs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// the reference as a person wrote it
    pub(super) image: &'static str,
    /// how it stands
    pub(super) standing: Standing,
    /// label `org.opencontainers.image.source`
    pub(super) source: Option<&'static str>,
    /// who runs it
    pub(super) berths: &'static [Berth<'static>],
}

/// How an image stands between the host and its registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// the registry has the same
    Current,
    /// the registry has another under the same tag
    Rebuilt,
    /// the newest was pulled; no container runs it yet
    Recreate,
    /// the newest was pulled; the last container runs it, the others do not
    Partial,
    /// the reference names a digest, and the registry has a newer one
    Pinned,
    /// built on the host
    Built,
    /// the containers were started from a bare image id
    BareId,
    /// there is nothing under that name
    Gone,
    /// only who logs in may see it
    Private,
    /// the registry wants fewer requests
    Limited,
    /// the registry refuses the connection
    Refused,
    /// the registry never answers
    Silent,
}

impl Standing {
    /// Whether the registry has something newer than what was there first.
    pub(super) fn is_behind(self) -> bool {
        matches!(self, Self::Rebuilt | Self::Recreate | Self::Partial | Self::Pinned)
    }
}

/// One container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Berth<'a> {
    pub(super) name: &'a str,
    /// Compose project and service
    pub(super) compose: Option<(&'a str, &'a str)>,
    pub(super) state: State,
    pub(super) health: Option<Health>,
    /// how old it is, in hours
    pub(super) hours: u32,
}

const fn berth(name: &'static str, hours: u32) -> Berth<'static> {
    Berth { name, compose: None, state: State::Running, health: None, hours }
}

impl<'a> Berth<'a> {
    const fn of(self, project: &'a str, service: &'a str) -> Self {
        Self { compose: Some((project, service)), ..self }
    }

    const fn is(self, health: Health) -> Self {
        Self { health: Some(health), ..self }
    }

    const fn does(self, state: State) -> Self {
        Self { state, ..self }
    }
}

const fn sample(image: &'static str, standing: Standing, source: Option<&'static str>, berths: &'static [Berth<'static>]) -> Sample {
    Sample { image, standing, source, berths }
}

use Health::{Healthy, Starting, Unhealthy};
use Standing::{BareId, Built, Current, Gone, Limited, Partial, Pinned, Private, Rebuilt, Recreate, Refused, Silent};

/// What else the registries have of some of them, the newest last: what a person sees of newer versions, and of what is none.
pub(super) const TAGS: &[(&str, &[&str])] = &[
    ("grafana/grafana:12.2.0", &["11.6.7", "12.1.4", "12.2.1", "12.3.0", "12.3.0-ubuntu", "13.0.0", "13.1.0-beta1", "latest"]),
    ("prom/prometheus:v3.7.3", &["v2.55.1", "v3.7.2", "v3.8.0-rc.1", "v3.8.0", "v3.8.1", "v3.8.1-distroless", "latest"]),
    ("eclipse-mosquitto:2.0.21", &["1.6.15", "2.0", "2.0.20", "2.0.22", "2.0.22-openssl", "latest"]),
    ("postgres:16-alpine", &["15-alpine", "16.10-alpine", "17-alpine", "17.6-alpine", "18-alpine", "18-bookworm", "latest"]),
    ("nginx:1.29-alpine", &["1.28-alpine", "1.29", "1.29.3-alpine", "stable-alpine", "latest"]),
    ("traefik:v3.5", &["v2.11", "v3.5.4", "v3.6", "v3.6.1", "latest"]),
    ("codeberg.org/forgejo/forgejo:13", &["12", "13.0", "13.0.2", "14", "14.0.0"]),
];

/// The images of the house. A smaller fleet takes the first of them, so the kinds are mixed.
pub(super) const SAMPLES: [Sample; 25] = [
    sample(
        "ghcr.io/immich-app/immich-server:release",
        Rebuilt,
        Some("https://github.com/immich-app/immich"),
        &[berth("immich_server", 220).of("immich", "immich-server").is(Healthy)],
    ),
    sample(
        "postgres:16-alpine",
        Partial,
        Some("https://github.com/docker-library/postgres"),
        &[
            berth("immich_postgres", 900).of("immich", "database").is(Healthy),
            berth("miniflux-db", 1400).of("miniflux", "db").is(Healthy),
            berth("paperless-db", 30).of("paperless", "db"),
        ],
    ),
    sample(
        "redis:7-alpine",
        Current,
        Some("https://github.com/redis/docker-library-redis"),
        &[berth("immich_redis", 220).of("immich", "redis").is(Healthy), berth("paperless-broker", 30).of("paperless", "broker")],
    ),
    sample(
        "ghcr.io/home-assistant/home-assistant:stable",
        Current,
        Some("https://github.com/home-assistant/core"),
        &[berth("homeassistant", 96).of("home", "homeassistant")],
    ),
    sample("jellyfin/jellyfin:latest", Recreate, Some("https://github.com/jellyfin/jellyfin"), &[berth("jellyfin", 510).is(Healthy)]),
    sample("ghcr.io/maren/household-ledger:latest", Private, None, &[berth("household-ledger", 2100).of("home", "ledger")]),
    sample(
        "vaultwarden/server:1.34.3",
        Pinned,
        Some("https://github.com/dani-garcia/vaultwarden"),
        &[berth("vaultwarden", 1100).of("vault", "vaultwarden").is(Healthy)],
    ),
    sample("garden-sensors:dev", Built, None, &[berth("garden-sensors", 12).of("home", "garden-sensors")]),
    sample("traefik:v3.5", Rebuilt, Some("https://github.com/traefik/traefik"), &[berth("traefik", 340).of("edge", "traefik")]),
    sample(
        "ghcr.io/immich-app/immich-machine-learning:release",
        Current,
        Some("https://github.com/immich-app/immich"),
        &[berth("immich_machine_learning", 220).of("immich", "immich-machine-learning").is(Healthy)],
    ),
    sample(
        "ghcr.io/paperless-ngx/paperless-ngx:latest",
        Rebuilt,
        Some("https://github.com/paperless-ngx/paperless-ngx"),
        &[berth("paperless", 30).of("paperless", "webserver").is(Healthy)],
    ),
    sample(
        "pihole/pihole:latest",
        Current,
        Some("https://github.com/pi-hole/docker-pi-hole"),
        &[berth("pihole", 1).of("edge", "pihole").is(Starting)],
    ),
    sample("registry.lan:5000/tools/backup:latest", Refused, None, &[berth("backup", 700)]),
    sample(
        "lscr.io/linuxserver/sonarr:latest",
        Current,
        Some("https://github.com/linuxserver/docker-sonarr"),
        &[berth("sonarr", 160).of("media", "sonarr")],
    ),
    sample(
        "lscr.io/linuxserver/radarr:latest",
        Rebuilt,
        Some("https://github.com/linuxserver/docker-radarr"),
        &[berth("radarr", 160).of("media", "radarr")],
    ),
    sample(
        "lscr.io/linuxserver/qbittorrent:latest",
        Current,
        Some("https://github.com/linuxserver/docker-qbittorrent"),
        &[berth("qbittorrent", 70).of("media", "qbittorrent").is(Unhealthy)],
    ),
    sample("grafana/grafana:12.2.0", Current, Some("https://github.com/grafana/grafana"), &[berth("grafana", 260).of("watch", "grafana")]),
    sample(
        "prom/prometheus:v3.7.3",
        Current,
        Some("https://github.com/prometheus/prometheus"),
        &[berth("prometheus", 260).of("watch", "prometheus")],
    ),
    sample("gonzo/rss-digest:1.4", Gone, None, &[berth("rss-digest", 9000)]),
    sample(
        "quay.io/keycloak/keycloak:26.4",
        Limited,
        Some("https://github.com/keycloak/keycloak"),
        &[berth("keycloak", 400).of("edge", "keycloak").is(Healthy)],
    ),
    sample(
        "codeberg.org/forgejo/forgejo:13",
        Current,
        Some("https://codeberg.org/forgejo/forgejo"),
        &[berth("forgejo", 55).of("code", "forgejo").does(State::Restarting(1))],
    ),
    sample("git.lan/maren/recipes:main", Silent, None, &[berth("recipes", 80).of("home", "recipes")]),
    sample("scratchpad", BareId, None, &[berth("scratchpad", 5)]),
    sample(
        "eclipse-mosquitto:2.0.21",
        Current,
        Some("https://github.com/eclipse-mosquitto/mosquitto"),
        &[berth("mosquitto", 96).of("home", "mosquitto")],
    ),
    sample(
        "nginx:1.29-alpine",
        Rebuilt,
        Some("https://github.com/nginx/docker-nginx"),
        &[
            berth("www", 600).of("edge", "www"),
            berth("www-staging", 620).of("edge", "www-staging").does(State::Paused),
            berth("www-2024", 8000).does(State::Exited(0)),
        ],
    ),
];
