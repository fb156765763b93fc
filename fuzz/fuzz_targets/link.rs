#![no_main]

#[path = "../properties/link.rs"]
mod link;

libfuzzer_sys::fuzz_target!(|text: &str| link::holds(text));
