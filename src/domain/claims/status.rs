//! The statuses of a claim: kept as 2026-01-01 has them, shown by 2024-06-01 in words.

use crate::engine::{Value, View};
use crate::schema::Version;
use crate::schema::names::Cms1500;

/// Documented, but for the words of the last.
const WORDS: [(&str, &str); 10] = [
    ("NOT_SENT", "Not Sent"),
    ("SENT", "Sent"),
    ("BATCHED", "Batched"),
    ("REJECTED", "Rejected by Clearinghouse"),
    ("DENIED", "Denied by Insurance"),
    ("CLIENTS_DEDUCTIBLE_APPLIES", "Client's Deductible Applies"),
    ("PARTIALLY_PAID", "Partially Paid"),
    ("FULLY_PAID", "Fully Paid"),
    ("CLOSED", "Closed"),
    ("SCHEDULED", "Scheduled"),
];

pub fn of<'c>(claim: &'c View<'_, Cms1500>) -> &'c str {
    claim.get(Cms1500::status).unwrap_or("NOT_SENT")
}

pub fn words(claim: &View<'_, Cms1500>) -> &'static str {
    let status = of(claim);
    WORDS.iter().find(|(value, _)| *value == status).map_or("Not Sent", |(_, words)| words)
}

/// True where it is `wanted`, in either form.
pub fn is(claim: &View<'_, Cms1500>, wanted: &str) -> bool {
    of(claim) == wanted || words(claim).eq_ignore_ascii_case(wanted)
}

pub fn shown(claim: &View<'_, Cms1500>) -> Value {
    match claim.on.scene.version {
        Version::V2024_06_01 => Value::text(words(claim)),
        Version::V2026_01_01 => Value::text(of(claim)),
    }
}

/// Documented: all but those that are not sent; assumed: nor those that are only scheduled.
pub fn is_locked(claim: &View<'_, Cms1500>) -> bool {
    !["NOT_SENT", "SCHEDULED"].contains(&of(claim))
}
