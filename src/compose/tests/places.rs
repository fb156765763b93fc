//! The table of places.

use super::{folder, told, *};

/// Files, the image that runs, and what `2.0` makes of the line; `web` is the service.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const CASES: &[Case] = &[
    ("plain", &[("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n")], "nginx:1.27", "compose.yaml:3 |    image: nginx:2.0|"),
    (
        "with a comment",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:1.27   # keep: this\n")],
        "nginx:1.27",
        "compose.yaml:3 |    image: nginx:2.0   # keep: this|",
    ),
    (
        "between single quotes",
        &[("compose.yaml", "services:\n  web:\n    image: 'nginx:1.27' # x\n")],
        "nginx:1.27",
        "compose.yaml:3 |    image: 'nginx:2.0' # x|",
    ),
    (
        "between double quotes",
        &[("compose.yaml", "services:\n  \"web\":\n    \"image\": \"nginx:1.27\"\n")],
        "nginx:1.27",
        "compose.yaml:3 |    \"image\": \"nginx:2.0\"|",
    ),
    (
        "without a tag",
        &[("compose.yaml", "services:\n  web:\n    image: nginx # latest\n")],
        "nginx",
        "compose.yaml:3 |    image: nginx:2.0 # latest|",
    ),
    (
        "without a tag, at a port",
        &[("compose.yaml", "services: {web: {image: 'nas:5000/a/b'}}\n")],
        "nas:5000/a/b",
        "compose.yaml:1 |image: 'nas:5000/a/b:2.0'|",
    ),
    (
        "in a flow mapping",
        &[("compose.yaml", "services:\n  web: {image: nginx:1.27, environment: {PASSWORD: hunter2}}\n")],
        "nginx:1.27",
        "compose.yaml:2 |image: nginx:2.0|",
    ),
    (
        "all in one line",
        &[("compose.yaml", "{\"services\":{\"web\":{\"image\":\"nginx:1.27\"}}}")],
        "nginx:1.27",
        "compose.yaml:1 |\"image\":\"nginx:2.0\"|",
    ),
    (
        "with carriage returns",
        &[("compose.yaml", "services:\r\n  web:\r\n    image: nginx:1.27\r\n    tty: true\r\n")],
        "nginx:1.27",
        "compose.yaml:3 |    image: nginx:2.0|",
    ),
    (
        "with a byte order mark",
        &[("compose.yaml", "\u{feff}services:\n  web:\n    image: nginx:1.27\n")],
        "nginx:1.27",
        "compose.yaml:3 |    image: nginx:2.0|",
    ),
    (
        "in a line with a mark",
        &[("compose.yaml", "\u{feff}services: {web: {image: nginx:1.27}}\n")],
        "nginx:1.27",
        "compose.yaml:1 |image: nginx:2.0|",
    ),
    (
        "the registry is written out",
        &[("compose.yaml", "services:\n  web:\n    image: docker.io/library/nginx:1.27\n")],
        "nginx:1.27",
        "compose.yaml:3 |    image: docker.io/library/nginx:2.0|",
    ),
    (
        "other services",
        &[("compose.yaml", "services:\n  db:\n    image: nginx:1.27\n  web:\n    image: nginx:1.27\n")],
        "nginx:1.27",
        "compose.yaml:5 |    image: nginx:2.0|",
    ),
    (
        "behind other letters",
        &[("compose.yaml", "# ä ö ü €\nservices:\n  web:\n    # ♥\n    image: nginx:1.27 # é\n")],
        "nginx:1.27",
        "compose.yaml:5 |    image: nginx:2.0 # é|",
    ),
    (
        "explicit key",
        &[("compose.yaml", "services:\n  web:\n    ? image\n    : nginx:1.27\n")],
        "nginx:1.27",
        "compose.yaml:4 |    : nginx:2.0|",
    ),
    // variables
    (
        "a default",
        &[("compose.yaml", "services:\n  web:\n    image: ${IMAGE:-nginx}:${TAG:-1.27}\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"TAG\" } |    image: ${IMAGE:-nginx}:${TAG:-2.0}|",
    ),
    (
        "a default without a colon",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:${TAG-1.27}\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"TAG\" } |    image: nginx:${TAG-2.0}|",
    ),
    (
        "a default in a default",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:${TAG:-${OLD:-1.27}}\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"OLD\" } |    image: nginx:${TAG:-${OLD:-2.0}}|",
    ),
    (
        "a whole default",
        &[("compose.yaml", "services:\n  web:\n    image: ${IMAGE:-nginx:1.27}\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"IMAGE\" } |    image: ${IMAGE:-nginx:2.0}|",
    ),
    (
        "a variable",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:$TAG\n"), (".env", "# versions\nTAG=1.27\n")],
        "nginx:1.27",
        ".env:2 Variable { name: \"TAG\" } |TAG=2.0|",
    ),
    (
        "a variable wins over its default",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:${TAG:-1.0}\n"), (".env", "A=b\r\nexport TAG = '1.27' # x\r\n")],
        "nginx:1.27",
        ".env:2 Variable { name: \"TAG\" } |export TAG = '2.0' # x|",
    ),
    (
        "the last one counts",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:${TAG}\n"), (".env", "TAG=1.0\nTAG=\"1.27\"\n")],
        "nginx:1.27",
        ".env:2 Variable { name: \"TAG\" } |TAG=\"2.0\"|",
    ),
    (
        "an empty one is its default",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:${TAG:-1.27}\n"), (".env", "TAG=\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"TAG\" } |    image: nginx:${TAG:-2.0}|",
    ),
    (
        "the whole image",
        &[("compose.yaml", "services:\n  web:\n    image: ${IMAGE:?set it}\n"), (".env", "IMAGE=nginx:1.27\n")],
        "nginx:1.27",
        ".env:1 Variable { name: \"IMAGE\" } |IMAGE=nginx:2.0|",
    ),
    (
        "a variable of a variable",
        &[("compose.yaml", "services:\n  web:\n    image: ${IMAGE}\n"), (".env", "TAG=1.27\nIMAGE=nginx:${TAG}\n")],
        "nginx:1.27",
        ".env:1 Variable { name: \"TAG\" } |TAG=2.0|",
    ),
    (
        "set anyway",
        &[("compose.yaml", "services:\n  web:\n    image: nginx${TAG:+:1.27}\n"), (".env", "TAG=x\n")],
        "nginx:1.27",
        "compose.yaml:3 Default { variable: \"TAG\" } |    image: nginx${TAG:+:2.0}|",
    ),
    (
        "the registry is a variable",
        &[("compose.yaml", "services:\n  web:\n    image: ${REGISTRY}/nginx:1.27\n"), (".env", "REGISTRY=ghcr.io\n")],
        "ghcr.io/nginx:1.27",
        "compose.yaml:3 |    image: ${REGISTRY}/nginx:2.0|",
    ),
    // several files
    (
        "the later file wins",
        &[
            ("compose.yaml", "services:\n  web:\n    image: nginx:1.0\n"),
            ("compose.override.yaml", "services:\n  web:\n    image: nginx:1.27\n"),
        ],
        "nginx:1.27",
        "compose.override.yaml:3 |    image: nginx:2.0|",
    ),
    (
        "the later file says nothing",
        &[
            ("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n"),
            ("compose.override.yaml", "services:\n  web:\n    tty: true\n  db:\n    image: nginx:1.27\n"),
        ],
        "nginx:1.27",
        "compose.yaml:3 |    image: nginx:2.0|",
    ),
    (
        "several documents",
        &[("compose.yaml", "services:\n  web:\n    image: nginx:1.0\n---\nservices:\n  web:\n    image: nginx:1.27\n")],
        "nginx:1.27",
        "compose.yaml:7 |    image: nginx:2.0|",
    ),
    // anchors
    (
        "an alias",
        &[("compose.yaml", "x-image: &image nginx:1.27 # all\nservices:\n  web:\n    image: *image\n")],
        "nginx:1.27",
        "compose.yaml:1 Anchor |x-image: &image nginx:2.0 # all|",
    ),
    (
        "a merge key",
        &[("compose.yaml", "x-base: &base\n  image: nginx:1.27\nservices:\n  web:\n    <<: *base\n    tty: true\n")],
        "nginx:1.27",
        "compose.yaml:2 Anchor |  image: nginx:2.0|",
    ),
    (
        "the first merge wins",
        &[("compose.yaml", "x-a: &a {image: nginx:1.27}\nx-b: &b {image: nginx:1.0}\nservices:\n  web:\n    <<: [*a, *b]\n")],
        "nginx:1.27",
        "compose.yaml:1 Anchor |image: nginx:2.0|",
    ),
    (
        "what stands there wins over a merge",
        &[("compose.yaml", "x-base: &base\n  image: nginx:1.0\nservices:\n  web:\n    image: nginx:1.27\n    <<: *base\n")],
        "nginx:1.27",
        "compose.yaml:5 |    image: nginx:2.0|",
    ),
    (
        "a service that is an alias",
        &[("compose.yaml", "services:\n  db: &db\n    image: nginx:1.27\n  web: *db\n")],
        "nginx:1.27",
        "compose.yaml:3 Anchor |    image: nginx:2.0|",
    ),
    // other services and files
    (
        "extends in the same file",
        &[("compose.yaml", "services:\n  base:\n    image: nginx:1.27\n  web:\n    extends: base\n")],
        "nginx:1.27",
        "compose.yaml:3 Extended |    image: nginx:2.0|",
    ),
    (
        "extends a file",
        &[
            ("compose.yaml", "services:\n  web:\n    extends: {service: base, file: ./common/base.yml}\n"),
            ("common/base.yml", "services:\n  base:\n    extends: {file: more.yml, service: more}\n"),
            ("common/more.yml", "services:\n  more:\n    image: nginx:${TAG}\n"),
            (".env", "TAG=1.27"),
        ],
        "nginx:1.27",
        ".env:1 Variable { name: \"TAG\" } |TAG=2.0|",
    ),
    (
        "extends, with an image of its own",
        &[
            ("compose.yaml", "services:\n  web:\n    extends: {service: base, file: base.yml}\n    image: nginx:1.27\n"),
            ("base.yml", "services:\n  base:\n    image: nginx:1.0\n"),
        ],
        "nginx:1.27",
        "compose.yaml:4 |    image: nginx:2.0|",
    ),
    (
        "include",
        &[
            ("compose.yaml", "include: [other.yml, sub/more.yml]\nservices:\n  db:\n    image: x\n"),
            ("other.yml", "services:\n  other:\n    image: x\n"),
            ("sub/more.yml", "services:\n  web:\n    image: nginx:1.27\n"),
        ],
        "nginx:1.27",
        "sub/more.yml:3 Included |    image: nginx:2.0|",
    ),
    (
        "include with variables of its own",
        &[
            ("compose.yaml", "include:\n  - path: sub/more.yml\n    env_file: [sub/tags.env]\n"),
            ("sub/more.yml", "services:\n  web:\n    image: nginx:${TAG}\n"),
            ("sub/tags.env", "TAG=1.27\n"),
            ("sub/.env", "TAG=1.0\n"),
        ],
        "nginx:1.27",
        "sub/tags.env:1 Variable { name: \"TAG\" } |TAG=2.0|",
    ),
    (
        "the variables beside an included file",
        &[
            ("compose.yaml", "include: [sub/more.yml]\n"),
            ("sub/more.yml", "services:\n  web:\n    image: nginx:${TAG}\n"),
            ("sub/.env", "TAG=1.27\n"),
        ],
        "nginx:1.27",
        "sub/.env:1 Variable { name: \"TAG\" } |TAG=2.0|",
    ),
];

#[test]
fn the_line_that_pins_a_tag_is_found() {
    let mut wrong = Vec::new();
    for (what, files, image, expected) in CASES {
        let folder = folder(files);
        let change = folder.change(image, "2.0");
        let found = change.as_ref().map_or_else(|error| format!("{error:?}"), told);
        if found != *expected {
            wrong.push(format!("{what}:\n  {found}\n  {expected}"));
            continue;
        }
        let change = change.expect("it was found");
        // nothing else of the file is another
        let (before, after): (Vec<_>, Vec<_>) = (change.before.split('\n').collect(), change.after.split('\n').collect());
        assert_eq!(before.len(), after.len(), "{what}");
        let differ: Vec<_> = (0..before.len()).filter(|at| before[*at] != after[*at]).collect();
        assert_eq!(differ, [change.line as usize - 1], "{what}");
        assert_eq!(change.before.matches('\r').count(), change.after.matches('\r').count(), "{what}");
        assert_eq!(change.before.starts_with('\u{feff}'), change.after.starts_with('\u{feff}'), "{what}");
        // and from what was written the new tag is found, and the way back
        let mut again = folder;
        again.files.insert(change.file.clone(), change.after.clone());
        let new = format!("{}:2.0", image.parse::<crate::image::Reference>().expect("a reference").familiar_name());
        let tag = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or("latest", |(_, tag)| tag);
        let back = again.change(&new, tag).expect("the new tag is found");
        if image.contains(tag) {
            assert_eq!(back.after, change.before, "{what}");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn part_of_a_tag_may_be_a_variable() {
    let files = [("compose.yaml", "services:\n  web:\n    image: postgres:${VERSION}-alpine\n"), (".env", "VERSION=16.1\n")];
    let change = folder(&files).change("postgres:16.1-alpine", "16.2-alpine").expect("the variable alone changes");
    assert_eq!(told(&change), ".env:1 Variable { name: \"VERSION\" } |VERSION=16.2|");
    assert_eq!(folder(&files).change("postgres:16.1-alpine", "16.2-bookworm").unwrap_err(), Unlocated::Pieces);
    let files = [("compose.yaml", "services:\n  web:\n    image: app:1.${MINOR}\n"), (".env", "MINOR=1\n")];
    let change = folder(&files).change("app:1.1", "1.11").expect("the last piece changes");
    assert_eq!(told(&change), ".env:1 Variable { name: \"MINOR\" } |MINOR=11|");
}

#[test]
fn variables_come_from_the_files_that_were_named() {
    let files = [
        ("compose.yaml", "services:\n  web:\n    image: nginx:${TAG}\n"),
        (".env", "TAG=1.0\n"),
        ("a.env", "TAG=1.1\n"),
        ("b.env", "TAG=1.27\n"),
    ];
    let folder = folder(&files).label("project.environment_file", "/p/a.env,/p/b.env");
    assert_eq!(told(&folder.change("nginx:1.27", "2.0").expect("the later")), "b.env:1 Variable { name: \"TAG\" } |TAG=2.0|");
}

#[test]
fn a_digest_changes_with_its_tag() {
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let text = format!("services:\n  web:\n    image: nginx:1.27@{} # pinned\n", digest("a"));
    let folder = folder(&[("compose.yaml", &text)]);
    let pin = folder.locate(&format!("nginx:1.27@{}", digest("a"))).expect("it is found");
    let target = |digest: Option<String>| Target { tag: "2.0".to_owned(), digest: digest.map(|text| text.parse().expect("a digest")) };
    assert_eq!(pin.to(&target(None)).unwrap_err(), Unlocated::Digest);
    let change = pin.to(&target(Some(digest("b")))).expect("both change");
    assert_eq!(change.becomes, format!("    image: nginx:2.0@{} # pinned", digest("b")));
    // where the file pins none, none is added
    let plain = super::folder(&[("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n")]);
    let change = plain.locate("nginx:1.27").and_then(|pin| pin.to(&target(Some(digest("b"))))).expect("the tag changes");
    assert_eq!(change.becomes, "    image: nginx:2.0");
}
