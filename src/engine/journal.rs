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

    /// Puts `entry` in the place of the one that `is` so, if that is still there.
    pub fn replace(&mut self, is: impl Fn(&T) -> bool, entry: T) {
        let Some(at) = self.entries.iter().position(is) else { return };
        self.bytes = (self.bytes + entry.weight()).saturating_sub(self.entries[at].weight());
        self.entries[at] = entry;
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many entries were pushed out by newer ones.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weight for usize {
        fn weight(&self) -> usize {
            *self
        }
    }

    #[test]
    fn the_newest_that_fit_are_kept() {
        let mut ring = Ring::new(100);
        for weight in [60, 30, 20] {
            ring.push(weight);
        }
        assert_eq!((ring.iter().copied().collect::<Vec<_>>(), ring.bytes(), ring.dropped()), (vec![30, 20], 50, 1));
        ring.replace(|weight| *weight == 20, 25);
        ring.replace(|weight| *weight == 60, 1);
        assert_eq!((ring.iter().copied().collect::<Vec<_>>(), ring.bytes()), (vec![30, 25], 55), "what is gone stays gone");
        ring.push(1000);
        assert_eq!((ring.iter().copied().collect::<Vec<_>>(), ring.dropped()), (vec![1000], 3), "the newest is kept however long");
    }
}
