//! The last words of containers that failed.

use std::time::Duration;

use super::{
    door::Door,
    observe::{Successor, successor},
    plan::Plan,
};
use crate::host::{StepError, docker::api::Limit};

/// How many lines are asked for, and how much of them is read: lines have no longest.
const LINES: u32 = 100;
const READ: Limit = Limit { wait: Duration::from_secs(10), bytes: 1 << 20 };

/// How many bytes are kept, of all containers together.
const KEPT: usize = 16 << 10;

/// The last lines that the new containers wrote, each under its name where there are several.
pub(super) async fn last_words(door: &Door<'_>, plan: &mut Plan) -> Result<String, StepError> {
    let several = plan.members.len() > 1;
    let mut all = String::new();
    for member in &mut plan.members {
        let Successor::There(new) = successor(door, member).await? else { continue };
        let log = door.log(new.id(), LINES, READ).await.map_err(StepError::Away)?;
        let words = text(&log, new.config()["Tty"].as_bool() == Some(true));
        if words.is_empty() {
            continue;
        }
        if several {
            all.extend(["== ", &member.name, " ==\n"]);
        }
        all.push_str(&words);
    }
    Ok(end(&all, KEPT).to_owned())
}

/// A log as text. Without a terminal it comes in frames: one byte for the stream, three that are nothing, four for the length.
/// Source: Docker Engine API, "Stream format" of `ContainerAttach`.
fn text(log: &[u8], terminal: bool) -> String {
    let mut bytes = Vec::with_capacity(log.len());
    let mut rest = log;
    while let ([stream @ 0..=2, 0, 0, 0, a, b, c, d, tail @ ..], false) = (rest, terminal) {
        let _ = stream;
        let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX).min(tail.len());
        bytes.extend_from_slice(&tail[..length]);
        rest = &tail[length..];
    }
    bytes.extend_from_slice(rest);
    let text = String::from_utf8_lossy(&bytes);
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The end of a text, of at most so many bytes, from the beginning of a line on where there is one.
fn end(text: &str, most: usize) -> &str {
    let Some(mut at) = text.len().checked_sub(most) else { return text };
    while !text.is_char_boundary(at) {
        at += 1;
    }
    let tail = &text[at..];
    tail.split_once('\n').map_or(tail, |(_, whole)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(stream: u8, words: &str) -> Vec<u8> {
        let length = u32::try_from(words.len()).unwrap().to_be_bytes();
        [&[stream, 0, 0, 0], &length[..], words.as_bytes()].concat()
    }

    #[test]
    fn frames_are_taken_off() {
        let log = [frame(1, "one\n"), frame(2, "two\u{1b}[31m\n")].concat();
        assert_eq!(text(&log, false), "one\ntwo[31m\n");
        assert_eq!(text(b"plain\r\nwords\n", true), "plain\nwords\n");
        assert_eq!(text(b"no frames\n", false), "no frames\n");
        assert_eq!(text(&log[..10], false), "on");
        assert_eq!(text(&[0xff, 0xfe], false), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn the_end_is_kept() {
        assert_eq!(end("one\ntwo\nthree\n", 10), "three\n");
        assert_eq!(end("one\n", 10), "one\n");
        assert_eq!(end("äöüäöü", 5), "öü");
    }
}
