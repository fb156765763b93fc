//! The configuration file: found, read and brought into TOML.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use secrecy::{SecretString, zeroize::Zeroize};

use super::{ConfigError, Environment, Overrides, cup, keys};

/// Largest file that is read, in bytes: what is larger is no configuration.
const SIZE_MAX: u64 = 1 << 20;

/// Largest file with a secret.
const SECRET_MAX: u64 = 1 << 16;

/// What stands in the file.
pub(super) struct Source {
    /// which file it is
    pub(super) path: PathBuf,
    /// its content, or that of a `cup.json` in our terms
    pub(super) table: toml::Table,
    /// what stands there and has no effect
    pub(super) warnings: Vec<String>,
}

/// Reads the file: the one that was named, else `plimsoll.toml` or `cup.json` in the data directory, which may be absent.
pub(super) fn read(overrides: &Overrides, environment: &Environment) -> Result<Option<Source>, ConfigError> {
    let named = match &overrides.config {
        Some(path) => Some((path.clone(), "--config")),
        None => environment.get(CONFIG).map(|path| (path.into(), CONFIG)),
    };
    if let Some((path, by)) = named {
        let text = text_of(&path, SIZE_MAX).and_then(|text| text.ok_or_else(|| "there is no such file".to_owned()));
        return match text {
            Ok(text) => understand(path, &text).map(Some),
            Err(detail) => Err(ConfigError::Unreadable { path, detail, named_by: by.to_owned() }),
        };
    }

    let data_dir = data_dir(overrides, environment);
    let mut found = Vec::new();
    for name in ["plimsoll.toml", "cup.json"] {
        let path = data_dir.join(name);
        match text_of(&path, SIZE_MAX) {
            Ok(Some(text)) => found.push((path, text)),
            Ok(None) => {}
            Err(detail) => return Err(ConfigError::Unreadable { path, detail, named_by: "`data_dir`".to_owned() }),
        }
    }
    let mut found = found.into_iter();
    let Some((path, text)) = found.next() else { return Ok(None) };
    let mut source = understand(path, &text)?;
    if let Some((other, _)) = found.next() {
        source.warnings.push(format!("{} is not read, because there is {}", other.display(), source.path.display()));
    }
    Ok(Some(source))
}

/// The variable that names the file.
pub(super) const CONFIG: &str = "PLIMSOLL_CONFIG";

/// Where the file is looked for when nobody names it: the data directory as far as argument and environment say it.
fn data_dir(overrides: &Overrides, environment: &Environment) -> PathBuf {
    let default = keys::scalar("data_dir").and_then(|key| key.default).unwrap_or_default();
    overrides.data_dir.clone().unwrap_or_else(|| environment.get("PLIMSOLL_DATA_DIR").unwrap_or(default).into())
}

/// Parses a file by its kind.
fn understand(path: PathBuf, text: &str) -> Result<Source, ConfigError> {
    let place = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let (table, warnings) = cup::translate(&place, text)?;
        return Ok(Source { path, table, warnings });
    }
    match text.parse() {
        Ok(table) => Ok(Source { path, table, warnings: Vec::new() }),
        Err(error) => Err(syntax(place, text, &error)),
    }
}

/// The error of the parser, without the lines that it would quote: they may hold a secret.
fn syntax(place: String, text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ConfigError::Syntax {
        place,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: error.message().lines().collect::<Vec<_>>().join("; "),
    }
}

/// The text of a file; none where there is no such file.
fn text_of(path: &Path, most: u64) -> Result<Option<String>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut text = String::new();
    match file.take(most + 1).read_to_string(&mut text) {
        Ok(size) if size as u64 > most => Err(format!("it is larger than {most} bytes")),
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err("it is not UTF-8".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The secret in a file: all of it but the end of its last line.
pub(super) fn secret_of(path: &str, named_by: &str) -> Result<SecretString, ConfigError> {
    let unreadable = |detail: String| ConfigError::Unreadable { path: path.into(), detail, named_by: named_by.to_owned() };
    let mut text =
        text_of(Path::new(path), SECRET_MAX).and_then(|text| text.ok_or_else(|| "there is no such file".to_owned())).map_err(unreadable)?;
    let secret = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).into();
    text.zeroize();
    Ok(secret)
}
