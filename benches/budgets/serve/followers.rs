//! Those who follow `/events`, each over a connection of its own.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Barrier,
    task::JoinSet,
    time::timeout,
};

/// Longest wait for what is to reach all.
const LONG: Duration = Duration::from_mins(1);

/// Most that connect at once.
const AT_ONCE: usize = 64;

/// Lets `count` follow from `revision` on, and something happen once all do. Returns how long it took until the last of them heard of it;
/// none where one did not.
pub(crate) fn reached(address: SocketAddr, count: usize, revision: &str, happen: impl FnOnce()) -> Option<Duration> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).ok()?;
    let runtime = tokio::runtime::Runtime::new().ok()?;
    runtime.block_on(async {
        let all = Arc::new(Barrier::new(count + 1));
        let doors = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        let mut followers = JoinSet::new();
        for _ in 0..count {
            let (all, doors, request) = (Arc::clone(&all), Arc::clone(&doors), request(address, revision));
            followers.spawn(async move {
                let door = doors.acquire_owned().await.ok()?;
                let mut stream = TcpStream::connect(address).await.ok()?;
                stream.write_all(request.as_bytes()).await.ok()?;
                // a comment comes at once
                heard(&mut stream, b"\n:\n\n").await?;
                drop(door);
                all.wait().await;
                heard(&mut stream, b"event: change").await
            });
        }
        timeout(LONG, all.wait()).await.ok()?;
        let started = Instant::now();
        happen();
        let mut last = started;
        while let Some(heard) = timeout(LONG, followers.join_next()).await.ok()? {
            last = last.max(heard.ok()??);
        }
        Some(last - started)
    })
}

fn request(address: SocketAddr, revision: &str) -> String {
    format!("GET /events?since={revision} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n")
}

/// When `wanted` came.
async fn heard(stream: &mut TcpStream, wanted: &[u8]) -> Option<Instant> {
    let mut read = Vec::with_capacity(1024);
    loop {
        let length = stream.read_buf(&mut read).await.ok()?;
        if length == 0 {
            return None;
        }
        if read.windows(wanted.len()).any(|part| part == wanted) {
            return Some(Instant::now());
        }
    }
}
