//! Which of a document's operations a request runs.

use super::{
    error::GraphqlError,
    parse::{Document, Operation},
};

/// The operation of that name, or the only one.
pub fn choose<'d>(document: &'d Document, operation_name: Option<&str>) -> Result<&'d Operation, GraphqlError> {
    // Assumed: clients that fill the field with an empty string mean that they have no name.
    match operation_name.filter(|name| !name.is_empty()) {
        Some(wanted) => document
            .operations
            .iter()
            .find(|operation| operation.name() == Some(wanted))
            .ok_or_else(|| GraphqlError::new(format!("No operation named {wanted:?}"))),
        None => match document.operations.as_slice() {
            [only] => Ok(only),
            _ => Err(GraphqlError::new("An operation name is required")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::parse::parse;

    fn chosen(text: &str, name: Option<&str>) -> Result<Option<String>, String> {
        let document = parse(text).expect("well formed");
        choose(&document, name).map(|operation| operation.name().map(str::to_owned)).map_err(|error| error.message)
    }

    #[test]
    fn the_only_operation_needs_no_name() {
        assert_eq!(chosen("{ a }", None), Ok(None));
        assert_eq!(chosen("query A { a }", Some("")), Ok(Some("A".to_owned())));
    }

    #[test]
    fn one_of_several_is_chosen_by_name() {
        let two = "query A { a } query B { a }";
        assert_eq!(chosen(two, Some("B")), Ok(Some("B".to_owned())));
        assert_eq!(chosen(two, None), Err("An operation name is required".to_owned()));
        assert_eq!(chosen(two, Some("C")), Err("No operation named \"C\"".to_owned()));
    }
}
