//! Lists: who sees what, filtered, searched, ordered and paged, in every form that the API has for it.

mod loose;
mod order;
mod usual;

use super::{Catalogue, Input, Kind, Lifted, Reading, View, row::table};
use crate::schema::{Base, Column, Field, Named, Slot, TypeId};
use crate::state::{Key, Record, TENANT, Value, encode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{marker::PhantomData, sync::Arc};

type Keep = Box<dyn Fn(Reading<'_>, &Arc<Record>, &Lifted) -> bool + Send + Sync>;
type SortBy = Arc<dyn Fn(Reading<'_>, &Arc<Record>) -> Value + Send + Sync>;
type Denied = fn(Reading<'_>) -> Option<&'static str>;
type Scope = Box<dyn Fn(Reading<'_>, &Lifted) -> Within + Send + Sync>;

/// Where a list's records are to be looked for.
pub struct Within {
    /// The columns that the records have in common, and their values; those of an index where there is one.
    pub equal: Vec<(Slot, Value)>,
    /// True where every record found there may be seen, so that none has to be asked.
    pub all_visible: bool,
    /// True where the list is empty whatever there is.
    pub nothing: bool,
    /// The columns whose values lie in a span; an index in the order of one is walked in that span only.
    spans: Vec<Span>,
}

/// An index for the first of the columns in common, with their values, and the columns that it leaves.
struct Indexed<'a> {
    index: usize,
    values: Vec<Value>,
    rest: &'a [(Slot, Value)],
}

/// Values from one on, up to another that no longer belongs.
struct Span {
    slot: Slot,
    from: Option<Value>,
    before: Option<Value>,
}

impl Span {
    fn holds(&self, record: &Record) -> bool {
        let key = key_of(record.get(self.slot));
        let reached = self.from.as_ref().is_none_or(|from| key >= key_of(from));
        !record.get(self.slot).is_null() && reached && !self.is_past(record)
    }

    fn is_past(&self, record: &Record) -> bool {
        self.before.as_ref().is_some_and(|before| key_of(record.get(self.slot)) >= key_of(before))
    }

    fn is_not_reached(&self, record: &Record) -> bool {
        self.from.as_ref().is_some_and(|from| key_of(record.get(self.slot)) < key_of(from))
    }
}

fn key_of(value: &Value) -> Key {
    let mut key = Key::new();
    encode(&mut key, value);
    key
}

impl Within {
    pub fn nothing() -> Self {
        Self { equal: vec![], all_visible: true, nothing: true, spans: vec![] }
    }

    pub fn having<T: Named, K: Kind>(field: Field<T, K>, value: K::Write) -> Self {
        Self { equal: vec![(field.slot, K::write(value))], all_visible: false, nothing: false, spans: vec![] }
    }

    /// The records of one organization.
    pub fn organization(id: u64) -> Self {
        Self { equal: vec![(TENANT, Value::Id(id))], all_visible: false, nothing: false, spans: vec![] }
    }

    pub fn everything() -> Self {
        Self { equal: vec![], all_visible: false, nothing: false, spans: vec![] }
    }

    /// Only what holds `value` in `field` too.
    pub fn and<T: Named, K: Kind>(mut self, field: Field<T, K>, value: K::Write) -> Self {
        self.equal.push((field.slot, K::write(value)));
        self
    }

    pub fn all_visible(mut self) -> Self {
        self.all_visible = true;
        self
    }

    /// The index that `find` has for the most of the columns in common, counted from the first. What it leaves has to be
    /// looked at in each record.
    fn indexed(&self, find: impl Fn(&[Slot]) -> Option<usize>) -> Option<Indexed<'_>> {
        let slots: Vec<Slot> = self.equal.iter().map(|(slot, _)| *slot).collect();
        // An index without columns in common is one for a list without any.
        let least = usize::from(!slots.is_empty());
        (least..=slots.len()).rev().find_map(|known| {
            let index = find(&slots[..known])?;
            let values = self.equal[..known].iter().map(|(_, value)| value.clone()).collect();
            Some(Indexed { index, values, rest: &self.equal[known..] })
        })
    }

    /// Only what holds `from` or more in `field`.
    pub fn from<T: Named, K: Kind>(mut self, field: Field<T, K>, from: K::Write) -> Self {
        self.spans.push(Span { slot: field.slot, from: Some(K::write(from)), before: None });
        self
    }

    /// Only what holds less than `before` in `field`.
    pub fn before<T: Named, K: Kind>(mut self, field: Field<T, K>, before: K::Write) -> Self {
        self.spans.push(Span { slot: field.slot, from: None, before: Some(K::write(before)) });
        self
    }
}

#[derive(Clone)]
enum SortKey {
    Column(Slot),
    Computed(SortBy),
}

#[derive(Clone)]
struct Order {
    name: &'static str,
    keys: Vec<SortKey>,
}

/// The rules of one list, without its types.
pub struct ListRules {
    pub of: TypeId,
    scope: Scope,
    denied: Option<Denied>,
    /// By the argument that calls for it; None is for all calls.
    keeps: Vec<(Option<Slot>, Keep)>,
    orders: Vec<Order>,
    default_order: &'static str,
    page_size: usize,
    most: usize,
    paginates: bool,
    read: Vec<Slot>,
    accepted: Vec<Slot>,
}

/// A builder for the list of `T` behind a field whose arguments are an `A`.
pub struct List<T, A> {
    pub(super) rules: ListRules,
    of: PhantomData<fn() -> (T, A)>,
}

impl<T: Named + 'static, A: Named + 'static> Default for List<T, A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Named + 'static, A: Named + 'static> List<T, A> {
    /// All that the viewer's organization has and the viewer may see, by id, ten a page.
    pub fn new() -> Self {
        let scope: Scope = Box::new(|on, _| match on.viewer().organization() {
            0 => Within::everything(),
            own => Within::organization(own),
        });
        let rules = ListRules {
            of: T::TYPE,
            scope,
            denied: None,
            keeps: vec![],
            orders: vec![],
            default_order: "",
            page_size: 10,
            most: usize::MAX,
            paginates: true,
            read: vec![],
            accepted: vec![],
        };
        Self { rules, of: PhantomData }
    }

    /// As [`List::new`], with a filter for each argument whose name says what it is about: a column of `T`, the ids of
    /// records, words to look for. What no rule of the list reads is in the request log.
    pub fn usual() -> Self {
        usual::list()
    }

    pub fn within(mut self, scope: fn(Reading<'_>, &Input<'_, A>) -> Within) -> Self {
        self.rules.scope = Box::new(move |on, args| scope(on, &Input::new(args)));
        self
    }

    /// An error with this text instead of a list, for those who may not see it.
    pub fn denied(mut self, denied: fn(Reading<'_>) -> Option<&'static str>) -> Self {
        self.rules.denied = Some(denied);
        self
    }

    /// Only what `keep` says yes to, in every call.
    pub fn keep(mut self, keep: fn(&View<'_, T>, &Input<'_, A>) -> bool) -> Self {
        let keep: Keep = Box::new(move |on, record, args| keep(&View::new(on, record), &Input::new(args)));
        self.rules.keeps.push((None, keep));
        self
    }

    /// Where `argument` has a value: only what `keep` says yes to.
    pub fn filter<K: Kind + 'static>(mut self, argument: Field<A, K>, keep: fn(&View<'_, T>, K::Read<'_>) -> bool) -> Self
    where
        A: 'static,
    {
        let slot = argument.slot;
        let keep: Keep = Box::new(move |on, record, args| {
            let value = args.sent(slot).and_then(Option::as_ref).and_then(K::read);
            value.is_none_or(|value| keep(&View::new(on, record), value))
        });
        self.rules.keeps.push((Some(slot), keep));
        self
    }

    /// Where `argument` has a value: only what holds it in `column`.
    pub fn filter_eq<K, L>(mut self, argument: Field<A, K>, column: Field<T, L>) -> Self {
        let (slot, column) = (argument.slot, column.slot);
        let keep: Keep = Box::new(move |_, record, args| {
            let wanted = args.sent(slot).and_then(Option::as_ref);
            wanted.is_none_or(|wanted| match wanted.as_list() {
                Some(wanted) => wanted.is_empty() || wanted.iter().any(|wanted| same(record.get(column), wanted)),
                None => wanted.is_null() || same(record.get(column), wanted),
            })
        });
        self.rules.keeps.push((Some(slot), keep));
        self
    }

    /// Where `argument` has words: only what has every word in one of the entity's searched columns.
    pub fn keywords<K>(mut self, argument: Field<A, K>) -> Self {
        let slot = argument.slot;
        let keep: Keep = Box::new(move |on, record, args| {
            let words = args.sent(slot).and_then(Option::as_ref).and_then(Value::as_str).unwrap_or_default();
            on.scene.catalogue.matches(T::TYPE, record, words)
        });
        self.rules.keeps.push((Some(slot), keep));
        self
    }

    /// `NAME_ASC` and `NAME_DESC` go by these columns. A name that is a column's own needs no word.
    pub fn order(mut self, name: &'static str, columns: &[Slot]) -> Self {
        self.rules.orders.push(Order { name, keys: columns.iter().map(|slot| SortKey::Column(*slot)).collect() });
        self
    }

    /// `NAME_ASC` and `NAME_DESC` go by what `key` says of a record.
    pub fn order_by(mut self, name: &'static str, key: fn(&View<'_, T>) -> Value) -> Self {
        let key: SortBy = Arc::new(move |on, record| key(&View::new(on, record)));
        self.rules.orders.push(Order { name, keys: vec![SortKey::Computed(key)] });
        self
    }

    /// The order where none is asked for: `LAST_NAME_ASC`.
    pub fn default_order(mut self, name: &'static str) -> Self {
        self.rules.default_order = name;
        self
    }

    pub fn page_size(mut self, page_size: usize) -> Self {
        self.rules.page_size = page_size;
        self
    }

    /// No page is longer, whatever is asked for.
    pub fn most(mut self, most: usize) -> Self {
        self.rules.most = most;
        self
    }

    /// All at once, unless `should_paginate`, `page_size` or a cursor asks for pages.
    pub fn unpaged(mut self) -> Self {
        self.rules.paginates = false;
        self
    }

    /// A rule of this list looks at the argument itself.
    pub fn reads<K>(mut self, argument: Field<A, K>) -> Self {
        self.rules.read.push(argument.slot);
        self
    }

    /// The argument is known to change nothing that can be seen.
    pub fn accepts<K>(mut self, argument: Field<A, K>) -> Self {
        self.rules.accepted.push(argument.slot);
        self
    }
}

fn holds_all(record: &Record, equal: &[(Slot, Value)]) -> bool {
    equal.iter().all(|(slot, value)| match *slot {
        TENANT => Value::Id(record.tenant()) == *value,
        slot => same(record.get(slot), value),
    })
}

pub(super) fn same(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Text(value), Value::Text(wanted)) => value.eq_ignore_ascii_case(wanted),
        (Value::List(values), Value::List(wanted)) => wanted.iter().all(|wanted| values.contains(wanted)),
        (Value::List(values), wanted) => values.contains(wanted),
        (value, wanted) => value == wanted || value.as_id().is_some() && value.as_id() == wanted.as_id(),
    }
}

/// One page of a list.
#[derive(Clone)]
pub struct Page {
    pub of: TypeId,
    pub rows: Vec<Arc<Record>>,
    pub has_next: bool,
    pub has_previous: bool,
    /// How many there are on all pages; counted only when asked for.
    pub total: Option<usize>,
    order: Arc<Sorting>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page of {} {:?}", self.rows.len(), self.of)
    }
}

