//! A file that a record holds, or that a caller sent.

use std::{fmt, sync::Arc};

/// Whoever holds one holds its bytes: a fork shares them, and the last state that goes frees them.
#[derive(Clone, PartialEq)]
pub struct File {
    /// As the caller called it.
    pub name: Option<Box<str>>,
    pub content_type: Box<str>,
    /// In bytes.
    pub size: usize,
    /// Empty in what only tells of the past.
    pub bytes: Arc<[u8]>,
}

impl File {
    pub fn new(name: Option<&str>, content_type: &str, bytes: Arc<[u8]>) -> Self {
        Self { name: name.map(Box::from), content_type: content_type.into(), size: bytes.len(), bytes }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({:?}, {}, {} bytes)", self.name, self.content_type, self.size)
    }
}
