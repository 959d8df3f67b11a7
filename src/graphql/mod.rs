//! Documents to answers.
