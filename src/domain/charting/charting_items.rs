//! `chartingItems`: what a patient's chart shows: filled forms, documents that are kept there, and proposed notes.

use super::list::contains;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View, moment};
use crate::schema::names::{
    Appointment, ChartingItemType as Item, CustomModuleForm, Document, FormAnswerGroup as Group, GeneratedFormAnswerGroupType as Generated,
    User, args,
};
use crate::schema::{Named, Slot};
use jiff::{Timestamp, civil};

/// What `chartingItems` and `chartingItemsCount` have in common.
#[derive(Default)]
struct Filter<'a> {
    user: Option<u64>,
    filler: Option<u64>,
    form: Option<u64>,
    group: Option<u64>,
    document: Option<u64>,
    generated: Option<u64>,
    name: Option<&'a str>,
    keywords: Option<&'a str>,
    with_documents: bool,
    with_generated: bool,
    from: Option<civil::Date>,
    to: Option<civil::Date>,
}

macro_rules! filter {
    ($on:expr, $asked:expr, $args:ident, $day:expr) => {{
        let id = |field| $asked.get(field).ok().flatten();
        let text = |field| $asked.get(field).ok().flatten().filter(|text: &&str| !text.trim().is_empty());
        let day = |field| $asked.get(field).ok().flatten().and_then($day);
        let (date, from, to) = (day(args::$args::date), day(args::$args::start_date), day(args::$args::end_date));
        // Documented: `date` goes before a span, whose missing end is today.
        let today = $on.viewer().zone.to_datetime($on.now()).date();
        let (from, to) = match (date, from, to) {
            (Some(date), _, _) => (Some(date), Some(date)),
            (None, None, None) => (None, None),
            (None, from, to) => (Some(from.unwrap_or(today)), Some(to.unwrap_or(today))),
        };
        Filter {
            user: id(args::$args::user_id),
            filler: id(args::$args::filler_id),
            form: id(args::$args::custom_module_form_id),
            group: id(args::$args::form_answer_group_id),
            document: id(args::$args::document_id),
            name: text(args::$args::name),
            keywords: text(args::$args::keywords),
            with_documents: $asked.get(args::$args::include_docs).ok().flatten() != Some(false),
            from,
            to,
            ..Filter::default()
        }
    }};
}

pub fn charting_items(on: Reading<'_>, asked: &Input<'_, args::chartingItems>) -> Result<Answer, QueryError> {
    type Asked = args::chartingItems;
    let filter = Filter {
        generated: asked.get(Asked::generated_form_answer_group_id).ok().flatten(),
        with_generated: asked.is(Asked::include_generated_form_answer_groups),
        ..filter!(on, asked, chartingItems, |at| Some(on.viewer().zone.to_datetime(at).date()))
    };
    Ok(Answer::List(items(on, &filter)))
}

pub fn charting_items_count(on: Reading<'_>, asked: &Input<'_, args::chartingItemsCount>) -> Result<Answer, QueryError> {
    let filter = filter!(on, asked, chartingItemsCount, moment::parse_date);
    Ok(Value::Int(items(on, &filter).len() as i64).into())
}

/// Assumed: the newest first. A filter for one kind of item leaves the others out.
fn items(on: Reading<'_>, filter: &Filter<'_>) -> Vec<Answer> {
    if on.viewer().id().is_none() {
        return vec![];
    }
    let only = [filter.group.or(filter.form), filter.document, filter.generated].map(|id| id.is_some());
    let nothing_else = |own: usize| only.iter().enumerate().all(|(other, asked)| other == own || !asked);
    let mut items = vec![];
    if nothing_else(0) {
        items.extend(groups(on, filter));
    }
    if filter.with_documents && nothing_else(1) {
        items.extend(documents(on, filter));
    }
    if (filter.with_generated || filter.generated.is_some()) && nothing_else(2) {
        items.extend(proposals(on, filter));
    }
    items.retain(|(at, _)| filter.holds(on, *at));
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    items.into_iter().map(|(_, item)| item).collect()
}

