//! Ordered views of a table, kept up to date with it.

use super::{Record, Value};
use imbl::{OrdMap, OrdSet};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::Arc;

/// Stands for [`Record::tenant`] where a slot is asked for.
pub const TENANT: u16 = u16::MAX;

/// What an index is by: records with equal values of `equal` lie together, ordered by `order` and then by id.
/// A record whose only `equal` column holds a list lies once at each of its items.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexSpec {
    pub equal: Vec<u16>,
    pub order: Vec<u16>,
}

/// Values in bytes that sort as the values do: text without regard to case, null last.
pub type Key = Vec<u8>;

#[derive(Clone, Default)]
pub(super) struct Index {
    entries: OrdSet<Arc<[u8]>>,
    counts: OrdMap<Arc<[u8]>, u32>,
}

impl Index {
    pub(super) fn add(&mut self, spec: &IndexSpec, record: &Record) {
        each_entry(spec, record, |key, prefix| {
            if self.entries.insert(key.into()).is_some() || spec.equal.is_empty() {
                return;
            }
            match self.counts.get_mut(&key[..prefix]) {
                Some(count) => *count += 1,
                None => {
                    self.counts.insert(key[..prefix].into(), 1);
                }
            }
        });
    }

    pub(super) fn remove(&mut self, spec: &IndexSpec, record: &Record) {
        each_entry(spec, record, |key, prefix| {
            if self.entries.remove(key).is_none() || spec.equal.is_empty() {
                return;
            }
            match self.counts.get_mut(&key[..prefix]) {
                Some(count) if *count > 1 => *count -= 1,
                _ => {
                    self.counts.remove(&key[..prefix]);
                }
            }
        });
    }

    pub(super) fn count(&self, prefix: &[u8]) -> usize {
        if prefix.is_empty() { self.entries.len() } else { self.counts.get(prefix).map_or(0, |count| *count as usize) }
    }

    /// The ids at `prefix`, in order, from behind the key `after` on.
    pub(super) fn ids<'a>(&'a self, prefix: &[u8], reverse: bool, after: Option<&[u8]>) -> Box<dyn Iterator<Item = u64> + 'a> {
        let end = successor(prefix);
        let beyond = after.map(|after| [prefix, after].concat());
        let (mut from, mut to) = (Included(prefix), end.as_deref().map_or(Unbounded, Excluded));
        match &beyond {
            Some(key) if reverse => to = Excluded(key),
            Some(key) => from = Excluded(key),
            None => {}
        }
        let range = self.entries.range::<(Bound<&[u8]>, Bound<&[u8]>), [u8]>((from, to));
        match reverse {
            true => Box::new(range.rev().map(|key| id_of(key))),
            false => Box::new(range.map(|key| id_of(key))),
        }
    }
}

/// The key that follows every key with this prefix.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

fn id_of(key: &[u8]) -> u64 {
    let tail = key.last_chunk::<8>().expect("every key ends in an id");
    u64::from_be_bytes(*tail)
}

/// Gives each key of `record`, and how much of it is the equal values.
fn each_entry(spec: &IndexSpec, record: &Record, mut give: impl FnMut(&[u8], usize)) {
    let mut key = Key::with_capacity(64);
    let mut give = |key: &mut Key| {
        let prefix = key.len();
        spec.order.iter().for_each(|slot| encode_of(key, record, *slot));
        key.extend(record.id().to_be_bytes());
        give(key, prefix);
    };
    let many = match spec.equal[..] {
        [slot] if slot != TENANT => record.get(slot).as_list(),
        _ => None,
    };
    let Some(items) = many else {
        spec.equal.iter().for_each(|slot| encode_of(&mut key, record, *slot));
        return give(&mut key);
    };
    for item in items {
        key.clear();
        encode(&mut key, item);
        give(&mut key);
    }
}

fn encode_of(key: &mut Key, record: &Record, slot: u16) {
    if slot == TENANT { encode(key, &Value::Id(record.tenant())) } else { encode(key, record.get(slot)) }
}

/// Appends `value` so that bytes sort as values do.
pub fn encode(key: &mut Key, value: &Value) {
    match value {
        Value::Null => key.push(0xF0),
        Value::Bool(yes) => key.extend([0x10, u8::from(*yes)]),
        Value::Int(number) | Value::Instant(number) => encode_number(key, *number as f64, *number),
        Value::Date(days) => encode_number(key, f64::from(*days), i64::from(*days)),
        Value::Id(id) => encode_number(key, *id as f64, *id as i64),
        Value::Float(number) => encode_number(key, *number, *number as i64),
        Value::Text(text) | Value::Json(text) => {
            key.push(0x30);
            match text.is_ascii() {
                true => encode_text(key, text.bytes().map(|byte| byte.to_ascii_lowercase())),
                false => encode_text(key, text.chars().flat_map(char::to_lowercase).collect::<String>().bytes()),
            }
        }
        Value::List(items) => items.iter().for_each(|item| encode(key, item)),
        Value::Object(_) | Value::File(_) => key.push(0xE0),
    }
}

fn encode_text(key: &mut Key, bytes: impl Iterator<Item = u8>) {
    for byte in bytes {
        match byte {
            0 => key.extend([0, 0xFF]),
            byte => key.push(byte),
        }
    }
    key.extend([0, 1]);
}

/// Ids, integers, instants and floats share one order; the integer breaks ties that a float cannot tell.
fn encode_number(key: &mut Key, number: f64, exact: i64) {
    let bits = number.to_bits();
    let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    key.push(0x20);
    key.extend(ordered.to_be_bytes());
    key.extend(((exact as u64) ^ (1 << 63)).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_values_do() {
        let sorted = [
            Value::Bool(false),
            Value::Int(-3),
            Value::Float(-2.5),
            Value::Int(0),
            Value::Int(12),
            Value::text("Ada"),
            Value::text("ada lovelace"),
            Value::text("Bob"),
            Value::Null,
        ];
        let keys: Vec<Key> = sorted
            .iter()
            .map(|value| {
                let mut key = Key::new();
                encode(&mut key, value);
                key
            })
            .collect();
        assert!(keys.is_sorted());
    }
}
