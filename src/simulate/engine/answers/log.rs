//! What a container wrote.

use crate::simulate::engine::{State, world::Container};

/// What a container wrote, in frames: a byte for the stream, three that are nothing, four for the length.
pub(in crate::simulate::engine) fn log(container: &Container) -> Vec<u8> {
    let mut frames = Vec::new();
    if container.started.is_some() {
        frame(&mut frames, 1, &format!("{} started\n", container.name));
    }
    match container.state {
        State::Exited(code) | State::Restarting(code) if code != 0 => frame(&mut frames, 2, &format!("fatal: ended with code {code}\n")),
        _ => {}
    }
    frames
}

fn frame(frames: &mut Vec<u8>, stream: u8, words: &str) {
    frames.extend([stream, 0, 0, 0]);
    frames.extend(u32::try_from(words.len()).unwrap_or(u32::MAX).to_be_bytes());
    frames.extend(words.as_bytes());
}
