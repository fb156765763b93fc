//! How long the doors wait. Every wait has an end.

use std::time::Duration;

/// How long the doors wait, each for one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// for the head of a request
    pub head: Duration,
    /// for an answer, with the request's body that it may have to read first. A stream that has begun may last
    pub answer: Duration,
    /// of `refresh` for the check that it joined: its readers give up after ten seconds and take anything but 200 for a failure
    pub refresh: Duration,
    /// between two signs of life in a silent stream: proxies close one that says nothing for a minute
    pub heartbeat: Duration,
    /// for open requests, once the server was told to stop
    pub stop: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            refresh: Duration::from_secs(8),
            heartbeat: Duration::from_secs(15),
            stop: Duration::from_millis(900),
        }
    }
}
