//! Streams of pulls, as the three kinds of Engine send them.

use serde_json::json;

use super::*;

/// Reads lines, and answers the percentage behind each of them.
fn percents(progress: &mut Progress, lines: &[Value]) -> Vec<u8> {
    lines
        .iter()
        .map(|line| {
            let told = progress.line(format!("{line}\r\n").as_bytes());
            assert!(!matches!(told, Told::Failure(_)), "{line}: {told:?}");
            progress.percent
        })
        .collect()
}

fn layer(id: &str, status: &str) -> Value {
    json!({ "status": status, "progressDetail": {}, "id": id })
}

fn counted(id: &str, status: &str, current: i64, total: i64) -> Value {
    json!({ "status": status, "progressDetail": { "current": current, "total": total }, "progress": "[=>  ]", "id": id })
}

const MEGABYTE: i64 = 1_000_000;

#[test]
fn the_classic_store_counts_bytes_twice() {
    let mut progress = Progress::default();
    let lines = [
        json!({ "status": "Pulling from library/nginx", "id": "1.27" }),
        layer("aaaaaaaaaaaa", "Already exists"),
        layer("bbbbbbbbbbbb", "Pulling fs layer"),
        layer("cccccccccccc", "Pulling fs layer"),
        layer("cccccccccccc", "Waiting"),
        counted("bbbbbbbbbbbb", "Downloading", 20 * MEGABYTE, 40 * MEGABYTE),
        counted("cccccccccccc", "Downloading", 10 * MEGABYTE, 10 * MEGABYTE),
        layer("cccccccccccc", "Verifying Checksum"),
        layer("bbbbbbbbbbbb", "Download complete"),
        counted("bbbbbbbbbbbb", "Extracting", 20 * MEGABYTE, 40 * MEGABYTE),
        layer("bbbbbbbbbbbb", "Pull complete"),
        layer("cccccccccccc", "Pull complete"),
        json!({ "status": "Digest: sha256:00" }),
    ];
    let percents = percents(&mut progress, &lines);
    assert!(percents.is_sorted(), "{percents:?}");
    assert_eq!(percents.last(), Some(&99), "not all of it is done before the Engine says so");
    assert!(!progress.is_complete(Flavour::Docker));
    assert_eq!(progress.line(br#"{"status":"Status: Downloaded newer image for nginx:1.27"}"#), Told::Nothing);
    assert!(progress.is_complete(Flavour::Docker));
    progress.finish();
    let pull = progress.pull();
    let names: Vec<_> = pull.layers.iter().map(|layer| (layer.id.as_str(), layer.state)).collect();
    let done = LayerState::Done;
    assert_eq!((pull.percent, names), (100, vec![("aaaaaaaaaaaa", done), ("bbbbbbbbbbbb", done), ("cccccccccccc", done)]));
    assert_eq!(pull.layers[1].total, 40_000_000);
}

#[test]
fn bytes_weigh_by_size() {
    let mut progress = Progress::default();
    let lines = [
        counted("big", "Downloading", 0, 90 * MEGABYTE),
        counted("small", "Downloading", 0, 10 * MEGABYTE),
        layer("small", "Pull complete"),
        counted("big", "Downloading", 45 * MEGABYTE, 90 * MEGABYTE),
        counted("big", "Extracting", 45 * MEGABYTE, 90 * MEGABYTE),
    ];
    // all of a tenth; and half of seven, then seven and half of three tenths of the rest
    assert_eq!(percents(&mut progress, &lines), [0, 0, 10, 41, 86]);
}

#[test]
fn containerds_seconds_are_not_bytes() {
    let mut progress = Progress::default();
    let seconds = json!({ "status": "Extracting", "progressDetail": { "current": 3, "units": "s" }, "id": "a" });
    let lines = [
        counted("a", "Downloading", MEGABYTE, 4 * MEGABYTE),
        layer("a", "Download complete"),
        seconds.clone(),
        layer("config", "Download complete"),
        seconds,
    ];
    assert_eq!(percents(&mut progress, &lines), [17, 70, 70, 70, 70]);
    let pull = progress.pull();
    assert_eq!(pull.layers.len(), 1, "the image's configuration is no layer");
    assert_eq!((pull.layers[0].state, pull.layers[0].done, pull.layers[0].total), (LayerState::Extracting, 0, 4_000_000));
}

#[test]
fn what_starts_again_does_not_fall() {
    let mut progress = Progress::default();
    let lines = [
        counted("a", "Downloading", 3 * MEGABYTE, 4 * MEGABYTE),
        layer("a", "Retrying in 5 seconds"),
        counted("a", "Downloading", MEGABYTE, 4 * MEGABYTE),
        layer("b", "Pulling fs layer"),
        counted("b", "Downloading", 0, -1),
    ];
    assert_eq!(percents(&mut progress, &lines), [52; 5]);
    assert_eq!(progress.pull().layers[0].done, 1_000_000, "but of the layer the truth is told");
}

#[test]
fn how_a_pull_ends_is_told_apart() {
    let ends = |flavour: Flavour, lines: &[Value]| {
        let mut progress = Progress::default();
        percents(&mut progress, lines);
        progress.is_complete(flavour)
    };
    let (docker, podman) = (Flavour::Docker, Flavour::Podman);
    let status = |text: &str| json!({ "status": text });
    for (what, flavour, lines, expected) in [
        ("new", docker, vec![status("Status: Downloaded newer image for nginx:1")], true),
        ("not new", docker, vec![status("Digest: sha256:00"), status("Status: Image is up to date for nginx:1")], true),
        ("a remark behind it", docker, vec![status("Status: Image is up to date for nginx:1"), status("WARNING: old")], true),
        ("cut before the last line", docker, vec![layer("a", "Pull complete"), status("Digest: sha256:00")], false),
        ("nothing at all", docker, vec![], false),
        ("a layer that is called so", docker, vec![json!({ "status": "Status: x", "id": "a" })], false),
        ("Podman's last line", podman, vec![layer("a", "Pulling fs layer"), layer("0123456789ab", "Download complete")], true),
        ("Podman, cut", podman, vec![layer("a", "Download complete"), counted("b", "Downloading", 1, 2)], false),
        ("nothing at all", podman, vec![], false),
    ] {
        assert_eq!(ends(flavour, &lines), expected, "{what}");
    }
}

#[test]
fn a_failure_is_one_in_either_form() {
    for (line, words) in [
        (r#"{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}"#, "manifest unknown"),
        (r#"{"errorDetail":{"code":401,"message":"denied"}}"#, "denied"),
        (r#"{"error":"no space left on device"}"#, "no space left on device"),
        (r#"{"errorDetail":{},"error":"toomanyrequests"}"#, "toomanyrequests"),
        (r#"{"status":"Downloading","error":"late"}"#, "late"),
        (r#"{"errorDetail":{"code":5}}"#, r#"{"code":5}"#),
        ("<html>", "unreadable: <html>"),
    ] {
        assert_eq!(Progress::default().line(line.as_bytes()), Told::Failure(words.into()), "{line}");
    }
    for line in ["", "\r\n", "{}", r#"{"status":null,"error":null}"#, r#"{"status":"Pulling from a","id":"1"}"#, r#"{"aux":{}}"#] {
        assert_eq!(Progress::default().line(line.as_bytes()), Told::Nothing, "{line}");
    }
}

#[test]
fn what_is_followed_is_bounded() {
    let mut progress = Progress::default();
    for number in 0..LAYERS + 10 {
        progress.line(layer(&format!("{number}"), "Pulling fs layer").to_string().as_bytes());
    }
    progress.line(layer(&"x".repeat(NAME + 1), "Pulling fs layer").to_string().as_bytes());
    assert_eq!(progress.pull().layers.len(), LAYERS);
    let huge = Progress::default().line(counted("a", "Downloading", i64::MAX, i64::MAX).to_string().as_bytes());
    assert_eq!(huge, Told::Progress);
}
