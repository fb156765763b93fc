//! A repository of a real registry, and what is pushed to it.

use std::{fs, process, time::Duration};

use plimsoll::image::{Digest, Reference};
use reqwest::{
    Certificate, Client, ClientBuilder, Identity, Response,
    header::{self, HeaderMap, HeaderValue},
};

/// Media type of what is pushed.
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Media type of an index.
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A repository of this run alone in the lab's registry.
pub(crate) struct Repository {
    /// what pushes
    pub(crate) client: Client,
    scheme: &'static str,
    registry: String,
    name: String,
}

impl Repository {
    /// The repository of a test.
    pub(crate) fn new(registry: String, test: &str) -> Self {
        Self::of("http", registry, test, Client::builder())
    }

    /// The repository of a test in a registry that wants to see this in `Authorization`.
    pub(crate) fn with_authorization(registry: String, test: &str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a value");
        Self::of("http", registry, test, Client::builder().default_headers(HeaderMap::from_iter([(header::AUTHORIZATION, value)])))
    }

    /// The repository of a test in a registry whose certificate is signed with the one in the file `ca`.
    pub(crate) fn with_tls(registry: String, test: &str, ca: &str) -> Self {
        Self::of("https", registry, test, trusting(ca))
    }

    /// The same, where the registry wants to see a certificate: the one in `identity`, with its key, as PEM.
    pub(crate) fn with_certificate(registry: String, test: &str, ca: &str, identity: &str) -> Self {
        let identity = Identity::from_pem(identity.as_bytes()).expect("a certificate and its key");
        Self::of("https", registry, test, trusting(ca).identity(identity))
    }

    fn of(scheme: &'static str, registry: String, test: &str, builder: ClientBuilder) -> Self {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = builder.no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
        Self { client, scheme, registry, name: format!("plimsoll/{test}-{}", process::id()) }
    }

    /// An address below it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}/v2/{}/{path}", self.scheme, self.registry, self.name)
    }

    /// Pushes a blob.
    async fn blob(&self, content: &[u8]) -> Digest {
        let digest = Digest::of(content);
        let begun = done(self.client.post(self.url("blobs/uploads/")).send().await);
        let place = begun.headers()[header::LOCATION].to_str().expect("a location");
        let mut place = begun.url().join(place).expect("a location");
        place.query_pairs_mut().append_pair("digest", digest.as_str());
        let put = self.client.put(place).header(header::CONTENT_TYPE, "application/octet-stream").body(content.to_vec());
        done(put.send().await);
        digest
    }

    /// Pushes the image of one platform under a tag. `text` is all that is in it.
    pub(crate) async fn push(&self, tag: &str, text: &str) -> Digest {
        let config = format!(
            r#"{{"architecture":"amd64","os":"linux","config":{{"Labels":{{"text":"{text}"}}}},"rootfs":{{"type":"layers","diff_ids":[]}}}}"#
        );
        let digest = self.blob(config.as_bytes()).await;
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{digest}","size":{}}},"layers":[]}}"#,
            config.len()
        );
        self.manifest(tag, MANIFEST, manifest).await
    }

    /// Puts a manifest or an index.
    pub(crate) async fn manifest(&self, tag: &str, media_type: &str, content: String) -> Digest {
        let digest = Digest::of(content.as_bytes());
        let put = self.client.put(self.url(&format!("manifests/{tag}"))).header(header::CONTENT_TYPE, media_type).body(content);
        done(put.send().await);
        digest
    }

    /// What it is called in its registry.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A reference to a tag of it.
    pub(crate) fn reference(&self, tag: &str) -> Reference {
        format!("{}/{}:{tag}", self.registry, self.name).parse().expect("a reference")
    }
}

/// What must have worked for the test to mean anything.
pub(crate) fn done(response: reqwest::Result<Response>) -> Response {
    response.and_then(Response::error_for_status).expect("the lab's registry takes what is pushed")
}

/// What trusts the certificate in the file `ca` alone.
fn trusting(ca: &str) -> ClientBuilder {
    let ca = Certificate::from_pem(&fs::read(ca).expect("the lab's certificate")).expect("a certificate");
    Client::builder().tls_certs_only([ca])
}
