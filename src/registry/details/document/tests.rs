use super::*;

fn document(text: &str) -> Document {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_time_of_creation_is_one_that_can_be() {
    for (text, expected) in [
        ("2025-01-08T00:00:00Z", Some(1_736_294_400)),
        ("2025-01-08T02:00:00+02:00", Some(1_736_294_400)),
        ("2025-01-08T00:00:00.123456789Z", Some(1_736_294_400)),
        // reproducible builds
        ("1970-01-01T00:00:00Z", None),
        ("1980-01-01T00:00:01Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        ("2025-01-08", None),
    ] {
        assert_eq!(time(text), expected, "{text}");
    }
}

#[test]
fn what_can_be_run_is_told_from_what_cannot() {
    let hex = "0".repeat(64);
    let entry = |platform: &str, rest: &str| format!(r#"{{"digest":"sha256:{hex}","platform":{platform}{rest}}}"#);
    for (entries, expected) in [
        (entry(r#"{"os":"linux","architecture":"amd64"}"#, ""), Some("linux/amd64")),
        (entry(r#"{"os":"linux","architecture":"arm","variant":"v7","os.version":"1","features":[]}"#, ""), Some("linux/arm/v7")),
        (entry(r#"{"os":"linux","architecture":"arm64","variant":""}"#, ""), Some("linux/arm64")),
        (entry(r#"{"os":"unknown","architecture":"unknown"}"#, ""), None),
        (entry(r#"{"os":"linux","architecture":"amd64"}"#, r#","annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#), None),
        (entry(r#"{"os":"linux","architecture":"amd64"}"#, r#","annotations":{"a":"b"},"size":1"#), Some("linux/amd64")),
        (entry("null", ""), None),
        (entry(r#"{"os":"linux"}"#, ""), None),
        (r#"{"digest":"sha256:no","platform":{"os":"linux","architecture":"amd64"}}"#.to_owned(), None),
        (r#"{"platform":{"os":"linux","architecture":"amd64"}}"#.to_owned(), None),
    ] {
        let document = document(&format!(r#"{{"manifests":[{entries}]}}"#));
        let found = platforms(document.manifests.as_deref().unwrap());
        let found: Vec<_> = found.iter().map(|image| image.platform.to_string()).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{entries}");
    }
    let many = vec![entry(r#"{"os":"linux","architecture":"amd64"}"#, ""); PLATFORMS_MAX + 1].join(",");
    assert_eq!(platforms(document(&format!(r#"{{"manifests":[{many}]}}"#)).manifests.as_deref().unwrap()).len(), PLATFORMS_MAX);
}

#[test]
fn a_size_is_that_of_all_layers_or_none() {
    for (text, expected) in [
        (r#"{"layers":[{"size":1},{"size":2}]}"#, Some(3)),
        (r#"{"layers":[]}"#, Some(0)),
        (r#"{"layers":[{"size":1},{}]}"#, None),
        (r#"{"layers":[{"size":1},{"size":18446744073709551615}]}"#, None),
        ("{}", None),
    ] {
        assert_eq!(document(text).size(), expected, "{text}");
    }
}

#[test]
fn a_configuration_tells_what_it_can() {
    let config: Config = serde_json::from_str(
        r#"{"os":"linux","architecture":"arm","variant":"v6","created":"1970-01-01T00:00:00Z","history":[],
            "config":{"Labels":{"a":"b","org.opencontainers.image.created":"2025-01-08T00:00:00Z","org.opencontainers.image.version":"1.2"}}}"#,
    )
    .unwrap();
    assert_eq!(config.platform().unwrap().to_string(), "linux/arm/v6");
    assert_eq!((config.created(), config.version().as_deref()), (Some(1_736_294_400), Some("1.2")));
    for text in ["{}", r#"{"config":null}"#, r#"{"config":{"Labels":null}}"#, r#"{"config":{"Labels":{}},"created":null}"#] {
        let config: Config = serde_json::from_str(text).unwrap();
        assert!(config.platform().is_none() && config.created().is_none() && config.version().is_none(), "{text}");
    }
    for odd in [String::new(), "a\nb".to_owned(), "a".repeat(VERSION_MAX + 1)] {
        let marks = Marks { created: None, version: Some(odd) };
        assert_eq!(marks.version(), None);
    }
}
