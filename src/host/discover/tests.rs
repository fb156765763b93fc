//! Machines of people.

use std::collections::BTreeMap;

use super::*;

/// A machine with these variables, sockets and files.
#[derive(Default, Clone)]
struct Desk {
    env: Vec<(&'static str, &'static str)>,
    sockets: Vec<&'static str>,
    files: BTreeMap<PathBuf, String>,
}

impl Desk {
    fn with<T>(&self, look: impl FnOnce(Machine<'_>) -> T) -> T {
        let env = |name: &str| self.env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let exists = |path: &Path| self.sockets.iter().any(|socket| path == Path::new(socket)) || self.files.contains_key(path);
        let read = |path: &Path| self.files.get(path).cloned();
        look(Machine { env: &env, exists: &exists, read: &read })
    }

    fn discovered(&self) -> Result<String, String> {
        self.with(discover).map(|found| found.to_string()).map_err(|error| error.to_string())
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.to_owned());
        self
    }
}

/// `/home/me`.
const HOME: (&str, &str) = ("HOME", "/home/me");

/// The first 64 characters of what `printf colima | sha256sum` prints.
const COLIMA: &str = "f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16";

/// The document of a context.
fn meta(host: &str) -> String {
    format!(r#"{{"Name":"x","Metadata":{{"Description":"d"}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}}}}"#)
}

fn colima(host: &str) -> Desk {
    let desk = Desk { env: vec![HOME], sockets: vec![DEFAULT], ..Desk::default() };
    let desk = desk.file("/home/me/.docker/config.json", r#"{"auths":{},"currentContext":"colima"}"#);
    desk.file(&format!("/home/me/.docker/contexts/meta/{COLIMA}/meta.json"), &meta(host))
}

#[test]
fn the_first_that_exists_is_taken() {
    let user = ("XDG_RUNTIME_DIR", "/run/user/1000");
    let rootless = "/run/user/1000/docker.sock";
    let podman = "/run/user/1000/podman/podman.sock";
    let there = |path: &str| Ok(format!("unix://{path}, the first socket of an Engine that is there"));
    let nothing = || Ok("unix:///var/run/docker.sock, where Docker would be, because no other Engine was found".to_owned());
    for (env, sockets, expected) in [
        (vec![], vec![], nothing()),
        (vec![user, HOME], vec![], nothing()),
        (vec![user], vec![podman, rootless, DEFAULT], there(DEFAULT)),
        (vec![user], vec![podman, rootless], there(rootless)),
        (vec![user], vec![podman, "/run/podman/podman.sock"], there("/run/podman/podman.sock")),
        (vec![user], vec![podman], there(podman)),
        (vec![HOME], vec!["/home/me/.docker/run/docker.sock", podman], there("/home/me/.docker/run/docker.sock")),
        (vec![HOME, user], vec!["/home/me/.docker/desktop/docker.sock", podman], there("/home/me/.docker/desktop/docker.sock")),
        (vec![HOME], vec!["/home/me/.colima/default/docker.sock"], there("/home/me/.colima/default/docker.sock")),
        (vec![HOME, ("COLIMA_HOME", "/colima")], vec!["/colima/default/docker.sock"], there("/colima/default/docker.sock")),
        (vec![HOME, ("COLIMA_HOME", "/colima")], vec!["/home/me/.colima/default/docker.sock"], nothing()),
        (vec![HOME], vec!["/home/me/.rd/docker.sock", "/home/me/.orbstack/run/docker.sock"], there("/home/me/.orbstack/run/docker.sock")),
        (vec![HOME], vec!["/home/me/.rd/docker.sock"], there("/home/me/.rd/docker.sock")),
        (vec![("DOCKER_HOST", "tcp://nas:2375"), user], vec![DEFAULT], Ok("tcp://nas:2375, by DOCKER_HOST".to_owned())),
        (vec![("DOCKER_HOST", "ssh://me@nas")], vec![DEFAULT], Ok("ssh://me@nas, by DOCKER_HOST".to_owned())),
        (vec![("DOCKER_HOST", ""), user], vec![rootless], there(rootless)),
    ] {
        let desk = Desk { env: env.clone(), sockets: sockets.clone(), ..Desk::default() };
        assert_eq!(desk.discovered(), expected, "{env:?} {sockets:?}");
    }
}

#[test]
fn the_chosen_context_goes_before_sockets_and_behind_docker_host() {
    let desk = colima("unix:///home/me/.colima/work/docker.sock");
    let expected = "unix:///home/me/.colima/work/docker.sock, the docker context `colima` chosen by /home/me/.docker/config.json";
    assert_eq!(desk.discovered().as_deref(), Ok(expected));
    let mut other = desk.clone();
    other.env.push(("DOCKER_HOST", "tcp://nas"));
    assert_eq!(other.discovered().as_deref(), Ok("tcp://nas:2375, by DOCKER_HOST"));
    let mut none = desk.clone();
    none.env.push(("DOCKER_CONTEXT", "default"));
    assert_eq!(none.discovered().as_deref(), Ok("unix:///var/run/docker.sock, the first socket of an Engine that is there"));
    let mut named = desk.file("/home/me/.docker/config.json", r#"{"currentContext":"default"}"#);
    named.env.push(("DOCKER_CONTEXT", "colima"));
    assert_eq!(
        named.discovered().as_deref(),
        Ok("unix:///home/me/.colima/work/docker.sock, the docker context `colima` chosen by DOCKER_CONTEXT")
    );
}

#[test]
fn docker_config_says_where_contexts_are() {
    let mut desk = Desk { env: vec![HOME, ("DOCKER_CONFIG", "/conf")], ..Desk::default() };
    desk = desk.file("/conf/config.json", r#"{"currentContext":"colima"}"#);
    desk = desk.file(&format!("/conf/contexts/meta/{COLIMA}/meta.json"), &meta("ssh://me@nas"));
    assert_eq!(desk.discovered().as_deref(), Ok("ssh://me@nas, the docker context `colima` chosen by /conf/config.json"));
}

#[test]
fn certificates_of_a_context_lie_beside_it() {
    let tls = format!("/home/me/.docker/contexts/tls/{COLIMA}/docker");
    let desk = colima("tcp://nas:2376").file(&format!("{tls}/ca.pem"), "").file(&format!("{tls}/cert.pem"), "");
    let expected = Endpoint::Tls { host: "nas".into(), port: 2376, certificates: Certificates::in_directory(Path::new(&tls)) };
    assert_eq!(desk.with(|machine| context(machine, "colima")), Ok(expected));
    let plain = Endpoint::Tcp { host: "nas".into(), port: 2376 };
    assert_eq!(colima("tcp://nas:2376").with(|machine| context(machine, "colima")), Ok(plain));
}

#[test]
fn a_context_that_leads_nowhere_is_told_and_not_passed_over() {
    let meta_path = format!("/home/me/.docker/contexts/meta/{COLIMA}/meta.json");
    for (text, expected) in [
        ("{", "is not as Docker writes it"),
        (r#"{"Endpoints":{"kubernetes":{"Host":"x"}}}"#, "names no Docker Engine"),
        (r#"{"Endpoints":{"docker":{"Host":""}}}"#, "names no Docker Engine"),
        (r#"{"Endpoints":{"docker":{"Host":"tcp://nas:2376","SkipTLSVerify":true}}}"#, "turns the verification of certificates off"),
        (r#"{"Endpoints":{"docker":{"Host":"npipe:////./pipe/docker_engine"}}}"#, "connecting by npipe is not supported"),
        (r#"{"Endpoints":{"docker":{"Host":"ssh://-oProxyCommand=x"}}}"#, "cannot be used"),
    ] {
        let error = colima("").file(&meta_path, text).discovered().expect_err(text);
        assert!(error.contains(expected) && error.contains("`colima`, named by /home/me/.docker/config.json,"), "{error}");
    }
    let absent = Desk { env: vec![HOME, ("DOCKER_CONTEXT", "nas")], sockets: vec![DEFAULT], ..Desk::default() };
    let error = absent.discovered().expect_err("there is none");
    assert!(error.contains("the docker context `nas`, named by DOCKER_CONTEXT, is not there"), "{error}");
    // what Docker's command line only warns of
    let broken = Desk { env: vec![HOME], sockets: vec![DEFAULT], ..Desk::default() }.file("/home/me/.docker/config.json", "{");
    assert!(broken.discovered().is_ok());
}

#[test]
fn certificates_come_from_the_directory_or_from_home() {
    let host = ("DOCKER_HOST", "tcp://nas:2376");
    let endpoint = |env: &[(&'static str, &'static str)]| {
        let desk = Desk { env: env.to_vec(), ..Desk::default() };
        desk.with(discover).map(|found| found.endpoint)
    };
    let tls = |directory: &str| {
        Ok(Endpoint::Tls { host: "nas".into(), port: 2376, certificates: Certificates::in_directory(Path::new(directory)) })
    };
    assert_eq!(endpoint(&[host, ("DOCKER_CERT_PATH", "/c")]), tls("/c"));
    assert_eq!(endpoint(&[host, ("DOCKER_TLS_VERIFY", "1"), HOME]), tls("/home/me/.docker"));
    assert_eq!(endpoint(&[host, ("DOCKER_TLS_VERIFY", "")]), Ok(Endpoint::Tcp { host: "nas".into(), port: 2376 }));
}

#[test]
fn a_wrong_docker_host_is_told_and_not_passed_over() {
    for wrong in ["npipe:////./pipe/docker_engine", "ssh://-oProxyCommand=x", "nas"] {
        assert!(Desk { env: vec![("DOCKER_HOST", wrong)], sockets: vec![DEFAULT], ..Desk::default() }.discovered().is_err(), "{wrong}");
    }
}
