//! What `plimsoll config` prints.

use std::fmt::{self, Display};

use super::{Loaded, Origin, value::quoted};

/// Widest value that still stands before its origin in a column.
const COLUMN_MAX: usize = 48;

/// Every key in TOML, with where it came from behind it; what is not set, and secrets, as comments.
impl Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(path) => writeln!(f, "# file: {}", path.display())?,
            None => writeln!(f, "# file: none")?,
        }
        let lines: Vec<_> = self
            .settings
            .iter()
            .map(|setting| match &setting.value {
                Some(value) => (format!("{} = {value}", setting.key), setting.origin.to_string()),
                None if setting.secret => (format!("# {} = (hidden)", setting.key), setting.origin.to_string()),
                None => match (setting.origin == Origin::System).then(|| self.config.timezone.zone()) {
                    Some(zone) => (format!("{} = {}", setting.key, quoted(zone.iana_name().unwrap_or("UTC"))), setting.origin.to_string()),
                    None => (format!("# {}", setting.key), "not set".to_owned()),
                },
            })
            .collect();
        let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width <= COLUMN_MAX).max().unwrap_or(0);
        for (line, origin) in lines {
            writeln!(f, "{line:width$}  # {origin}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "# {warning}")?;
        }
        Ok(())
    }
}