impl Page {
    /// Everything at once, in the order given; its cursors go by id.
    pub fn whole(of: TypeId, rows: Vec<Arc<Record>>) -> Self {
        let total = Some(rows.len());
        Self { of, rows, has_next: false, has_previous: false, total, order: Arc::default() }
    }

    /// Documented for 2024-06-01: base64 of `{"k":["3"]}`. The values that the list is ordered by, then the id; an
    /// assumption for connections, whose real form nobody has published: so insertions don't shift pages.
    pub fn cursor(&self, on: Reading<'_>, record: &Arc<Record>) -> String {
        self.order.cursor(on, record)
    }
}

#[derive(Default)]
struct Sorting {
    keys: Vec<SortKey>,
    descending: bool,
}

impl Sorting {
    fn values(&self, on: Reading<'_>, record: &Arc<Record>) -> Vec<Value> {
        let value = |key: &SortKey| match key {
            SortKey::Column(slot) => record.get(*slot).clone(),
            SortKey::Computed(rule) => rule(on, record),
        };
        self.keys.iter().map(value).collect()
    }

    fn key(&self, on: Reading<'_>, record: &Arc<Record>) -> Key {
        let mut key = Key::new();
        for value in self.values(on, record) {
            encode(&mut key, &value);
        }
        key.extend(record.id().to_be_bytes());
        key
    }

