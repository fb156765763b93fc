//! A way to the Engine on which something happens at a chosen call that changes something: before the Engine hears of it, or after it has
//! done it and before the answer is passed on.

#![allow(dead_code, reason = "each file of tests takes what it needs of it")]

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
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

/// What happens.
type Deed = Box<dyn FnOnce() + Send>;

/// A socket whose other end is the Engine.
pub(crate) struct Way {
    /// the socket
    pub(crate) path: PathBuf,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    engine: PathBuf,
    /// calls that change something, so far
    calls: AtomicUsize,
    /// what they were: `POST /containers/x/stop`
    came: Mutex<Vec<String>>,
    deed: Mutex<Option<(Option<String>, At, Deed)>>,
}

impl Way {
    /// A way to the Engine at the socket `engine`, through a socket at `path`.
    pub(crate) fn open(engine: &Path, path: &Path) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let shared =
            Arc::new(Shared { engine: engine.to_owned(), calls: AtomicUsize::new(0), came: Mutex::default(), deed: Mutex::default() });
        let passing = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let shared = Arc::clone(&passing);
                tokio::spawn(async move { pass(&shared, near).await });
            }
        });
        Self { path: path.to_owned(), shared, task }
    }

    /// Lets `deed` happen, once.
    pub(crate) fn when(&self, at: At, deed: impl FnOnce() + Send + 'static) {
        *self.shared.deed.lock().expect("whole") = Some((None, at, Box::new(deed)));
    }

    /// Lets `deed` happen, once, at the first call that ends in `/call`; the number in `at` means nothing then.
    pub(crate) fn when_called(&self, call: &str, at: At, deed: impl FnOnce() + Send + 'static) {
        *self.shared.deed.lock().expect("whole") = Some((Some(format!("/{call}")), at, Box::new(deed)));
    }

    /// Whether it has happened.
    pub(crate) fn has_happened(&self) -> bool {
        self.shared.deed.lock().expect("whole").is_none()
    }

    /// The calls that changed something.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.shared.came.lock().expect("whole").clone()
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes bytes on, both ways, and counts the calls: whoever writes a request begins a packet with it.
async fn pass(shared: &Shared, near: UnixStream) {
    let Ok(far) = UnixStream::connect(&shared.engine).await else { return };
    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.into_split(), far.into_split());
    let after = Mutex::new(None);
    let there = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_near.read(&mut buffer).await {
            if let Some(call) = changing(&buffer[..length]) {
                let number = shared.calls.fetch_add(1, Ordering::SeqCst);
                shared.came.lock().expect("whole").push(call.clone());
                match shared.take(number, &call) {
                    Some((At::Before(_), deed)) => return deed(),
                    Some((At::After(_), deed)) => *after.lock().expect("whole") = Some(deed),
                    None => {}
                }
            }
            if to_far.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    let back = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_far.read(&mut buffer).await {
            if let Some(deed) = after.lock().expect("whole").take() {
                return deed();
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
    }
}

impl Shared {
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