impl Filter<'_> {
    fn holds(&self, on: Reading<'_>, at: Option<Timestamp>) -> bool {
        let day = at.map(|at| on.viewer().zone.to_datetime(at).date());
        self.from.is_none_or(|from| day >= Some(from)) && self.to.is_none_or(|to| day.is_some_and(|day| day <= to))
    }

    fn is_called(&self, names: &[Option<&str>]) -> bool {
        self.name.is_none_or(|name| names.iter().any(|text| contains(*text, name)))
    }
}

type Dated = (Option<Timestamp>, Answer);

fn groups(on: Reading<'_>, filter: &Filter<'_>) -> Vec<Dated> {
    let all: Box<dyn Iterator<Item = View<'_, Group>>> = match filter.user {
        Some(user) => on.having(Group::user_id, user),
        None => on.of_organization(on.viewer().organization()),
    };
    let shown = all.filter(|group| {
        let form = group.follow::<CustomModuleForm, _>(Group::custom_module_form_id);
        let form_name = form.as_ref().and_then(|form| form.get(CustomModuleForm::name));
        group.is(Group::finished)
            && filter.filler.is_none_or(|filler| group.get(Group::filler_id) == Some(filler))
            && filter.form.is_none_or(|form| group.get(Group::custom_module_form_id) == Some(form))
            && filter.group.is_none_or(|id| group.id() == id)
            && filter.is_called(&[group.get(Group::name), form_name])
            && filter.keywords.is_none_or(|words| words.split_whitespace().all(|word| contains(group.get(Group::name), word)))
            && on.may_see(Group::TYPE, group.record())
    });
    shown.map(|group| (group.get(Group::created_at), of_group(&group))).collect()
}

fn of_group(group: &View<'_, Group>) -> Answer {
    let form = group.follow::<CustomModuleForm, _>(Group::custom_module_form_id);
    let is = |field| form.as_ref().is_some_and(|form| form.is(field));
    let form_name = form.as_ref().and_then(|form| form.get(CustomModuleForm::name)).map(str::to_owned);
    item(
        group.id(),
        group.value(Group::created_at.slot),
        vec![
            (Item::form_answer_group.slot, group.row().clone().into()),
            (Item::form_answer_group_id.slot, Value::Id(group.id()).into()),
            (Item::filler_id.slot, group.value(Group::filler_id.slot).clone().into()),
            (Item::name.slot, group.value(Group::name.slot).clone().into()),
            (Item::custom_module_form_name.slot, Value::from(form_name).into()),
            (Item::provider_name.slot, person(group.follow(Group::filler_id))),
            (Item::signed.slot, Value::Bool(group.get(Group::signed_by_ids).is_some_and(|by| !by.is_empty())).into()),
            (Item::use_for_charting.slot, Value::Bool(is(CustomModuleForm::use_for_charting)).into()),
            (Item::use_for_program.slot, Value::Bool(is(CustomModuleForm::use_for_program)).into()),
        ],
    )
}

fn documents(on: Reading<'_>, filter: &Filter<'_>) -> Vec<Dated> {
    let all = on.of_organization::<Document>(on.viewer().organization()).filter(|document| {
        document.is(Document::include_in_charting)
            && filter.user.is_none_or(|user| document.get(Document::rel_user_id) == Some(user))
            && filter.filler.is_none_or(|filler| document.value(Document::owner.slot).as_id() == Some(filler))
            && filter.document.is_none_or(|id| document.id() == id)
            && filter.is_called(&[document.get(Document::display_name)])
            && filter.keywords.is_none_or(|words| contains(document.get(Document::display_name), words))
            && on.may_see(Document::TYPE, document.record())
    });
    let shown = all.map(|document| {
        let values = vec![
            (Item::document.slot, document.row().clone().into()),
            (Item::is_document.slot, Value::Bool(true).into()),
            (Item::filler_id.slot, document.value(Document::owner.slot).clone().into()),
            (Item::name.slot, document.value(Document::display_name.slot).clone().into()),
            (Item::provider_name.slot, person(document.follow(Document::owner))),
        ];
        (document.get(Document::created_at), item(document.id(), document.value(Document::created_at.slot), values))
    });
    shown.collect()
}

