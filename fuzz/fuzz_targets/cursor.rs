//! Any text that is sent as a cursor gets a page or an error, the same each time, and without a panic.
#![no_main]

#[path = "../promises.rs"]
mod promises;
#[path = "../texts.rs"]
mod texts;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        texts::hold_as_cursor(text);
    }
});
