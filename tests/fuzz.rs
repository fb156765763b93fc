//! A short run of what `cargo fuzz` does for hours (`fuzz/`): known texts, changed at random and always in the same way.

#[path = "../fuzz/properties/challenge.rs"]
mod challenge;
#[path = "../fuzz/properties/link.rs"]
mod link;
#[path = "../fuzz/properties/reference.rs"]
mod reference;
#[path = "../fuzz/properties/tag.rs"]
mod tag;

/// Texts that are tried for each property.
const ROUNDS: usize = 4000;

/// Most changes of a text.
const CHANGES_MAX: usize = 6;

/// A row of numbers without a pattern, from a seed (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    /// The next number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [low, high, ..] = (self.0 >> 24).to_le_bytes();
        usize::from(u16::from_le_bytes([low, high])) % bound.max(1)
    }
}

/// A few of the seeds, each on its line.
fn some(seeds: &[&str], random: &mut Random) -> Vec<u8> {
    let count = 1 + random.below(5);
    let lines: Vec<&str> = (0..count).map(|_| seeds[random.below(seeds.len())]).collect();
    lines.join("\n").into_bytes()
}

/// Changes a text in one place: another byte, one less, one more, a part twice, a part of another.
fn change(text: &mut Vec<u8>, seeds: &[&str], random: &mut Random) {
    const TELLING: &[u8] = b"0019vabr.-_+:/@\n\0TZ\xc3\xa9";
    let at = random.below(text.len());
    let end = (at + random.below(12)).min(text.len());
    match random.below(6) {
        0 if !text.is_empty() => text[at] = TELLING[random.below(TELLING.len())],
        1 if !text.is_empty() => drop(text.remove(at)),
        2 => text.insert(at, TELLING[random.below(TELLING.len())]),
        3 => text.splice(at..at, text[at..end].to_vec()).for_each(drop),
        4 => text.truncate(at),
        _ => {
            let other = some(seeds, random);
            text.splice(at..end, other[..random.below(other.len())].to_vec()).for_each(drop);
        }
    }
}

/// Holds a property against the seeds and what becomes of them.
fn run(seeds: &str, holds: fn(&str)) {
    // a table has them in its first column
    let seeds = seeds.lines().filter_map(|line| line.split('|').next()).map(str::trim);
    let seeds: Vec<&str> = seeds.filter(|seed| !seed.is_empty() && !seed.starts_with('#')).collect();
    for seed in &seeds {
        holds(seed);
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..ROUNDS {
        let mut text = some(&seeds, &mut random);
        for _ in 0..random.below(CHANGES_MAX) {
            change(&mut text, &seeds, &mut random);
        }
        holds(&String::from_utf8_lossy(&text));
    }
}

#[test]
fn tags() {
    run(include_str!("../fuzz/seeds/tag.txt"), tag::holds);
}

#[test]
fn references() {
    run(include_str!("../src/image/reference/tests/valid.txt"), |text| text.lines().for_each(reference::holds));
}

#[test]
fn challenges() {
    run(include_str!("../fuzz/seeds/challenge.txt"), challenge::holds);
}

#[test]
fn links() {
    run(include_str!("../fuzz/seeds/link.txt"), link::holds);
}
