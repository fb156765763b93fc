//! What a page asks of the server for one image: forms that work as they are, and that the browser's program sends without leaving the page.

use super::link::escape;
use crate::wire::Refusal;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// the update of one workload
    Update {
        /// its host
        host: String,
        /// its name
        name: String,
    },
    /// the update of all workloads of the image that are behind
    UpdateAll,
    /// the automatic switch of a workload
    Switch {
        /// its host
        host: String,
        /// its name
        name: String,
        /// how it shall stand
        on: bool,
    },
}

/// Something that is asked for an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// the id of the group
    pub image: String,
    /// what
    pub action: Action,
}

/// What became of the last thing that was asked for an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// it is on its way
    Sent(Action),
    /// some of it was refused: host and name of the workloads, and why
    Refused(Vec<(String, String, Refusal)>),
    /// nobody is logged in any more
    Login,
    /// the server did not answer
    Failed,
}

impl Ask {
    /// Where the form is posted.
    pub fn path(&self) -> &'static str {
        match self.action {
            Action::Update { .. } | Action::UpdateAll => "/update",
            Action::Switch { .. } => "/switch",
        }
    }

    /// The fields of the form.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match &self.action {
            Action::Update { host, name } => vec![("host", host.clone()), ("name", name.clone())],
            Action::UpdateAll => vec![("image", self.image.clone())],
            Action::Switch { host, name, on } => vec![("host", host.clone()), ("name", name.clone()), ("on", on.to_string())],
        }
    }

    /// The form as a body of type `application/x-www-form-urlencoded`.
    pub fn body(&self) -> String {
        let pairs = self.fields().into_iter().map(|(field, value)| format!("{field}={}", escape(&value, false)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_carry_what_they_ask_for() {
        let ask = |action| Ask { image: "docker.io/library/nginx:1.27".into(), action };
        let (host, name) = ("harbor".to_owned(), "a b&c".to_owned());
        let cases = [
            (Action::Update { host: host.clone(), name: name.clone() }, "/update", "host=harbor&name=a%20b%26c"),
            (Action::UpdateAll, "/update", "image=docker.io%2Flibrary%2Fnginx%3A1.27"),
            (Action::Switch { host, name, on: true }, "/switch", "host=harbor&name=a%20b%26c&on=true"),
        ];
        for (action, path, body) in cases {
            let ask = ask(action);
            assert_eq!((ask.path(), ask.body().as_str()), (path, body));
        }
    }
}
