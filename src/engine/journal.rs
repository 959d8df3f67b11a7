//! What has happened: a ring of entries, capped in bytes, so that memory does not grow with traffic.

use std::collections::VecDeque;

/// How many bytes an entry holds, roughly.
pub trait Weight {
    fn weight(&self) -> usize;
}

/// Keeps the newest entries that fit.
#[derive(Debug)]
pub struct Ring<T> {
    entries: VecDeque<T>,
    bytes: usize,
    most: usize,
    dropped: u64,
}

impl<T: Weight> Ring<T> {
    pub fn new(most: usize) -> Self {
        Self { entries: VecDeque::new(), bytes: 0, most, dropped: 0 }
    }

    pub fn push(&mut self, entry: T) {
        self.bytes += entry.weight();
        self.entries.push_back(entry);
        while self.bytes > self.most && self.entries.len() > 1 {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.weight());
            self.dropped += 1;
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter()
    }

    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many entries were pushed out by newer ones.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}
