//! Any text that is sent as a date is read or refused, without a panic; what was read is printed so that it can be read again.
#![no_main]

#[path = "../promises.rs"]
mod promises;
#[path = "../texts.rs"]
mod texts;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        texts::hold_as_date(text);
    }
});
