//! `clinic:10000`: a seed with many more patients, each with an address, two visits and a history.

mod history;

use super::{
    Seeded,
    error::{Mistake, Place, SeedError},
    plan::Plan,
};
use crate::engine::{Catalogue, Planter, days_since_1970, table};
use crate::schema::names::{Appointment, AppointmentInclusionType, AppointmentType, Location, User};
use crate::schema::{Field, Named, Text, TypeId};
use crate::state::{Record, Transaction, Value};
use fake::{
    Fake,
    faker::{
        address::en::{BuildingNumber, CityName, StreetName},
        name::en::{FirstName, LastName},
    },
    rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil, tz::TimeZone};
use std::sync::Arc;

const STATES: [(&str, &str, u32); 6] =
    [("NY", "212", 10_001), ("NJ", "201", 7_302), ("CT", "203", 6_510), ("PA", "215", 19_104), ("MA", "617", 2_139), ("CA", "213", 90_012)];
const STATUSES: [Option<&str>; 5] = [Some("Occurred"), Some("Occurred"), Some("Occurred"), Some("No-Show"), Some("Cancelled")];
const CONTACT_TYPES: [&str; 3] = ["Healthie Video Call", "In Person", "Phone Call"];

/// Who sees the patients, and what for.
struct Practice {
    organization: u64,
    /// Each with the zone of their working day.
    providers: Vec<(u64, TimeZone)>,
    /// Each with its length in minutes.
    types: Vec<(u64, i64)>,
    /// Lent to whoever writes a note.
    template: Option<history::Template>,
}

/// A visit that was made.
struct Visit {
    id: u64,
    ends: Timestamp,
    took_place: bool,
}

/// The state of `seeded` and `many` generated patients. They depend on their number and the time alone.
pub fn patients(
    plan: &Plan,
    seeded: &Seeded,
    many: u64,
    catalogue: &Arc<Catalogue>,
    now: Timestamp,
) -> Result<crate::state::State, SeedError> {
    let whole = Place { file: plan.name.as_str().into(), line: 0 };
    let practice = Practice::of(plan, seeded).ok_or_else(|| Mistake::NothingToGenerateFrom.at(&whole))?;
    let mut tx = Transaction::unwatched(&seeded.state);
    let mut maker =
        Maker { tx: &mut tx, planter: Planter::new(catalogue, now), practice, now, random: Xoshiro256PlusPlus::seed_from_u64(1) };
    for number in 0..many {
        maker.patient(number);
    }
    Ok(tx.commit().0)
}

impl Practice {
    /// The providers whom the seeded patients of the seed's organization have, and its visits for one.
    fn of(plan: &Plan, seeded: &Seeded) -> Option<Self> {
        let organization = plan.organization.map(|at| &plan.tables[at.table].records[at.record].handle);
        let organization = *seeded.records.get("Organization")?.get(organization?)?;
        let own = |ty: TypeId| seeded.state.all(table(ty)).filter(move |record| record.tenant() == organization);
        let mut providers: Vec<u64> = own(User::TYPE).filter_map(|user| user.get(User::dietitian_id.slot).as_id()).collect();
        providers.sort_unstable();
        providers.dedup();
        let zone = |id: &u64| {
            let name = seeded.state.get(table(User::TYPE), *id)?.get(User::timezone.slot).as_str()?;
            TimeZone::get(name).ok()
        };
        let providers: Vec<_> = providers.iter().map(|id| (*id, zone(id).unwrap_or(TimeZone::UTC))).collect();
        let single = own(AppointmentType::TYPE).filter(|ty| ty.get(AppointmentType::is_group.slot).as_bool() != Some(true));
        let single = single.filter(|ty| ty.get(AppointmentType::deleted_at.slot).is_null());
        let types: Vec<_> =
            single.map(|ty| (ty.id(), if let Value::Int(length) = ty.get(AppointmentType::length.slot) { *length } else { 30 })).collect();
        let template = history::Template::of(seeded, organization);
        (!providers.is_empty() && !types.is_empty()).then_some(Self { organization, providers, types, template })
    }
}

struct Maker<'a> {
    tx: &'a mut Transaction,
    planter: Planter,
    practice: Practice,
    now: Timestamp,
    random: Xoshiro256PlusPlus,
}

