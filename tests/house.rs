//! The order of the rooms in `src/lib.rs` is the order of the house: a room uses only rooms below it, and nothing points up.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms from top to bottom, as `src/lib.rs` declares them.
fn rooms() -> Vec<String> {
    let lib = fs::read_to_string(source().join("lib.rs")).expect("src/lib.rs");
    lib.lines().filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned())).collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file of a room: `room.rs` and all below `room/`.
fn files(room: &str) -> Vec<PathBuf> {
    let mut found = vec![source().join(format!("{room}.rs"))];
    let mut folders = vec![source().join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The rooms that a file names: behind `crate::`, alone or in braces.
fn used(text: &str, rooms: &[String]) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let paths = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        for path in paths {
            let name: String = path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if rooms.contains(&name) {
                used.push(name);
            }
        }
    }
    used
}

/// The members of a braced `use` list, whose own braces are skipped.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                members.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                members.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members
}

#[test]
fn nothing_points_up() {
    let rooms = rooms();
    assert!(rooms.len() > 10, "the rooms were not found in src/lib.rs");
    let mut wrong = Vec::new();
    for (height, room) in rooms.iter().enumerate() {
        for file in files(room) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            for name in used(&text, &rooms) {
                if rooms.iter().position(|other| *other == name).is_some_and(|other| other < height) {
                    wrong.push(format!("{} uses `{name}`, which stands above `{room}`", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_stay_pure() {
    const IMPURE: [&str; 9] = ["tokio", "reqwest", "bollard", "sqlx", "axum", "std::fs", "std::net::Tcp", "SystemTime", "Instant"];
    let mut wrong = Vec::new();
    for room in ["fleet", "image", "wire"] {
        for file in files(room) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                wrong.extend(IMPURE.iter().filter(|word| line.contains(**word)).map(|word| format!("{} names `{word}`", file.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_use_lines_sees_both_forms() {
    let rooms = ["live".to_owned(), "wire".to_owned(), "image".to_owned()];
    assert_eq!(
        used("use crate::{\n image::{Digest, Reference},\n wire::Verdict,\n};\nlet x = crate::live::y();", &rooms),
        ["image", "wire", "live"]
    );
    assert_eq!(used("// use crate::live;", &rooms), Vec::<String>::new());
}
