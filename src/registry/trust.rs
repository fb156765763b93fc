//! Whom to trust: the authorities of the system. They are read when a registry is first spoken to over TLS, and kept once for all ways out:
//! some 140 certificates take 3 ms and 1.5 MB each time.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;
use tracing::error;

/// TLS with who trusts the authorities of the system. Clones share those.
pub(super) fn by_system() -> ClientConfig {
    // as installed before any registry is known
    let provider = CryptoProvider::get_default().map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone);
    let system = System { provider, verifier: OnceLock::new() };
    let mut config = ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::new(system)).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// The authorities of the system, once they are needed.
#[derive(Debug)]
struct System {
    provider: Arc<CryptoProvider>,
    verifier: OnceLock<Result<Verifier, Error>>,
}

impl System {
    /// What holds certificates against the authorities. Where there are none, nobody can be trusted.
    fn verifier(&self) -> Result<&Verifier, Error> {
        // files are read while others wait, for milliseconds and once: a thread of its own would make no handshake quicker
        let read = || {
            Verifier::new(Arc::clone(&self.provider)).inspect_err(
                |error| error!(%error, "No registry can be trusted: is there a CA bundle, such as the package ca-certificates?"),
            )
        };
        self.verifier.get_or_init(read).as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for System {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?.verify_tls13_signature(message, certificate, signed)
    }

    /// Asked for before anything was received: nothing is read for it.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
