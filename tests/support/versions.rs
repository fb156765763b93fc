//! New versions of an image, made in the registry alone: the Engine has to pull them, and nothing of them lies on it before.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use plimsoll::image::Digest;
use reqwest::{Client, header};
use serde_json::{Value, json};

/// What a manifest may be.
const MANIFESTS: &str = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, \
                         application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// A repository, with a version from which others are made.
pub(crate) struct Versions {
    client: Client,
    /// `http://127.0.0.1:5000/v2/plimsoll/test`
    repository: String,
    manifest: Value,
    config: Value,
}

impl Versions {
    /// Of `registry/path` in `repository`, beginning with what `tag` stands for there.
    pub(crate) async fn from(registry: &str, repository: &str, tag: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        let path = repository.split_once('/').expect("a path").1;
        let repository = format!("http://{registry}/v2/{path}");
        let mut versions = Self { client, repository, manifest: Value::Null, config: Value::Null };
        let mut manifest = versions.get(&format!("manifests/{tag}")).await;
        // some Engines push an index, beside attestations
        if let Some(children) = manifest["manifests"].as_array() {
            let first = children[0]["digest"].as_str().expect("a digest").to_owned();
            manifest = versions.get(&format!("manifests/{first}")).await;
        }
        let config = manifest["config"]["digest"].as_str().expect("a digest");
        versions.config = versions.get(&format!("blobs/{config}")).await;
        versions.manifest = manifest;
        versions
    }

    /// Lets `tag` stand for a new version: the first one, with these fields of its configuration instead.
    pub(crate) async fn publish(&self, tag: &str, version: &str, fields: &Value) {
        let mut config = self.config.clone();
        for (name, value) in fields.as_object().expect("fields") {
            config["config"][name.as_str()] = value.clone();
        }
        config["config"]["Labels"]["version"] = json!(version);
        let config = config.to_string().into_bytes();
        let digest = Digest::of(&config).to_string();
        let begun = self.client.post(format!("{}/blobs/uploads/", self.repository)).send().await.expect("an answer");
        let place = begun.headers()[header::LOCATION].to_str().expect("a place").to_owned();
        let glue = if place.contains('?') { '&' } else { '?' };
        let mut manifest = self.manifest.clone();
        manifest["config"]["size"] = json!(config.len());
        manifest["config"]["digest"] = json!(digest);
        let sent = self.client.put(format!("{place}{glue}digest={digest}")).header(header::CONTENT_TYPE, "application/octet-stream");
        let sent = sent.body(config).send().await.expect("an answer");
        assert!(sent.status().is_success(), "{}", sent.status());
        let kind = manifest["mediaType"].as_str().expect("a kind").to_owned();
        let sent = self.client.put(format!("{}/manifests/{tag}", self.repository)).header(header::CONTENT_TYPE, kind);
        let sent = sent.body(manifest.to_string()).send().await.expect("an answer");
        assert!(sent.status().is_success(), "{}: {:?}", sent.status(), sent.text().await);
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/{path}", self.repository)).header(header::ACCEPT, MANIFESTS);
        let answer = request.send().await.expect("an answer").error_for_status().expect(path);
        serde_json::from_str(&answer.text().await.expect("a whole answer")).expect("a document")
    }
}
