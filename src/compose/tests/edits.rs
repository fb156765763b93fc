//! What else a change would change, and what is told then.

use super::{folder, *};
use crate::config::Compose;

fn also(files: &[(&str, &str)], image: &str) -> Vec<String> {
    let change = folder(files).change(image, "2.0").expect("it is found");
    change
        .also
        .iter()
        .map(|also| match also {
            Also::Service(name) => name.clone(),
            Also::Value(path) => format!("={path}"),
        })
        .collect()
}

#[test]
fn what_shares_a_value_is_named() {
    let plain = "services:\n  web:\n    image: nginx:1.27\n  db:\n    image: nginx:1.27\n";
    assert!(also(&[("compose.yaml", plain)], "nginx:1.27").is_empty());
    let anchor = "x-a: &a {image: nginx:1.27}\nservices:\n  web: {<<: *a}\n  worker: {<<: *a}\n  db: {image: x}\n";
    assert_eq!(also(&[("compose.yaml", anchor)], "nginx:1.27"), ["worker"]);
    let variable = "services:\n  web:\n    image: nginx:${TAG}\n  worker:\n    image: other:${TAG}\n    environment: [VERSION=$TAG, A=b]\n";
    assert_eq!(also(&[("compose.yaml", variable), (".env", "TAG=1.27\n")], "nginx:1.27"), ["worker", "=services.worker.environment[0]"]);
    let defaults = "services:\n  web:\n    image: nginx:${TAG:-1.27}\n  worker:\n    image: nginx:${TAG:-1.27}\n";
    assert!(also(&[("compose.yaml", defaults)], "nginx:1.27").is_empty(), "each has a default of its own");
    let extended = "services:\n  web: {extends: base}\n  base: {image: nginx:1.27}\n  more: {extends: {service: base}}\n";
    assert_eq!(also(&[("compose.yaml", extended)], "nginx:1.27"), ["base", "more"]);
    let read = "services:\n  web:\n    image: nginx:${TAG}\n    env_file: .env\n  db:\n    image: x\n    env_file: [{path: ./.env}]\n";
    assert_eq!(also(&[("compose.yaml", read), (".env", "TAG=1.27\n")], "nginx:1.27"), ["=services.db.env_file", "=services.web.env_file"]);
    let included = [
        ("compose.yaml", "include: [sub/more.yml]\n"),
        ("sub/more.yml", "services:\n  web:\n    image: nginx:$TAG\n    environment: {VERSION: $TAG}\n"),
        ("sub/.env", "TAG=1.27\n"),
    ];
    assert_eq!(also(&included, "nginx:1.27"), ["=services.web.environment.VERSION"]);
    let overridden = [
        ("compose.yaml", "services:\n  web:\n    image: nginx:${TAG}\n  db:\n    image: x:${TAG}\n"),
        ("compose.b.yaml", "services:\n  db:\n    image: x:1\n"),
        (".env", "TAG=1.27\n"),
    ];
    assert!(also(&overridden, "nginx:1.27").is_empty(), "what a later file replaces does not count");
}

#[test]
fn advice_in_each_case() {
    let told = |files: &[(&str, &str)], edit: bool, together: &[&str]| {
        let folder = folder(files);
        let settings = Compose { edit, ..Compose::default() };
        let target = Target { tag: "2.0".to_owned(), digest: None };
        advice(&folder.labels, &"nginx:1.27".parse().expect("a reference"), &target, together, &settings, &folder.read())
    };
    let unedited = |advice: Advice| match advice {
        Advice::Line { unedited, .. } => unedited,
        other => panic!("{other:?}"),
    };
    let plain = [("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n")];
    assert_eq!(unedited(told(&plain, true, &[])), None);
    assert_eq!(unedited(told(&plain, false, &[])), Some(Unedited::NotAllowed));
    let built = [("compose.yaml", "services:\n  web:\n    image: nginx:1.27\n    build: .\n")];
    assert_eq!(unedited(told(&built, true, &[])), Some(Unedited::Built));
    let shared = [("compose.yaml", "services:\n  web: &w {image: nginx:1.27}\n  worker: *w\n")];
    assert_eq!(unedited(told(&shared, true, &[])), Some(Unedited::Shared(vec![Also::Service("worker".to_owned())])));
    assert_eq!(unedited(told(&shared, true, &["worker"])), None);
    let already = [("compose.yaml", "services:\n  web:\n    image: nginx:2.0\n")];
    assert_eq!(told(&already, true, &[]), Advice::Already { file: "/p/compose.yaml".into(), line: 3 });
    let another = [("compose.yaml", "services:\n  web:\n    image: nginx:1.9\n")];
    assert!(matches!(told(&another, true, &[]), Advice::Unlocated(Unlocated::Differs { line: 3, .. })));
    let nobody = advice(
        &BTreeMap::new(),
        &"nginx".parse().expect("a reference"),
        &Target { tag: "2.0".to_owned(), digest: None },
        &[],
        &Compose::default(),
        &|_: &Path| Err(Unreadable::Absent),
    );
    assert_eq!(nobody, Advice::Free);
}

#[test]
fn no_word_of_the_file_but_the_line_is_told() {
    let text = "services:\n  web: {image: nginx:1.27, environment: {PASSWORD: hunter2}}\n  db:\n    environment: {A: hunter2}\n";
    let change = folder(&[("compose.yaml", text)]).change("nginx:1.27", "2.0").expect("it is found");
    assert!(!format!("{change:?}{}{}", change.text, change.becomes).contains("hunter2"));
    assert!(!change.whole_line);
}
