//! Why a place is not told.

use std::fmt::Write;

use super::{folder, *};

fn reason(files: &[(&str, &str)], image: &str) -> String {
    match folder(files).change(image, "2.0") {
        Ok(change) => format!("{change:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_not_sure_is_not_claimed() {
    let web = |image: &str| format!("services:\n  web:\n    image: {image}\n");
    let one = |text: &str, image: &str| reason(&[("compose.yaml", text)], image);
    let told = [
        one("services:\n  db:\n    image: nginx:1.27\n", "nginx:1.27"),
        one("services:\n  web:\n    build: .\n", "nginx:1.27"),
        one("services: [\n", "nginx:1.27"),
        one("services:\n\tweb: x\n", "nginx:1.27"),
        one("", "nginx:1.27"),
        one("just words", "nginx:1.27"),
        one(&web("nginx:1.26"), "nginx:1.27"),
        one(&web("nginx:${TAG:-1.26}"), "nginx:1.27"),
        one(&web("nginx:${TAG}"), "nginx:1.27"),
        one(&web("nginx:${TAG"), "nginx:1.27"),
        one(&web("nginx:${1}"), "nginx:1.27"),
        one(&web("\"nginx:1\\x2e27\""), "nginx:1.27"),
        one(&web(">-\n      nginx:1.27"), "nginx:1.27"),
        one(&web("!reset null"), "nginx:1.27"),
        one(&web("[nginx:1.27]"), "nginx:1.27"),
        one("services:\n  web:\n    extends: web\n", "nginx:1.27"),
        one("services:\n  web:\n    extends: {service: web, file: gone.yml}\n", "nginx:1.27"),
        one("include: [gone.yml]\n", "nginx:1.27"),
        one("include: [compose.yaml]\n", "nginx:1.27"),
        one("services: &s\n  web:\n    <<: *s\n", "nginx:1.27"),
        reason(&[("compose.yaml", &web("nginx:${TAG}")), (".env", "TAG=\"1\\u002e27\"\n")], "nginx:1.27"),
        reason(&[("compose.yaml", &web("${A}${B}")), (".env", "A=nginx:1.\nB=27\n")], "nginx:1.27"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    no file has the service `web`
    the service `web` names no image
    /p/compose.yaml, line 1, is not understood
    /p/compose.yaml, line 2, is not understood
    no file has the service `web`
    no file has the service `web`
    /p/compose.yaml, line 3, says `nginx:1.26`, which is not what runs
    /p/compose.yaml, line 3, says `nginx:1.26`, which is not what runs
    the variable `TAG` is set in no file: it came from whoever ran Compose
    /p/compose.yaml, line 3, is written in a way that cannot be followed
    /p/compose.yaml, line 3, is written in a way that cannot be followed
    /p/compose.yaml, line 3, is written in a way that cannot be followed
    /p/compose.yaml, line 4, is written in a way that cannot be followed
    the service `web` names no image
    /p/compose.yaml, line 3, is written in a way that cannot be followed
    the project is larger than Plimsoll follows
    /p/gone.yml cannot be read: there is no such file
    /p/gone.yml cannot be read: there is no such file
    the project is larger than Plimsoll follows
    the service `web` names no image
    /p/.env, line 1, is written in a way that cannot be followed
    the tag is made of several pieces
    "#);
}

#[test]
fn labels_that_lead_nowhere() {
    let plain = || folder(&[("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n")]);
    let told = |folder: Folder| folder.change("nginx:1.27", "2.0").unwrap_err().to_string();
    let files = |files: &str| told(plain().label("project.config_files", files));
    let told = [
        files(""),
        files("-"),
        files("C:\\Users\\me\\compose.yaml"),
        files("/p/compose.yaml,/p/gone.yaml"),
        files("relative.yaml"),
        told(plain().label("project.working_dir", "").label("project.config_files", "compose.yaml")),
        told(plain().label("service", "other")),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    the container does not tell which files it was made from
    the project was read from standard input
    C:\Users\me\compose.yaml is no path of this system
    /p/gone.yaml cannot be read: there is no such file
    /p/relative.yaml cannot be read: there is no such file
    compose.yaml is no path of this system
    no file has the service `other`
    "#);
    assert!(Project::of(&plain().label("oneoff", "True").labels).is_none());
    assert!(Project::of(&plain().label("service", "").labels).is_none());
    // paths of the first generation of Compose start from the directory
    let old = plain().label("project.config_files", "./x/../compose.yaml");
    assert!(old.change("nginx:1.27", "2.0").is_ok());
}

#[test]
fn bounds_hold() {
    let many = (0..60).fold(String::new(), |many, n| format!("{many}  s{n}:\n    extends: s{}\n", n + 1));
    assert_eq!(
        reason(&[("compose.yaml", &format!("services:\n  web:\n    extends: s0\n{many}"))], "nginx:1.27"),
        Unlocated::TooLarge.to_string()
    );
    // aliases of aliases, a billion in all
    let mut bomb = "x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let list = vec![format!("*a{}", n - 1); 10].join(", ");
        writeln!(bomb, "y{n}: &a{n} [{list}]").expect("memory");
    }
    let bomb = format!("services:\n  web:\n    image: nginx:1.27\n{bomb}");
    assert_eq!(reason(&[("compose.yaml", &bomb)], "nginx:1.27"), Unlocated::TooLarge.to_string());
    // the same of empty lists, of merge keys, and of services that extend
    let mut empty = "services:\n  web:\n    image: nginx:1.27\nx0: &a0 []\n".to_owned();
    let mut merged = "services:\n  web:\n    image: nginx:1.27\nx0: &a0 {}\n".to_owned();
    let mut extended = "services:\n  web:\n    extends: s0\n".to_owned();
    for n in 1..12 {
        writeln!(empty, "x{n}: &a{n} [{}]", vec![format!("*a{}", n - 1); 10].join(", ")).expect("memory");
        writeln!(merged, "x{n}: &a{n} {{<<: [{}]}}", vec![format!("*a{}", n - 1); 10].join(", ")).expect("memory");
        writeln!(extended, "  s{n}:\n    extends: s{}", n - 1).expect("memory");
    }
    assert_eq!(reason(&[("compose.yaml", &empty)], "nginx:1.27"), Unlocated::TooLarge.to_string());
    assert!(folder(&[("compose.yaml", &merged)]).change("nginx:1.27", "2.0").is_ok(), "mappings are merged once each");
    assert!(folder(&[("compose.yaml", &extended)]).change("nginx:1.27", "2.0").is_err());
    // lines of variables that double each other; what does not need them is found
    let mut doubled = "V0=0123456789\n".to_owned();
    for n in 1..2000 {
        writeln!(doubled, "V{n}=$V{}$V{}", n - 1, n - 1).expect("memory");
    }
    let files = |image| [("compose.yaml", format!("services:\n  web:\n    image: {image}\n")), (".env", doubled.clone())];
    for (image, found) in [("nginx:${TAG:-1.27}", true), ("nginx:$V1999", false)] {
        let files = files(image);
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(folder(&files).change("nginx:1.27", "2.0").is_ok(), found, "{image}");
    }
    // a file that is YAML and sets variables
    let both = "TAG: 1.27\nservices:\n  web:\n    image: nginx:${TAG}\n";
    let both = folder(&[("compose.yaml", both)]).label("project.environment_file", "/p/compose.yaml").change("nginx:1.27", "2.0");
    assert_eq!(both.map(|change| (change.line, change.becomes)), Ok((1, "TAG: 2.0".to_owned())));
    let deep = format!("services:\n  web:\n    image: nginx:1.27\n    x: {}{}\n", "[".repeat(200), "]".repeat(200));
    assert_eq!(reason(&[("compose.yaml", &deep)], "nginx:1.27"), Unlocated::TooLarge.to_string());
    let variables = format!("services:\n  web:\n    image: {}nginx:1.27{}\n", "${A:-".repeat(40), "}".repeat(40));
    assert_eq!(reason(&[("compose.yaml", &variables)], "nginx:1.27"), Unlocated::TooLarge.to_string());
}
