//! Any JSON as variables of documents that take them is answered as the API would: the same each time, and without a panic.
#![no_main]

#[path = "../promises.rs"]
mod promises;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        promises::hold_as_variables(text);
    }
});
