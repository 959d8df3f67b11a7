//! Which of a document's operations a request runs.

use super::{
    error::GraphqlError,
    parse::{Document, Operation},
};

/// The operation of that name; without one the only one, or the one that has none. Of several that share a name the last,
/// which validation refuses. None where the document has no operation at all, which validation never lets pass.
pub fn choose<'d>(document: &'d Document, operation_name: Option<&str>) -> Result<Option<&'d Operation>, GraphqlError> {
    let operations = &document.operations;
    let Some(first) = operations.first() else { return Ok(None) };
    // Assumed: clients that fill the field with an empty string mean that they have no name.
    let wanted = operation_name.filter(|name| !name.is_empty());
    let share_a_name = operations.iter().all(|operation| operation.name() == first.name());
    if wanted.is_none() && share_a_name {
        return Ok(operations.last());
    }
    let chosen = operations.iter().rev().find(|operation| operation.name() == wanted);
    chosen.map(Some).ok_or_else(|| {
        GraphqlError::new(match wanted {
            Some(wanted) => format!("No operation named \"{wanted}\""),
            None => "An operation name is required".to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::parse::parse;

    fn chosen(text: &str, name: Option<&str>) -> Result<Option<String>, String> {
        let document = parse(text).expect("well formed");
        let operation = choose(&document, name).map_err(|error| error.message)?;
        Ok(operation.and_then(Operation::name).map(str::to_owned))
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

    #[test]
    fn what_validation_refuses_anyway_is_left_to_it() {
        assert_eq!(chosen("{ a } query B { b }", None), Ok(None));
        assert_eq!(chosen("query A { a } query A { b }", None), Ok(Some("A".to_owned())));
        assert!(choose(&parse("fragment F on User { id }").expect("well formed"), Some("A")).is_ok_and(|chosen| chosen.is_none()));
    }
}