    fn cursor(&self, on: Reading<'_>, record: &Arc<Record>) -> String {
        let mut k: Vec<String> = self.values(on, record).iter().map(cursor_text).collect();
        k.push(record.id().to_string());
        STANDARD.encode(serde_json::json!({ "k": k }).to_string())
    }

    /// The key that a cursor stands for; that of its record where it is still there.
    fn key_of_cursor(&self, on: Reading<'_>, of: TypeId, cursor: &str) -> Option<Key> {
        let (values, id) = read_cursor(cursor)?;
        if values.len() != self.keys.len() {
            return None;
        }
        if let Some(record) = on.state.get(table(of), id) {
            return Some(self.key(on, record));
        }
        let mut key = Key::new();
        for (text, sort) in values.iter().zip(&self.keys) {
            encode(&mut key, &cursor_value(text, of, sort));
        }
        key.extend(id.to_be_bytes());
        Some(key)
    }
}

fn cursor_text(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Json(text) => text.to_string(),
        Value::Int(number) | Value::Instant(number) => number.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Date(days) => days.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Null | Value::List(_) | Value::Object(_) | Value::File(_) => String::new(),
    }
}

fn cursor_value(text: &str, of: TypeId, key: &SortKey) -> Value {
    let SortKey::Column(slot) = key else { return Value::text(text) };
    match of.shape().column(*slot).base {
        _ if text.is_empty() => Value::Null,
        Base::Int | Base::Instant | Base::Id | Base::Date => text.parse().map_or(Value::Null, Value::Int),
        Base::Float => text.parse().map_or(Value::Null, Value::Float),
        Base::Bool => Value::Bool(text == "true"),
        _ => Value::text(text),
    }
}

