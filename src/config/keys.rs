//! The closed table of all keys.

/// How the value of a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// a string
    Text,
    /// `true` or `false`
    Flag,
    /// strings; separated by commas in the environment
    List,
    /// a string that is never shown, and may be read from a file
    Secret,
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// its name, in full for a scalar, within its table otherwise
    pub(super) name: &'static str,
    /// how its value is written
    pub(super) kind: Kind,
    /// its default, written as in the environment
    pub(super) default: Option<&'static str>,
    /// what may stand there: the end of the message about a wrong value
    pub(super) allowed: &'static str,
    /// what it does
    pub(super) doc: &'static str,
}

/// A table keyed by a name, `[registry."ghcr.io"]`.
#[derive(Debug)]
pub(super) struct Table {
    /// what it is called
    pub(super) name: &'static str,
    /// what stands for the name in documents
    pub(super) of: &'static str,
    /// what the name may be
    pub(super) allowed: &'static str,
    /// its keys
    pub(super) keys: &'static [Key],
}

/// A text without a default.
const fn text(name: &'static str, allowed: &'static str, doc: &'static str) -> Key {
    Key { name, kind: Kind::Text, default: None, allowed, doc }
}

/// A secret.
const fn secret(name: &'static str, allowed: &'static str, doc: &'static str) -> Key {
    Key { name, kind: Kind::Secret, default: None, allowed, doc }
}

/// A flag.
const fn flag(name: &'static str, default: &'static str, doc: &'static str) -> Key {
    Key { name, kind: Kind::Flag, default: Some(default), allowed: "true or false", doc }
}

impl Key {
    /// The same key with a default.
    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }
}

/// The scalars.
pub(super) const SCALARS: &[Key] = &[
    text("listen", "an address and a port such as \"0.0.0.0:8099\" or \"[::]:8099\"", "Address and port to listen on.").or("0.0.0.0:8099"),
    text("data_dir", "a directory", "Where the database and the lock live; made if absent.").or("data"),
    text(
        "base_path",
        "a path such as \"/\" or \"/plimsoll\"",
        "The path under which a reverse proxy shows Plimsoll, where the proxy keeps that prefix.",
    )
    .or("/"),
    text(
        "public_url",
        "an address such as \"https://plimsoll.example.org\"",
        "The address under which people reach Plimsoll; used in links, and its name is accepted as `Host`.",
    ),
    Key {
        name: "hosts",
        kind: Kind::List,
        default: None,
        allowed: "a list of names such as [\"nas.example.org\"], without scheme, port or path",
        doc: "Names that are accepted as `Host`, beside addresses, `localhost`, names without a dot, and names under `.local`, `.lan`, \
              `.home`, `.internal` and `.home.arpa`.",
    },
    text("auth", "\"password\" or \"none\"", "`none` lets everyone who reaches the port change everything, without a login.")
        .or("password"),
    text(
        "anonymous",
        "\"viewer\", \"counts\" or \"none\"",
        "What a visitor without login sees once there is a password: everything, numbers alone, or nothing. Where it is not set, the \
         answer given on the first-run page counts, else `none`.",
    ),
    text(
        "user",
        "a name of 1 to 64 characters without control characters",
        "Who may log in and change things; set together with `password`.",
    ),
    secret(
        "password",
        "a password of at most 1024 bytes, or the whole argon2 hash that `plimsoll hash-password` prints",
        "The password of `user`, or better its argon2 hash, as `plimsoll hash-password` prints it. Where neither is set, a one-time link \
         in the log sets them.",
    ),
    text(
        "timezone",
        "a name of the IANA time zone database such as \"Europe/Berlin\"",
        "The time zone of schedules and of times in the log. Where it is not set: `TZ`, else the system's, else UTC.",
    ),
    text(
        "log",
        "\"error\", \"warn\", \"info\", \"debug\" or \"trace\", or directives such as \"info,plimsoll::registry=debug\"",
        "How much is logged.",
    )
    .or("info"),
    text("log_format", "\"text\" or \"json\"", "How it is logged.").or("text"),
    text(
        "check.schedule",
        "a cron expression of five fields such as \"17 */6 * * *\", or \"off\"",
        "When all images are checked: minute, hour, day of the month, month, day of the week, in `timezone`; or `off`. `~` in place of the \
         minute is one that is drawn once for this installation, so that not everybody asks at the same time.",
    )
    .or("~ */6 * * *"),
    text("check.timeout", "a duration from \"1s\" to \"5m\"", "How long one request to a registry may take.").or("10s"),
    text("check.limit", "a duration from \"10s\" to \"1h\"", "How long a whole check may take; what has no answer by then is unknown.")
        .or("10m"),
    flag("check.at_start", "true", "Whether all images are checked when Plimsoll starts."),
    text(
        "update.grace",
        "a duration from \"1s\" to \"5m\"",
        "How long a new container must stay up before the old one is removed; one with a health check must also become healthy.",
    )
    .or("10s"),
    text(
        "update.keep",
        "a time from \"0s\" to \"365d\"",
        "How long the image that ran before an update is kept, so that one can go back to it; of each container the last one alone.",
    )
    .or("7d"),
    flag(
        "compose.edit",
        "false",
        "Whether Plimsoll may change the tag in a file of Compose, when it moves a container to another version.",
    ),
    Key {
        name: "compose.paths",
        kind: Kind::List,
        default: None,
        allowed: "a list of absolute paths such as [\"/opt/stacks=/stacks\"]: as the machine calls it, `=`, as it is called here",
        doc: "Where files of Compose are seen from inside Plimsoll's container. They are read to tell which line pins a tag.",
    },
    flag("watch.stopped", "false", "Whether containers that do not run are shown too, apart from the others."),
    flag("watch.discover", "true", "Whether the Engine of this machine is looked for where no `[host.NAME]` is configured."),
    text("policy.follow", LEVELS, "How far images may move: to a new image under the same tag alone, or to newer versions too.")
        .or("digest"),
    text("policy.tell", LEVELS, "Up to which level newer versions are told of, whether they are moved to or not.").or("major"),
    text("policy.include", PATTERN, "Which tags may be offered, as a regular expression; all where it is not set."),
    text("policy.exclude", PATTERN, "Which tags may not be offered."),
    text("policy.cooldown", "a time such as \"3d\" or \"12h\"", "How old a version must be before it is offered."),
    Key {
        name: "labels.adopt",
        kind: Kind::List,
        default: None,
        allowed: "a list of \"watchtower\", \"wud\", \"cupdate\" and \"image-watch\"",
        doc: "Tools whose labels may switch automatic updates on. Without it they only ever restrict.",
    },
    Key {
        name: "images.extra",
        kind: Kind::List,
        default: None,
        allowed: "a list of references such as [\"nginx:1.27.3\"]",
        doc: "References that are checked although nothing runs them.",
    },
    Key {
        name: "images.exclude",
        kind: Kind::List,
        default: None,
        allowed: "a list of names such as [\"nginx\", \"ghcr.io/acme/\", \"redis:7\"]",
        doc: "Images that are not looked at: by name, by name and the beginning of a tag, or by what stands before a `/`.",
    },
];

