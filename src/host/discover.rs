//! Which Engine is meant where nobody configured one.

use std::path::{Path, PathBuf};

use super::{Certificates, Endpoint, EndpointError};

/// Where Docker listens.
const DEFAULT: &str = "/var/run/docker.sock";

/// The Engine that is meant: `DOCKER_HOST`, else the first of Docker's socket, rootless Docker's and Podman's two that exists, else
/// Docker's although it does not.
///
/// `env` looks up a variable and `exists` a path; both come in as arguments, so that the rule is a pure one. A variable that is set but
/// empty counts as unset, as in Docker's command line.
pub fn discover(env: impl Fn(&str) -> Option<String>, exists: impl Fn(&Path) -> bool) -> Result<Endpoint, EndpointError> {
    let env = |name: &str| env(name).filter(|value| !value.is_empty());
    if let Some(host) = env("DOCKER_HOST") {
        return Endpoint::parse(&host, certificates(&env));
    }
    let runtime = env("XDG_RUNTIME_DIR").map(PathBuf::from);
    let candidates = [
        Some(PathBuf::from(DEFAULT)),
        runtime.as_ref().map(|directory| directory.join("docker.sock")),
        Some("/run/podman/podman.sock".into()),
        runtime.map(|directory| directory.join("podman/podman.sock")),
    ];
    let found = candidates.into_iter().flatten().find(|path| exists(path));
    Ok(Endpoint::Unix(found.unwrap_or_else(|| DEFAULT.into())))
}

/// Certificates are wanted when either variable is set; without a directory they lie where Docker's command line keeps them.
fn certificates(env: &impl Fn(&str) -> Option<String>) -> Option<Certificates> {
    match (env("DOCKER_CERT_PATH"), env("DOCKER_TLS_VERIFY")) {
        (Some(directory), _) => Some(Certificates::in_directory(Path::new(&directory))),
        (None, Some(_)) => Some(Certificates::in_directory(&PathBuf::from(env("HOME").unwrap_or_default()).join(".docker"))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovered(env: &[(&str, &str)], sockets: &[&str]) -> Result<String, EndpointError> {
        let lookup = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        discover(lookup, |path| sockets.iter().any(|socket| path == Path::new(socket))).map(|endpoint| endpoint.to_string())
    }

    #[test]
    fn the_first_that_exists_is_taken() {
        let user = ("XDG_RUNTIME_DIR", "/run/user/1000");
        let rootless = "/run/user/1000/docker.sock";
        let podman = "/run/user/1000/podman/podman.sock";
        for (env, sockets, expected) in [
            (vec![], vec![], "unix:///var/run/docker.sock"),
            (vec![user], vec![], "unix:///var/run/docker.sock"),
            (vec![user], vec![podman, rootless, DEFAULT], "unix:///var/run/docker.sock"),
            (vec![user], vec![podman, rootless], "unix:///run/user/1000/docker.sock"),
            (vec![user], vec![podman, "/run/podman/podman.sock"], "unix:///run/podman/podman.sock"),
            (vec![user], vec![podman], "unix:///run/user/1000/podman/podman.sock"),
            (vec![("DOCKER_HOST", "tcp://nas:2375"), user], vec![DEFAULT], "tcp://nas:2375"),
            (vec![("DOCKER_HOST", ""), user], vec![rootless], "unix:///run/user/1000/docker.sock"),
        ] {
            assert_eq!(discovered(&env, &sockets).as_deref(), Ok(expected), "{env:?} {sockets:?}");
        }
    }

    #[test]
    fn certificates_come_from_the_directory_or_from_home() {
        let host = ("DOCKER_HOST", "tcp://nas:2376");
        let endpoint = |env: &[(&str, &str)]| {
            let env = env.to_vec();
            discover(move |name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), |_| false)
        };
        let tls = |directory: &str| {
            Ok(Endpoint::Tls { host: "nas".into(), port: 2376, certificates: Certificates::in_directory(Path::new(directory)) })
        };
        assert_eq!(endpoint(&[host, ("DOCKER_CERT_PATH", "/c")]), tls("/c"));
        assert_eq!(endpoint(&[host, ("DOCKER_TLS_VERIFY", "1"), ("HOME", "/home/me")]), tls("/home/me/.docker"));
        assert_eq!(endpoint(&[host, ("DOCKER_TLS_VERIFY", "")]), Ok(Endpoint::Tcp { host: "nas".into(), port: 2376 }));
    }

    #[test]
    fn a_wrong_docker_host_is_told_and_not_passed_over() {
        assert!(discovered(&[("DOCKER_HOST", "ssh://nas")], &[DEFAULT]).is_err());
    }
}
