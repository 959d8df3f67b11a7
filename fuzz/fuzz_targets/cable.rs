//! Whatever a socket sends is ignored or answered by a frame, without a panic.
#![no_main]

#[path = "../frames.rs"]
mod frames;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = frames::hold(text);
    }
});