/// How far a version is away, and none of it.
const LEVELS: &str = "\"digest\", \"patch\", \"minor\" or \"major\"";

/// What a pattern is.
const PATTERN: &str = "a regular expression without look-around, of at most 1024 characters";

/// The tables keyed by a name.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "registry",
        of: "HOST",
        allowed: "a registry's host, with its port where it has one, such as \"ghcr.io\" or \"127.0.0.1:5000\"",
        keys: &[
            flag("insecure", "false", "Whether the registry is spoken to in plain http. Registries on loopback always may be."),
            text("username", "a name of 1 to 256 characters", "Who logs in there; set together with `password`."),
            secret("password", "a password or token of at most 4096 bytes", "The password or token of `username`."),
            text(
                "address",
                "a host and a port such as \"10.0.0.5:5000\"",
                "Where to connect, in place of what the name stands for: a mirror or a pull-through cache.",
            ),
            flag("ignore", "false", "Whether it is never asked: its images are shown as unknown."),
            text(
                "at_once",
                "a number from 1 to 1024",
                "How many requests may be under way to it at once; 32, and 256 in a private network.",
            ),
            text("ca", "a file that can be read", "Certificate (PEM) that the registry's own is signed with, beside those of the system."),
            text("cert", "a file that can be read", "Plimsoll's certificate (PEM) for the registry; set together with `key`."),
            text("key", "a file that can be read", "The key (PEM) of `cert`."),
        ],
    },
    Table {
        name: "image",
        of: "NAME",
        allowed: "a repository as Docker writes it, without a tag, such as \"nginx\" or \"ghcr.io/acme/app\"",
        keys: &[
            text("follow", LEVELS, "As `policy.follow`, for this image."),
            text("tell", LEVELS, "As `policy.tell`, for this image."),
            text("include", PATTERN, "As `policy.include`, for this image."),
            text("exclude", PATTERN, "As `policy.exclude`, for this image."),
            text("cooldown", "a time such as \"3d\" or \"12h\"", "As `policy.cooldown`, for this image."),
            text("below", "a version such as \"17\" or \"2.4.1\"", "Only versions below this one are offered."),
            Key { name: "ignore", kind: Kind::List, default: None, allowed: "a list of tags", doc: "Tags that are passed over." },
            flag("pin", "false", "Whether it stays as it is: nothing newer is told of."),
            flag("enable", "true", "Whether it is looked at."),
        ],
    },
    Table {
        name: "host",
        of: "NAME",
        allowed: "a name of lower-case letters, digits, `-`, `_` and `.`, at most 63 characters",
        keys: &[
            text(
                "url",
                "an address that starts with unix://, tcp://, http://, https:// or ssh://",
                "Where the Engine is, such as `unix:///run/docker.sock`, `tcp://nas:2376` or `ssh://me@nas`; this or `context` must be set.",
            ),
            text(
                "context",
                "the name of a docker context, as `docker context ls` lists it",
                "The docker context that says where the Engine is, in place of `url` and certificates.",
            ),
            text("ca", "a file that can be read", "Certificate (PEM) that the Engine's own is signed with; turns TLS on."),
            text("cert", "a file that can be read", "Plimsoll's certificate (PEM) for the Engine; set together with `key`."),
            text("key", "a file that can be read", "The key (PEM) of `cert`."),
        ],
    },
];

/// The name of `key` in the environment: `check.schedule` is `PLIMSOLL_CHECK_SCHEDULE`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_ascii_uppercase())
}

/// What all variables start with.
pub(super) const PREFIX: &str = "PLIMSOLL_";

/// The scalar of that name.
pub(super) fn scalar(name: &str) -> Option<&'static Key> {
    SCALARS.iter().find(|key| key.name == name)
}
