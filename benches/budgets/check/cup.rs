//! Cup (<https://github.com/sergi0g/cup>) on the same work in the same run, where `CUP_BIN` names it.
//!
//! It checks the images of an Engine, so one stands beside the registries that has them all: named on the command line it takes only tags
//! that are versions.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{Field, RUNS, scenario::Scenario};
use crate::measure::{Run, run};

/// The program, where one is named. One that is not there is a mistake of who named it.
pub(crate) fn program() -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os("CUP_BIN").filter(|path| !path.is_empty())?);
    assert!(path.is_file(), "CUP_BIN names no file: {}", path.display());
    Some(path)
}

/// What it takes for a scenario. None where it fails, or has no answer for some image: it does not do the same work then.
pub(crate) fn measured(scenario: Scenario, field: &Field, cup: &Path) -> Option<Run> {
    let registries: BTreeMap<_, _> = field.addresses.iter().map(|address| (address, json!({ "insecure": true }))).collect();
    let config = field.write("cup.json", &json!({ "version": 3, "registries": registries }).to_string());
    let (engine, output) = (format!("tcp://{}", field.engine.as_ref()?), field.file("cup-out.json"));
    let program = cup.display().to_string();
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(run(&output, &program, &["-c", &config, "-s", &engine, "check", "-r"])?);
        let document: Value = serde_json::from_str(&fs::read_to_string(&output).ok()?).ok()?;
        let metrics = &document["metrics"];
        let number = |name: &str| metrics[name].as_u64().and_then(|number| usize::try_from(number).ok());
        if number("monitored_images")? != scenario.images || number("unknown")? > 0 {
            eprintln!("{}: Cup has no answer for all images: {metrics}", scenario.name);
            return None;
        }
    }
    let run = Run::median(&runs);
    eprintln!("{} (Cup): {run:?}", scenario.name);
    Some(run)
}