/// The list behind a field of a record: all of its rows are known, and its arguments say which of them are shown.
impl Page {
    /// The part that `args` ask for: `keywords`, `order_by`, and either form of paging. Cursors find their record by id.
    pub fn cut(mut self, on: Reading<'_>, args: &Lifted, connection: bool) -> Result<Self, BadArgument> {
        let rules = ListRules::behind_a_field(self.of);
        let sorting = rules.sorting(args)?;
        if let Some(words) = text(args, "keywords").filter(|words| !words.is_empty()) {
            self.rows.retain(|record| on.scene.catalogue.matches(self.of, record, &words));
        }
        if !sorting.keys.is_empty() {
            self.rows.sort_by_cached_key(|record| sorting.key(on, record));
            if sorting.descending {
                self.rows.reverse();
            }
        }
        self.order = Arc::new(sorting);
        self.total = Some(self.rows.len());
        let asked = rules.asked(args, connection)?;
        let after = self.position(asked.after.as_deref())?.map_or(asked.offset, |at| at + 1);
        let before = self.position(asked.before.as_deref())?;
        let rows: Vec<_> = self.rows.drain(..).take(before.unwrap_or(usize::MAX)).skip(after).collect();
        self.has_next = before.is_some();
        self.has_previous = asked.after.is_some();
        self.trim(rows, &asked);
        Ok(self)
    }