/// Assumed: what was turned into a note, or down, is no proposal any more.
fn proposals(on: Reading<'_>, filter: &Filter<'_>) -> Vec<Dated> {
    let all = on.of_organization::<Generated>(on.viewer().organization()).filter(|note| {
        let form = note.follow::<CustomModuleForm, _>(Generated::custom_module_form);
        note.value(Generated::form_answer_group.slot).is_null()
            && note.get(Generated::rejected_at).is_none()
            && filter.user.is_none_or(|user| note.get(Generated::patient_id) == Some(user))
            && filter.generated.is_none_or(|id| note.id() == id)
            && filter.is_called(&[form.as_ref().and_then(|form| form.get(CustomModuleForm::name))])
            && on.may_see(Generated::TYPE, note.record())
    });
    let shown = all.map(|note| {
        let form = note.follow::<CustomModuleForm, _>(Generated::custom_module_form);
        let name = form.and_then(|form| form.get(CustomModuleForm::name).map(str::to_owned));
        let provider =
            note.follow::<Appointment, _>(Generated::appointment_id).and_then(|visit| visit.follow::<User, _>(Appointment::other_party_id));
        let values = vec![
            (Item::generated_form_answer_group.slot, note.row().clone().into()),
            (Item::is_generated.slot, Value::Bool(true).into()),
            (Item::use_for_charting.slot, Value::Bool(true).into()),
            (Item::name.slot, Value::from(name.clone()).into()),
            (Item::custom_module_form_name.slot, Value::from(name).into()),
            (Item::provider_name.slot, person(provider)),
        ];
        (note.get(Generated::created_at), item(note.id(), note.value(Generated::created_at.slot), values))
    });
    shown.collect()
}

fn person(user: Option<View<'_, User>>) -> Answer {
    Value::from(user.map(|user| crate::domain::people::full_name(&user))).into()
}

fn item(id: u64, created_at: &Value, mut values: Vec<(Slot, Answer)>) -> Answer {
    for flag in [Item::is_document, Item::is_generated, Item::signed, Item::use_for_charting, Item::use_for_program] {
        if !values.iter().any(|(slot, _)| *slot == flag.slot) {
            values.push((flag.slot, Value::Bool(false).into()));
        }
    }
    values.push((Item::id.slot, Value::Id(id).into()));
    values.push((Item::created_at.slot, created_at.clone().into()));
    Answer::Object(Item::TYPE, values)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_chart_shows_forms_and_on_request_proposed_notes() {
        let clinic = Clinic::open();
        let (patient, form) = (clinic.id("User", "patient"), clinic.id("CustomModuleForm", "progress"));
        let document = format!(
            r#"{{ chartingItems(user_id: "{patient}", include_docs: false) {{ name provider_name signed use_for_charting is_document is_generated form_answer_group {{ name }} }}
                chartingItemsCount(user_id: "{patient}", include_docs: false)
                of_form: chartingItems(user_id: "{patient}", custom_module_form_id: "{form}") {{ name }}
                called: chartingItems(user_id: "{patient}", name: "welc") {{ name }}
                on_day: chartingItems(user_id: "{patient}", date: "2026-01-01") {{ name }}
                since: chartingItems(user_id: "{patient}", start_date: "2026-01-01", include_docs: false) {{ name }}
                proposed: chartingItems(user_id: "{patient}", include_generated_form_answer_groups: true, include_docs: false) {{ is_generated generated_form_answer_group {{ kind }} }} }}"#
        );
        let data = clinic.run(&document)["data"].clone();
        let first = json!({
            "name": "Progress Note", "provider_name": "Priya Raman", "signed": true, "use_for_charting": true, "is_document": false,
            "is_generated": false, "form_answer_group": {"name": "Progress Note"},
        });
        assert_eq!(data["chartingItems"][0], first);
        assert_eq!(data["chartingItemsCount"], 2);
        assert_eq!(data["of_form"], json!([{"name": "Progress Note"}]));
        assert_eq!(data["called"], json!([{"name": "Welcome Questionnaire"}]));
        assert_eq!((&data["on_day"], &data["since"]), (&json!([{"name": "Progress Note"}]), &json!([{"name": "Progress Note"}])));
        assert_eq!(data["proposed"][0], json!({"is_generated": true, "generated_form_answer_group": {"kind": "ambient"}}));
    }
}
