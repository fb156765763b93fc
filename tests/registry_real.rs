//! The adapter to registries against a real one: what is pushed is what is found.

#[path = "support/lab.rs"]
mod lab;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::{self, Command},
    time::Duration,
};

use plimsoll::{
    image::{Digest, Platform, Reference},
    registry::{Listed, Registries, Settings},
    wire::Reason,
};
use reqwest::{Certificate, Client, Method, Response, header};
use tempfile::TempDir;

/// Media type of what is pushed.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Media type of an index.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A repository of this run alone in the lab's registry.
struct Repository {
    client: Client,
    scheme: &'static str,
    registry: String,
    name: String,
}

impl Repository {
    /// The repository of a test.
    fn new(registry: String, test: &str) -> Self {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
        Self { client, scheme: "http", registry, name: format!("plimsoll/{test}-{}", process::id()) }
    }

    /// The repository of a test in a registry whose certificate is signed with the one in the file `ca`.
    fn with_tls(registry: String, test: &str, ca: &str) -> Self {
        let plain = Self::new(registry, test);
        let ca = Certificate::from_pem(&fs::read(ca).expect("the lab's certificate")).expect("a certificate");
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).tls_certs_only([ca]).build().expect("a client");
        Self { client, scheme: "https", ..plain }
    }

    /// An address below it.
    fn url(&self, path: &str) -> String {
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
    async fn push(&self, tag: &str, text: &str) -> Digest {
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
    async fn manifest(&self, tag: &str, media_type: &str, content: String) -> Digest {
        let digest = Digest::of(content.as_bytes());
        let put = self.client.put(self.url(&format!("manifests/{tag}"))).header(header::CONTENT_TYPE, media_type).body(content);
        done(put.send().await);
        digest
    }

    /// A reference to a tag of it.
    fn reference(&self, tag: &str) -> Reference {
        format!("{}/{}:{tag}", self.registry, self.name).parse().expect("a reference")
    }
}

/// What must have worked for the test to mean anything.
fn done(response: reqwest::Result<Response>) -> Response {
    response.and_then(Response::error_for_status).expect("the lab's registry takes what is pushed")
}

/// The adapter with nothing configured.
fn registries() -> Registries {
    let settings = Settings {
        registries: BTreeMap::new(),
        logins: Vec::new(),
        timeout: Duration::from_secs(20),
        user_agent: "plimsoll/test".to_owned(),
        hub_api: None,
    };
    Registries::new(settings).expect("the adapter")
}

#[tokio::test]
async fn what_is_pushed_is_found_and_what_is_pushed_over_it_too() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "what_is_pushed_is_found_and_what_is_pushed_over_it_too") else { return };
    let repository = Repository::new(registry, "pushed");
    let registries = registries();
    let tag = repository.reference("1.0");
    let missing = registries.look_up(&tag).await.answer;
    assert!(matches!(missing, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{missing:?}");
    let first = repository.push("1.0", "first").await;
    assert_eq!(registries.look_up(&tag).await.answer.expect("an answer"), first);
    let second = repository.push("1.0", "second").await;
    assert_ne!(first, second);
    let lookup = registries.look_up(&tag).await;
    assert_eq!(lookup.answer.expect("an answer"), second);
    assert_eq!(lookup.steps.len(), 1, "one HEAD is all that it takes: {:?}", lookup.steps);
    // the older one stays there by its digest
    let pinned = format!("{tag}@{first}").parse().expect("a reference");
    assert_eq!(registries.look_up(&pinned).await.answer.expect("an answer"), first);
    let other = registries.look_up(&repository.reference("2.0")).await.answer;
    assert!(matches!(other, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{other:?}");
}

#[tokio::test]
async fn a_tag_of_an_index_stands_for_the_index() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "a_tag_of_an_index_stands_for_the_index") else { return };
    let repository = Repository::new(registry, "index");
    let child = repository.push("amd64", "of an index").await;
    let size = done(repository.client.get(repository.url(&format!("manifests/{child}"))).header(header::ACCEPT, MANIFEST).send().await)
        .content_length()
        .expect("a length");
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","digest":"{child}","size":{size},"platform":{{"architecture":"amd64","os":"linux"}}}}]}}"#
    );
    let index = repository.manifest("latest", INDEX, index).await;
    assert_ne!(index, child);
    assert_eq!(registries().look_up(&repository.reference("latest")).await.answer.expect("an answer"), index);
}

