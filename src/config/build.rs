//! From what was gathered to the configuration.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{
    Access, Auth, BasePath, Check, Config, ConfigError, Environment, Host, Log, Password, Registry, Schedule, Tls, Update, Watch,
    gather::Gathered, keys, parse, reader::Reader, tables::Entry, value::quoted,
};

/// Understands what was gathered, leaving only its warnings and its file.
pub(super) fn config(gathered: &mut Gathered, environment: &Environment) -> Result<Config, ConfigError> {
    let mut top = Reader { keys: keys::SCALARS, values: std::mem::take(&mut gathered.scalars), prefix: String::new() };
    let timezone = match top.text("timezone", parse::timezone)? {
        Some(zone) => zone,
        None => local_zone(environment, &mut gathered.warnings),
    };
    let config = Config {
        listen: top.set("listen", parse::address)?,
        data_dir: top.set("data_dir", parse::directory)?,
        base_path: top.set("base_path", BasePath::parse)?,
        public_url: top.text("public_url", parse::public_url)?,
        accepted_hosts: top.list("hosts", parse::host_header)?,
        access: Access {
            auth: top.set("auth", parse::auth)?,
            anonymous: top.text("anonymous", parse::anonymous)?,
            credential: top.pair("user", parse::user, "password", |secret| Password::parse(secret).map_err(|error| error.to_string()))?,
        },
        timezone,
        log: Log { filter: top.set("log", parse::log)?, format: top.set("log_format", parse::log_format)? },
        check: Check {
            schedule: top.set("check.schedule", Schedule::parse)?,
            timeout: top.set("check.timeout", parse::timeout)?,
            at_start: top.flag("check.at_start"),
        },
        update: Update { grace: top.set("update.grace", parse::timeout)? },
        watch: Watch { stopped: top.flag("watch.stopped") },
        registries: BTreeMap::new(),
        hosts: BTreeMap::new(),
    };
    debug_assert!(top.values.is_empty(), "a key of the table that nobody reads");
    if config.access.auth == Auth::None && config.access.credential.is_some() {
        gathered.warnings.push("`user` and `password` have no effect while `auth` is \"none\"".to_owned());
    }
    named(config, std::mem::take(&mut gathered.entries))
}

/// Adds the tables keyed by a name.
fn named(mut config: Config, entries: Vec<Entry>) -> Result<Config, ConfigError> {
    for entry in entries {
        let mut reader = Reader { keys: entry.table.keys, prefix: entry.key(""), values: entry.values };
        if entry.table.name == "registry" {
            let login = reader.pair("username", |text| parse::name(text, 256), "password", parse::token)?;
            let address = reader.text("address", parse::registry_address)?;
            config.registries.insert(entry.id, Registry { insecure: reader.flag("insecure"), login, address });
        } else {
            let Some(url) = reader.text("url", parse::engine)? else {
                let allowed = reader.key("url").allowed;
                return Err(ConfigError::Missing { place: entry.place, key: format!("{}url", reader.prefix), allowed });
            };
            let identity = reader.files("cert", "key")?;
            let tls = Tls { ca: reader.text("ca", parse::readable)?, identity };
            config.hosts.insert(entry.id, Host { url, tls });
        }
    }
    Ok(config)
}

/// The time zone where none is configured.
fn local_zone(environment: &Environment, warnings: &mut Vec<String>) -> TimeZone {
    let Some(name) = environment.get("TZ") else { return TimeZone::try_system().unwrap_or(TimeZone::UTC) };
    let zone = parse::timezone(name.trim_start_matches(':')).or_else(|| TimeZone::posix(name).ok());
    zone.unwrap_or_else(|| {
        warnings.push(format!("TZ is {}, which is no known time zone: UTC is used", quoted(name)));
        TimeZone::UTC
    })
}
