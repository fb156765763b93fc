//! Hands for the lab's Engine: they build, push, run and remove, by the same API that Docker's command line uses.

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

    async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.ask(Method::POST, path, body.to_string().into_bytes(), "application/json").await;
        let status = response.status();
        let text = response.text().await.expect("a whole answer");
        assert!(status.is_success(), "POST {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
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
        let mut archive = entry("Dockerfile", 0o644, recipe.as_bytes());
        archive.extend(entry("busybox", 0o755, &self.busybox));
        archive.extend([0; 1024]);
        self.stream(&format!("/build?t={reference}"), archive).await;
    }

    /// Builds an image, pushes it, and answers the digest that the registry has for it.
    pub(crate) async fn push(&self, tag: &str, version: &str) -> String {
        self.build(&format!("{}:{tag}", self.repository), version).await;
        let told = self.stream(&format!("/images/{}/push?tag={tag}", self.repository), Vec::new()).await;
        // `1: digest: sha256:… size: 536`, in every store; the document beside it comes in the classic one alone
        let digest = told.split("digest: ").nth(1).and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        digest.unwrap_or_else(|| panic!("no digest in {told}"))
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
