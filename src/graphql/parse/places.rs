//! Where things stand: lines and columns as graphql-ruby counts them.

use async_graphql_parser::Pos;

/// The line breaks of a text.
///
/// graphql-ruby takes places in bytes and line breaks in characters; clients that compare locations see the difference behind
/// the first character that isn't ASCII, so the same is done here. Only `\n` breaks a line.
pub(super) struct Places {
    /// In characters.
    breaks: Vec<usize>,
}

impl Places {
    pub fn of(text: &str) -> Self {
        let breaks = match text.is_ascii() {
            true => text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect(),
            false => text.chars().enumerate().filter(|(_, next)| *next == '\n').map(|(at, _)| at).collect(),
        };
        Self { breaks }
    }

    /// Of what stands at this byte of a document that could be read.
    pub fn of_node(&self, at: usize) -> Pos {
        let line = self.breaks.partition_point(|line_break| *line_break < at);
        let column = match line.checked_sub(1) {
            Some(before) => at - self.breaks[before],
            None => at + 1,
        };
        Pos { line: line + 1, column }
    }

    /// Of the byte at which reading stopped: that many characters are looked at.
    pub fn of_error(&self, text: &str, at: usize) -> Pos {
        if text.is_ascii() {
            return self.of_node(at);
        }
        let count = text.chars().count().min(at + 1);
        let lines = self.breaks.iter().take_while(|line_break| **line_break < count);
        let (lines, last) = lines.fold((0, None), |(lines, _), line_break| (lines + 1, Some(*line_break)));
        Pos { line: lines + 1, column: last.map_or(count, |line_break| (count - line_break - 1).max(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_a_line_feed_and_columns_count_from_one() {
        let text = "{\r\n\ta\n b }";
        let places = Places::of(text);
        let of = |what: &str| places.of_node(text.find(what).expect("in the text"));
        assert_eq!((of("{"), of("a"), of("b")), (Pos { line: 1, column: 1 }, Pos { line: 2, column: 2 }, Pos { line: 3, column: 2 }));
    }

    #[test]
    fn what_is_not_ascii_counts_as_its_bytes() {
        let text = "# é\n{ a(b: \"é\") c }\n";
        let places = Places::of(text);
        let c = text.find('c').expect("in the text");
        assert_eq!(places.of_node(c), Pos { line: 2, column: 15 });
        assert_eq!(places.of_error(text, c), Pos { line: 2, column: 15 });
    }
}
