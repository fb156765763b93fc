//! Projects of Compose in the shapes that people write: where each pins the tag of its service `web`.

/// A project.
pub(crate) struct Sample {
    /// what is special about it
    pub(crate) what: &'static str,
    /// its files
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// what Compose is told beside the command
    pub(crate) arguments: &'static [&'static str],
    /// the file that pins the tag; none where Plimsoll leaves the files alone
    pub(crate) edited: Option<&'static str>,
}

/// `app:1.27` runs; `app:2.0` is wished for.
pub(crate) const SAMPLES: &[Sample] = &[
    Sample {
        what: "plain, with comments and other services",
        files: &[(
            "compose.yaml",
            "# shop\nservices:\n  db:\n    image: app:1.27\n  web:\n    image: app:1.27 # keep\n    environment: {A: \"1.27\"}\n",
        )],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "carriage returns, quotes",
        files: &[("docker-compose.yml", "services:\r\n  web:\r\n    image: \"app:1.27\"\r\n    tty: true\r\n")],
        arguments: &[],
        edited: Some("docker-compose.yml"),
    },
    Sample {
        what: "a byte order mark",
        files: &[("compose.yaml", "\u{feff}services:\n  web:\n    image: 'app:1.27'\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "flow mappings",
        files: &[("compose.yaml", "services: {db: {image: app:1.27}, web: {image: app:1.27, environment: {A: b}}}\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "no tag",
        files: &[("compose.yaml", "services:\n  web:\n    image: app\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "defaults of variables",
        files: &[("compose.yaml", "services:\n  web:\n    image: ${IMAGE:-app}:${TAG:-1.27}\n  db:\n    image: app:${TAG:-1.27}\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "a variable",
        files: &[
            ("compose.yaml", "services:\n  web:\n    image: app:${WEB_TAG:?}\n  db:\n    image: app:$DB_TAG\n"),
            (".env", "# tags\nDB_TAG=1.27\nexport WEB_TAG='1.27' # of web\n"),
        ],
        arguments: &[],
        edited: Some(".env"),
    },
    Sample {
        what: "a variable of variables",
        files: &[("compose.yaml", "services:\n  web:\n    image: $IMAGE\n"), (".env", "NAME=app\nTAG=\"1.27\"\nIMAGE=${NAME}:${TAG}\n")],
        arguments: &[],
        edited: Some(".env"),
    },
    Sample {
        what: "files with variables that were named",
        files: &[
            ("compose.yaml", "services:\n  web:\n    image: app:$TAG\n"),
            (".env", "TAG=1.0\n"),
            ("first.env", "TAG=1.1\n"),
            ("second.env", "TAG=1.27\n"),
        ],
        arguments: &["--env-file", "first.env", "--env-file", "second.env"],
        edited: Some("second.env"),
    },
    Sample {
        what: "an override",
        files: &[
            ("compose.yaml", "services:\n  web:\n    image: app:1.0\n  db:\n    image: app:1.27\n"),
            ("compose.override.yaml", "services:\n  web:\n    image: app:1.27\n"),
        ],
        arguments: &[],
        edited: Some("compose.override.yaml"),
    },
    Sample {
        what: "several files, the last of which is silent",
        files: &[
            ("a.yaml", "services:\n  web:\n    image: app:1.0\n"),
            ("b.yaml", "services:\n  web:\n    image: app:1.27\n"),
            ("c.yaml", "services:\n  web:\n    tty: true\n"),
        ],
        arguments: &["-f", "a.yaml", "-f", "b.yaml", "-f", "c.yaml"],
        edited: Some("b.yaml"),
    },
    Sample {
        what: "an anchor",
        files: &[("compose.yaml", "x-image: &image app:1.27\nservices:\n  web:\n    image: *image\n  db:\n    image: app:1.27\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "merge keys",
        files: &[(
            "compose.yaml",
            "x-a: &a {image: app:1.27, tty: true}\nx-b: &b\n  image: app:1.0\nservices:\n  web:\n    <<: [*a, *b]\n  db:\n    <<: *b\n    image: app:1.27\n",
        )],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "extends a service of the file",
        files: &[("compose.yaml", "services:\n  web:\n    extends: {service: base}\n    tty: true\n  base:\n    image: app:1.27\n")],
        arguments: &[],
        edited: None,
    },
    Sample {
        what: "extends a file that extends another",
        files: &[
            ("compose.yaml", "services:\n  web:\n    extends: {service: base, file: common/base.yaml}\n"),
            ("common/base.yaml", "services:\n  base:\n    extends: {service: more, file: more.yaml}\n"),
            ("common/more.yaml", "services:\n  more:\n    image: app:1.27\n"),
        ],
        arguments: &[],
        edited: Some("common/more.yaml"),
    },
    Sample {
        what: "include",
        files: &[
            ("compose.yaml", "include: [sub/web.yaml]\nservices:\n  db:\n    image: app:1.27\n"),
            ("sub/web.yaml", "services:\n  web:\n    image: app:$TAG\n"),
            ("sub/.env", "TAG=1.27\n"),
        ],
        arguments: &[],
        edited: Some("sub/.env"),
    },
    Sample {
        what: "include with files of its own",
        files: &[
            ("compose.yaml", "include:\n  - path: [sub/web.yaml, sub/more.yaml]\n    env_file: sub/tags.env\n    project_directory: sub\n"),
            ("sub/web.yaml", "services:\n  web:\n    image: app:1.0\n"),
            ("sub/more.yaml", "services:\n  web:\n    image: app:$TAG\n"),
            ("sub/tags.env", "TAG=1.27\n"),
        ],
        arguments: &[],
        edited: Some("sub/tags.env"),
    },
    Sample {
        what: "another directory of the project",
        files: &[
            ("files/compose.yaml", "services:\n  web:\n    image: app:$TAG\n    extends: {file: base.yaml, service: base}\n"),
            ("base.yaml", "services: {base: {tty: true}}\n"),
            (".env", "TAG=1.27\n"),
        ],
        arguments: &["-f", "files/compose.yaml", "--project-directory", "."],
        edited: Some(".env"),
    },
    Sample {
        what: "several documents",
        files: &[("compose.yaml", "services:\n  web:\n    image: app:1.0\n---\nservices:\n  web:\n    image: app:1.27\n")],
        arguments: &[],
        edited: Some("compose.yaml"),
    },
    Sample {
        what: "part of a tag",
        files: &[("compose.yaml", "services:\n  web:\n    image: app:${MAJOR}.${MINOR-27}\n"), (".env", "MAJOR=1\n")],
        arguments: &[],
        edited: None,
    },
    Sample {
        what: "shared with another service",
        files: &[("compose.yaml", "services:\n  web:\n    image: app:$TAG\n  db:\n    image: app:$TAG\n"), (".env", "TAG=1.27\n")],
        arguments: &[],
        edited: None,
    },
    Sample {
        what: "shared with a container's environment",
        files: &[("compose.yaml", "services:\n  web:\n    image: app:$TAG\n    env_file: .env\n"), (".env", "TAG=1.27\n")],
        arguments: &[],
        edited: None,
    },
];
