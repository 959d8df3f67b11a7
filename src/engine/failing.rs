//! For how long deliveries to a webhook may fail. Here, since it is asked by what counts failures and by what changes a webhook.

use jiff::{SignedDuration, Timestamp};

/// Documented: after about a day of failures somebody is warned, after about three the webhook is disabled. Assumed: after
/// exactly that long from the first failure of one of its events, unless that has succeeded meanwhile.
const WARNS_AFTER: SignedDuration = SignedDuration::from_hours(24);
const DISABLES_AFTER: SignedDuration = GIVE_UP_AFTER;
/// Documented: retries end after three days. Assumed: counted from the first failure of the webhook's event.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// When a webhook is warned about and disabled if it goes on like this: its events fail since the instants in `failing`.
pub fn watch(failing: impl Iterator<Item = Timestamp>, warned_at: Option<Timestamp>) -> (Option<Timestamp>, Option<Timestamp>) {
    let since = failing.min();
    let after = |gap: SignedDuration| since.and_then(|since| since.saturating_add(gap).ok());
    // Once for each time that it fails.
    let warned = since.is_some() && warned_at >= since;
    (after(WARNS_AFTER).filter(|_| !warned), after(DISABLES_AFTER))
}
