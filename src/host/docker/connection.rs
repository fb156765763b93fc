//! Making a connection to an Engine: a socket, a port, TLS on a port, or a conversation by ssh.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use super::ssh::Dialogue;
use crate::host::{Certificates, Endpoint, HostError, SshTrouble};

/// Longest wait for a connection, the handshake included.
const CONNECT: Duration = Duration::from_secs(5);

/// Anything that bytes go through.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects to `endpoint`.
pub(super) async fn connect(endpoint: &Endpoint) -> Result<Box<dyn Stream>, HostError> {
    match timeout(CONNECT, dial(endpoint)).await {
        Ok(result) => result,
        Err(_) => Err(HostError::TimedOut { address: endpoint.to_string(), request: "connect".into(), seconds: CONNECT.as_secs() }),
    }
}

async fn dial(endpoint: &Endpoint) -> Result<Box<dyn Stream>, HostError> {
    match endpoint {
        Endpoint::Unix(path) => match UnixStream::connect(path).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(unix_error(endpoint, path, &error)),
        },
        Endpoint::Tcp { host, port } => Ok(Box::new(tcp(endpoint, host, *port).await?)),
        Endpoint::Ssh(ssh) => match Dialogue::start(ssh) {
            Ok(dialogue) => Ok(Box::new(dialogue)),
            Err(trouble) => Err(HostError::Ssh { address: endpoint.to_string(), trouble }),
        },
        Endpoint::Tls { host, port, certificates } => {
            let config = tls_config(endpoint, certificates).await?;
            let broken = |detail: String| HostError::Broken { address: endpoint.to_string(), detail };
            let name = ServerName::try_from(host.clone()).map_err(|error| broken(error.to_string()))?;
            let stream = tcp(endpoint, host, *port).await?;
            let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
            let stream = connector.connect(name, stream).await.map_err(|error| match cause(&error) {
                Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature)) => {
                    unusable(endpoint, &certificates.ca, "the Engine's certificate is not signed with it")
                }
                _ => broken(format!("TLS: {error}")),
            })?;
            Ok(Box::new(stream))
        }
    }
}

/// Why the first request on a fresh connection failed. An Engine that does not like what the other side shows, or misses it, says so only
/// there, and in a word for programs; and of the program `ssh` nothing is known before it is spoken to.
pub(super) fn refused(endpoint: &Endpoint, error: &hyper::Error) -> Option<HostError> {
    if let Endpoint::Ssh(_) = endpoint {
        let trouble = if error.is_parse() { Some(SshTrouble::Chatter) } else { cause::<SshTrouble>(error).cloned() };
        return trouble.map(|trouble| HostError::Ssh { address: endpoint.to_string(), trouble });
    }
    let Endpoint::Tls { certificates: Certificates { cert, .. }, .. } = endpoint else { return None };
    if !cert.exists() {
        return Some(unusable(endpoint, cert, "it is not there, and the Engine wants to know who connects"));
    }
    match cause(error) {
        Some(rustls::Error::AlertReceived(alert)) => Some(unusable(endpoint, cert, format!("the Engine does not accept it ({alert:?})"))),
        _ => None,
    }
}

/// The error of this kind in a chain of causes.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // such an error hides the one that it wraps: its source is only the source of that
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// A file that cannot be used for the connection.
fn unusable(endpoint: &Endpoint, file: &Path, detail: impl Into<String>) -> HostError {
    HostError::Certificate { address: endpoint.to_string(), file: file.display().to_string(), detail: detail.into() }
}

async fn tcp(endpoint: &Endpoint, host: &str, port: u16) -> Result<TcpStream, HostError> {
    let stream = TcpStream::connect((host, port)).await.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => HostError::Absent { address: endpoint.to_string() },
        _ => HostError::Broken { address: endpoint.to_string(), detail: error.to_string() },
    })?;
    // requests are small and waited for; without this option the connection works too, only slower
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

fn unix_error(endpoint: &Endpoint, path: &Path, error: &io::Error) -> HostError {
    let address = endpoint.to_string();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => HostError::Absent { address },
        io::ErrorKind::PermissionDenied => HostError::Forbidden { address, group: group_of(path), in_container: in_container() },
        _ => HostError::Broken { address, detail: error.to_string() },
    }
}

/// The group that owns the socket, where its directory may be read.
fn group_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|metadata| metadata.gid())
}

/// Whether this process runs in a container, by the files that Docker and Podman leave there.
fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists())
}

/// Trusts `ca.pem` alone, as Docker's command line does; shows `cert.pem` where there is one.
async fn tls_config(endpoint: &Endpoint, certificates: &Certificates) -> Result<ClientConfig, HostError> {
    let unusable = |file: &Path, detail: String| unusable(endpoint, file, detail);
    let mut roots = RootCertStore::empty();
    for certificate in chain(&certificates.ca).await.map_err(|detail| unusable(&certificates.ca, detail))? {
        roots.add(certificate).map_err(|error| unusable(&certificates.ca, error.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&certificates.ca, error.to_string()))?
        .with_root_certificates(roots);
    if !certificates.cert.exists() {
        return Ok(builder.with_no_client_auth());
    }
    let chain = chain(&certificates.cert).await.map_err(|detail| unusable(&certificates.cert, detail))?;
    let pem = read(&certificates.key).await.map_err(|detail| unusable(&certificates.key, detail))?;
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| unusable(&certificates.key, error.to_string()))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| unusable(&certificates.cert, error.to_string()))
}

/// The certificates in a file; none at all is an error.
async fn chain(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = read(path).await?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    if chain.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(chain) }
}

async fn read(path: &PathBuf) -> Result<Vec<u8>, String> {
    tokio::fs::read(path).await.map_err(|error| error.to_string())
}
