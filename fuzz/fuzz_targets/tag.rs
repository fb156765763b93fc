#![no_main]

#[path = "../properties/tag.rs"]
mod tag;

libfuzzer_sys::fuzz_target!(|text: &str| tag::holds(text));
