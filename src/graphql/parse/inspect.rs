//! Text as Ruby's `inspect` shows it, which is how syntax errors quote the document.

use std::fmt::Write;

/// `"a\n\"b\""`; what is no UTF-8 as `\xC3`.
pub(super) fn inspected(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len() + 2);
    shown.push('"');
    for chunk in bytes.utf8_chunks() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(next) = chars.next() {
            let starts_a_value = next == '#' && chars.peek().is_some_and(|next| matches!(next, '{' | '$' | '@'));
            match next {
                '"' | '\\' => shown.extend(['\\', next]),
                '#' if starts_a_value => shown.push_str("\\#"),
                '\n' => shown.push_str("\\n"),
                '\r' => shown.push_str("\\r"),
                '\t' => shown.push_str("\\t"),
                '\u{7}' => shown.push_str("\\a"),
                '\u{8}' => shown.push_str("\\b"),
                '\u{b}' => shown.push_str("\\v"),
                '\u{c}' => shown.push_str("\\f"),
                '\u{1b}' => shown.push_str("\\e"),
                next if next.is_control() || next == '\u{feff}' => write!(shown, "\\u{:04X}", u32::from(next)).expect("a string grows"),
                next => shown.push(next),
            }
        }
        for byte in chunk.invalid() {
            write!(shown, "\\x{byte:02X}").expect("a string grows");
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_ruby_shows_it() {
        assert_eq!(inspected("é \"a\"\\\n\t\u{0}\u{1b}#{x}#y".as_bytes()), r##""é \"a\"\\\n\t\u0000\e\#{x}#y""##);
        assert_eq!(inspected(b"\xc3("), r#""\xC3(""#);
    }
}
