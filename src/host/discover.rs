//! Which Engine is meant where nobody configured one.

mod context;
mod found;

use std::path::{Path, PathBuf};

pub use context::context;
pub use found::{Found, Via};

use super::{Certificates, Endpoint, EndpointError};

/// Where Docker listens.
const DEFAULT: &str = "/var/run/docker.sock";

/// What is asked of the machine. It comes in as arguments, so that the rules are pure ones.
#[derive(Clone, Copy)]
pub struct Machine<'a> {
    /// the value of a variable; one that is empty counts as unset, as in Docker's command line
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// whether there is something at a path
    pub exists: &'a dyn Fn(&Path) -> bool,
    /// the text of a file, where there is one that can be read
    pub read: &'a dyn Fn(&Path) -> Option<String>,
}

impl Machine<'_> {
    /// The value of a variable that is set.
    fn var(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|value| !value.is_empty())
    }

    /// A path in the home directory.
    fn home(&self, path: &str) -> Option<PathBuf> {
        self.var("HOME").map(|home| Path::new(&home).join(path))
    }
}

/// The Engine that is meant, by the rules of Docker's command line: `DOCKER_HOST`, else the docker context that is chosen; else the first
/// socket that exists of those that Docker and its relatives make; else Docker's, although it does not exist.
pub fn discover(machine: Machine<'_>) -> Result<Found, EndpointError> {
    if let Some(host) = machine.var("DOCKER_HOST") {
        return Ok(Found { endpoint: Endpoint::parse(&host, certificates(machine))?, via: Via::Variable });
    }
    if let Some((name, by)) = context::chosen(machine) {
        let told = |error| match error {
            EndpointError::Context { name, detail, .. } => EndpointError::Context { name, by: format!(", named by {by},"), detail },
            other => other,
        };
        let endpoint = context(machine, &name).map_err(told)?;
        return Ok(Found { endpoint, via: Via::Context { name, by } });
    }
    let found = sockets(machine).into_iter().find(|path| (machine.exists)(path));
    let via = if found.is_some() { Via::Socket } else { Via::Nothing };
    Ok(Found { endpoint: Endpoint::Unix(found.unwrap_or_else(|| DEFAULT.into())), via })
}

/// Where Engines listen, in the order of preference: Docker, rootless Docker, Docker Desktop (two, by age), Colima, `OrbStack`, Rancher
/// Desktop, Podman for the machine and for the user.
fn sockets(machine: Machine<'_>) -> Vec<PathBuf> {
    let runtime = |path: &str| machine.var("XDG_RUNTIME_DIR").map(|directory| Path::new(&directory).join(path));
    let colima = machine.var("COLIMA_HOME").map(PathBuf::from).or_else(|| machine.home(".colima"));
    let known = [
        Some(PathBuf::from(DEFAULT)),
        runtime("docker.sock"),
        machine.home(".docker/run/docker.sock"),
        machine.home(".docker/desktop/docker.sock"),
        colima.map(|directory| directory.join("default/docker.sock")),
        machine.home(".orbstack/run/docker.sock"),
        machine.home(".rd/docker.sock"),
        Some("/run/podman/podman.sock".into()),
        runtime("podman/podman.sock"),
    ];
    known.into_iter().flatten().collect()
}

/// Certificates are wanted when either variable is set; without a directory they lie where Docker's command line keeps them.
fn certificates(machine: Machine<'_>) -> Option<Certificates> {
    match (machine.var("DOCKER_CERT_PATH"), machine.var("DOCKER_TLS_VERIFY")) {
        (Some(directory), _) => Some(Certificates::in_directory(Path::new(&directory))),
        (None, Some(_)) => Some(Certificates::in_directory(&machine.home(".docker").unwrap_or_else(|| ".docker".into()))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests;
