//! A way to the registry that can be cut off in the middle of an answer.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A way to the registry that breaks after a number of bytes.
pub(crate) struct Cut {
    /// where it listens: `127.0.0.1:41234`
    pub(crate) address: String,
    left: Arc<AtomicI64>,
    task: JoinHandle<()>,
}

impl Cut {
    /// A way to `registry`, which is open.
    pub(crate) async fn open(registry: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let (registry, counter) = (registry.to_owned(), Arc::clone(&left));
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (registry, counter) = (registry.clone(), Arc::clone(&counter));
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(&registry).await else { return };
                    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.into_split(), far.into_split());
                    let back = async {
                        let mut buffer = vec![0; 16 * 1024];
                        while let Ok(length @ 1..) = from_far.read(&mut buffer).await {
                            let length_left = i64::try_from(length).unwrap_or_default();
                            if counter.fetch_sub(length_left, Ordering::SeqCst) < length_left
                                || to_near.write_all(&buffer[..length]).await.is_err()
                            {
                                return;
                            }
                        }
                    };
                    tokio::select! {
                        _ = tokio::io::copy(&mut from_near, &mut to_far) => {}
                        () = back => {}
                    }
                });
            }
        });
        Self { address, left, task }
    }

    /// Cuts it off after so many bytes more.
    pub(crate) fn after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Opens it again.
    pub(crate) fn heal(&self) {
        self.left.store(i64::MAX, Ordering::SeqCst);
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        self.task.abort();
    }
}