    /// graphql-ruby cuts by `first`, then by `last`.
    fn trim(&mut self, mut rows: Vec<Arc<Record>>, asked: &Asked) {
        if let Some(first) = asked.first.filter(|first| *first < rows.len()) {
            rows.truncate(first);
            self.has_next = true;
        }
        if let Some(last) = asked.last.filter(|last| *last < rows.len()) {
            rows.drain(..rows.len() - last);
            self.has_previous = true;
        }
        self.rows = rows;
    }

    fn position(&self, cursor: Option<&str>) -> Result<Option<usize>, BadArgument> {
        let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let bad = || BadArgument(format!("Invalid input: {cursor:?}"));
        let (_, id) = read_cursor(cursor).ok_or_else(bad)?;
        Ok(self.rows.iter().position(|record| record.id() == id))
    }
}

/// The values and the id that a cursor is made of.
fn read_cursor(cursor: &str) -> Option<(Vec<String>, u64)> {
    let text = STANDARD.decode(cursor).ok()?;
    let parsed: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let texts = parsed.get("k")?.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
    let mut values = texts.collect::<Option<Vec<_>>>()?;
    let id = values.pop()?.parse().ok()?;
    Some((values, id))
}

/// What a call asks of a list, from whichever arguments its field has.
struct Asked {
    offset: usize,
    first: Option<usize>,
    last: Option<usize>,
    after: Option<String>,
    before: Option<String>,
    connection: bool,
}

/// A list could not be given: an argument was no cursor, number or date.
#[derive(Debug)]
pub struct BadArgument(pub String);

impl ListRules {
    /// No rules but those that all lists have. Not paged unless it is asked for.
    fn behind_a_field(of: TypeId) -> Self {
        Self {
            of,
            scope: Box::new(|_, _| Within::everything()),
            denied: None,
            keeps: vec![],
            orders: vec![],
            default_order: "",
            page_size: 10,
            most: usize::MAX,
            paginates: false,
            read: vec![],
            accepted: vec![],
        }
    }

    /// `connection` is how the asking version shows the list; `wants_total` whether the answer shows how many there are.
    pub fn page(&self, on: Reading<'_>, args: &Lifted, connection: bool, wants_total: bool) -> Result<Page, BadArgument> {
        self.check(args)?;
        if let Some(text) = self.denied.and_then(|denied| denied(on)) {
            return Err(BadArgument(text.to_owned()));
        }
        let sorting = Arc::new(self.sorting(args)?);
        let asked = self.asked(args, connection)?;
        let after = self.cursor(&sorting, on, asked.after.as_deref())?;
        let before = self.cursor(&sorting, on, asked.before.as_deref())?;
        let within = self.within(on, args);
        let mut page = Page { of: self.of, rows: vec![], has_next: false, has_previous: false, total: None, order: sorting.clone() };
        if wants_total {
            page.total = Some(self.total(on, args, &within));
        }
        if within.nothing {
            return Ok(page);
        }
        if asked.last.is_some() || before.is_some() {
            self.window(&mut page, on, args, &within, &asked, after, before);
            return Ok(page);
        }
        let wanted = asked.first.unwrap_or(usize::MAX);
        let skip = if after.is_some() { 0 } else { asked.offset };
        let mut rows = self.rows(on, args, &within, &sorting, after.as_deref());
        let mut found = rows.by_ref().skip(skip);
        page.rows = found.by_ref().take(wanted).collect();
        page.has_next = wanted != usize::MAX && found.next().is_some();
        page.has_previous = after.is_some() && asked.connection;
        Ok(page)
    }

    /// How many records the list has on all its pages.
    pub fn count(&self, on: Reading<'_>, args: &Lifted) -> Result<usize, BadArgument> {
        self.check(args)?;
        let within = self.within(on, args);
        Ok(self.total(on, args, &within))
    }

