//! Hands for the lab's Engine: they build, push, run and remove, by the same API that Docker's command line uses.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{path::Path, time::Duration};

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// Hands for one test; what they make carries the name of the test and of this process.
pub(crate) struct Hands {
    client: Client,
    busybox: Vec<u8>,
    /// `127.0.0.1:5000/plimsoll/test-4711`
    pub(crate) repository: String,
    prefix: String,
}

impl Hands {
    /// Hands at the Engine at `address`, a socket, which pushes to `registry`.
    pub(crate) fn new(address: &str, registry: &str, busybox: &str, test: &str) -> Self {
        // a second call finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        let socket = address.strip_prefix("unix://").expect("the lab's Engine listens at a socket");
        let client = Client::builder().unix_socket(Path::new(socket)).timeout(Duration::from_mins(2)).build().expect("a client");
        let prefix = format!("{test}-{}", std::process::id());
        let busybox = std::fs::read(busybox).expect("the lab's busybox");
        Self { client, busybox, repository: format!("{registry}/plimsoll/{prefix}"), prefix }
    }

    /// A container's name.
    pub(crate) fn name(&self, short: &str) -> String {
        format!("{}-{short}", self.prefix)
    }

    /// Asks the Engine.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Vec<u8>, kind: &str) -> Response {
        let request = self.client.request(method, format!("http://engine{path}")).header("content-type", kind).body(body);
        // `{}`: no credentials
        request.header("x-registry-auth", "e30=").send().await.expect("the lab's Engine answers")
    }

    /// Posts a document that must be taken.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.ask(Method::POST, path, body.to_string().into_bytes(), "application/json").await;
        let status = response.status();
        let text = response.text().await.expect("a whole answer");
        assert!(status.is_success(), "POST {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Gets a document that must be there.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.find(path).await.unwrap_or_else(|| panic!("GET {path} gives nothing"))
    }

    /// Gets a document; none where there is none, or while the Engine is away.
    pub(crate) async fn find(&self, path: &str) -> Option<Value> {
        let answer = self.client.get(format!("http://engine{path}")).send().await.ok()?;
        let answer = answer.error_for_status().ok()?;
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }

    /// Deletes something; that it is gone already is no failure.
    pub(crate) async fn delete(&self, path: &str) {
        let response = self.ask(Method::DELETE, path, Vec::new(), "").await;
        let status = response.status();
        assert!(status.is_success() || status == StatusCode::NOT_FOUND, "DELETE {path}: {status} {:?}", response.text().await);
    }

    /// Forgets what builds left, so that a pull has to fetch it.
    pub(crate) async fn prune(&self) {
        self.post("/build/prune?all=1", &Value::Null).await;
        self.post("/images/prune", &Value::Null).await;
    }

    /// Posts an archive, and reads the answer's lines to the end; an error among them is a failure.
    pub(crate) async fn stream(&self, path: &str, body: Vec<u8>) -> String {
        let text = self.ask(Method::POST, path, body, "application/x-tar").await.text().await.expect("a whole answer");
        assert!(!text.contains("errorDetail") && !text.contains("\"message\""), "POST {path}: {text}");
        text
    }

    /// Builds an image that holds busybox and has a label `version`.
    pub(crate) async fn build(&self, reference: &str, version: &str) {
        let recipe =
            format!("FROM scratch\nCOPY busybox /bin/busybox\nLABEL version={version}\nCMD [\"/bin/busybox\", \"sleep\", \"600\"]\n");
        self.build_from(reference, &recipe).await;
    }

    /// Builds an image from a recipe, beside which lie busybox and, as `big`, some megabytes that nothing can make smaller.
    pub(crate) async fn build_from(&self, reference: &str, recipe: &str) {
        let mut archive = entry("Dockerfile", 0o644, recipe.as_bytes());
        archive.extend(entry("busybox", 0o755, &self.busybox));
        if recipe.contains("COPY big") {
            let mut seed = 0x2545_f491_4f6c_dd1d_u64;
            let noise = std::iter::repeat_with(|| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed.to_le_bytes()
            });
            archive.extend(entry("big", 0o644, &noise.take(1 << 20).flatten().collect::<Vec<u8>>()));
        }
        archive.extend([0; 1024]);
        self.stream(&format!("/build?t={reference}"), archive).await;
    }

    /// Pushes what a reference `repository:tag` stands for; answers the digest that the registry has for it.
    pub(crate) async fn upload(&self, reference: &str) -> String {
        let (repository, tag) = reference.rsplit_once(':').expect("a tag");
        let told = self.stream(&format!("/images/{repository}/push?tag={tag}"), Vec::new()).await;
        // `1: digest: sha256:… size: 536`, in every store; the document beside it comes in the classic one alone
        let digest = told.split("digest: ").nth(1).and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        digest.unwrap_or_else(|| panic!("no digest in {told}"))
    }

    /// Builds an image, pushes it, and answers the digest that the registry has for it.
    pub(crate) async fn push(&self, tag: &str, version: &str) -> String {
        let reference = format!("{}:{tag}", self.repository);
        self.build(&reference, version).await;
        self.upload(&reference).await
    }

    /// Creates a container and starts it; answers its id. `body` is what a create request has beside the image.
    pub(crate) async fn run(&self, short: &str, image: &str, body: Value) -> String {
        let mut whole = json!({ "Image": image, "StopTimeout": 1 });
        for (name, value) in body.as_object().expect("an object") {
            whole[name] = value.clone();
        }
        let made = self.post(&format!("/containers/create?name={}", self.name(short)), &whole).await;
        let id = made["Id"].as_str().expect("an id").to_owned();
        self.post(&format!("/containers/{id}/start"), &Value::Null).await;
        id
    }

    /// Does something to a container: `stop?t=0`, `pause`, `rename?name=…`.
    pub(crate) async fn act(&self, container: &str, action: &str) {
        self.post(&format!("/containers/{container}/{action}"), &Value::Null).await;
    }

    /// Removes a container.
    pub(crate) async fn remove(&self, container: &str) {
        let response = self.ask(Method::DELETE, &format!("/containers/{container}?force=1&v=1"), Vec::new(), "").await;
        assert!(matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_FOUND), "{}", response.status());
    }

    /// The Engine's id of an image.
    pub(crate) async fn image_id(&self, name: &str) -> String {
        let response = self.ask(Method::GET, &format!("/images/{name}/json"), Vec::new(), "").await;
        let image: Value = serde_json::from_str(&response.text().await.expect("a whole answer")).expect("a document");
        image["Id"].as_str().expect("an id").to_owned()
    }

    /// Whether the Engine keeps its images in containerd's store.
    pub(crate) async fn has_containerd_store(&self) -> bool {
        let response = self.ask(Method::GET, "/info", Vec::new(), "").await;
        response.text().await.expect("a whole answer").contains("io.containerd.snapshotter")
    }
}

/// A file in a tar archive.
pub(crate) fn entry(name: &str, mode: u32, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, &format!("{mode:07o}"));
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{:011o}", content.len()));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut entry = header.to_vec();
    entry.extend(content);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}
