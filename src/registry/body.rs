//! The body of an answer, bounded.

use reqwest::Response;

use super::{one::Registry, trouble};
use crate::wire::Reason;

impl Registry {
    /// Reads a body of at most `most` bytes. None where it is longer.
    pub(super) async fn body(&self, mut response: Response, most: usize) -> Result<Option<Vec<u8>>, Reason> {
        // what a header announces is not believed, only made use of
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(announced.unwrap_or(0).min(most).min(1024 * 1024));
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble::reason(&error, self.name(), self.timeout))? {
            if body.len() + chunk.len() > most {
                return Ok(None);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some(body))
    }
}
