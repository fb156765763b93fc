//! The table of all keys as a document.

use std::fmt::Write;

use super::keys::{self, Key, Kind};

/// Every key with its variable, its default and its meaning, in Markdown. `docs/configuration.md` holds it word for word.
pub fn reference() -> String {
    let mut text = String::from("| key | environment | default | meaning |\n|---|---|---|---|\n");
    for key in keys::SCALARS {
        let own = keys::variable(key.name);
        let variable = if key.kind == Kind::Secret { format!("`{own}`, `{own}_FILE`") } else { format!("`{own}`") };
        row(&mut text, key.name, &variable, key);
    }
    for table in keys::TABLES {
        for key in table.keys {
            row(&mut text, &format!("{}.{}.{}", table.name, table.of, key.name), "", key);
        }
    }
    text
}

/// One row.
fn row(text: &mut String, name: &str, variable: &str, key: &Key) {
    let default = key.default.map(|default| format!("`{default}`")).unwrap_or_default();
    let written = writeln!(text, "| `{name}` | {variable} | {default} | {} Allowed: {}. |", key.doc, key.allowed);
    written.expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_keeps_step_with_the_table() {
        let document = include_str!("../../docs/configuration.md");
        let table = reference();
        assert!(document.contains(&table), "put the output of `plimsoll config --keys` into docs/configuration.md:\n{table}");
    }
}
