//! When a provider has no time.

use crate::domain::appointments;
use crate::engine::{Reading, moment};
use crate::schema::names::Appointment;
use jiff::Timestamp;
use std::ops::Range;

/// A visit, a block, or what another calendar says.
pub struct Busy {
    time: Range<Timestamp>,
    /// Documented: the gap is kept between visits.
    is_visit: bool,
}

impl Busy {
    /// True where it leaves no room for `time`, with a gap of `buffer` seconds around visits.
    pub fn blocks(&self, time: &Range<Timestamp>, buffer: i64) -> bool {
        let gap = if self.is_visit { buffer } else { 0 };
        moment::later(time.start, -gap) < self.time.end && moment::later(time.end, gap) > self.time.start
    }
}

/// What is on the provider's calendar, as primary provider or beside another.
pub fn of_provider(on: Reading<'_>, provider: u64, within: &Range<Timestamp>, except: Option<u64>, with_synced: bool) -> Vec<Busy> {
    let visits = on.having(Appointment::provider_ids, vec![provider]).filter(|visit| Some(visit.id()) != except);
    let mut busy = vec![];
    for visit in visits.filter(appointments::is_active) {
        let is_synced = visit.get(Appointment::external_id_type).is_some();
        let (Some(start), Some(end)) = (visit.get(Appointment::date), visit.get(Appointment::ends_at)) else { continue };
        if start < within.end && end > within.start && (with_synced || !is_synced) {
            busy.push(Busy { time: start..end, is_visit: !is_synced && !visit.is(Appointment::is_blocker) });
        }
    }
    busy
}
