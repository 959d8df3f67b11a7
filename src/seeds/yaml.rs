//! YAML with the line of everything, and scalars as they were written: what a text means is for its column to say.

use super::error::{Mistake, Place, SeedError};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Node {
    pub at: Place,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// Nothing, `~` or `null`.
    Null,
    Text {
        text: String,
        quoted: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub struct Key {
    pub at: Place,
    pub name: String,
}

const DEEPEST: usize = 32;

pub fn parse(file: &str, text: &str) -> Result<Node, SeedError> {
    let mut reader = Reader { file: file.into(), events: Parser::new_from_str(text) };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd => return Ok(Node { at: reader.at(span), what: What::Null }),
            event => return reader.node(event, span, 0),
        }
    }
}

struct Reader<'a> {
    file: Arc<str>,
    events: Parser<'a, StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn at(&self, span: Span) -> Place {
        Place { file: self.file.clone(), line: span.start.line() }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), SeedError> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = Place { file: self.file.clone(), line: error.marker().line() };
                Err(Mistake::Yaml(error.info().to_owned()).at(&at))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, SeedError> {
        let at = self.at(span);
        if depth > DEEPEST {
            return Err(Mistake::Yaml(format!("lists and maps lie deeper than {DEEPEST} in each other")).at(&at));
        }
        let what = match event {
            Event::Scalar(text, style, _, _) => {
                let quoted = style != ScalarStyle::Plain;
                match text.as_ref() {
                    "" | "~" | "null" if !quoted => What::Null,
                    text => What::Text { text: text.to_owned(), quoted },
                }
            }
            Event::SequenceStart(..) => What::List(self.list(depth)?),
            Event::MappingStart(..) => What::Map(self.map(depth)?),
            Event::Alias(_) => return Err(Mistake::Yaml("aliases are not followed: write the value out".into()).at(&at)),
            _ => return Err(Mistake::Yaml("the document ends too early".into()).at(&at)),
        };
        Ok(Node { at, what })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, SeedError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, SeedError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let at = self.at(span);
            let name = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(name, ..) => name.into_owned(),
                _ => return Err(Mistake::Yaml("a name belongs before the colon".into()).at(&at)),
            };
            if entries.iter().any(|(key, _)| key.name == name) {
                return Err(Mistake::DuplicateColumn { name }.at(&at));
            }
            let (event, span) = self.next()?;
            let node = self.node(event, span, depth + 1)?;
            entries.push((Key { at, name }, node));
        }
    }
}

impl Node {
    /// What it is, for messages.
    pub fn found(&self) -> &'static str {
        match self.what {
            What::Null => "nothing",
            What::Text { .. } => "a text",
            What::List(_) => "a list",
            What::Map(_) => "a map",
        }
    }

    pub fn misplaced(&self, wanted: &'static str) -> SeedError {
        Mistake::Shape { found: self.found(), wanted }.at(&self.at)
    }

    pub fn text(&self) -> Result<&str, SeedError> {
        match &self.what {
            What::Text { text, .. } => Ok(text),
            _ => Err(self.misplaced("a text")),
        }
    }

    pub fn map_entries(&self, wanted: &'static str) -> Result<&[(Key, Node)], SeedError> {
        match &self.what {
            What::Map(entries) => Ok(entries),
            _ => Err(self.misplaced(wanted)),
        }
    }

    /// As JSON: what YAML takes for a number or a Boolean is one.
    pub fn json(&self) -> serde_json::Value {
        match &self.what {
            What::Null => serde_json::Value::Null,
            What::Text { text, quoted: false } => match serde_json::from_str(text) {
                Ok(plain @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => plain,
                _ => text.as_str().into(),
            },
            What::Text { text, .. } => text.as_str().into(),
            What::List(items) => items.iter().map(Self::json).collect(),
            What::Map(entries) => entries.iter().map(|(key, node)| (key.name.clone(), node.json())).collect(),
        }
    }
}
