//! Passwords as they are kept.

use ring::digest::{SHA256, digest};
use std::fmt::Write;

/// What `User.password_digest` holds for a password. Plain and fast on purpose: a sandbox keeps no secrets, and a slow
/// hash would make every seed and every `signIn` in a test slow.
pub fn password_digest(password: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in digest(&SHA256, password.as_bytes()).as_ref() {
        write!(hex, "{byte:02x}").expect("writing to a String");
    }
    hex
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_digest_is_sha256_in_hex() {
        assert_eq!(super::password_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
