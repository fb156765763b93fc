//! The digest that a reference stands for.

use reqwest::{Method, Response, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::{one::Registry, reply};
use crate::{
    image::{Digest, Reference, Step},
    wire::Reason,
};

/// All that can be run, indexes first. Without the indexes a registry answers with the manifest of one platform, whose digest no Engine
/// ever recorded, or with 404.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// Largest manifest, in bytes; registries themselves take no larger one.
const SIZE_MAX: usize = 4 * 1024 * 1024;

impl Registry {
    /// Asks for the digest of `reference`.
    pub(super) async fn digest(&self, reference: &Reference, steps: &mut Vec<Step>) -> Result<Digest, Reason> {
        let url = self.place.url(&format!("{}/manifests/{}", reference.repository(), reference.identifier()));
        let head = self.ask(&Method::HEAD, &url, reference.repository(), steps).await?;
        match head.status() {
            StatusCode::OK => {
                self.runnable(&head)?;
                if let Some(digest) = reply::digest(&head) {
                    return Ok(digest);
                }
            }
            // some proxies take no HEAD
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {}
            _ => return Err(self.refusal(&head)),
        }
        let get = self.ask(&Method::GET, &url, reference.repository(), steps).await?;
        if get.status() != StatusCode::OK {
            return Err(self.refusal(&get));
        }
        self.runnable(&get)?;
        let named = reply::digest(&get);
        let hashed = self.hash(get).await?;
        Ok(named.unwrap_or(hashed))
    }

    /// Sends one request for a manifest, with whatever the registry wants to see.
    async fn ask(&self, method: &Method, url: &str, repository: &str, steps: &mut Vec<Step>) -> Result<Response, Reason> {
        let shown = format!("{method} {url}");
        self.authorized(repository, &shown, steps, |authorization| {
            let request = self.client.request(method.clone(), url).header(header::ACCEPT, ACCEPT);
            // the digest is that of the bytes as they are
            let request = request.header(header::ACCEPT_ENCODING, "identity");
            match authorization {
                Some(value) => request.header(header::AUTHORIZATION, value),
                None => request,
            }
        })
        .await
    }

    /// Whether an answer can be a manifest that engines run.
    fn runnable(&self, response: &Response) -> Result<(), Reason> {
        let registry = || self.name().to_owned();
        match reply::media_type(response).as_deref() {
            Some("application/vnd.docker.distribution.manifest.v1+prettyjws" | "application/vnd.docker.distribution.manifest.v1+json") => {
                Err(Reason::SchemaTooOld { registry: registry() })
            }
            Some("text/html") => Err(Reason::BadAnswer { registry: registry(), detail: "a web page instead of a manifest".into() }),
            _ => Ok(()),
        }
    }

    /// The digest of the bytes of an answer, exactly as they came.
    async fn hash(&self, mut response: Response) -> Result<Digest, Reason> {
        let registry = || self.name().to_owned();
        let bad = |detail: &str| Reason::BadAnswer { registry: registry(), detail: detail.into() };
        let (mut hash, mut size) = (Sha256::new(), 0);
        while let Some(chunk) = response.chunk().await.map_err(|error| super::trouble::reason(&error, self.name(), self.timeout))? {
            size += chunk.len();
            if size > SIZE_MAX {
                return Err(bad("a manifest of more than 4 MiB"));
            }
            hash.update(&chunk);
        }
        if size == 0 {
            return Err(bad("an empty manifest"));
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}").parse().map_err(|_| bad("no digest"))
    }
}
