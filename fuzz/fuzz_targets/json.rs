#![no_main]

#[path = "../entries/json.rs"]
mod entry;
#[path = "../entries/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