    fn check(&self, args: &Lifted) -> Result<(), BadArgument> {
        self.keeps.iter().filter_map(|(slot, _)| *slot).chain(self.read.iter().copied()).for_each(|slot| args.mark(slot));
        self.accepted.iter().for_each(|slot| args.accept(*slot));
        match unreadable(args).find(|column| column.base != Base::Choice) {
            Some(column) => Err(BadArgument(format!("{} is invalid", column.name()))),
            None => Ok(()),
        }
    }

    /// Where the records are to be looked for. Assumed: what the older version takes as text and is no value of the newer one's
    /// enum is one that no record has.
    fn within(&self, on: Reading<'_>, args: &Lifted) -> Within {
        if unreadable(args).any(|column| column.base == Base::Choice) { Within::nothing() } else { (self.scope)(on, args) }
    }

    /// `last` and `before`, for which the rows up to the end have to be known.
    #[expect(clippy::too_many_arguments, reason = "one page's whole surroundings, used once")]
    fn window(
        &self,
        page: &mut Page,
        on: Reading<'_>,
        args: &Lifted,
        within: &Within,
        asked: &Asked,
        after: Option<Key>,
        before: Option<Key>,
    ) {
        let sorting = page.order.clone();
        let precedes = |record: &Arc<Record>| match &before {
            Some(before) => (sorting.key(on, record) < *before) != sorting.descending && sorting.key(on, record) != *before,
            None => true,
        };
        let rows: Vec<_> = self.rows(on, args, within, &sorting, after.as_deref()).take_while(precedes).collect();
        page.has_next = before.is_some();
        page.has_previous = after.is_some();
        page.trim(rows, asked);
    }

    fn total(&self, on: Reading<'_>, args: &Lifted, within: &Within) -> usize {
        if within.nothing {
            return 0;
        }
        let sieve = self.sieve(on, args, within);
        if within.all_visible && sieve.keeps.is_empty() && within.spans.is_empty() {
            let (equal, values): (Vec<Slot>, Vec<Value>) = within.equal.iter().cloned().unzip();
            if let Some(index) = on.state.index(table(self.of), &equal, &[]) {
                return on.state.count(table(self.of), index, &values);
            }
        }
        self.candidates(on, within).filter(|record| sieve.lets_pass(record)).count()
    }

    /// What a record has to pass, found out once for all records.
    fn sieve<'s>(&'s self, on: Reading<'s>, args: &'s Lifted, within: &'s Within) -> Sieve<'s> {
        let wanted = self.keeps.iter().filter(|(slot, _)| slot.is_none_or(|slot| is_given(args, slot)));
        Sieve { of: self.of, on, args, within, keeps: wanted.map(|(_, keep)| keep).collect() }
    }

