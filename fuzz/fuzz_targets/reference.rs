#![no_main]

#[path = "../properties/reference.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|text: &str| reference::holds(text));