impl Maker<'_> {
    fn below(&mut self, below: usize) -> usize {
        self.random.random_range(0..below as u64) as usize
    }

    fn blank(&mut self, ty: TypeId) -> Record {
        let id = self.tx.new_id(table(ty));
        self.planter.blank(ty, id, self.practice.organization)
    }

    fn store(&mut self, ty: TypeId, record: Record) {
        self.planter.plant(self.tx, ty, record);
    }

    fn patient(&mut self, number: u64) {
        let (provider, zone) = self.practice.providers[number as usize % self.practice.providers.len()].clone();
        let (state, area, first_zip) = STATES[self.below(STATES.len())];
        let first: &str = FirstName().fake_with_rng(&mut self.random);
        let last: &str = LastName().fake_with_rng(&mut self.random);
        let born = civil::date(1936, 1, 1).saturating_add((self.below(31_000) as i32).days());
        let female = self.below(2) == 0;
        let joined = self.now.saturating_add(SignedDuration::from_mins(-(self.below(730 * 24 * 60) as i64))).unwrap_or(self.now);
        let phone = format!("{area}-555-01{:02}", self.below(100));

        let mut user = self.blank(User::TYPE);
        let email = format!("{}.{}.{number}@patients.example", first.to_lowercase(), last.to_lowercase().replace('\'', ""));
        user.text(User::first_name, first);
        user.text(User::last_name, last);
        user.text(User::email, &email);
        user.text(User::phone_number, &phone);
        user.text(User::sex, if female { "Female" } else { "Male" });
        user.text(User::gender, if female { "Female" } else { "Male" });
        user.text(User::timezone, zone.iana_name().unwrap_or("America/New_York"));
        user.set(User::dob.slot, Value::Date(days_since_1970(born)));
        user.set(User::active.slot, true.into());
        user.set(User::is_patient.slot, true.into());
        user.set(User::created_at.slot, Value::Instant(joined.as_microsecond()));
        user.points(User::dietitian_id, provider);
        user.points(User::organization_id, self.practice.organization);
        user.points(User::home_organization_id, self.practice.organization);
        let id = user.id();
        self.store(User::TYPE, user);

        self.address(id, state, first_zip);
        let past = self.visit(id, provider, &zone, joined, Half::Past);
        self.visit(id, provider, &zone, joined, Half::Coming);
        self.history(id, provider, &past, joined);
    }

    fn address(&mut self, user: u64, state: &str, first_zip: u32) {
        let number: String = BuildingNumber().fake_with_rng(&mut self.random);
        let street: String = StreetName().fake_with_rng(&mut self.random);
        let city: String = CityName().fake_with_rng(&mut self.random);
        let zip = format!("{:05}", first_zip + self.below(60) as u32);
        let mut location = self.blank(Location::TYPE);
        location.points(Location::user_id, user);
        location.text(Location::line1, &format!("{number} {street}"));
        location.text(Location::city, &city);
        location.text(Location::state, state);
        location.text(Location::zip, &zip);
        location.text(Location::country, "US");
        self.store(Location::TYPE, location);
    }

    fn visit(&mut self, user: u64, provider: u64, zone: &TimeZone, joined: Timestamp, half: Half) -> Visit {
        let which = self.below(self.practice.types.len());
        let (ty, length) = self.practice.types[which];
        let days = match half {
            Half::Past => -1 - self.below(180) as i32,
            Half::Coming => 1 + self.below(60) as i32,
        };
        // Quarters of an hour between nine and five.
        let quarter = self.below(8 * 4) as i8;
        let day = zone.to_datetime(self.now).date().saturating_add(days.days());
        let starts = zone.to_timestamp(day.at(9 + quarter / 4, quarter % 4 * 15, 0, 0)).unwrap_or(self.now);
        let ends = starts.saturating_add(SignedDuration::from_mins(length)).unwrap_or(starts);
        let contact_type = CONTACT_TYPES[self.below(CONTACT_TYPES.len())];
        let status = STATUSES[self.below(STATUSES.len())].filter(|_| half == Half::Past);

        let mut visit = self.blank(Appointment::TYPE);
        visit.set(Appointment::date.slot, Value::Instant(starts.as_microsecond()));
        visit.set(Appointment::ends_at.slot, Value::Instant(ends.as_microsecond()));
        visit.set(Appointment::created_at.slot, Value::Instant(joined.min(starts).min(self.now).as_microsecond()));
        visit.points(Appointment::appointment_type_id, ty);
        visit.points(Appointment::other_party_id, provider);
        visit.points(Appointment::user_id, user);
        visit.points(Appointment::organization_id, self.practice.organization);
        visit.text(Appointment::contact_type, contact_type);
        visit.set(Appointment::pm_status.slot, status.into());
        let mut attendee = self.blank(AppointmentInclusionType::TYPE);
        let made = Visit { id: visit.id(), ends, took_place: status == Some("Occurred") };
        attendee.points(AppointmentInclusionType::appointment_id, made.id);
        attendee.points(AppointmentInclusionType::user_id, user);
        self.store(Appointment::TYPE, visit);
        self.store(AppointmentInclusionType::TYPE, attendee);
        made
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Past,
    Coming,
}

/// Setting columns by their typed names.
trait Columns {
    fn text<T>(&mut self, field: Field<T, Text>, text: &str);
    fn points<T, K>(&mut self, field: Field<T, K>, id: u64);
}

impl Columns for Record {
    fn text<T>(&mut self, field: Field<T, Text>, text: &str) {
        self.set(field.slot, text.into());
    }

    fn points<T, K>(&mut self, field: Field<T, K>, id: u64) {
        self.set(field.slot, Value::Id(id));
    }
}
