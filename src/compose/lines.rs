//! Lines of a text, by offsets in bytes.

/// The line that an offset is in, from 1.
pub(super) fn number(text: &str, offset: usize) -> u32 {
    let ends = text.match_indices('\n').take_while(|(at, _)| *at < offset).count();
    u32::try_from(ends + 1).unwrap_or(u32::MAX)
}

/// The line that an offset is in, without its end and without a byte order mark.
pub(super) fn around(text: &str, offset: usize) -> &str {
    let offset = offset.min(text.len());
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    let line = &text[start..end];
    line.strip_suffix('\r').unwrap_or(line).trim_start_matches('\u{feff}')
}