    fn candidates<'s>(&self, on: Reading<'s>, within: &Within) -> Box<dyn Iterator<Item = &'s Arc<Record>> + 's> {
        let of = table(self.of);
        match within.indexed(|equal| on.state.index(of, equal, &[])) {
            Some(Indexed { index, values, rest }) => {
                let rest = rest.to_vec();
                Box::new(on.state.find(of, index, &values, false, None).filter(move |record| holds_all(record, &rest)))
            }
            None => {
                let rest = within.equal.clone();
                Box::new(on.state.all(of).filter(move |record| holds_all(record, &rest)))
            }
        }
    }

    /// The list in order, from behind `after` on: from an index in that order where there is one, else sorted.
    fn rows<'s>(
        &'s self,
        on: Reading<'s>,
        args: &'s Lifted,
        within: &'s Within,
        sorting: &Sorting,
        after: Option<&[u8]>,
    ) -> Box<dyn Iterator<Item = Arc<Record>> + 's> {
        let sieve = self.sieve(on, args, within);
        let columns: Option<Vec<Slot>> =
            sorting.keys.iter().map(|key| if let SortKey::Column(slot) = key { Some(*slot) } else { None }).collect();
        let index = columns.and_then(|columns| within.indexed(|equal| on.state.exact_index(table(self.of), equal, &columns)));
        if let Some(Indexed { index, values, rest }) = index {
            let descending = sorting.descending;
            let by = sorting.keys.first().and_then(|key| if let SortKey::Column(slot) = key { Some(*slot) } else { None });
            let spans = move || within.spans.iter().filter(move |span| Some(span.slot) == by);
            // A key without an id lies in front of all the records with its values.
            let edges = spans().filter_map(|span| if descending { span.before.as_ref() } else { span.from.as_ref() }).map(key_of);
            let starts = edges.chain(after.map(<[u8]>::to_vec));
            let start = if descending { starts.min() } else { starts.max() };
            let ended =
                move |record: &Record| spans().any(|span| if descending { span.is_not_reached(record) } else { span.is_past(record) });
            let found = on.state.find(table(self.of), index, &values, descending, start.as_deref());
            let found = found.take_while(move |record| !ended(record));
            return Box::new(found.filter(move |record| holds_all(record, rest) && sieve.lets_pass(record)).cloned());
        }
        let kept = self.candidates(on, within).filter(|record| sieve.lets_pass(record));
        let mut keyed: Vec<(Key, Arc<Record>)> = kept.map(|record| (sorting.key(on, record), record.clone())).collect();
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        if sorting.descending {
            keyed.reverse();
        }
        let start =
            after.map_or(0, |after| keyed.partition_point(|(key, _)| (key.as_slice() < after) != sorting.descending || key == after));
        Box::new(keyed.into_iter().skip(start).map(|(_, record)| record))
    }

    fn cursor(&self, sorting: &Sorting, on: Reading<'_>, cursor: Option<&str>) -> Result<Option<Key>, BadArgument> {
        // graphql-ruby ignores an empty cursor; the text for a bad one is its default.
        let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let bad = || BadArgument(format!("Invalid input: {cursor:?}"));
        sorting.key_of_cursor(on, self.of, cursor).map(Some).ok_or_else(bad)
    }

    /// True for an order that sorts by something: `LAST_NAME_ASC`.
    pub fn knows(&self, order: &str) -> bool {
        let order = order.to_uppercase();
        let name = order.strip_suffix("_ASC").or_else(|| order.strip_suffix("_DESC")).unwrap_or(&order);
        self.orders.iter().any(|order| order.name == name) || order::keys(self.of, &name.to_lowercase()).is_some()
    }

    /// `order_by` wins when both it and `sort_by` are sent (assumed).
    fn sorting(&self, args: &Lifted) -> Result<Sorting, BadArgument> {
        let named = |name| text(args, name).map(|order| order.to_uppercase());
        let by_default = self.default_order.to_owned();
        let order_by = named("order_by");
        let sort_by = named("sort_by").filter(|order| !order.is_empty());
        // A version's default for `order_by` is there even when only `sort_by` was sent.
        let asked = match (order_by, sort_by) {
            (Some(order), Some(sort)) if order == by_default => sort,
            (Some(order), _) => order,
            (None, Some(sort)) => sort,
            (None, None) => by_default,
        };
        if asked.is_empty() || asked == "UNSORTED" {
            return Ok(Sorting::default());
        }
        let (name, descending) = match (asked.strip_suffix("_ASC"), asked.strip_suffix("_DESC")) {
            (Some(name), _) => (name, false),
            (_, Some(name)) => (name, true),
            _ => (asked.as_str(), false),
        };
        if let Some(order) = self.orders.iter().find(|order| order.name == name) {
            return Ok(Sorting { keys: order.keys.clone(), descending });
        }
        match order::keys(self.of, &name.to_lowercase()) {
            Some(keys) => Ok(Sorting { keys, descending }),
            // `sort_by` is free text: an order that nobody knows is the default (assumed, like an unknown Rails scope).
            None if asked != self.default_order && !self.default_order.is_empty() => self.sorting_named(self.default_order),
            None => Ok(Sorting::default()),
        }
    }

    fn sorting_named(&self, name: &str) -> Result<Sorting, BadArgument> {
        let (base, descending) = match name.strip_suffix("_DESC") {
            Some(base) => (base, true),
            None => (name.strip_suffix("_ASC").unwrap_or(name), false),
        };
        let keys = match self.orders.iter().find(|order| order.name == base) {
            Some(order) => order.keys.clone(),
            None => order::keys(self.of, &base.to_lowercase()).unwrap_or_default(),
        };
        Ok(Sorting { keys, descending })
    }

    fn asked(&self, args: &Lifted, connection: bool) -> Result<Asked, BadArgument> {
        let size = |name| number(args, name).map(|number| number.max(0) as usize);
        let (first, last) = (size("first"), size("last"));
        let (after, before) = (text(args, "after"), text(args, "before"));
        let cut = |size: usize| size.min(self.most);
        if connection {
            // Documented: 100 where neither `first` nor `last` is sent.
            let first = if first.is_none() && last.is_none() { size("limit").or(Some(100)) } else { first };
            return Ok(Asked { offset: 0, first: first.map(cut), last: last.map(cut), after, before, connection });
        }
        let offset = size("offset").unwrap_or(0);
        let page_size = size("page_size").or_else(|| size("per_page")).or_else(|| size("limit"));
        let all_at_once = flag(args, "withoutPagination").filter(|all| *all).map(|_| false);
        let paginates = all_at_once.or_else(|| flag(args, "should_paginate"));
        let wants_pages = paginates.unwrap_or(self.paginates || after.is_some() || page_size.is_some());
        let first = wants_pages.then(|| cut(page_size.unwrap_or(self.page_size)));
        Ok(Asked { offset, first, last: None, after, before: None, connection })
    }
}

