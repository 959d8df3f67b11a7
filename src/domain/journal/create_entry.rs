//! `createEntry` and its kin: something is noted about a patient.

use super::entry::{self, TYPES, WATER};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Draft, Made, Refusal, Row, moment};
use crate::schema::Named;
use crate::schema::names::{
    BulkEntryInput, Entry, SubentryInput, User, bulkCreateEntriesInput, bulkCreateEntriesPayload, createEntryInput,
    createOrAddToWaterIntakeEntryInput, updateEntryInput,
};
use crate::schema::{Field, Id};

/// Documented: an entry is dated three months ahead at most.
const SECONDS_AHEAD: i64 = 92 * 24 * 60 * 60;

pub fn create_entry(call: &mut Call<'_, createEntryInput>) -> Result<Made, Refusal> {
    use createEntryInput as Input;
    call.accept(Input::notify_provider);
    call.accept(Input::check_duplicates);
    let poster = poster(call, Input::user_id)?;
    let mut draft = call.draft::<Entry>();
    measure(&mut draft, call.get(Input::metric_stat)?);
    let hunger = call.get(Input::perceived_hungriness)?.or(call.get(Input::percieved_hungriness)?);
    put_hunger(&mut draft, hunger);
    let made = note(call, draft, poster)?;
    let parts = call.get(Input::subentries)?.unwrap_or_default();
    for part in parts {
        let mut draft = call.blank_draft::<Entry>();
        call.fill_from(&mut draft, &part);
        measure(&mut draft, part.get(SubentryInput::metric_stat));
        let part = finish(call, draft.set(Entry::parent_entry_id, made.id()), poster)?;
        call.silence(&part);
    }
    Ok(made.into())
}

/// `bulkCreateEntries`: each is announced by itself.
pub fn bulk_create_entries(call: &mut Call<'_, bulkCreateEntriesInput>) -> Result<Made, Refusal> {
    let items = call.get(bulkCreateEntriesInput::entries)?.unwrap_or_default();
    if items.is_empty() {
        return Err(Refusal::on(bulkCreateEntriesInput::entries, CANT_BE_BLANK));
    }
    let mut made: Vec<Row<Entry>> = Vec::new();
    for item in items {
        let poster = match item.get(BulkEntryInput::user_id) {
            Some(user) => known_poster(call, user, "user_id")?,
            None => call.viewer_id(),
        };
        let mut draft = call.blank_draft::<Entry>();
        call.fill_from(&mut draft, &item);
        measure(&mut draft, item.get(BulkEntryInput::metric_stat));
        put_hunger(&mut draft, item.get(BulkEntryInput::percieved_hungriness));
        if item.get(BulkEntryInput::check_duplicates) == Some(true) && is_known(call, &draft, poster) {
            continue;
        }
        made.push(note(call, draft, poster)?);
    }
    Ok(Made::nothing().also(bulkCreateEntriesPayload::entries, Answer::records(made)))
}

/// Documented: what Apple Health told already is skipped.
fn is_known(call: &Call<'_, bulkCreateEntriesInput>, draft: &Draft<Entry>, poster: u64) -> bool {
    let id = draft.get(Entry::external_id);
    let source = draft.get(Entry::third_party_source);
    id.is_some()
        && source == Some("apple_health")
        && call.having(Entry::poster_id, poster).iter().any(|entry| entry.get(Entry::external_id) == id)
}

