#![no_main]

#[path = "../properties/challenge.rs"]
mod challenge;

libfuzzer_sys::fuzz_target!(|text: &str| challenge::holds(text));
