//! Reads as much of Rust as it takes to see which paths a file names.

/// A path that a file names, as written: `["crate", "engine", "Call"]`.
#[derive(Debug, PartialEq)]
pub struct Named {
    pub path: Vec<String>,
    /// The inline modules around it.
    pub within: Vec<String>,
    pub line: usize,
    /// Stands in an item under `#[cfg(test)]`.
    pub in_test: bool,
}

/// What one file says.
#[derive(Default)]
pub struct Source {
    pub named: Vec<Named>,
    /// Modules with a file of their own that are compiled for tests only: `#[cfg(test)] mod tests;`.
    pub test_modules: Vec<Vec<String>>,
    /// Lines that say `async`.
    pub asyncs: Vec<usize>,
}

/// Reads `text`; `crates` are the foreign crates whose names start a path.
pub fn read(text: &str, crates: &[&str]) -> Source {
    let words = words(text);
    let in_test = tested(&words);
    let mut source = Source::default();
    let mut modules: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        let next = words.get(at + 1).map_or("", |next| next.text);
        match word.text {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                modules.retain(|(_, opened)| *opened <= depth);
            }
            "async" => source.asyncs.push(word.line),
            "mod" if words.get(at + 2).is_some_and(|word| word.text == "{") => modules.push((next.to_owned(), depth + 1)),
            "mod" if in_test[at] => {
                let path = modules.iter().map(|(name, _)| name.clone()).chain([next.to_owned()]);
                source.test_modules.push(path.collect());
            }
            _ if starts_path(&words, at) => {
                let is_ours = matches!(word.text, "crate" | "super" | "self") && next == "::";
                let is_import = at > 0 && matches!(words[at - 1].text, "use" | "crate") && matches!(next, ";" | "as");
                if is_ours || crates.contains(&word.text) && (next == "::" || is_import) {
                    let mut paths = Vec::new();
                    let end = tree(&words, at, &mut Vec::new(), &mut paths);
                    let within: Vec<String> = modules.iter().map(|(name, _)| name.clone()).collect();
                    source.named.extend(paths.into_iter().map(|(path, line)| Named {
                        path,
                        within: within.clone(),
                        line,
                        in_test: in_test[at],
                    }));
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    source
}

struct Word<'t> {
    text: &'t str,
    line: usize,
}

/// Behind these, `::` starts a path.
const KEYWORDS: [&str; 9] = ["as", "dyn", "else", "for", "impl", "in", "mut", "return", "use"];

/// A word that no path leads to: not behind a dot, nor behind another part.
fn starts_path(words: &[Word<'_>], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| words[at].text);
    match before(1) {
        "." => false,
        "::" => KEYWORDS.contains(&before(2)) || !(before(2) == ">" || before(2).ends_with(is_name)),
        _ => true,
    }
}

/// Collects the paths of a `use` tree, or the one path of an expression; says where it ends.
fn tree(words: &[Word<'_>], mut at: usize, prefix: &mut Vec<String>, paths: &mut Vec<(Vec<String>, usize)>) -> usize {
    let length = prefix.len();
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    loop {
        if text(at) == "{" {
            at += 1;
            while text(at) != "}" && at < words.len() {
                at = if text(at) == "," { at + 1 } else { tree(words, at, prefix, paths) };
            }
            at += 1;
            break;
        }
        prefix.push(text(at).to_owned());
        let line = words.get(at).map_or(0, |word| word.line);
        at += 1;
        let goes_on = text(at) == "::" && (matches!(text(at + 1), "{" | "*") || text(at + 1).starts_with(is_name));
        if !goes_on {
            if text(at) == "as" && text(at + 1).starts_with(is_name) {
                at += 2;
            }
            paths.push((prefix.clone(), line));
            break;
        }
        at += 1;
    }
    prefix.truncate(length);
    at
}

/// Which words belong to items under `#[cfg(test)]`.
fn tested(words: &[Word<'_>]) -> Vec<bool> {
    let mut tested = vec![false; words.len()];
    let is = |at: usize, texts: &[&str]| texts.iter().enumerate().all(|(i, text)| words.get(at + i).is_some_and(|word| word.text == *text));
    for start in 0..words.len() {
        if !is(start, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            continue;
        }
        let is_import = words[start..].iter().find(|word| ["use", "mod", "fn", "impl", "struct"].contains(&word.text));
        let is_import = is_import.is_some_and(|word| word.text == "use");
        let mut depth = 0;
        for at in start + 7..words.len() {
            tested[at] = true;
            match words[at].text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => {
                    depth -= 1;
                    if depth == 0 && words[at].text == "}" && !is_import {
                        break;
                    }
                }
                ";" if depth == 0 => break,
                _ => {}
            }
        }
    }
    tested
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Names and signs; no comments, strings, characters or lifetimes.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest),
            '\'' => character(rest),
            'r' | 'b' | 'c' if string_prefix(rest).is_some() => string_prefix(rest).expect("just asked"),
            c if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        let is_text =
            matches!(first, '"' | '\'') || word.starts_with("//") || word.starts_with("/*") || word.ends_with(['"', '#']) && length > 1;
        if !first.is_whitespace() && !is_text {
            words.push(Word { text: word, line });
        }
        line += word.matches('\n').count();
        rest = behind;
    }
    words
}

fn block_comment(text: &str) -> usize {
    let mut open = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            open += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            open -= 1;
            at += 2;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        if open == 0 {
            return at;
        }
    }
    text.len()
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A character, or a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let Some((_, first)) = chars.next() else { return 1 };
    let Some((end, second)) = chars.next() else { return text.len() };
    match (first, second) {
        ('\\', _) => text[3..].find('\'').map_or(text.len(), |more| 3 + more + 1),
        (_, '\'') => end + 1,
        _ => text[1..].find(|c| !is_name(c)).map_or(text.len(), |more| 1 + more.max(1)),
    }
}

/// The length of `r"…"`, `br#"…"#`, `b"…"`, `c"…"`, `b'…'`.
fn string_prefix(text: &str) -> Option<usize> {
    let name = text.find(|c| !is_name(c))?;
    let (prefix, behind) = text.split_at(name);
    let raw = matches!(prefix, "r" | "br" | "cr");
    if raw {
        let fences = behind.bytes().take_while(|byte| *byte == b'#').count();
        let open = behind[fences..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(fences));
        return Some(name + fences + 1 + open.find(&close).map_or(open.len(), |at| at + close.len()));
    }
    match (prefix, behind.as_bytes().first()) {
        ("b" | "c", Some(b'"')) => Some(name + quoted(behind)),
        ("b", Some(b'\'')) => Some(name + character(behind)),
        _ => None,
    }
}