/// `createOrAddToWaterIntakeEntry`: a day has one entry for water.
pub fn add_water(call: &mut Call<'_, createOrAddToWaterIntakeEntryInput>) -> Result<Made, Refusal> {
    use createOrAddToWaterIntakeEntryInput as Input;
    call.accept(Input::r#type);
    let poster = poster(call, Input::user_id)?;
    let more = number(call.require(Input::metric_stat)?).ok_or_else(|| Refusal::on(Input::metric_stat, "is invalid"))?;
    let at = call.get(Input::created_at)?.unwrap_or_else(|| call.now());
    let known = entry::water_on(call.on(), poster, at).map(|known| known.row().clone());
    let Some(known) = known else {
        let mut draft = call.draft::<Entry>().set(Entry::r#type, WATER.to_owned());
        measure(&mut draft, call.get(Input::metric_stat)?);
        return Ok(note(call, draft, poster)?.into());
    };
    let before = known.get(Entry::metric_stat).unwrap_or(0.0);
    let all = before + more;
    let draft = call.change(&known).set(Entry::previous_water_intake_stat, before as i64).set(Entry::metric_stat, all);
    Ok(draft.set(Entry::metric_stat_string, all.to_string()).save(call).into())
}

/// `updateEntry`. Documented: what is sent; never the type.
pub fn update_entry(call: &mut Call<'_, updateEntryInput>) -> Result<Made, Refusal> {
    use updateEntryInput as Input;
    let known = call.target::<Entry, _>(Input::id)?;
    let mut draft = call.edit(&known);
    if !call.is_blank(Input::user_id) {
        draft.put(Entry::poster_id, poster(call, Input::user_id)?);
    }
    if let Some(stat) = call.get(Input::metric_stat)? {
        measure(&mut draft, Some(stat));
    }
    put_hunger(&mut draft, call.get(Input::perceived_hungriness)?.or(call.get(Input::percieved_hungriness)?));
    refuse_far_ahead(call, &draft)?;
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// Whom the entry is about. Documented: the caller, where nothing is said; patients only note about themselves.
fn poster<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<u64, Refusal> {
    match call.is_blank(field) {
        true => Ok(call.viewer_id()),
        false => known_poster(call, call.target::<User, _>(field)?.id(), field.name()),
    }
}

fn known_poster<I: Named>(call: &Call<'_, I>, user: u64, field: &'static str) -> Result<u64, Refusal> {
    if call.viewer().is_patient() && !call.viewer().is(user) {
        return Err(Refusal::no_permission("create this entry"));
    }
    call.find::<User>(user).map(|user| user.id()).ok_or_else(|| Refusal::not_found(field, User::TYPE.name()))
}

/// Observed: Healthie fails with an internal error for a type that is none; here the reason is told.
fn note<I: Named>(call: &mut Call<'_, I>, draft: Draft<Entry>, poster: u64) -> Result<Row<Entry>, Refusal> {
    match draft.get(Entry::r#type) {
        Some(kind) if TYPES.contains(&kind) => {}
        Some(_) => return Err(Refusal::named("type", "is invalid")),
        None => return Err(Refusal::named("type", CANT_BE_BLANK)),
    }
    refuse_far_ahead(call, &draft)?;
    finish(call, draft, poster)
}

fn finish<I: Named>(call: &mut Call<'_, I>, draft: Draft<Entry>, poster: u64) -> Result<Row<Entry>, Refusal> {
    call.check(&draft)?;
    let organization = call.find_any::<User>(poster).map_or(call.viewer().organization(), |user| user.organization());
    // Documented: a patient's own entry is news to the provider.
    let viewed = !call.viewer().is_patient();
    let draft = draft.belongs_to(organization).set(Entry::poster_id, poster).set(Entry::viewed, viewed);
    Ok(draft.set(Entry::added_by_user_id, call.viewer_id()).save(call))
}

fn refuse_far_ahead<I: Named>(call: &Call<'_, I>, draft: &Draft<Entry>) -> Result<(), Refusal> {
    match draft.get(Entry::created_at) {
        Some(at) if at > moment::later(call.now(), SECONDS_AHEAD) => {
            Err(Refusal::named("created_at", "can't be more than three months in the future"))
        }
        _ => Ok(()),
    }
}

/// Observed: `136/86` reads back as 13686; the text is kept as it was entered.
fn measure(draft: &mut Draft<Entry>, stat: Option<&str>) {
    let Some(stat) = stat else { return };
    draft.put(Entry::metric_stat_string, stat.to_owned());
    match number(stat) {
        Some(number) => draft.put(Entry::metric_stat, number),
        None => draft.clear(Entry::metric_stat),
    }
}

fn number(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let number: f64 = digits.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(if text.trim_start().starts_with('-') { -number } else { number })
}

fn put_hunger(draft: &mut Draft<Entry>, hunger: Option<&str>) {
    if let Some(hunger) = hunger.and_then(number) {
        draft.put(Entry::percieved_hungriness, hunger);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn create(clinic: &Clinic, rest: &str) -> String {
        format!(r#"createEntry(input: {{ user_id: "{}", {rest} }})"#, clinic.id("User", "patient"))
    }

    #[test]
    fn a_metric_is_a_number_under_its_category() {
        let clinic = Clinic::open().as_role("provider");
        let fields = "type category name metric_stat metric_stat_string viewed source poster { first_name } added_by_user { first_name }";
        let weigh = create(&clinic, r#"type: "MetricEntry", category: "Weight", metric_stat: "250""#);
        let answer = clinic.run(&format!("mutation {{ {weigh} {{ entry {{ {fields} }} messages {{ message }} }} }}"));
        let expected = json!({
            "type": "MetricEntry", "category": "Weight", "name": "Weight", "metric_stat": 250.0, "metric_stat_string": "250", "viewed": true,
            "source": "Priya Raman", "poster": {"first_name": "Ava"}, "added_by_user": {"first_name": "Priya"}
        });
        assert_eq!(answer["data"]["createEntry"], json!({"entry": expected, "messages": null}));
        assert_eq!(clinic.events(), ["metric_entry.created"]);
        let pressure = create(&clinic, r#"type: "MetricEntry", category: "Blood Pressure", metric_stat: "136/86""#);
        let answer = clinic.run(&format!("mutation {{ {pressure} {{ entry {{ metric_stat }} }} }}"));
        assert_eq!(answer["data"]["createEntry"]["entry"]["metric_stat"], 13686.0);
        clinic.refuses(&weigh.replace("MetricEntry", "Weight"), &[("type", "is invalid")]);
        clinic.as_role("patient2").refuses(&weigh, &[("user_id", "User not found")]);
        let far = create(&clinic, r#"type: "NoteEntry", created_at: "2027-01-01""#);
        clinic.refuses(&far, &[("created_at", "can't be more than three months in the future")]);
    }

    #[test]
    fn entries_are_listed_by_client_type_and_day() {
        let clinic = Clinic::open().as_role("provider");
        let client = clinic.id("User", "patient");
        for (day, stat) in [("2026-01-10", "70"), ("2026-01-11", "71"), ("2026-01-12", "72")] {
            let weigh =
                create(&clinic, &format!(r#"type: "MetricEntry", category: "Girth", metric_stat: "{stat}", created_at: "{day} 09:00""#));
            clinic.run(&format!("mutation {{ {weigh} {{ entry {{ id }} }} }}"));
        }
        let of = |args: &str| {
            let answer = clinic.run(&format!(r#"{{ entries(client_id: "{client}", category: "Girth", {args}) {{ metric_stat }} entriesCount(client_id: "{client}", category: "Girth", maximum_count: 2) }}"#));
            assert_eq!(answer["data"]["entriesCount"], 2, "{answer}");
            answer["data"]["entries"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|row| row["metric_stat"].as_f64().unwrap_or(0.0) as i64)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("type: \"MetricEntry\""), [72, 71, 70]);
        assert_eq!(of(r#"start_range: "2026-01-10", end_range: "2026-01-12", sort_by: "metric_stat::asc""#), [70, 71]);
        let latest = clinic.run(&format!(
            r#"{{ metricGraphData(user_id: "{client}", category: "Girth") {{ has_entry min max data_points {{ value }} }} }}"#
        ));
        assert_eq!(
            latest["data"]["metricGraphData"],
            json!({"has_entry": true, "min": 70.0, "max": 72.0, "data_points": [{"value": 70.0}, {"value": 71.0}, {"value": 72.0}]})
        );
    }

    #[test]
    fn a_day_has_one_entry_for_water() {
        let clinic = Clinic::open().as_role("patient");
        let drink = |stat: &str| {
            let add = format!(r#"createOrAddToWaterIntakeEntry(input: {{ metric_stat: "{stat}" }})"#);
            clinic.run(&format!(
                "mutation {{ {add} {{ entry {{ metric_stat previous_water_intake_stat type viewed }} messages {{ message }} }} }}"
            ))["data"]["createOrAddToWaterIntakeEntry"]["entry"]
                .clone()
        };
        assert_eq!(drink("2"), json!({"metric_stat": 2.0, "previous_water_intake_stat": 0, "type": "WaterIntakeEntry", "viewed": false}));
        assert_eq!(drink("3"), json!({"metric_stat": 5.0, "previous_water_intake_stat": 2, "type": "WaterIntakeEntry", "viewed": false}));
        assert_eq!(clinic.events(), ["entry.created", "entry.updated"]);
    }

    #[test]
    fn many_are_noted_at_once_but_none_twice() {
        let clinic = Clinic::open().as_role("patient");
        let item = r#"{ type: "MetricEntry", category: "Steps", metric_stat: "9", third_party_source: "apple_health", external_id: "a1", check_duplicates: true }"#;
        let bulk = format!("bulkCreateEntries(input: {{ entries: [{item}, {item}] }})");
        let answer = clinic.run(&format!("mutation {{ {bulk} {{ entries {{ metric_stat source }} messages {{ message }} }} }}"));
        assert_eq!(
            answer["data"]["bulkCreateEntries"],
            json!({"entries": [{"metric_stat": 9.0, "source": "apple_health"}], "messages": null})
        );
        clinic.refuses("bulkCreateEntries(input: { entries: [] })", &[("entries", "can't be blank")]);
    }
}