/// One call's conditions.
struct Sieve<'s> {
    of: TypeId,
    on: Reading<'s>,
    args: &'s Lifted,
    within: &'s Within,
    keeps: Vec<&'s Keep>,
}

impl Sieve<'_> {
    fn lets_pass(&self, record: &Arc<Record>) -> bool {
        self.within.spans.iter().all(|span| span.holds(record))
            && (self.within.all_visible || self.on.may_see(self.of, record))
            && self.keeps.iter().all(|keep| keep(self.on, record, self.args))
    }
}

/// The arguments that cannot be read.
fn unreadable(args: &Lifted) -> impl Iterator<Item = &'static Column> {
    args.each().filter(|(_, value)| value.is_none()).map(|(slot, _)| args.of.shape().column(slot))
}

fn sent<'a>(args: &'a Lifted, name: &str) -> Option<&'a Value> {
    let slot = args.of.shape().slot(name)?;
    args.mark(slot);
    args.sent(slot)?.as_ref()
}

fn text(args: &Lifted, name: &str) -> Option<String> {
    sent(args, name)?.as_str().map(str::to_owned)
}

fn number(args: &Lifted, name: &str) -> Option<i64> {
    match sent(args, name)? {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

fn flag(args: &Lifted, name: &str) -> Option<bool> {
    sent(args, name)?.as_bool()
}

fn is_given(args: &Lifted, slot: Slot) -> bool {
    let says_something =
        |value: &Value| !value.is_null() && value.as_str() != Some("") && value.as_list().is_none_or(|items| !items.is_empty());
    matches!(args.sent(slot), Some(Some(value)) if says_something(value))
}

/// True where every word is in one of the columns: part of a text, or the whole of an id, a number or a day.
pub(super) fn matches(record: &Record, searched: &[Slot], words: &str) -> bool {
    words.split_whitespace().all(|word| {
        let word = word.to_lowercase();
        record.id().to_string() == word || searched.iter().any(|slot| holds(record.get(*slot), &word))
    })
}

fn holds(value: &Value, word: &str) -> bool {
    match value {
        Value::Text(text) => text.to_lowercase().contains(word),
        Value::Id(id) => id.to_string() == word,
        Value::Int(number) => number.to_string() == word,
        Value::Date(days) => super::kind::civil_date(*days).to_string() == word,
        Value::List(items) => items.iter().any(|item| holds(item, word)),
        _ => false,
    }
}

impl Catalogue {
    fn matches(&self, ty: TypeId, record: &Record, words: &str) -> bool {
        self.rules(ty).is_none_or(|rules| rules.searched.is_empty() || matches(record, &rules.searched, words))
    }
}
