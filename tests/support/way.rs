//! A way to the Engine on which something happens at a chosen call that changes something: before the Engine hears of it, or after it has
//! done it and before the answer is passed on. It can also be cut as a whole, and it knows when each call was made and answered.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex},
    time::Instant,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// The id of no container, by which Plimsoll asks what a proxy lets through.
const PROBED: &str = "706c696d736f6c6c706c696d736f6c6c706c696d736f6c6c706c696d736f6c6c";

/// Where something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// before the Engine hears of the call with this number, from 0
    Before(usize),
    /// after the Engine has answered it
    After(usize),
}

/// What happens, and whether the connection lives on after it.
type Deed = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Then> + Send>> + Send>;

/// What becomes of the connection on which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// the call, or its answer, is passed on
    GoOn,
    /// it breaks
    Break,
}

/// A call that changed something.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `POST /containers/x/stop`
    pub(crate) what: String,
    /// when it came
    pub(crate) asked: Instant,
    /// when the first of its answer came
    pub(crate) answered: Option<Instant>,
    /// when the last of its answer came, so far
    pub(crate) ended: Option<Instant>,
}

/// A socket whose other end is the Engine.
pub(crate) struct Way {
    /// the socket
    pub(crate) path: PathBuf,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    engine: PathBuf,
    /// the calls that change something, so far
    came: Mutex<Vec<Call>>,
    deed: Mutex<Option<(Option<String>, At, Deed)>>,
    /// whether nothing gets through
    cut: watch::Sender<bool>,
}

impl Way {
    /// A way to the Engine at the socket `engine`, through a socket at `path`.
    pub(crate) fn open(engine: &Path, path: &Path) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let (cut, _) = watch::channel(false);
        let shared = Arc::new(Shared { engine: engine.to_owned(), came: Mutex::default(), deed: Mutex::default(), cut });
        let passing = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let shared = Arc::clone(&passing);
                tokio::spawn(async move { pass(&shared, near).await });
            }
        });
        Self { path: path.to_owned(), shared, task }
    }

    /// Lets `deed` happen, once, and breaks the connection.
    pub(crate) fn when(&self, at: At, deed: impl FnOnce() + Send + 'static) {
        self.set(None, at, breaking(deed));
    }

    /// Lets `deed` happen, once, at the first call that ends in `/call`, and breaks the connection; the number in `at` means nothing then.
    pub(crate) fn when_called(&self, call: &str, at: At, deed: impl FnOnce() + Send + 'static) {
        self.set(Some(format!("/{call}")), at, breaking(deed));
    }

    /// Lets somebody do something, once, while this call waits: it is passed on afterwards.
    pub(crate) fn meanwhile(&self, at: At, deed: impl Future<Output = ()> + Send + 'static) {
        let deed = Box::pin(async move {
            deed.await;
            Then::GoOn
        });
        self.set(None, at, Box::new(move || deed));
    }

    fn set(&self, called: Option<String>, at: At, deed: Deed) {
        *self.shared.deed.lock().expect("whole") = Some((called, at, deed));
    }

    /// Forgets what has not happened yet.
    pub(crate) fn forget(&self) {
        *self.shared.deed.lock().expect("whole") = None;
    }

    /// What cuts it, or heals it.
    pub(crate) fn knife(&self) -> impl Fn(bool) + Send + Sync + Clone + use<> {
        let shared = Arc::clone(&self.shared);
        move |cut| {
            shared.cut.send_replace(cut);
        }
    }

    /// Whether it has happened.
    pub(crate) fn has_happened(&self) -> bool {
        self.shared.deed.lock().expect("whole").is_none()
    }

    /// The calls that changed something.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.shared.came.lock().expect("whole").iter().map(|call| call.what.clone()).collect()
    }

    /// The same, with their times.
    pub(crate) fn times(&self) -> Vec<Call> {
        self.shared.came.lock().expect("whole").clone()
    }

    /// Forgets the calls that came: the next one has number 0.
    pub(crate) fn count_anew(&self) {
        self.shared.came.lock().expect("whole").clear();
    }
}

fn breaking(deed: impl FnOnce() + Send + 'static) -> Deed {
    Box::new(move || {
        deed();
        Box::pin(std::future::ready(Then::Break))
    })
}

impl Drop for Way {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes bytes on, both ways, and counts the calls: whoever writes a request begins a packet with it.
async fn pass(shared: &Shared, near: UnixStream) {
    let mut cut = shared.cut.subscribe();
    if *cut.borrow() {
        return;
    }
    let Ok(far) = UnixStream::connect(&shared.engine).await else { return };
    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.into_split(), far.into_split());
    let after = Mutex::new(None);
    // the call that this connection is at
    let current = Mutex::new(None);
    let there = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_near.read(&mut buffer).await {
            if let Some(what) = changing(&buffer[..length]) {
                let number = shared.note(&what);
                *current.lock().expect("whole") = Some(number);
                if let Some((at, deed)) = shared.take(number, &what) {
                    if matches!(at, At::After(_)) {
                        *after.lock().expect("whole") = Some(deed);
                    } else if deed().await == Then::Break {
                        return;
                    }
                }
            } else if is_request(&buffer[..length]) {
                *current.lock().expect("whole") = None;
            }
            if to_far.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    let back = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_far.read(&mut buffer).await {
            let number = *current.lock().expect("whole");
            shared.heard(number);
            let deed = after.lock().expect("whole").take();
            if let Some(deed) = deed
                && deed().await == Then::Break
            {
                return;
            }
            if to_near.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    // whichever ends, both connections go
    tokio::select! {
        () = there => {}
        () = back => {}
        _ = cut.wait_for(|cut| *cut) => {}
    }
}

impl Shared {
    /// Notes that a call came, and answers its number.
    fn note(&self, what: &str) -> usize {
        let mut came = self.came.lock().expect("whole");
        came.push(Call { what: what.to_owned(), asked: Instant::now(), answered: None, ended: None });
        came.len() - 1
    }

    /// Notes that something of its answer came.
    fn heard(&self, number: Option<usize>) {
        let mut came = self.came.lock().expect("whole");
        if let Some(call) = number.and_then(|number| came.get_mut(number)) {
            let now = Instant::now();
            call.answered.get_or_insert(now);
            call.ended = Some(now);
        }
    }

    /// The deed that is meant for this call.
    fn take(&self, number: usize, call: &str) -> Option<(At, Deed)> {
        let mut deed = self.deed.lock().expect("whole");
        let meant = |(named, at, _): &mut (Option<String>, At, Deed)| match named {
            Some(named) => call.ends_with(named.as_str()),
            None => *at == At::Before(number) || *at == At::After(number),
        };
        deed.take_if(meant).map(|(_, at, deed)| (at, deed))
    }
}

/// The call that a packet begins with, where it changes something.
fn changing(packet: &[u8]) -> Option<String> {
    let line = packet.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    // a question about something that cannot be changes nothing (`host/docker/permits.rs`)
    if line.contains(PROBED) {
        return None;
    }
    let mut words = line.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    (matches!(method, "POST" | "DELETE") && words.next() == Some("HTTP/1.1")).then(|| {
        let path = path.split('?').next().unwrap_or(path);
        format!("{method} {}", path.strip_prefix("/v1.").and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap_or(path))
    })
}

/// Whether a packet begins with a request.
fn is_request(packet: &[u8]) -> bool {
    ["GET ", "HEAD ", "POST ", "DELETE "].iter().any(|method| packet.starts_with(method.as_bytes()))
}
