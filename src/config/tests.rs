//! What is refused, in which words, and what wins over what.

use std::{fs, path::Path};

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;
use crate::{image::policy::Pattern, wire::Level};

/// A data directory with these files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

/// Loads with these variables from this data directory.
fn load_in(directory: &Path, environment: Environment) -> Result<Loaded, ConfigError> {
    load(&Overrides { data_dir: Some(directory.to_owned()), ..Overrides::default() }, &environment)
}

/// Where a host is.
fn address(host: &Host) -> &str {
    match host {
        Host::Url { url, .. } => url,
        Host::Context(name) => name,
    }
}

/// The message about this file, with `DIR` for the directory.
fn refusal(name: &str, text: &str) -> String {
    let directory = directory(&[(name, text), ("empty", ""), ("secret", "hunter2\n")]);
    let text = text.replace("DIR", &directory.path().display().to_string());
    fs::write(directory.path().join(name), text).unwrap();
    let error = load_in(directory.path(), Environment::default()).expect_err("it must be refused");
    error.to_string().replace(&directory.path().display().to_string(), "DIR")
}

/// The message about these variables.
fn refusal_of<const N: usize>(variables: [(&str, &str); N]) -> String {
    let directory = directory(&[]);
    let error = load_in(directory.path(), variables.into()).expect_err("it must be refused");
    error.to_string().replace(&directory.path().display().to_string(), "DIR")
}

