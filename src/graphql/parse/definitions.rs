//! Definitions of types. No request may have any, but what is wrong with one is said before that.

use super::{Constness, Parsed, Parser, lexer::*};

/// What may be defined, as errors list it.
const KINDS: &str = "SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE";

impl Parser<'_> {
    pub(super) fn schema_definition(&mut self) -> Parsed<()> {
        let pos = self.token.pos;
        if self.token.is_name("extend") {
            self.advance()?;
            self.extension()?;
        } else {
            self.description()?;
            self.definition_of_kind()?;
        }
        self.document.schema_definitions.push(pos);
        Ok(())
    }

    fn definition_of_kind(&mut self) -> Parsed<()> {
        match self.keyword() {
            Some("schema") => {
                self.advance()?;
                self.directives()?;
                self.roots()
            }
            Some("directive") => self.directive_definition(),
            Some("interface") => {
                self.advance()?;
                self.name()?;
                self.implements()?;
                self.directives()?;
                self.field_definitions()
            }
            kind => self.named(kind),
        }
    }

    fn extension(&mut self) -> Parsed<()> {
        match self.keyword() {
            Some("schema") => {
                self.advance()?;
                self.directives()?;
                if self.at(LCURLY) { self.roots() } else { Ok(()) }
            }
            Some("interface") => {
                self.advance()?;
                self.name()?;
                self.directives()?;
                self.implements()?;
                if self.at(LCURLY) { self.field_definitions() } else { Ok(()) }
            }
            Some("directive") => Err(self.expected_one_of(KINDS)),
            kind => self.named(kind),
        }
    }

    /// A scalar, type, union, enum or input, whether it is defined or extended.
    fn named(&mut self, kind: Option<&str>) -> Parsed<()> {
        if !matches!(kind, Some("scalar" | "type" | "union" | "enum" | "input")) {
            return Err(self.expected_one_of(KINDS));
        }
        self.advance()?;
        self.name()?;
        if kind == Some("type") {
            self.implements()?;
        }
        self.directives()?;
        match kind {
            Some("type") if self.at(LCURLY) => self.field_definitions(),
            Some("input") if self.at(LCURLY) => self.inside(LCURLY, RCURLY, Self::input_definition).map(drop),
            Some("enum") if self.at(LCURLY) => self.inside(LCURLY, RCURLY, Self::enum_value).map(drop),
            Some("union") if self.at(EQUALS) => self.union_members(),
            _ => Ok(()),
        }
    }

    fn roots(&mut self) -> Parsed<()> {
        self.inside(LCURLY, RCURLY, |parser| {
            if !matches!(parser.keyword(), Some("query" | "mutation" | "subscription")) {
                return Err(parser.expected_one_of("QUERY, MUTATION, SUBSCRIPTION"));
            }
            parser.advance()?;
            parser.expect(COLON)?;
            parser.name().map(drop)
        })
        .map(drop)
    }

    fn directive_definition(&mut self) -> Parsed<()> {
        self.advance()?;
        self.expect(DIR_SIGN)?;
        self.name()?;
        self.argument_definitions()?;
        if self.token.is_name("repeatable") {
            self.advance()?;
        }
        if !self.token.is_name("on") {
            return Err(self.expected("ON"));
        }
        self.advance()?;
        self.names_between_pipes()
    }

    fn names_between_pipes(&mut self) -> Parsed<()> {
        self.name()?;
        while self.at(PIPE) {
            self.advance()?;
            self.name()?;
        }
        Ok(())
    }

    fn union_members(&mut self) -> Parsed<()> {
        self.advance()?;
        if self.at(PIPE) {
            self.advance()?;
        }
        self.names_between_pipes()
    }

    fn implements(&mut self) -> Parsed<()> {
        if !self.token.is_name("implements") {
            return Ok(());
        }
        self.advance()?;
        loop {
            if self.at(AMP) {
                self.advance()?;
            }
            if !self.token.is_identifier() {
                return Ok(());
            }
            self.name()?;
        }
    }

    fn field_definitions(&mut self) -> Parsed<()> {
        self.inside(LCURLY, RCURLY, |parser| {
            parser.description()?;
            parser.name()?;
            parser.argument_definitions()?;
            parser.expect(COLON)?;
            parser.ty()?;
            parser.directives().map(drop)
        })
        .map(drop)
    }

    fn argument_definitions(&mut self) -> Parsed<()> {
        if !self.at(LPAREN) {
            return Ok(());
        }
        self.inside(LPAREN, RPAREN, Self::input_definition).map(drop)
    }

    fn input_definition(&mut self) -> Parsed<()> {
        self.description()?;
        self.name()?;
        self.expect(COLON)?;
        self.ty()?;
        if self.at(EQUALS) {
            self.advance()?;
            self.value(Constness::Variable)?;
        }
        self.directives().map(drop)
    }

    fn enum_value(&mut self) -> Parsed<()> {
        self.description()?;
        if matches!(self.keyword(), Some("true" | "false" | "null")) {
            return Err(self.expected("IDENTIFIER"));
        }
        self.name()?;
        self.directives().map(drop)
    }

    fn description(&mut self) -> Parsed<()> {
        if self.at(Kind::Text) || self.at(Kind::BlockText) {
            self.string()?;
            self.advance()?;
        }
        Ok(())
    }

    fn keyword(&self) -> Option<&'static str> {
        let known = ["schema", "scalar", "type", "enum", "input", "union", "interface", "directive"];
        let others = ["query", "mutation", "subscription", "true", "false", "null"];
        known.into_iter().chain(others).find(|keyword| self.token.is_name(keyword))
    }

    fn expected_one_of(&self, kinds: &str) -> Box<crate::graphql::error::GraphqlError> {
        let actual = match self.token.kind {
            Kind::End => self.lexer.described(&self.token).replacen("(none)", "NOTHING", 1),
            _ => self.lexer.described(&self.token),
        };
        self.lexer.syntax_error(&format!("Expected one of {kinds}, actual: {actual}"))
    }
}
