//! Which addresses deliveries can go to.

use crate::engine::Refusal;

/// Documented: the address has to be a valid URL. Assumed: of HTTP, and the text.
pub fn refuse_invalid_url(url: &str) -> Result<(), Refusal> {
    if is_valid(url) { Ok(()) } else { Err(Refusal::named("url", "is invalid")) }
}

fn is_valid(url: &str) -> bool {
    let Some((scheme, rest)) = url.trim().split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !name.is_empty()
        && !name.contains(|c: char| c.is_whitespace() || "<>^|\\\"%".contains(c))
        && !url.trim().contains(char::is_whitespace)
        && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_of_http_and_a_host() {
        for valid in ["https://example.com/hook?x=1", "http://localhost:4000", "HTTP://[::1]:80/", "https://user:pass@host.example"] {
            assert!(is_valid(valid), "{valid}");
        }
        for invalid in ["", "example.com", "ftp://example.com", "https://", "https:///path", "http://host:99999", "http://two words"] {
            assert!(!is_valid(invalid), "{invalid}");
        }
    }
}