/// One message a line.
fn lines(messages: impl IntoIterator<Item = String>) -> String {
    messages.into_iter().inspect(|message| assert!(!message.contains('\n'), "{message}")).collect::<Vec<_>>().join("\n")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_wrong_file_is_refused_in_one_line() {
    let files = [
        "lisen = \"0.0.0.0:8099\"",
        "port = 8099",
        "listen = 8099",
        "listen = \"nas:8099\"",
        "base_path = \"/a/../b\"",
        "public_url = \"https://me:hunter2@example.org\"",
        "hosts = \"nas.example.org\"",
        "hosts = [\"nas.example.org\", \"https://nas\"]",
        "auth = \"off\"",
        "anonymous = \"all\"",
        "user = \"me\"",
        "password = \"hunter2\"",
        "user = \"me\"\npassword = 12345",
        "user = \"me\"\npassword = \"\"",
        "user = \"me\"\npassword = \"$2y$10$hunter2hunter2\"",
        "user = \"me\"\npassword = \"=19=19456,m=19456,t=2,p=1\"",
        "user = \"me\"\npassword = \"hunter2\"\npassword_file = \"DIR/secret\"",
        "user = \"me\"\npassword_file = \"DIR/empty\"",
        "user = \"me\"\npassword_file = \"DIR/absent\"",
        "timezone = \"Berlin\"",
        "log = \"verbose\"",
        "check = true",
        "[check]\nshedule = \"17 */6 * * *\"",
        "[check]\nschedule = \"hourly\"",
        "[check]\nschedule = \"0 0 30 2 *\"",
        "[check]\ntimeout = 30",
        "[check]\nat_start = \"yes\"",
        "[watch]\nstopped = 1",
        "[wach]\nstopped = true",
        "[compose]\npaths = [\"/opt/stacks\"]",
        "[compose]\npaths = [\"/opt/stacks=stacks\"]",
        "registry = \"ghcr.io\"",
        "[registry]\ninsecure = true",
        "[registry.\"https://ghcr.io\"]",
        "[registry.\"ghcr.io\"]\ninsecur = true",
        "[registry.\"ghcr.io\"]\nusername = \"me\"",
        "[registry.\"ghcr.io\"]\npassword = [\"hunter2\"]\nusername = \"me\"",
        "[registry.\"ghcr.io\"]\naddress = \"10.0.0.5\"",
        "[registry.\"docker.io\"]\n[registry.\"index.docker.io\"]",
        "[host.NAS]\nurl = \"tcp://nas:2375\"",
        "[host.nas]",
        "[host.nas]\nurl = \"npipe://nas\"",
        "[host.nas]\nurl = \"ssh://me nas\"",
        "[host.nas]\nurl = \"tcp://nas\"\ncontext = \"nas\"",
        "[host.nas]\ncontext = \"nas\"\nca = \"DIR/secret\"",
        "[host.nas]\ncontext = \"\"",
        "[host.nas]\nurl = \"tcp://nas:2376\"\ncert = \"DIR/secret\"",
        "[host.nas]\nurl = \"tcp://nas:2376\"\nca = \"DIR/absent\"",
        "user = \"me\"\npassword = hunter2",
        "listen = \"a\"\nlisten = \"b\"",
    ];
    insta::assert_snapshot!(lines(files.map(|text| refusal("plimsoll.toml", text))), @r#"
    DIR/plimsoll.toml: `lisen` is no key; did you mean `listen`?
    DIR/plimsoll.toml: `port` is no key; did you mean `listen`?
    DIR/plimsoll.toml: `listen` is a number (8099); allowed: an address and a port such as "0.0.0.0:8099" or "[::]:8099"
    DIR/plimsoll.toml: `listen` is "nas:8099"; allowed: an address and a port such as "0.0.0.0:8099" or "[::]:8099"
    DIR/plimsoll.toml: `base_path` is "/a/../b"; allowed: a path such as "/" or "/plimsoll"
    DIR/plimsoll.toml: `public_url` is "https://…@example.org"; allowed: an address such as "https://plimsoll.example.org"
    DIR/plimsoll.toml: `hosts` is "nas.example.org"; allowed: a list of names such as ["nas.example.org"], without scheme, port or path
    DIR/plimsoll.toml: `hosts` is "https://nas"; allowed: a list of names such as ["nas.example.org"], without scheme, port or path
    DIR/plimsoll.toml: `auth` is "off"; allowed: "password" or "none"
    DIR/plimsoll.toml: `anonymous` is "all"; allowed: "viewer", "counts" or "none"
    DIR/plimsoll.toml: `user` is set but `password` is not: set both or neither
    DIR/plimsoll.toml: `password` is set but `user` is not: set both or neither
    DIR/plimsoll.toml: `password` is a number; allowed: a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints
    DIR/plimsoll.toml: `password` is empty; allowed: a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints
    DIR/plimsoll.toml: `password` is a hash, but no whole argon2 hash; allowed: a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints
    DIR/plimsoll.toml: `password` is an argon2 hash whose `$` signs are gone (in a compose file write `$$` for each `$`); allowed: a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints
    DIR/plimsoll.toml: `password` and `password_file` are both set: keep one
    DIR/plimsoll.toml: `password` is empty; allowed: a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints
    DIR/absent: cannot be read: there is no such file; it was named by `password_file` in DIR/plimsoll.toml
    DIR/plimsoll.toml: `timezone` is "Berlin"; allowed: a name of the IANA time zone database such as "Europe/Berlin"
    DIR/plimsoll.toml: `log` is "verbose"; allowed: "error", "warn", "info", "debug" or "trace", or directives such as "info,plimsoll::registry=debug"
    DIR/plimsoll.toml: `check` is a flag (true); allowed: a table `[check]`
    DIR/plimsoll.toml: `check.shedule` is no key; did you mean `check.schedule`?
    DIR/plimsoll.toml: `check.schedule` is "hourly"; allowed: a cron expression of five fields such as "17 */6 * * *", or "off"
    DIR/plimsoll.toml: `check.schedule` is "0 0 30 2 *"; allowed: a cron expression of five fields such as "17 */6 * * *", or "off"
    DIR/plimsoll.toml: `check.timeout` is a number (30); allowed: a duration from "1s" to "5m"
    DIR/plimsoll.toml: `check.at_start` is "yes"; allowed: true or false
    DIR/plimsoll.toml: `watch.stopped` is a number (1); allowed: true or false
    DIR/plimsoll.toml: `wach` is no key; did you mean `watch`?
    DIR/plimsoll.toml: `compose.paths` is "/opt/stacks"; allowed: a list of absolute paths such as ["/opt/stacks=/stacks"]: as the machine calls it, `=`, as it is called here
    DIR/plimsoll.toml: `compose.paths` is "/opt/stacks=stacks"; allowed: a list of absolute paths such as ["/opt/stacks=/stacks"]: as the machine calls it, `=`, as it is called here
    DIR/plimsoll.toml: `registry` is "ghcr.io"; allowed: tables such as `[registry.HOST]`
    DIR/plimsoll.toml: `registry.insecure` is a flag (true); allowed: tables such as `[registry.HOST]`
    DIR/plimsoll.toml: "https://ghcr.io" cannot name a `[registry]`; allowed: a registry's host, with its port where it has one, such as "ghcr.io" or "127.0.0.1:5000"
    DIR/plimsoll.toml: `registry."ghcr.io".insecur` is no key; did you mean `registry."ghcr.io".insecure`?
    DIR/plimsoll.toml: `registry."ghcr.io".username` is set but `registry."ghcr.io".password` is not: set both or neither
    DIR/plimsoll.toml: `registry."ghcr.io".password` is a list; allowed: a password or token of at most 4096 bytes
    DIR/plimsoll.toml: `registry."ghcr.io".address` is "10.0.0.5"; allowed: a host and a port such as "10.0.0.5:5000"
    DIR/plimsoll.toml: `registry."docker.io"` and `registry."index.docker.io"` are the same: keep one
    DIR/plimsoll.toml: "NAS" cannot name a `[host]`; allowed: a name of lower-case letters, digits, `-`, `_` and `.`, at most 63 characters
    DIR/plimsoll.toml: `host.nas.url` is not set; it must be an address that starts with unix://, tcp://, http://, https:// or ssh://
    DIR/plimsoll.toml: `host.nas.url` is "npipe://nas"; allowed: an address that starts with unix://, tcp://, http://, https:// or ssh://
    DIR/plimsoll.toml: `host.nas.url` is "ssh://me nas"; allowed: an address that starts with unix://, tcp://, http://, https:// or ssh://
    DIR/plimsoll.toml: `host.nas.context` and `host.nas.url` are both set: keep one
    DIR/plimsoll.toml: `host.nas.context` and `host.nas.ca` are both set: keep one
    DIR/plimsoll.toml: `host.nas.context` is ""; allowed: the name of a docker context, as `docker context ls` lists it
    DIR/plimsoll.toml: `host.nas.cert` is set but `host.nas.key` is not: set both or neither
    DIR/plimsoll.toml: `host.nas.ca` is "DIR/absent"; allowed: a file that can be read
    DIR/plimsoll.toml: line 2, column 12: string values must be quoted, expected literal string
    DIR/plimsoll.toml: line 2, column 1: duplicate key
    "#);
}

#[test]
fn a_wrong_environment_is_refused_in_one_line() {
    let messages = [
        refusal_of([("PLIMSOLL_CHECK_SHEDULE", "17 */6 * * *")]),
        refusal_of([("PLIMSOLL_PORT", "8099")]),
        refusal_of([("PLIMSOLL_COLOUR", "blue")]),
        refusal_of([("PLIMSOLL_LISTEN_FILE", "/run/listen")]),
        refusal_of([("PLIMSOLL_CHECK_SCHEDULE", "hourly")]),
        refusal_of([("PLIMSOLL_WATCH_STOPPED", "yes")]),
        refusal_of([("PLIMSOLL_HOSTS", "nas.example.org,https://nas")]),
        refusal_of([("PLIMSOLL_PASSWORD", "hunter2")]),
        refusal_of([("PLIMSOLL_USER", "me"), ("PLIMSOLL_PASSWORD", "hunter2"), ("PLIMSOLL_PASSWORD_FILE", "/run/secrets/password")]),
        refusal_of([("PLIMSOLL_USER", "me"), ("PLIMSOLL_PASSWORD_FILE", "/run/secrets/there/is/none")]),
        refusal_of([("PLIMSOLL_CONFIG", "/there/is/none.toml")]),
    ];
    insta::assert_snapshot!(lines(messages), @r#"
    `PLIMSOLL_CHECK_SHEDULE` in the environment stands for no key; did you mean `PLIMSOLL_CHECK_SCHEDULE`?
    `PLIMSOLL_PORT` in the environment stands for no key; did you mean `PLIMSOLL_LISTEN`?
    `PLIMSOLL_COLOUR` in the environment stands for no key; `plimsoll config --keys` lists all there are
    `PLIMSOLL_LISTEN_FILE` in the environment stands for no key; `plimsoll config --keys` lists all there are
    PLIMSOLL_CHECK_SCHEDULE: `check.schedule` is "hourly"; allowed: a cron expression of five fields such as "17 */6 * * *", or "off"
    PLIMSOLL_WATCH_STOPPED: `watch.stopped` is "yes"; allowed: true or false
    PLIMSOLL_HOSTS: `hosts` is "https://nas"; allowed: a list of names such as ["nas.example.org"], without scheme, port or path
    PLIMSOLL_PASSWORD: `password` is set but `user` is not: set both or neither
    the environment: `PLIMSOLL_PASSWORD` and `PLIMSOLL_PASSWORD_FILE` are both set: keep one
    /run/secrets/there/is/none: cannot be read: there is no such file; it was named by PLIMSOLL_PASSWORD_FILE
    /there/is/none.toml: cannot be read: there is no such file; it was named by PLIMSOLL_CONFIG
    "#);
}

#[test]
fn a_wrong_cup_json_is_refused_in_one_line() {
    let files = [
        "{",
        "[]",
        r#"{"version": 2}"#,
        r#"{"version": 3, "refresh_interval": "hourly"}"#,
        r#"{"version": 3, "refresh_interval": 30}"#,
        r#"{"version": 3, "socket": "fd://nas"}"#,
        r#"{"version": 3, "registries": []}"#,
        r#"{"version": 3, "registries": {"https://ghcr.io": {}}}"#,
        r#"{"version": 3, "registries": {"ghcr.io": {"authentication": "dckr_pat_hunter2"}}}"#,
        r#"{"version": 3, "registries": {"ghcr.io": {"insecure": "yes"}}}"#,
        r#"{"version": 3, "registries": {"ghcr.io": {"insecur": true}}}"#,
    ];
    insta::assert_snapshot!(lines(files.map(|text| refusal("cup.json", text))), @r#"
    DIR/cup.json: line 1, column 1: this is no JSON
    DIR/cup.json: line 1, column 1: a cup.json is an object
    DIR/cup.json: `version` is 2; allowed: 3; bring the file to Cup's version 3, or write a plimsoll.toml
    DIR/cup.json: `refresh_interval` is "hourly"; allowed: a cron expression of six fields, seconds first, such as "0 0 */6 * * *"
    DIR/cup.json: `refresh_interval` is 30; allowed: a cron expression of six fields, seconds first, such as "0 0 */6 * * *"
    DIR/cup.json: `socket` is "fd://nas"; allowed: an address that starts with unix://, tcp://, http:// or ssh://, a path, or "none"
    DIR/cup.json: `registries` is a list; allowed: an object
    DIR/cup.json: `registries.https://ghcr.io` is "https://ghcr.io"; allowed: a registry's host, with its port where it has one
    DIR/cup.json: `registries.ghcr.io.authentication` is something else (not shown); allowed: `user:password` in base64
    DIR/cup.json: `registries.ghcr.io.insecure` is "yes"; allowed: true or false
    DIR/cup.json: `registries.ghcr.io.insecur` is no key; did you mean `registries.ghcr.io.insecure`?
    "#);
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
    let directory = directory(&[(
        "plimsoll.toml",
        "listen = \"127.0.0.1:1\"\nhosts = [\"a.example\"]\n[check]\nschedule = \"1 1 * * *\"\nat_start = false\n",
    )]);
    let environment = Environment::from([
        ("PLIMSOLL_LISTEN", "127.0.0.1:2"),
        ("PLIMSOLL_CHECK_AT_START", "true"),
        ("PLIMSOLL_HOSTS", "b.example, c.example"),
    ]);
    let overrides =
        Overrides { data_dir: Some(directory.path().to_owned()), listen: Some("127.0.0.1:3".to_owned()), ..Overrides::default() };

    let loaded = load(&overrides, &environment).unwrap();
    assert_eq!(loaded.config.listen.port(), 3);
    assert_eq!(loaded.config.accepted_hosts, ["b.example", "c.example"]);
    assert!(loaded.config.check.at_start);
    assert!(!loaded.config.watch.stopped);
    let origin = |key: &str| loaded.settings.iter().find(|setting| setting.key == key).map(|setting| setting.origin.clone());
    assert_eq!(origin("listen"), Some(Origin::Argument("--listen")));
    assert_eq!(origin("hosts"), Some(Origin::Environment("PLIMSOLL_HOSTS".to_owned())));
    assert_eq!(origin("check.schedule"), Some(Origin::File(directory.path().join("plimsoll.toml").display().to_string())));
    assert_eq!(origin("watch.stopped"), Some(Origin::Default));
}

#[test]
fn what_is_in_force_is_listed_without_secrets() {
    let directory = directory(&[("secret", "hunter2\n")]);
    let path = directory.path().display().to_string();
    let file = format!(
        "public_url = \"https://plimsoll.example.org\"\nuser = \"me\"\npassword_file = \"{path}/secret\"\n\
         [registry.\"127.0.0.1:5000\"]\ninsecure = true\nusername = \"robot\"\npassword = \"hunter3\"\n[host.nas]\nurl = \"tcp://nas:2376\"\n"
    );
    fs::write(directory.path().join("plimsoll.toml"), file).unwrap();
    let overrides = Overrides { config: Some(directory.path().join("plimsoll.toml")), ..Overrides::default() };
    let loaded = load(&overrides, &Environment::from([("TZ", "Europe/Berlin")])).unwrap();

    let (user, password) = loaded.config.access.credential.clone().unwrap();
    assert_eq!(user, "me");
    assert!(matches!(password, Password::Plain(password) if password.expose_secret() == "hunter2"));
    let all = format!("{loaded}{loaded:?}");
    assert!(!all.contains("hunter2") && !all.contains("hunter3"), "{all}");
    insta::assert_snapshot!(loaded.to_string().replace(&path, "DIR"), @r#"
    # file: DIR/plimsoll.toml
    listen = "0.0.0.0:8099"                          # default
    data_dir = "data"                                # default
    base_path = "/"                                  # default
    public_url = "https://plimsoll.example.org"      # DIR/plimsoll.toml
    # hosts                                          # not set
    auth = "password"                                # default
    # anonymous                                      # not set
    user = "me"                                      # DIR/plimsoll.toml
    # password = (hidden)                            # DIR/plimsoll.toml
    timezone = "Europe/Berlin"                       # TZ
    log = "info"                                     # default
    log_format = "text"                              # default
    check.schedule = "~ */6 * * *"                   # default
    check.timeout = "10s"                            # default
    check.limit = "10m"                              # default
    check.at_start = true                            # default
    update.grace = "10s"                             # default
    update.keep = "7d"                               # default
    compose.edit = false                             # default
    # compose.paths                                  # not set
    watch.stopped = false                            # default
    watch.discover = true                            # default
    policy.follow = "digest"                         # default
    policy.tell = "major"                            # default
    # policy.include                                 # not set
    # policy.exclude                                 # not set
    # policy.cooldown                                # not set
    # labels.adopt                                   # not set
    # images.extra                                   # not set
    # images.exclude                                 # not set
    registry."127.0.0.1:5000".insecure = true        # DIR/plimsoll.toml
    registry."127.0.0.1:5000".username = "robot"     # DIR/plimsoll.toml
    # registry."127.0.0.1:5000".password = (hidden)  # DIR/plimsoll.toml
    registry."127.0.0.1:5000".ignore = false         # default
    host.nas.url = "tcp://nas:2376"                  # DIR/plimsoll.toml
    "#);
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let directory = directory(&[]);
    let loaded = load_in(directory.path(), Environment::default()).unwrap();
    assert_eq!(loaded.config.listen.to_string(), "0.0.0.0:8099");
    assert!(loaded.config.access.credential.is_none());
    assert_eq!(loaded.file, None);
    assert!(loaded.warnings.is_empty());
    // the listing is a configuration itself
    let listed = loaded.to_string();
    fs::write(directory.path().join("plimsoll.toml"), &listed).unwrap();
    let again = load(&Overrides { data_dir: Some(directory.path().to_owned()), ..Overrides::default() }, &Environment::default()).unwrap();
    let values = |loaded: &Loaded| {
        let named = loaded.settings.iter().filter(|setting| setting.key != "timezone");
        named.map(|setting| setting.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(values(&again), values(&loaded));
    // that of the system is named only where it is listed
    assert_eq!(again.config.timezone.zone(), loaded.config.timezone.zone());
}

#[test]
fn empty_and_foreign_variables_are_none() {
    let directory = directory(&[]);
    let environment = [
        ("PLIMSOLL_PASSWORD", ""),
        ("PLIMSOLL_LAB_DIR", "/tmp"),
        ("PLIMSOLL_BIN", "/tmp/plimsoll"),
        ("PLIMSOLL_PORT", "tcp://10.0.0.7:8099"),
        ("PLIMSOLL_PORT_8099_TCP_ADDR", "10.0.0.7"),
        ("PLIMSOLL_SERVICE_HOST", "10.0.0.7"),
    ];
    assert!(load_in(directory.path(), environment.into()).is_ok());
}

#[test]
fn an_unknown_tz_is_told_and_a_posix_one_is_taken() {
    let directory = directory(&[]);
    let loaded = load_in(directory.path(), Environment::from([("TZ", "Nowhere/Land")])).unwrap();
    assert_eq!(loaded.warnings, ["TZ is \"Nowhere/Land\", which is no known time zone: UTC is used"]);
    for zone in ["Europe/Berlin", ":Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"] {
        let loaded = load_in(directory.path(), Environment::from([("TZ", zone)])).unwrap();
        let summer = jiff::civil::date(2026, 7, 1).to_zoned(loaded.config.timezone.zone()).unwrap();
        assert_eq!(summer.offset().seconds(), 7200, "{zone}");
        assert!(loaded.warnings.is_empty());
    }
}

#[test]
fn a_cup_json_is_taken_for_what_it_says() {
    // "robot:hunter2"
    let text = r#"{
        "$schema": "https://example.org/schema", "version": 3, "agent": false, "theme": "blue", "ignore_update_type": "none",
        "images": {"extra": ["nginx:1"], "exclude": ["redis"]}, "refresh_interval": "0 */30 * * * *", "socket": "/run/podman/podman.sock",
        "registries": {
            "registry-1.docker.io": {"authentication": "cm9ib3Q6aHVudGVyMg=="}, "10.0.0.5:5000": {"insecure": true}, "old.example": {"ignore": true}
        },
        "servers": {}
    }"#;
    let directory = directory(&[("cup.json", text)]);
    let loaded = load_in(directory.path(), Environment::default()).unwrap();
    let config = &loaded.config;

    let (user, password) = config.registries["docker.io"].login.clone().unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("robot", "hunter2"));
    assert!(config.registries["10.0.0.5:5000"].insecure);
    assert!(config.registries["old.example"].ignore);
    assert_eq!(address(&config.hosts["local"]), "unix:///run/podman/podman.sock");
    assert_eq!(config.policies.extra.iter().map(ToString::to_string).collect::<Vec<_>>(), ["docker.io/library/nginx:1"]);
    assert!(config.policies.excludes(&"redis:7".parse().unwrap()));
    assert_eq!(config.policies.default.tell, Some(Level::Major));
    let schedule = loaded.settings.iter().find(|setting| setting.key == "check.schedule").unwrap();
    assert_eq!(schedule.value.as_deref(), Some("\"*/30 * * * *\""));
    insta::assert_snapshot!(lines(loaded.warnings).replace(&directory.path().display().to_string(), "DIR"), @r#"
    DIR/cup.json: `theme` has no effect here: the page follows the browser's light or dark
    "#);

    fs::write(directory.path().join("plimsoll.toml"), "").unwrap();
    let loaded = load_in(directory.path(), Environment::default()).unwrap();
    assert!(loaded.config.hosts.is_empty());
    assert_eq!(loaded.warnings.len(), 1);
}

#[test]
fn the_variables_of_cup_are_honoured_or_refused_aloud() {
    let directory = directory(&[("plimsoll.toml", "[host.nas]\nurl = \"tcp://nas:2376\"\n")]);
    let load = |variables: &[(&str, &str)]| {
        let mut all = vec![("PLIMSOLL_DATA_DIR", directory.path().to_str().unwrap())];
        all.extend(variables);
        load(&Overrides::default(), &Environment::from_iter(all))
    };
    let told = |tell: &str| load(&[("CUP_IGNORE_UPDATE_TYPE", tell)]).unwrap().config.policies.default.tell;
    assert_eq!(["none", "major", "minor", "patch"].map(told), [Some(Level::Major), Some(Level::Minor), Some(Level::Patch), None]);
    let loaded = load(&[("CUP_SOCKET", "/run/cup.sock"), ("CUP_REFRESH_INTERVAL", "0 0 4 * * *"), ("CUP_AGENT", "true")]).unwrap();
    assert_eq!(
        loaded.config.hosts.iter().map(|(name, host)| (name.as_str(), address(host))).collect::<Vec<_>>(),
        [("local", "unix:///run/cup.sock")]
    );
    assert_eq!(loaded.warnings, ["CUP_AGENT: `agent` has no effect here: the page is always served"]);
    let schedule = loaded.settings.iter().find(|setting| setting.key == "check.schedule").unwrap();
    assert_eq!((schedule.value.as_deref(), schedule.origin.to_string().as_str()), (Some("\"0 4 * * *\""), "CUP_REFRESH_INTERVAL"));
    let loaded = load(&[("CUP_SOCKET", "none")]).unwrap();
    assert!(loaded.config.hosts.is_empty() && !loaded.config.watch.discover);
    assert_eq!(
        load(&[("CUP_COLOUR", "1"), ("CUP_PORT", "tcp://10.0.0.7:8000")]).unwrap().warnings,
        ["CUP_COLOUR has no effect: Cup has no such variable"]
    );
    let wrong = [("CUP_AGENT", "maybe"), ("CUP_IGNORE_UPDATE_TYPE", "bogus"), ("CUP_REFRESH_INTERVAL", "often"), ("CUP_SOCKET", "fd://x")];
    let lines = lines(wrong.map(|variable| load(&[variable]).unwrap_err().to_string()));
    insta::assert_snapshot!(lines, @r#"
    CUP_AGENT: `agent` is "maybe"; allowed: true or false
    CUP_IGNORE_UPDATE_TYPE: `ignore_update_type` is "bogus"; allowed: "none", "major", "minor" or "patch"
    CUP_REFRESH_INTERVAL: `refresh_interval` is "often"; allowed: a cron expression of six fields, seconds first, such as "0 0 */6 * * *"
    CUP_SOCKET: `socket` is "fd://x"; allowed: an address that starts with unix://, tcp://, http:// or ssh://, a path, or "none"
    "#);
}

#[test]
fn the_socket_of_the_command_line_stands_in_place_of_all_hosts() {
    let directory = directory(&[("plimsoll.toml", "[host.nas]\nurl = \"tcp://nas:2376\"\n")]);
    let with = |socket: &str| {
        let (data_dir, socket) = (Some(directory.path().to_owned()), Some(socket.to_owned()));
        load(&Overrides { data_dir, socket, ..Overrides::default() }, &Environment::default())
    };
    assert_eq!(address(&with("/run/other.sock").unwrap().config.hosts["local"]), "unix:///run/other.sock");
    assert!(with("none").unwrap().config.hosts.is_empty());
    assert_eq!(
        with("fd://nas").unwrap_err().to_string(),
        "--socket: `socket` is \"fd://nas\"; allowed: an address that starts with unix://, tcp://, http:// or ssh://, a path, or \"none\""
    );
}

#[test]
fn wishes_about_images_stand_over_those_about_all() {
    let directory = directory(&[(
        "plimsoll.toml",
        "[policy]\nfollow = \"patch\"\nexclude = \"-rc\"\n[image.nginx]\nfollow = \"minor\"\nbelow = \"2\"\n\
         [image.\"docker.io/library/postgres\"]\ntell = \"minor\"\npin = true\n",
    )]);
    let config = load_in(directory.path(), Environment::default()).unwrap().config;
    let of = |image: &str| config.policies.base(&image.parse().unwrap()).clone();
    let [all, nginx, postgres] = ["redis:7", "nginx:1.27", "postgres:16"].map(of);
    assert_eq!([all.follow, nginx.follow, postgres.follow], [Some(Level::Patch), Some(Level::Minor), Some(Level::Patch)]);
    assert_eq!([all.tell, nginx.tell, postgres.tell], [Some(Level::Major), Some(Level::Major), Some(Level::Minor)]);
    assert_eq!([&all, &nginx, &postgres].map(|policy| policy.exclude.as_ref().map(Pattern::text)), [Some("-rc"); 3]);
    assert_eq!((nginx.below.as_deref(), nginx.pin, postgres.pin), (Some("2"), false, true));
    let refused = [
        "[image.\"nginx:1\"]\npin = true\n",
        "[image.nginx]\nfollow = \"far\"\n",
        "[policy]\ninclude = \"(\"\n",
        "[labels]\nadopt = [\"diun\"]\n",
    ];
    insta::assert_snapshot!(lines(refused.map(|text| refusal("plimsoll.toml", text))), @r#"
    DIR/plimsoll.toml: "nginx:1" cannot name a `[image]`; allowed: a repository as Docker writes it, without a tag, such as "nginx" or "ghcr.io/acme/app"
    DIR/plimsoll.toml: `image.nginx.follow` is "far"; allowed: "digest", "patch", "minor" or "major"
    DIR/plimsoll.toml: `policy.include` is "("; allowed: a regular expression without look-around, of at most 1024 characters
    DIR/plimsoll.toml: `labels.adopt` is "diun"; allowed: a list of "watchtower", "wud", "cupdate" and "image-watch"
    "#);
}

#[test]
fn the_file_that_was_named_is_read() {
    let directory = directory(&[("other.toml", "data_dir = \"elsewhere\"")]);
    let path = directory.path().join("other.toml");
    let loaded = load(&Overrides::default(), &Environment::from([("PLIMSOLL_CONFIG", path.to_str().unwrap())])).unwrap();
    assert_eq!(loaded.config.data_dir, Path::new("elsewhere"));
    assert_eq!(loaded.file, Some(path));
}
