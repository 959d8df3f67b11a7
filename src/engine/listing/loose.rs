//! Lists of what no table keeps: worked-out objects, or records of several types.

use super::{BadArgument, number, text};
use crate::engine::{Answer, Lifted};
use crate::schema::TypeId;
use crate::state::Value;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// What a page of such a list lies in: the whole list, and the bounds of what is shown.
struct Cut {
    from: usize,
    to: usize,
    total: usize,
}

impl Answer {
    /// `items` as the connection of type `of`, cut to what `args` ask for.
    pub fn connection(of: TypeId, items: Vec<Answer>, args: &Lifted) -> Result<Self, BadArgument> {
        let cut = Cut::of(items.len(), args)?;
        let shape = of.shape();
        let part = |name: &str| shape.slot(name).expect("connections have the same fields");
        let edge = shape.column(part("edges")).target;
        let info = shape.column(part("page_info")).target;
        let shown: Vec<(usize, Answer)> = items.into_iter().enumerate().skip(cut.from).take(cut.to - cut.from).collect();
        let edges = shown.iter().map(|(at, item)| object(edge, [("node", item.clone()), ("cursor", cursor(*at))])).collect();
        let nodes = shown.into_iter().map(|(_, item)| item).collect();
        let page_info = object(
            info,
            [
                ("has_next_page", Value::Bool(cut.to < cut.total).into()),
                ("has_previous_page", Value::Bool(cut.from > 0).into()),
                ("start_cursor", if cut.from < cut.to { cursor(cut.from) } else { Answer::NULL }),
                ("end_cursor", if cut.from < cut.to { cursor(cut.to - 1) } else { Answer::NULL }),
            ],
        );
        let total = Value::Int(cut.total as i64).into();
        Ok(object(of, [("nodes", Answer::List(nodes)), ("edges", Answer::List(edges)), ("page_info", page_info), ("total_count", total)]))
    }

    /// `items` as a plain list, from `offset` on, and of the length that `size` names, where the call says so.
    pub fn offset_list(items: Vec<Answer>, args: &Lifted, size: &str) -> Self {
        let asked = |name: &str| number(args, name).map(|number| number.max(0) as usize);
        let (offset, size) = (asked("offset").unwrap_or(0), asked(size).unwrap_or(usize::MAX));
        let after = text(args, "after").and_then(|after| position(&after));
        Self::List(items.into_iter().skip(after.map_or(offset, |at| at + 1)).take(size).collect())
    }
}

impl Cut {
    /// graphql-ruby cuts by the cursors, then by `first`, then by `last`. Documented: 100 where neither is sent.
    fn of(total: usize, args: &Lifted) -> Result<Self, BadArgument> {
        let size = |name| number(args, name).map(|number| number.max(0) as usize);
        let at = |name| match text(args, name).filter(|cursor| !cursor.is_empty()) {
            Some(cursor) => position(&cursor).map(Some).ok_or_else(|| BadArgument(format!("Invalid input: {cursor:?}"))),
            None => Ok(None),
        };
        let mut from = at("after")?.map_or(0, |at| at + 1).min(total);
        let mut to = at("before")?.unwrap_or(total).clamp(from, total);
        let (first, last) = (size("first"), size("last"));
        let first = if first.is_none() && last.is_none() { Some(100) } else { first };
        to = first.map_or(to, |first| to.min(from.saturating_add(first)));
        from = last.map_or(from, |last| from.max(to.saturating_sub(last)));
        Ok(Self { from, to, total })
    }
}

/// graphql-ruby's form for what has no key of its own: where it stands, counted from 1.
fn cursor(at: usize) -> Answer {
    Value::from(URL_SAFE_NO_PAD.encode((at + 1).to_string())).into()
}

fn position(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor.trim_end_matches('=')).ok()?).ok()?;
    text.parse::<usize>().ok()?.checked_sub(1)
}

/// An object by its fields' names; those that the type doesn't have are left out.
fn object<const N: usize>(of: TypeId, fields: [(&str, Answer); N]) -> Answer {
    let shape = of.shape();
    let known = fields.into_iter().filter_map(|(name, answer)| Some((shape.slot(name)?, answer)));
    Answer::Object(of, known.collect())
}
