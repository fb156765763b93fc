//! Asking whether a list is as it was.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use reqwest::{Response, StatusCode, header};

use super::{PageMark, Registry, clock, link};
use crate::{image::Step, wire::Reason};

/// Pages that are asked for at the same time; also the answers that are kept, because each keeps a connection.
const AT_ONCE: usize = 16;

impl Registry {
    /// Asks for all pages that are known, at the same time. None where all are as they were, else the answers that are not, by path and
    /// query. Their bodies are not read yet.
    pub(super) async fn asked_again(
        &self,
        repository: &str,
        known: &[PageMark],
        steps: &mut Vec<Step>,
    ) -> Result<Option<HashMap<String, Response>>, Reason> {
        let list = self.list_url(repository)?;
        let ask = |mark: &PageMark| {
            let url = list.at(&mark.path);
            let (path, etag) = (mark.path.clone(), mark.etag.clone());
            async move {
                let mut own = Vec::new();
                let answer = match &url {
                    Some(url) => Some(self.page(url, repository, Some(&etag), &mut own).await),
                    None => None,
                };
                (path, answer, own)
            }
        };
        let asked: Vec<_> = known.iter().map(ask).collect();
        let mut answers = stream::iter(asked).buffered(AT_ONCE);
        let (mut changed, mut left) = (HashMap::new(), known.len());
        let mut same = true;
        while let Some((path, answer, own)) = answers.next().await {
            left -= 1;
            clock::wind();
            steps.extend(own);
            let Some(answer) = answer.transpose()? else {
                same = false;
                continue;
            };
            if answer.status() != StatusCode::NOT_MODIFIED {
                same = false;
                changed.insert(path, answer);
                if changed.len() == AT_ONCE {
                    break;
                }
            } else if left == 0 && follows(&answer) {
                // the last page is as it was, and has become one in the middle
                same = false;
            }
        }
        Ok((!same).then_some(changed))
    }
}

/// Whether an answer names a next page.
fn follows(answer: &Response) -> bool {
    link::next(answer.headers().get_all(header::LINK).iter().filter_map(|value| value.to_str().ok())).is_some()
}
