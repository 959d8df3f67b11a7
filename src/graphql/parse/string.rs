//! What a string literal says.

use super::{
    inspect::inspected,
    lexer::{Kind, Token},
};

/// What a token of a string says. Err is what the error shows of a string that says nothing: escapes that are no number or no
/// character.
pub(super) fn said(token: &Token<'_>) -> Result<String, String> {
    match token.kind {
        Kind::BlockText => Ok(block(token.text)),
        _ => quoted(token.text),
    }
}

/// The text between the quotes of `"…"`.
fn quoted(token: &str) -> Result<String, String> {
    let body = token.strip_prefix('"').and_then(|body| body.strip_suffix('"')).unwrap_or(token);
    let mut text = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((plain, behind)) = rest.split_once('\\') {
        text.extend_from_slice(plain.as_bytes());
        let mut chars = behind.chars();
        let escaped = match chars.next() {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            _ => {
                rest = unicode(behind, &mut text).ok_or_else(|| inspected(body.as_bytes()))?;
                continue;
            }
        };
        text.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
        rest = chars.as_str();
    }
    text.extend_from_slice(rest.as_bytes());
    String::from_utf8(text).map_err(|broken| inspected(broken.as_bytes()))
}

/// Reads `uXXXX` or `u{X…}` and returns what is behind it. Two escapes that follow each other are read together, which is
/// how surrogates find each other; after an escape of another kind they don't, as in graphql-ruby.
fn unicode<'t>(escape: &'t str, text: &mut Vec<u8>) -> Option<&'t str> {
    let (first, rest) = code_point(escape.strip_prefix('u')?)?;
    let second = rest.strip_prefix("\\u").and_then(four_digits);
    match second {
        Some((low, rest)) if (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&low) => {
            push(text, 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00));
            Some(rest)
        }
        Some((second, rest)) => {
            push(text, first);
            push(text, second);
            Some(rest)
        }
        None => {
            push(text, first);
            Some(rest)
        }
    }
}

fn code_point(text: &str) -> Option<(u32, &str)> {
    match text.strip_prefix('{') {
        Some(braced) => {
            let (digits, rest) = braced.split_once('}')?;
            Some((hexadecimal(digits)?, rest))
        }
        None => four_digits(text),
    }
}

fn four_digits(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((hexadecimal(digits)?, rest))
}

/// As UTF-8 would have it, also for what is no character; the whole is looked at in the end.
fn push(text: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(next) => text.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes()),
        None if code < 0x10000 => text.extend([0xe0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3f) as u8, 0x80 | (code & 0x3f) as u8]),
        None => text.extend([
            0xf0 | (code >> 18 & 7) as u8,
            0x80 | (code >> 12 & 0x3f) as u8,
            0x80 | (code >> 6 & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]),
    }
}

/// `from_str_radix` alone would take a sign.
fn hexadecimal(digits: &str) -> Option<u32> {
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    only_digits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// The text between the quotes of `"""…"""`, without common indentation and blank ends.
fn block(token: &str) -> String {
    let body = token.strip_prefix("\"\"\"").and_then(|body| body.strip_suffix("\"\"\"")).unwrap_or(token);
    let unified = body.replace("\\\"\"\"", "\"\"\"").replace("\r\n", "\n").replace('\r', "\n");
    let is_blank = |line: &&str| line.trim_matches([' ', '\t']).is_empty();
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let indent = unified.split('\n').skip(1).filter(|line| !is_blank(line)).map(indentation).min().unwrap_or(0);
    let lines: Vec<&str> =
        unified.split('\n').enumerate().map(|(at, line)| if at == 0 { line } else { line.get(indent..).unwrap_or("") }).collect();
    let Some(first) = lines.iter().position(|line| !is_blank(line)) else { return String::new() };
    let last = lines.iter().rposition(|line| !is_blank(line)).unwrap_or(first);
    lines[first..=last].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read() {
        assert_eq!(quoted(r#""a\n\"\u00e9\\""#).as_deref(), Ok("a\n\"é\\"));
        assert_eq!(quoted(r#""\uD83D\uDE00\u{1F600}""#).as_deref(), Ok("😀😀"));
        assert_eq!(quoted(r#""\u{0041}\u0042\u0043""#).as_deref(), Ok("ABC"));
    }

    #[test]
    fn broken_escapes_are_refused() {
        let shown = |token: &str| quoted(token).expect_err(token);
        assert_eq!(shown(r#""a\uZZZZ""#), r#""a\\uZZZZ""#);
        assert_eq!(shown(r#""\uD83D""#), r#""\xED\xA0\xBD""#);
        assert_eq!(shown(r#""\u{110000}""#), r#""\xF4\x90\x80\x80""#);
        for broken in [r#""\uD83Dx""#, r#""\uD83D\u0041""#, r#""\uDE00""#, r#""\u0041\uD83D\uDE00""#, r#""\u{12345678901}""#] {
            assert!(quoted(broken).is_err(), "{broken}");
        }
        assert!(quoted(r#""\uéé""#).is_err());
    }

    #[test]
    fn a_block_loses_its_indentation() {
        assert_eq!(block("\"\"\"\n    a\n      b\r\n\n    \\\"\"\"c\n  \"\"\""), "a\n  b\n\n\"\"\"c");
        assert_eq!(block("\"\"\"\"\"\""), "");
        assert_eq!(block("\"\"\"é\n é\n\té\"\"\""), "é\né\né");
    }
}
