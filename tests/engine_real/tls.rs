//! TLS to a real Engine that wants to know who connects (`dockerd --tlsverify`).

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use plimsoll::host::{Certificates, Endpoint, Host, HostError};
use tempfile::TempDir;

use crate::lab;

/// Where the lab's Engine listens with TLS, and a copy of the certificates for it, to be spoiled.
fn secured(test: &str) -> Option<(String, TempDir)> {
    let address = lab::variable("PLIMSOLL_LAB_DOCKER_TLS", test)?;
    let folder = TempDir::new().expect("a folder");
    for entry in fs::read_dir(lab::variable("PLIMSOLL_LAB_DOCKER_CERTS", test)?).expect("the lab's certificates") {
        let path = entry.expect("the lab's certificates").path();
        fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    Some((address, folder))
}

fn host(address: &str, certificates: &Path) -> Host {
    Host::new("lab", Endpoint::parse(address, Some(Certificates::in_directory(certificates))).expect("an address"))
}

/// The file that an error names.
async fn blamed(host: Host) -> String {
    match host.inventory(false).await {
        Err(HostError::Certificate { file, .. }) => Path::new(&file).file_name().expect("a name").to_string_lossy().into_owned(),
        other => panic!("no error of a file: {other:?}"),
    }
}

/// `plimsoll check` in an environment that has only this in it.
fn check(address: &str, certificates: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.env_clear().env("DOCKER_HOST", address).env("DOCKER_CERT_PATH", certificates).env("DOCKER_TLS_VERIFY", "1");
    command.env("HOME", certificates).env("PLIMSOLL_DATA_DIR", certificates).arg("check").output().expect("the program runs")
}

#[tokio::test]
async fn an_engine_is_asked_over_tls() {
    let Some((address, certificates)) = secured("an_engine_is_asked_over_tls") else { return };
    let host = host(&address, certificates.path());
    host.greet().await.expect("it answers");
    host.inventory(true).await.expect("an inventory");
    let plain = host.inventory(true).await;
    assert!(plain.is_ok(), "over a kept connection too: {plain:?}");
    let output = check(&address, certificates.path());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn an_error_names_the_file_that_does_not_fit() {
    let Some((address, certificates)) = secured("an_error_names_the_file_that_does_not_fit") else { return };
    let stranger = lab::variable("PLIMSOLL_LAB_REGISTRY_CA", "an_error_names_the_file_that_does_not_fit").expect("it is the same lab");
    let folder = certificates.path();
    let [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(|name| folder.join(name));
    let right = fs::read(&ca).expect("the lab's certificates");

    fs::copy(stranger, &ca).expect("a copy");
    assert_eq!(blamed(host(&address, folder)).await, "ca.pem", "an authority that did not sign the Engine's");
    let output = check(&address, folder);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("cannot use `{}`", ca.display())), "{told}");

    fs::write(&ca, "no certificate").expect("a file");
    assert_eq!(blamed(host(&address, folder)).await, "ca.pem", "no certificate at all");
    fs::write(&ca, right).expect("a file");

    fs::remove_file(&key).expect("a file");
    assert_eq!(blamed(host(&address, folder)).await, "key.pem", "a certificate without its key");
    fs::remove_file(&cert).expect("a file");
    assert_eq!(blamed(host(&address, folder)).await, "cert.pem", "nothing to show");
}

#[tokio::test]
async fn a_port_with_tls_is_no_port_without() {
    let Some((address, _)) = secured("a_port_with_tls_is_no_port_without") else { return };
    let host = Host::new("lab", Endpoint::parse(&address, None).expect("an address"));
    let error = host.inventory(false).await.expect_err("it speaks TLS");
    assert!(error.to_string().contains(address.trim_start_matches("tcp://")), "{error}");
}
