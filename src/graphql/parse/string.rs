//! What a string literal says.

/// The text between the quotes of `"…"`. None for an escape that means nothing.
pub(super) fn quoted(token: &str) -> Option<String> {
    let body = token.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(next) = chars.next() {
        if next != '\\' {
            text.push(next);
            continue;
        }
        text.push(match chars.next()? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (escaped, rest) = unicode(chars.as_str())?;
                chars = rest.chars();
                escaped
            }
            _ => return None,
        });
    }
    Some(text)
}

/// What follows `\u`: four digits, two surrogates of four digits each, or digits in braces.
fn unicode(text: &str) -> Option<(char, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (digits, rest) = braced.split_once('}')?;
        return Some((char::from_u32(hexadecimal(digits)?)?, rest));
    }
    let (high, rest) = (hexadecimal(text.get(..4)?)?, text.get(4..)?);
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, rest));
    }
    let rest = rest.strip_prefix("\\u")?;
    let (low, rest) = (hexadecimal(rest.get(..4)?)?, rest.get(4..)?);
    if !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, rest))
}

/// `from_str_radix` alone would take a sign.
fn hexadecimal(digits: &str) -> Option<u32> {
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    only_digits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// The text between the quotes of `"""…"""`, without common indentation and blank ends.
pub(super) fn block(token: &str) -> String {
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
        assert_eq!(quoted(r#""a\n\"\u00e9\\""#).as_deref(), Some("a\n\"é\\"));
        assert_eq!(quoted(r#""\uD83D\uDE00\u{1F600}""#).as_deref(), Some("😀😀"));
    }

    #[test]
    fn broken_escapes_are_refused() {
        for broken in [r#""\q""#, r#""\u12""#, r#""\uD83D""#, r#""\uD83Dx""#, r#""\uD83D\u0041""#, r#""\uDE00""#, r#""\u+123""#, r#""\u{""#]
        {
            assert_eq!(quoted(broken), None, "{broken}");
        }
        assert_eq!(quoted(r#""\uéé""#), None);
    }

    #[test]
    fn a_block_loses_its_indentation() {
        assert_eq!(block("\"\"\"\n    a\n      b\r\n\n    \\\"\"\"c\n  \"\"\""), "a\n  b\n\n\"\"\"c");
        assert_eq!(block("\"\"\"\"\"\""), "");
        assert_eq!(block("\"\"\"é\n é\n\té\"\"\""), "é\né\né");
    }
}
