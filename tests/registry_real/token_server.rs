//! A token server as the distribution project specifies it (<https://distribution.github.io/distribution/spec/auth/jwt/>): the registry
//! believes what is signed with a certificate that it knows.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use rustls::{SignatureScheme, crypto::ring::sign::any_ecdsa_type, sign::Signer};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::form_urlencoded;

/// How the server calls itself, and the registry: names on which both agree.
pub(crate) const ISSUER: &str = "the tests' token server";

/// See [`ISSUER`].
pub(crate) const SERVICE: &str = "the lab's registry";

/// Who may see everything.
pub(crate) const LOGIN: (&str, &str) = ("me", "secret");

/// How long a token is good, in seconds.
const LIFETIME: u64 = 300;

/// A token server. It ends with this value.
pub(crate) struct TokenServer {
    /// its address, as the registry's `realm`
    pub(crate) realm: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    signer: Box<dyn Signer>,
    /// the certificate whose key signs, in base64
    certificate: String,
    /// the user of each request, empty where nobody logged in, and the repositories that were asked for
    asked: Mutex<Vec<(String, Vec<String>)>>,
    tokens: AtomicU64,
}

impl TokenServer {
    /// Starts one that signs with the certificate and the key in `folder`.
    pub(crate) async fn start(folder: &str) -> Self {
        let key = PrivateKeyDer::from_pem_file(format!("{folder}/key.pem")).expect("the lab's key");
        let certificate = CertificateDer::from_pem_file(format!("{folder}/cert.pem")).expect("the lab's certificate");
        let signer = any_ecdsa_type(&key).expect("a key").choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256]).expect("on that curve");
        let shared = Arc::new(Shared {
            signer,
            certificate: BASE64_STANDARD.encode(&certificate),
            asked: Mutex::default(),
            tokens: AtomicU64::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let realm = format!("http://{}/token", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/token", get(answer)).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.expect("it serves") });
        Self { realm, shared, task }
    }

    /// A token to push to `repository`.
    pub(crate) fn for_pushing(&self, repository: &str) -> String {
        self.shared.token(&[json!({ "type": "repository", "name": repository, "actions": ["pull", "push"] })])
    }

    /// Who asked since the last call, and for which repositories.
    pub(crate) fn asked(&self) -> Vec<(String, Vec<String>)> {
        std::mem::take(&mut *self.shared.asked.lock().expect("whole"))
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Gives who logs in what is asked for, others only what is in `plimsoll/public…`, and refuses a wrong login.
async fn answer(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let query = query.unwrap_or_default();
    let scopes = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "scope");
    let repositories: Vec<String> =
        scopes.filter_map(|(_, scope)| Some(scope.strip_prefix("repository:")?.strip_suffix(":pull")?.to_owned())).collect();
    let login = headers.get(header::AUTHORIZATION).map(|value| {
        let text = value.to_str().ok().and_then(|value| value.strip_prefix("Basic ")).and_then(|text| BASE64_STANDARD.decode(text).ok());
        String::from_utf8(text.unwrap_or_default()).unwrap_or_default()
    });
    let user = login.as_ref().and_then(|login| login.split(':').next()).unwrap_or_default().to_owned();
    shared.asked.lock().expect("whole").push((user, repositories.clone()));
    if login.as_ref().is_some_and(|login| *login != format!("{}:{}", LOGIN.0, LOGIN.1)) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "details": "incorrect username or password" })));
    }
    let granted = repositories.iter().filter(|name| login.is_some() || name.starts_with("plimsoll/public"));
    let access: Vec<_> = granted.map(|name| json!({ "type": "repository", "name": name, "actions": ["pull"] })).collect();
    (StatusCode::OK, Json(json!({ "token": shared.token(&access), "expires_in": LIFETIME })))
}

impl Shared {
    /// A token that opens this.
    fn token(&self, access: &[Value]) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let number = self.tokens.fetch_add(1, Ordering::Relaxed);
        let header = json!({ "typ": "JWT", "alg": "ES256", "x5c": [self.certificate] });
        let claims = json!({
            "iss": ISSUER, "aud": SERVICE, "sub": "", "iat": now, "nbf": now - 10, "exp": now + LIFETIME, "jti": number.to_string(), "access": access,
        });
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = self.signer.sign(signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(plain(&signature)))
    }
}

/// The two numbers of a signature, 32 bytes each, as JSON Web Algorithms have them (RFC 7518, 3.4): what signs for TLS wraps them in DER.
fn plain(der: &[u8]) -> [u8; 64] {
    let mut plain = [0; 64];
    // a sequence of two integers, each behind its kind and its length; a leading zero keeps one from being negative
    let mut rest = &der[2..];
    for place in plain.chunks_exact_mut(32) {
        let (number, behind) = rest[2..].split_at(usize::from(rest[1]));
        let digits = &number[number.len().saturating_sub(32)..];
        place[32 - digits.len()..].copy_from_slice(digits);
        rest = behind;
    }
    plain
}
