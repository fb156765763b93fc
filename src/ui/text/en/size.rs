//! Numbers of bytes.

/// A number of bytes in units of a thousand, as registries count: `640 B`, `78 kB`, `6.0 MB`, `126 MB`, `1.2 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes < 10 * unit && unit > 1_000 => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_two_digits_where_they_matter() {
        let cases = [
            (0, "0 B"),
            (640, "640 B"),
            (78_400, "78 kB"),
            (6_060_000, "6.0 MB"),
            (126_000_000, "126 MB"),
            (1_250_000_000, "1.2 GB"),
            (u64::MAX, "18446744073 GB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }
}
