//! The names that stand for images on the host: put before and after a pull, and put back where an update came to nothing.

use serde_json::Value;

use super::{
    Door,
    container::{list, text},
    survey::full_name,
};
use crate::{
    host::{
        Goal, StepError, Stood, Survey,
        docker::{api, images::full_id},
    },
    image::Reference,
    wire::{Phase, UpdateTrouble},
};

/// The repository of the names that keep images for a way back. No registry is called so.
const KEPT: &str = "localhost/plimsoll-kept";

/// A reference as it is written, with another tag in place of tag and digest.
pub(super) fn retagged(written: &str, tag: &str) -> String {
    let name = written.split('@').next().unwrap_or(written);
    let path = name.rfind('/').map_or(0, |slash| slash + 1);
    let end = name[path..].find(':').map_or(name.len(), |colon| path + colon);
    format!("{}:{tag}", &name[..end])
}

/// Before the pull: notes what the wanted reference stands for, and gives the image that runs a name of its own, so that it outlives the pull in
/// every store and can be gone back to.
pub(super) async fn before_pull(door: &Door<'_>, survey: &Survey, goal: &Goal, mark: &str) -> Result<Stood, StepError> {
    let wanted = door.image(&full_name(&survey.wanted(goal))).await.map_err(StepError::Away)?;
    let image = wanted.map(|found| full_id(text(&found["Id"])));
    let running = survey.docker.family[0].container.image_id();
    let kept = match door.tag(&running, KEPT, mark).await {
        Ok(()) => Some(running),
        // without it there is an update all the same, but no way back once it has succeeded
        Err(StepError::Failed(_)) => None,
        Err(away) => return Err(away),
    };
    Ok(Stood { image, kept })
}

/// Gives a reference, as it is written, to an image. Where it names no tag nothing has to be given.
pub(super) async fn name(door: &Door<'_>, image: &str, written: &str) -> Result<(), StepError> {
    match written.parse::<Reference>() {
        Ok(reference) if reference.digest().is_none() => {
            door.tag(image, &reference.familiar_name(), reference.tag().unwrap_or("latest")).await
        }
        _ => Ok(()),
    }
}

/// Makes `written` stand again for `before`, where by now it stands for `image`, which a pull has brought and no container uses. Then that image goes:
/// what was not there before is not left behind. All of this is a courtesy, and its failure nothing to speak of.
pub(super) async fn put_back(door: &Door<'_>, written: &str, image: &str, before: Option<&str>) -> Result<(), StepError> {
    if before == Some(image) || used(door, image).await? {
        return Ok(());
    }
    if door.stands_for(written, image).await.map_err(StepError::Away)? {
        match before {
            Some(before) => quietly(name(door, before, written).await)?,
            None => quietly(door.untag(written).await)?,
        }
    }
    forget(door, image).await
}

/// Removes an image that has no name any more and that no container uses. With a single name left, an Engine that is asked to remove an image by its id
/// takes that name away as well: what somebody else has named, or what is kept for another container, would be gone.
pub(super) async fn forget(door: &Door<'_>, image: &str) -> Result<(), StepError> {
    let Some(found) = door.image(image).await.map_err(StepError::Away)? else { return Ok(()) };
    if is_named(&found) || used(door, image).await? {
        return Ok(());
    }
    quietly(door.untag(&full_id(text(&found["Id"]))).await)
}

/// Whether a name stands for an image. Old Engines write `<none>:<none>` for none.
fn is_named(image: &Value) -> bool {
    list(&image["RepoTags"]).iter().any(|name| !text(name).is_empty() && !text(name).starts_with("<none>"))
}

/// Lets go of an image that was kept; and where `written` is given, of that reference too, if it still stands for the image and nothing uses it.
pub(super) async fn release(door: &Door<'_>, mark: &str, image: &str, written: Option<&str>) -> Result<(), StepError> {
    // refused where it is the last name of an image that a container uses: then it is tried again later
    door.untag(&format!("{KEPT}:{mark}")).await?;
    if door.image(image).await.map_err(StepError::Away)?.is_none() || used(door, image).await? {
        return Ok(());
    }
    if let Some(written) = written
        && door.stands_for(written, image).await.map_err(StepError::Away)?
    {
        quietly(door.untag(written).await)?;
    }
    forget(door, image).await
}

/// Whether any container is of this image, running or not.
async fn used(door: &Door<'_>, image: &str) -> Result<bool, StepError> {
    let listed = door.containers().await.map_err(StepError::Away)?;
    Ok(listed.iter().any(|one: &Value| full_id(text(&one["ImageID"])) == image))
}

fn quietly(done: Result<(), StepError>) -> Result<(), StepError> {
    match done {
        Err(StepError::Failed(_)) => Ok(()),
        other => other,
    }
}

impl Door<'_> {
    /// Gives an image a name.
    pub(super) async fn tag(&self, image: &str, repository: &str, tag: &str) -> Result<(), StepError> {
        let path = format!("/images/{}/tag?repo={}&tag={}", api::path(image), api::path(repository), api::path(tag));
        self.change(super::door::Change::post(Phase::Planning, path)).await.map(drop)
    }

    /// Takes a name from an image, or removes it by its id where nothing uses it. What is not there is as good.
    async fn untag(&self, name: &str) -> Result<(), StepError> {
        let change = super::door::Change::post(Phase::Removing, format!("/images/{}", api::path(name)));
        match self.change(super::door::Change { method: http::Method::DELETE, ..change }).await {
            Err(StepError::Failed(UpdateTrouble::Step { .. })) if self.image(name).await.map_err(StepError::Away)?.is_none() => Ok(()),
            other => other.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_a_name_is_known() {
        use serde_json::json;
        for (names, expected) in [(json!(["web:1"]), true), (json!([]), false), (Value::Null, false), (json!(["<none>:<none>"]), false)] {
            assert_eq!(is_named(&json!({ "RepoTags": names })), expected, "{names}");
        }
    }

    #[test]
    fn another_tag_is_written_as_the_first_was() {
        for (written, expected) in [
            ("nginx", "nginx:2"),
            ("nginx:1.27", "nginx:2"),
            ("nginx:1.27@sha256:aa", "nginx:2"),
            ("nginx@sha256:aa", "nginx:2"),
            ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:2"),
            ("127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:2"),
            ("docker.io/library/nginx:latest", "docker.io/library/nginx:2"),
        ] {
            assert_eq!(retagged(written, "2"), expected, "{written}");
        }
    }
}
