//! Removing containers and images.

use serde_json::{Value, json};

use super::World;
use crate::{
    image::Reference,
    simulate::engine::{EngineError, State, event},
};

impl World {
    /// Removes the container at `at`, and with `volumes` those that nobody named.
    pub(in crate::simulate::engine) fn remove(&mut self, at: usize, force: bool, volumes: bool) -> Result<(), EngineError> {
        let container = &self.containers[at];
        if container.removing {
            return Err(EngineError::Conflict(format!("removal of container {} is already in progress", container.name)));
        }
        if container.state.is_up() {
            if !force {
                return Err(EngineError::Conflict(self.still_up(at)));
            }
            self.tell(at, "kill", &[("signal", "9")]);
            self.containers[at].stopped_by_hand = true;
            self.end_as(at, State::Exited(137), event::now());
        }
        self.destroy(at, volumes);
        Ok(())
    }

    /// Why a container that is up is not removed, in the words of the Engine's age.
    fn still_up(&self, at: usize) -> String {
        let container = &self.containers[at];
        let (word, old, new) = match container.state {
            State::Paused => ("paused", "Unpause and then stop", "container is paused and must be unpaused first"),
            State::Restarting(_) => ("restarting", "Stop", "container is restarting: stop the container before removing or force remove"),
            _ => ("running", "Stop", "container is running: stop the container before removing or force remove"),
        };
        if self.api < 44 {
            format!("You cannot remove a {word} container {}. {old} the container before attempting removal or force remove", container.id)
        } else {
            format!("cannot remove container \"/{}\": {new}", container.name)
        }
    }

    /// Takes a container that does not run away.
    pub(in crate::simulate::engine) fn destroy(&mut self, at: usize, volumes: bool) {
        self.tell(at, "destroy", &[]);
        let gone = self.containers.remove(at);
        if volumes {
            self.drop_volumes(&gone.mounts);
        }
    }

    /// Takes a name of an image away, or the image with all its names where an id was given, and tells what went.
    pub(in crate::simulate::engine) fn remove_image(&mut self, name: &str, force: bool) -> Result<Vec<Value>, EngineError> {
        let id = self.resolve(name)?;
        let tag =
            name.parse::<Reference>().ok().map(|reference| reference.familiar()).filter(|tag| self.repo_tags(&id).contains(&&tag[..]));
        let tags: Vec<String> = self.repo_tags(&id).into_iter().map(str::to_owned).collect();
        let user = self.containers.iter().find(|container| container.image_id == id);
        let short = &id["sha256:".len()..][..12];
        match (&tag, user) {
            (Some(tag), Some(user)) if tags.len() == 1 && !force => {
                return Err(EngineError::Conflict(format!(
                    "conflict: unable to remove repository reference \"{tag}\" (must force) - container {} is using its referenced image {short}",
                    user.short_id()
                )));
            }
            (None, Some(user)) if user.state.is_up() => {
                return Err(EngineError::Conflict(format!(
                    "conflict: unable to delete {short} (cannot be forced) - image is being used by running container {}",
                    user.short_id()
                )));
            }
            (None, Some(user)) if !force => {
                return Err(EngineError::Conflict(format!(
                    "conflict: unable to delete {short} (must be forced) - image is being used by stopped container {}",
                    user.short_id()
                )));
            }
            (None, None) if tags.len() > 1 && !force => {
                return Err(EngineError::Conflict(format!(
                    "conflict: unable to delete {short} (must be forced) - image is referenced in multiple repositories"
                )));
            }
            _ => {}
        }
        let used = user.is_some();
        let mut told = Vec::new();
        for tag in tag.map_or(tags, |tag| vec![tag]) {
            if self.unpoint(&tag).is_some() {
                told.push(json!({ "Untagged": tag }));
                self.tell_image("untag", &id, &id, &id);
            }
        }
        if self.repo_tags(&id).is_empty() && !used {
            told.extend(self.repo_digests(&id).into_iter().map(|digest| json!({ "Untagged": digest })));
            told.push(json!({ "Deleted": id }));
            self.tell_image("delete", &id, &id, &id);
            self.images.remove(&id);
        }
        Ok(told)
    }
}
