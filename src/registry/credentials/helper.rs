//! Programs that keep logins (<https://github.com/docker/docker-credential-helpers>): the address goes in, a name and a secret come out.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

use super::{Credentials, Secret};

/// How long a program may take. Some ask in a window of the desktop, which nobody sees here.
const WITHIN: Duration = Duration::from_secs(10);

/// Most that is read of what it says, in bytes.
const SIZE_MAX: u64 = 64 * 1024;

/// The name of the user where the secret is an identity token.
const IDENTITY: &str = "<token>";

/// What a program says.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    username: String,
    secret: SecretString,
}

/// The program of this name, which is looked for in `PATH`. A name with a path in it would be a program of any kind: such a one is none.
pub(super) fn program(name: &str) -> PathBuf {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    PathBuf::from(format!("docker-credential-{}", if plain { name } else { "none" }))
}

/// Asks a program for the login of `server`. None where there is none, and where the program is absent, fails, or takes too long.
pub(super) async fn ask(program: &Path, server: &str) -> Option<Secret> {
    ask_within(WITHIN, program, server).await
}

/// Asks it, and ends it where it is not done in time.
async fn ask_within(limit: Duration, program: &Path, server: &str) -> Option<Secret> {
    let mut child = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let said = tokio::time::timeout(limit, talk(&mut child, server)).await;
    if said.is_err() {
        // where that fails it is gone already
        let _ = child.kill().await;
    }
    let Said { username, secret } = serde_json::from_str(said.ok()??.expose_secret()).ok()?;
    match username.as_str() {
        IDENTITY => Some(Secret::Identity(secret)),
        "" => None,
        _ => Some(Secret::Password(Credentials { username, password: secret })),
    }
}

/// Hands in the address and takes what is said.
async fn talk(child: &mut Child, server: &str) -> Option<SecretString> {
    let (mut into, from) = (child.stdin.take()?, child.stdout.take()?);
    // a program that knows without reading has said so below
    let _ = into.write_all(server.as_bytes()).await;
    drop(into);
    let mut said = String::new();
    from.take(SIZE_MAX).read_to_string(&mut said).await.ok()?;
    let said = SecretString::from(said);
    child.wait().await.ok()?.success().then_some(said)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

    use super::*;

    /// Long enough for a program that does answer, on a busy machine too.
    const LONG: Duration = Duration::from_mins(1);

    /// A program of the shell.
    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("docker-credential-test");
        let new = folder.join("new");
        fs::write(&new, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o700)).unwrap();
        fs::rename(&new, &path).unwrap();
        path
    }

    #[tokio::test]
    async fn a_program_is_asked_as_docker_asks_it() {
        let folder = tempfile::tempdir().unwrap();
        let words = |secret: Option<Secret>| {
            secret.map(|secret| match secret {
                Secret::Password(known) => format!("{}:{}", known.username, known.password.expose_secret()),
                Secret::Identity(token) => token.expose_secret().to_owned(),
            })
        };
        for (text, expected) in [
            (
                r#"[ "$1" = get ] && read -r server; printf '{"ServerURL":"%s","Username":"me","Secret":"for %s"}' "$server" "$server""#,
                Some("me:for ghcr.io"),
            ),
            (r#"printf '{"ServerURL":"x","Username":"<token>","Secret":"identity"}'"#, Some("identity")),
            ("echo 'credentials not found in native keychain'; exit 1", None),
            (r#"printf '{"Username":"me","Secret":"secret"}'; exit 1"#, None),
            (r#"printf '{"Username":"","Secret":""}'"#, None),
            ("echo broken", None),
            ("exit 0", None),
            ("exec cat /dev/zero", None),
        ] {
            let said = ask_within(LONG, &script(folder.path(), text), "ghcr.io").await;
            assert_eq!(words(said).as_deref(), expected, "{text}");
        }
        assert!(ask(&folder.path().join("absent"), "ghcr.io").await.is_none());
    }

    #[tokio::test]
    async fn a_program_that_takes_too_long_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let program = script(folder.path(), &format!("echo $$ >{}; exec sleep 600", note.display()));
        let started = Instant::now();
        let asked = tokio::spawn(async move { ask_within(Duration::from_secs(2), &program, "ghcr.io").await.is_none() });
        assert!(asked.await.unwrap());
        assert!(started.elapsed() < LONG);
        // on a very busy machine it was ended before it wrote anything
        if let Ok(pid) = fs::read_to_string(&note) {
            assert!(!Path::new("/proc").join(pid.trim()).exists(), "it runs on");
        }
    }

    #[test]
    fn only_a_plain_name_is_a_program() {
        for (name, expected) in [
            ("desktop", "docker-credential-desktop"),
            ("ecr-login", "docker-credential-ecr-login"),
            ("../../bin/sh", "docker-credential-none"),
            ("a b", "docker-credential-none"),
        ] {
            assert_eq!(program(name), Path::new(expected));
        }
    }
}
