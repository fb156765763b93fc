//! The digest that a reference stands for.

use reqwest::{
    Method, Response, StatusCode,
    header::{self, HeaderValue},
};

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
pub(super) const SIZE_MAX: usize = 4 * 1024 * 1024;

impl Registry {
    /// The address of what `reference` names.
    pub(super) fn manifest_url(&self, reference: &Reference) -> String {
        self.place.url(&format!("{}/manifests/{}", reference.repository(), reference.identifier()))
    }

    /// Asks for the digest of `reference`.
    pub(super) async fn digest(&self, reference: &Reference, steps: &mut Vec<Step>) -> Result<Digest, Reason> {
        let url = self.manifest_url(reference);
        let head = self.ask(&Method::HEAD, &url, reference.repository(), steps).await?;
        match head.status() {
            StatusCode::OK => {
                self.runnable(&head)?;
                if let Some(digest) = reply::digest(&head) {
                    return self.asked_for(reference, digest);
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
        let digest = if reply::is_encoded(&get) {
            // some servers compress whether asked or not, and what they compressed is not what has the digest
            reply::digest(&get).ok_or_else(|| self.bad("a compressed manifest without its digest"))?
        } else {
            self.hash(get, reference).await?
        };
        self.asked_for(reference, digest)
    }

    /// Whether it is the digest that was asked for, where one was.
    fn asked_for(&self, reference: &Reference, digest: Digest) -> Result<Digest, Reason> {
        match reference.digest() {
            Some(wanted) if *wanted != digest => Err(self.bad("another digest than the one that was asked for")),
            _ => Ok(digest),
        }
    }

    /// Sends one request for a manifest, with whatever the registry wants to see.
    pub(super) async fn ask(&self, method: &Method, url: &str, repository: &str, steps: &mut Vec<Step>) -> Result<Response, Reason> {
        if method == Method::GET {
            self.affords_a_pull()?;
        }
        let shown = format!("{method} {url}");
        self.authorized(repository, &shown, steps, |authorization| {
            let request = self.client.request(method.clone(), url).header(header::ACCEPT, const { HeaderValue::from_static(ACCEPT) });
            // the digest is that of the bytes as they are
            let request = request.header(header::ACCEPT_ENCODING, const { HeaderValue::from_static("identity") });
            match authorization {
                Some(value) => request.header(header::AUTHORIZATION, value),
                None => request,
            }
        })
        .await
    }

    /// Whether an answer can be a manifest that engines run.
    pub(super) fn runnable(&self, response: &Response) -> Result<(), Reason> {
        let registry = || self.name().to_owned();
        match reply::media_type(response).as_deref() {
            Some("application/vnd.docker.distribution.manifest.v1+prettyjws" | "application/vnd.docker.distribution.manifest.v1+json") => {
                Err(Reason::SchemaTooOld { registry: registry() })
            }
            Some("text/html") => Err(Reason::BadAnswer { registry: registry(), detail: "a web page instead of a manifest".into() }),
            _ => Ok(()),
        }
    }

    /// The digest of the bytes of an answer, exactly as they came. They count, not what a header says of them: too many are wrong.
    async fn hash(&self, mut response: Response, reference: &Reference) -> Result<Digest, Reason> {
        let mut content = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| super::trouble::reason(&error, self.name(), self.timeout))? {
            if content.len() + chunk.len() > SIZE_MAX {
                return Err(self.bad("a manifest of more than 4 MiB"));
            }
            content.extend_from_slice(&chunk);
        }
        if content.is_empty() {
            return Err(self.bad("an empty manifest"));
        }
        // a reference may pin by another algorithm than the usual one
        let wanted = reference.digest().filter(|wanted| wanted.fits(&content));
        Ok(wanted.cloned().unwrap_or_else(|| Digest::of(&content)))
    }
}
