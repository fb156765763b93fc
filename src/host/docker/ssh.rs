//! A conversation with an Engine by the program `ssh`: what the process reads and writes is the stream.
//!
//! One process is one conversation. It is killed and waited for as soon as the stream is dropped, whatever it was doing; where Plimsoll itself is
//! killed, it reads the end of its input and ends. Its environment is Plimsoll's, so that it finds keys and agents, without what is Plimsoll's own.

use std::{
    env, io,
    pin::{Pin, pin},
    process::Stdio,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::BytesMut;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    sync::oneshot,
    time::{Sleep, sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::host::{Ssh, SshTrouble};

/// Most of what the process says to its user that is kept; its last words are what counts.
const SAID: usize = 8 << 10;

/// How long is waited for last words once the process has ended: somebody else may hold the other end of that pipe.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How long the process may live on after it has closed its output.
const LINGERS: Duration = Duration::from_secs(2);

/// A conversation.
pub(super) struct Dialogue {
    input: Option<ChildStdin>,
    output: ChildStdout,
    end: End,
    /// kills the process when it is dropped
    _kill: DropGuard,
}

/// How the conversation ends.
enum End {
    /// it has not ended as far as is known
    Open(oneshot::Receiver<Option<SshTrouble>>),
    /// its output is closed: the process should end now
    Closing(oneshot::Receiver<Option<SshTrouble>>, Pin<Box<Sleep>>),
    /// it is over
    Over(Option<SshTrouble>),
}

impl Dialogue {
    /// Starts the program. Nothing is known of the other side yet: the first read or write tells.
    pub(super) fn start(ssh: &Ssh) -> Result<Self, SshTrouble> {
        let mut command = Command::new("ssh");
        command.args(ssh.arguments()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // a group of its own: a Ctrl-C at the terminal is Plimsoll's to answer, and helpers such as a `ProxyCommand` end with it
        command.kill_on_drop(true).process_group(0);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PLIMSOLL_")) {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => SshTrouble::NoProgram,
            _ => SshTrouble::NotStarted(error.to_string()),
        })?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(words)) = pipes else {
            return Err(SshTrouble::NotStarted("it has no pipes".to_owned()));
        };
        let kill = CancellationToken::new();
        let (tell, told) = oneshot::channel();
        tokio::spawn(keep(child, words, ssh.clone(), kill.clone(), tell));
        Ok(Self { input: Some(input), output, end: End::Open(told), _kill: kill.drop_guard() })
    }

    /// How it ended: with nothing to tell, or with trouble.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            self.end = match std::mem::replace(&mut self.end, End::Over(None)) {
                End::Open(told) => End::Closing(told, Box::pin(sleep(LINGERS))),
                End::Closing(mut told, mut patience) => {
                    if let Poll::Ready(trouble) = Pin::new(&mut told).poll(cx) {
                        End::Over(trouble.ok().flatten())
                    } else if patience.as_mut().poll(cx).is_ready() {
                        End::Over(None)
                    } else {
                        self.end = End::Closing(told, patience);
                        return Poll::Pending;
                    }
                }
                End::Over(trouble) => {
                    self.end = End::Over(trouble.clone());
                    return Poll::Ready(trouble.map_or(Ok(()), |trouble| Err(io::Error::other(trouble))));
                }
            }
        }
    }

    /// The error of a write that nobody reads any more.
    fn poll_broken(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let ended = ready!(self.poll_end(cx));
        Poll::Ready(ended.err().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into()))
    }
}

/// Keeps the process until it ends, or is to be killed; tells what its end means.
async fn keep(mut child: Child, mut words: ChildStderr, ssh: Ssh, kill: CancellationToken, tell: oneshot::Sender<Option<SshTrouble>>) {
    let mut said = BytesMut::new();
    let mut speaks = true;
    let ended = loop {
        tokio::select! {
            ended = child.wait() => break ended,
            () = kill.cancelled() => {
                end(&mut child).await;
                return;
            }
            more = words.read_buf(&mut said), if speaks => speaks = matches!(more, Ok(1..)),
        }
        shorten(&mut said);
    };
    let rest = async {
        while matches!(words.read_buf(&mut said).await, Ok(1..)) {
            shorten(&mut said);
        }
    };
    // without its last words the exit code must do
    let _ = timeout(LAST_WORDS, rest).await;
    let trouble = match ended {
        Ok(status) if status.success() => None,
        Ok(status) => Some(SshTrouble::read(&ssh, status.code(), &said)),
        Err(error) => Some(SshTrouble::Other(error.to_string())),
    };
    // nobody needs to be listening
    let _ = tell.send(trouble);
}

/// Kills the process with all that it has started, and waits for it, so that nothing of it stays.
async fn end(child: &mut Child) {
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(group) = group {
        // it may have ended by itself; until it is waited for, nobody else has its number
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill().await;
}

/// Keeps the last of what was said.
fn shorten(said: &mut BytesMut) {
    let surplus = said.len().saturating_sub(SAID);
    drop(said.split_to(surplus));
}

impl AsyncRead for Dialogue {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match ready!(pin!(&mut self.output).poll_read(cx, buf)) {
            Ok(()) if buf.filled().len() > before || buf.remaining() == 0 => Poll::Ready(Ok(())),
            _ => self.poll_end(cx),
        }
    }
}

impl AsyncWrite for Dialogue {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = match &mut self.input {
            Some(input) => ready!(pin!(input).poll_write(cx, buf)).ok(),
            None => None,
        };
        match written {
            Some(length) => Poll::Ready(Ok(length)),
            None => self.poll_broken(cx).map(Err),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = match &mut self.input {
            Some(input) => ready!(pin!(input).poll_flush(cx)).ok(),
            None => Some(()),
        };
        match flushed {
            Some(()) => Poll::Ready(Ok(())),
            None => self.poll_broken(cx).map(Err),
        }
    }

    /// Closes the input, which ends the conversation on the other side.
    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.input = None;
        Poll::Ready(Ok(()))
    }
}