#[tokio::test]
async fn all_tags_are_listed_in_whatever_order_they_come() {
    let test = "all_tags_are_listed_in_whatever_order_they_come";
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", test) else { return };
    let repository = Repository::new(registry, "tags");
    let registries = registries();
    let missing = registries.tags(&repository.reference("1.0"), &[]).await.answer;
    assert!(matches!(missing, Err(Reason::NotFoundOrNoAccess { status: 404, .. })), "{missing:?}");
    // docker-registry 2.8 has them in the order of a directory, and takes neither `n` nor `last`
    let mut tags = ["latest", "v1", "1.2", "multi", "alpha", "1.10", "Zeta", "1.0"];
    for tag in tags {
        repository.push(tag, "one image").await;
    }
    let lookup = registries.tags(&repository.reference("1.0"), &[]).await;
    let Ok(Listed::Tags(listing)) = lookup.answer else { panic!("{lookup:?}") };
    let mut found: Vec<_> = listing.iter().collect();
    found.sort_unstable();
    tags.sort_unstable();
    assert_eq!(found, tags);
    let pages: Vec<_> = lookup.steps.iter().filter(|step| step.request.contains("/tags/list")).collect();
    assert!(pages.len() == 1 && !pages[0].request.contains('×'), "one request is all that it takes: {pages:?}");
}

#[tokio::test]
async fn what_a_tag_stands_for_is_learnt_once() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "what_a_tag_stands_for_is_learnt_once") else { return };
    let repository = Repository::new(registry, "details");
    let registries = registries();
    let child = repository.push("amd64", "in detail").await;
    let size = done(repository.client.get(repository.url(&format!("manifests/{child}"))).header(header::ACCEPT, MANIFEST).send().await)
        .content_length()
        .expect("a length");
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","digest":"{child}","size":{size},"platform":{{"architecture":"amd64","os":"linux"}}}}],"annotations":{{"org.opencontainers.image.version":"1.2.3"}}}}"#
    );
    let index = repository.manifest("1", INDEX, index).await;
    let wanted = BTreeSet::from([Platform { os: "linux".into(), architecture: "amd64".into(), variant: None }]);
    for (tag, digest, version) in [("1", &index, Some("1.2.3")), ("amd64", &child, None)] {
        let details = registries.details(&repository.reference(tag), &wanted, None, true).await.answer.expect("details");
        assert_eq!((&details.digest, details.version.as_deref(), details.created), (digest, version, None));
        let image = &details.platforms[..];
        assert!(image.len() == 1 && image[0].manifest == child && image[0].config.is_some() && image[0].size == Some(0), "{image:?}");
        let again = registries.details(&repository.reference(tag), &wanted, Some(&details), true).await;
        assert_eq!(again.answer.expect("details"), details);
        assert!(again.steps.iter().all(|step| step.request.starts_with("HEAD ")), "{:?}", again.steps);
    }
}

#[tokio::test]
async fn a_condition_is_kept_as_the_simulated_registry_keeps_it() {
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY", "a_condition_is_kept_as_the_simulated_registry_keeps_it") else { return };
    let repository = Repository::new(registry, "condition");
    let digest = repository.push("1", "conditional").await;
    for method in [Method::HEAD, Method::GET] {
        let request = repository.client.request(method.clone(), repository.url("manifests/1")).header(header::ACCEPT, MANIFEST);
        let answer = request.header(header::IF_NONE_MATCH, format!("\"{digest}\"")).send().await.expect("an answer");
        let named = answer.headers().contains_key("docker-content-digest");
        assert_eq!((answer.status().as_u16(), named), (304, false), "{method}");
    }
}

#[tokio::test]
async fn a_registry_is_trusted_by_the_certificates_of_the_machine() {
    let test = "a_registry_is_trusted_by_the_certificates_of_the_machine";
    let Some(registry) = lab::variable("PLIMSOLL_LAB_REGISTRY_TLS", test) else { return };
    let bundle = lab::variable("PLIMSOLL_LAB_REGISTRY_CA", test).expect("it is the same lab");
    let stranger = format!("{}/ca.pem", lab::variable("PLIMSOLL_LAB_DOCKER_CERTS", test).expect("it is the same lab"));
    let repository = Repository::with_tls(registry, "tls", &bundle);
    let digest = repository.push("1", "behind TLS").await;
    let reference = repository.reference("1").to_string();
    // which certificates a machine has is settled when a program starts
    let check = |bundle: &str| {
        let folder = TempDir::new().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.env_clear().env("SSL_CERT_FILE", bundle).env("HOME", folder.path()).env("PLIMSOLL_DATA_DIR", folder.path());
        command.env("DOCKER_HOST", "unix:///nowhere.sock").args(["check", &reference]);
        String::from_utf8(command.output().expect("the program runs").stdout).expect("a text")
    };
    let found = check(&bundle);
    assert!(found.contains(digest.as_str()), "{found}");
    let refused = check(&stranger);
    assert!(refused.contains("No secure connection"), "{refused}");
    assert!(!refused.contains(digest.as_str()), "{refused}");
}
