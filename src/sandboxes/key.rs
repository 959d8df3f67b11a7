//! Keys: `gh_sbox_<sandbox>_<secret>`, where a role of the seed is a secret too; `gh_sbox_<64 alphanumerics>` for those
//! that were made in the default sandbox.

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// The sandbox that always exists.
pub const DEFAULT: &str = "default";
const PREFIX: &str = "gh_sbox_";
/// How long the secrets of made keys are.
const MADE: usize = 64;

#[derive(Debug, PartialEq)]
pub struct Key<'k> {
    pub sandbox: &'k str,
    /// What `ApiKey.secret` holds.
    pub secret: &'k str,
}

impl<'k> Key<'k> {
    /// Err says why no key is spelled like this.
    pub fn parse(text: &'k str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix(PREFIX) else { return Err(foreign(text)) };
        let (sandbox, secret) = rest.rsplit_once('_').unwrap_or((DEFAULT, rest));
        if secret.is_empty() { Err("the key ends too early".to_owned()) } else { Ok(Self { sandbox, secret }) }
    }

    /// The key of a role of the seed.
    pub fn of_role(sandbox: &str, secret: &str) -> String {
        format!("{PREFIX}{sandbox}_{secret}")
    }
}

fn foreign(text: &str) -> String {
    let decoded = BASE64_STANDARD.decode(text).ok();
    if decoded.is_some_and(|decoded| decoded.starts_with(PREFIX.as_bytes())) {
        return "the key is in base64; send it as it is, after Basic or Bearer".to_owned();
    }
    match text {
        "" => "the key is empty".to_owned(),
        _ => format!("keys start with {PREFIX}"),
    }
}

/// What may be shown of what was sent as a key: somebody's real one stays unseen.
pub fn shown(text: &str) -> String {
    match text.starts_with(PREFIX) {
        true => text.to_owned(),
        false => text.chars().take(PREFIX.len()).chain(['…']).collect(),
    }
}

pub(super) fn is_made(secret: &str) -> bool {
    secret.len() == MADE && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Why nobody holds a key with this secret.
pub(super) fn unheld(secret: &str) -> String {
    if is_made(secret) { "no such key, or no longer".to_owned() } else { format!("no role '{secret}'") }
}

/// True for what a sandbox may be called.
pub fn is_name(name: &str) -> bool {
    (1..=63).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(key: &str) -> (&str, &str) {
        let key = Key::parse(key).expect("a key");
        (key.sandbox, key.secret)
    }

    #[test]
    fn a_key_names_its_sandbox_and_ends_in_its_secret() {
        assert_eq!(parsed("gh_sbox_vitest-3_owner"), ("vitest-3", "owner"));
        let made = "a".repeat(64);
        assert_eq!(parsed(&format!("gh_sbox_vitest-3_{made}")), ("vitest-3", made.as_str()));
        assert_eq!(parsed(&format!("gh_sbox_{made}")), (DEFAULT, made.as_str()));
        assert_eq!(parsed("gh_sbox_vitest_3_ownr"), ("vitest_3", "ownr"));
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        assert_eq!(Key::parse("gh_live_abc"), Err("keys start with gh_sbox_".to_owned()));
        assert_eq!(Key::parse(""), Err("the key is empty".to_owned()));
        let encoded = BASE64_STANDARD.encode("gh_sbox_default_owner:");
        assert!(Key::parse(&encoded).unwrap_err().contains("base64"));
    }

    #[test]
    fn names_are_short_and_plain() {
        assert!(is_name("ci-42") && is_name(&"a".repeat(63)));
        assert!(!is_name("") && !is_name(&"a".repeat(64)) && !is_name("Ci") && !is_name("a_b"));
    }
}
