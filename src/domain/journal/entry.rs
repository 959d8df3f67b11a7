//! An entry of a patient's journal, and the lists of them.

use crate::domain::people::full_name;
use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, View, Within, listing::BadArgument, moment};
use crate::schema::Named;
use crate::schema::names::{Entry, Meal, Query, User, args};
use jiff::Timestamp;

pub const METRIC: &str = "MetricEntry";
pub const WATER: &str = "WaterIntakeEntry";

/// Documented: what `type` may say.
pub const TYPES: [&str; 9] =
    ["FoodEntry", METRIC, "WorkoutEntry", "MirrorEntry", "SleepEntry", "NoteEntry", WATER, "PoopEntry", "SymptomEntry"];

/// Documented: by number, from 1 on; 0 is sad too.
const EMOTIONS: [&str; 9] = ["Sad", "Stressed", "Anxious", "Tired", "Bored", "Confident", "Happy", "Sad", "Angry"];

pub fn entity() -> Entity<Entry> {
    Entity::new()
        .about_only(Entry::poster_id)
        .kept_when_deleted(Entry::deleted_at)
        .searched(Entry::description)
        .defaults(Entry::viewed, false)
        .defaults(Entry::hide_from_main_feed, false)
        .defaults(Entry::previous_water_intake_stat, 0)
        .ruled(Entry::metric_stat)
        .ruled(Entry::poster_id)
        .ruled(Entry::subentries)
        .derives(|entry, on| {
            if entry.is_blank(Entry::record_created_at) {
                entry.put(Entry::record_created_at, on.now());
            }
        })
        .collects(Entry::subentries, Entry::parent_entry_id)
        .computed(Entry::has_subentries, |entry| Some(entry.on.count_having(Entry::parent_entry_id, entry.id()) > 0))
        .computed(Entry::name, |entry| Some(name(entry)))
        // Documented: the third party, or whoever added it.
        .computed(Entry::source, |entry| {
            let by = || entry.follow::<User, _>(Entry::added_by_user_id).map(|user| full_name(&user));
            entry.get(Entry::third_party_source).map(str::to_owned).or_else(by)
        })
        .computed(Entry::emotions_string, |entry| {
            let named = entry.get(Entry::emotions)?.split(',').filter_map(|emotion| EMOTIONS.get(emotion.trim().parse::<usize>().ok()?));
            Some(named.copied().collect::<Vec<_>>().join(", "))
        })
        .computed(Entry::ed_prehunger_string, |entry| entry.get(Entry::ed_prehunger).map(str::to_owned))
        .computed(Entry::ed_posthunger_string, |entry| entry.get(Entry::ed_posthunger).map(str::to_owned))
        // Documented of the standard symptoms: they are called as their ids are.
        .computed(Entry::symptom_names, |entry| entry.get(Entry::symptoms).map(|symptoms| symptoms.replace(',', ", ")))
        .answers(Entry::meals, |entry| {
            let meals = entry.get(Entry::meal_ids).unwrap_or_default().into_iter();
            Answer::List(meals.filter_map(|meal| entry.on.find_any::<Meal>(meal)).map(Into::into).collect())
        })
        .announces_when("metric_entry", |entry| entry.row().get(Entry::r#type) == Some(METRIC))
        .announces_when("entry", |entry| entry.row().get(Entry::r#type) != Some(METRIC))
}

/// Documented: a metric's is its category. Assumed from a sample: another's is its type in words.
fn name(entry: &View<'_, Entry>) -> String {
    let kind = entry.get(Entry::r#type).unwrap_or_default();
    let metric = entry.get(Entry::category).filter(|_| kind == METRIC);
    metric.map_or_else(|| kind.trim_end_matches("Entry").replace("WaterIntake", "Water Intake"), str::to_owned)
}

/// Documented: patients list their own; members the entries of those whom they care for, unless a client, a group or the
/// organization is asked for.
pub fn entries() -> List<Entry, args::entries> {
    type Asked = args::entries;
    List::new()
        .within(|on, asked| match (on.viewer().id(), asked.get(Asked::client_id).ok().flatten()) {
            (None, _) => Within::nothing(),
            (Some(own), _) if on.viewer().is_patient() => Within::having(Entry::poster_id, own),
            (Some(_), Some(client)) => Within::having(Entry::poster_id, client),
            (Some(_), None) => Within::organization(on.viewer().organization()),
        })
        .keep(is_listed)
        .keep(is_in_range)
        .filter_eq(Asked::r#type, Entry::r#type)
        .filter_eq(Asked::category, Entry::category)
        .filter(Asked::entry_id, |entry, id| entry.id() == id)
        .keywords(Asked::keywords)
        .reads(Asked::client_id)
        .reads(Asked::group_id)
        .reads(Asked::is_org)
        .reads(Asked::include_inactive)
        .reads(Asked::start_range)
        .reads(Asked::end_range)
        .reads(Asked::start_datetime_range)
        .reads(Asked::end_datetime_range)
        // Documented: the spellings of `sort_by`.
        .order("CREATED_AT::ASC", &[Entry::created_at.slot])
        .order_by("CREATED_AT::DESC", |entry| entry.get(Entry::created_at).map_or(Value::Null, |at| Value::Int(-at.as_microsecond())))
        .order("METRIC_STAT::ASC", &[Entry::metric_stat.slot])
        .order_by("METRIC_STAT::DESC", |entry| entry.get(Entry::metric_stat).map_or(Value::Null, |stat| Value::Float(-stat)))
        .default_order("CREATED_AT_DESC")
        .page_size(10)
        .most(500)
}

fn is_listed(entry: &View<'_, Entry>, asked: &Input<'_, args::entries>) -> bool {
    type Asked = args::entries;
    let viewer = entry.on.viewer();
    if entry.get(Entry::parent_entry_id).is_some() {
        return false;
    }
    if viewer.is_patient() || asked.get(Asked::client_id).ok().flatten().is_some() {
        return true;
    }
    let Some(poster) = entry.follow::<User, _>(Entry::poster_id) else { return false };
    let known = poster.get(User::active) != Some(false) || asked.is(Asked::include_inactive);
    let cared_for = || poster.get(User::cared_for_by_ids).unwrap_or_default().iter().any(|by| viewer.is(*by));
    known
        && match asked.get(Asked::group_id).ok().flatten() {
            Some(group) => poster.get(User::user_group_id) == Some(group),
            None => asked.is(Asked::is_org) || cared_for() || viewer.is(poster.id()),
        }
}

/// Documented: the last day does not belong to the range, and an end needs a start; points in time count only together.
fn is_in_range(entry: &View<'_, Entry>, asked: &Input<'_, args::entries>) -> bool {
    type Asked = args::entries;
    let zone = &entry.on.viewer().zone;
    let at = entry.get(Entry::created_at);
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.trim().is_empty());
    let day = |field| zone.to_ambiguous_timestamp(moment::parse_date(text(field)?)?.at(0, 0, 0, 0)).compatible().ok();
    let point = |field| moment::parse_instant(text(field)?, zone);
    let (from, to) = (day(Asked::start_range), day(Asked::end_range));
    let by_day = from.is_none_or(|from| at >= Some(from) && to.is_none_or(|to| at < Some(to)));
    let between = match (point(Asked::start_datetime_range), point(Asked::end_datetime_range)) {
        (Some(from), Some(to)) => at > Some(from) && at < Some(to),
        _ => true,
    };
    by_day && between
}

/// Documented: `maximum_count` is the most that it says.
pub fn entries_count(on: Reading<'_>, asked: &Input<'_, args::entriesCount>) -> Result<Answer, QueryError> {
    let renamed = asked.lifted.renamed(args::entries::TYPE);
    asked.lifted.each().for_each(|(slot, _)| asked.lifted.mark(slot));
    let list = on.scene.catalogue.list(Query::entries.slot).expect("entries is a list");
    let all = list.count(on, &renamed).map_err(|BadArgument(why)| QueryError(why))? as i64;
    let most = asked.get(args::entriesCount::maximum_count).ok().flatten().unwrap_or(i64::MAX);
    Ok(Value::Int(all.min(most.max(0))).into())
}

/// Observed: `type` has to be right where `id` says which; else it is the client's latest of that type.
pub fn entry(on: Reading<'_>, asked: &Input<'_, args::entry>) -> Result<Answer, QueryError> {
    type Asked = args::entry;
    let kind = asked.get(Asked::r#type).ok().flatten().filter(|kind| !kind.is_empty());
    let fits = |entry: &View<'_, Entry>| kind.is_none_or(|kind| entry.get(Entry::r#type) == Some(kind));
    if let Some(id) = asked.get(Asked::id).ok().flatten() {
        return Ok(on.find::<Entry>(id).filter(fits).into());
    }
    let Some(client) = asked.get(Asked::client_id).ok().flatten() else { return Ok(Answer::NULL) };
    let seen = on.having(Entry::poster_id, client).filter(|entry| on.may_see(Entry::TYPE, entry.record()) && fits(entry));
    Ok(seen.max_by_key(|entry| (entry.get(Entry::created_at), entry.id())).into())
}

/// The water that somebody drank on the day of `at`, as the viewer counts days.
pub fn water_on(on: Reading<'_>, user: u64, at: Timestamp) -> Option<View<'_, Entry>> {
    let day = |at: Timestamp| on.viewer().zone.to_datetime(at).date();
    let own = on.having(Entry::poster_id, user).filter(|entry| on.may_see(Entry::TYPE, entry.record()));
    let water = own.filter(|entry| entry.get(Entry::r#type) == Some(WATER));
    water.filter(|entry| entry.get(Entry::created_at).map(day) == Some(day(at))).last()
}

pub fn water_intake_entry(on: Reading<'_>, asked: &Input<'_, args::waterIntakeEntry>) -> Result<Answer, QueryError> {
    type Asked = args::waterIntakeEntry;
    if let Some(id) = asked.get(Asked::entry_id).ok().flatten() {
        return Ok(on.find::<Entry>(id).into());
    }
    let at = asked.get(Asked::created_at).ok().flatten().unwrap_or_else(|| on.now());
    Ok(on.viewer().id().and_then(|viewer| water_on(on, viewer, at)).into())
}
