//! Answers: whole ones, and bodies that go wrong on their way.

use std::{convert::Infallible, io, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use super::fault::Fault;

/// A body that may break on its way.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// An answer.
pub(super) type Answer = Response<Body>;

/// The pause between two bytes of a slow body.
const PAUSE: Duration = Duration::from_millis(250);

/// How much of a huge body is sent at a time.
const CHUNK: usize = 64 * 1024;

/// An answer with a whole body.
pub(super) fn full(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into()).map_err(|never: Infallible| match never {});
    let mut answer = Response::new(body.boxed_unsync());
    *answer.status_mut() = status;
    answer
}

/// An error as the distribution specification has it.
pub(super) fn error(status: StatusCode, code: &str, message: &str, detail: Option<Value>) -> Answer {
    let error = json!({ "errors": [{ "code": code, "message": message, "detail": detail }] });
    let mut answer = full(status, error.to_string());
    set(&mut answer, header::CONTENT_TYPE, "application/json");
    answer
}

/// A page of HTML, as a proxy or a lost route sends it.
pub(super) fn html() -> Answer {
    let mut answer = full(StatusCode::OK, "<!doctype html><title>Welcome</title><p>This is no registry.");
    set(&mut answer, header::CONTENT_TYPE, "text/html; charset=utf-8");
    answer
}

/// Sets a header. What fits in no header is left out.
pub(super) fn set(answer: &mut Answer, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// Whether a request says that it has what this entity tag stands for.
pub(super) fn is_known(asked: &HeaderMap, etag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|value| value.trim().trim_matches('"') == etag.trim_matches('"'))
}

/// Whether a fault is one of the body.
pub(super) fn has_body(fault: &Fault) -> bool {
    matches!(fault, Fault::HugeBody | Fault::SlowBody | Fault::ResetMidBody | Fault::Gzip | Fault::OtherBlob)
}

/// Does to a body what a fault does. False where that is nothing.
pub(super) fn spoil(answer: &mut Answer, fault: &Fault, content: &[u8]) -> bool {
    let body = match fault {
        Fault::HugeBody => huge(),
        Fault::SlowBody => slow(content.to_vec()),
        Fault::ResetMidBody => broken(content.to_vec()),
        Fault::Gzip => {
            set(answer, header::CONTENT_ENCODING, "gzip");
            full(StatusCode::OK, gzip(content)).into_body()
        }
        Fault::OtherBlob => full(StatusCode::OK, "{}").into_body(),
        _ => return false,
    };
    // a body that ends elsewhere than its header says would be broken in a second way
    answer.headers_mut().remove(header::CONTENT_LENGTH);
    *answer.body_mut() = body;
    true
}

/// A body without end.
fn huge() -> Body {
    let chunk = Bytes::from(vec![b' '; CHUNK]);
    boxed(stream::repeat_with(move || Ok(chunk.clone())))
}

/// A body that comes a byte at a time.
fn slow(content: Vec<u8>) -> Body {
    boxed(stream::iter(content).then(|byte| async move {
        tokio::time::sleep(PAUSE).await;
        Ok(Bytes::copy_from_slice(&[byte]))
    }))
}

/// A body that breaks in its middle.
fn broken(mut content: Vec<u8>) -> Body {
    content.truncate(content.len() / 2);
    let breaks = stream::once(async {
        // so that the first half is on its way: else nothing at all would be sent
        tokio::time::sleep(PAUSE).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    boxed(stream::once(async { Ok(Bytes::from(content)) }).chain(breaks))
}

/// A gzip file that holds `content` without making it smaller: what matters is that these are other bytes.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let length = u16::try_from(content.len()).expect("the manifests of this registry are small");
    let mut file = HEAD.to_vec();
    file.push(1);
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(content);
    file.extend(crc32(content).to_le_bytes());
    file.extend(u32::from(length).to_le_bytes());
    file
}

/// The check sum of gzip.
fn crc32(content: &[u8]) -> u32 {
    !content.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// A stream as a body.
fn boxed(chunks: impl stream::Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    BodyExt::boxed_unsync(StreamBody::new(chunks.map(|chunk| chunk.map(Frame::data))))
}
