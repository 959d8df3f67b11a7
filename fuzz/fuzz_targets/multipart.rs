//! Whatever comes as a multipart form is read or turned away, and what is read is answered.
#![no_main]

#[path = "../forms.rs"]
mod forms;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = forms::hold(bytes);
});
