//! Where in the document an error is: a path that costs nothing until one is reported.

use super::super::{
    error::PathSegment,
    parse::{Operation, Written},
};
use std::rc::Rc;

/// The last step; the ones above hang on it, shared with all that stands beside it.
pub(super) type Path<'d> = Option<Rc<Step<'d>>>;

pub(super) struct Step<'d> {
    label: Label<'d>,
    above: Path<'d>,
}

/// What a path says of one step.
#[derive(Clone, Copy)]
pub(super) enum Label<'d> {
    Operation(&'d Operation),
    /// By its name, which is empty where it has none.
    Fragment(&'d str),
    /// A field's key, or an argument.
    Key(&'d str),
    Spread(&'d str),
    Inline(Option<&'d str>),
    /// A part of the list, or that which stands for one.
    Item {
        list: &'d Written,
        part: &'d Written,
    },
}

pub(super) fn below<'d>(above: &Path<'d>, label: Label<'d>) -> Path<'d> {
    Some(Rc::new(Step { label, above: above.clone() }))
}

/// As an answer says it.
pub(super) fn segments(path: &Path<'_>) -> Vec<PathSegment> {
    let mut segments = Vec::new();
    let mut next = path.as_ref();
    while let Some(step) = next {
        segments.push(step.label.segment());
        next = step.above.as_ref();
    }
    segments.reverse();
    segments
}

impl Label<'_> {
    fn segment(self) -> PathSegment {
        match self {
            Self::Operation(operation) => super::label(operation).as_str().into(),
            Self::Fragment(name) => format!("fragment {name}").as_str().into(),
            Self::Key(key) => key.into(),
            Self::Spread(name) => format!("... {name}").as_str().into(),
            Self::Inline(Some(ty)) => format!("... on {ty}").as_str().into(),
            Self::Inline(None) => "...".into(),
            Self::Item { list, part } => list.index_of(part).into(),
        }
    }
}
