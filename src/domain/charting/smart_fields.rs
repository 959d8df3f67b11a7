//! Questions about the patient: answered from what is known, and kept as what is known.

use super::{autoscore, form_answer};
use crate::engine::{Call, Draft, Row, Value, View, days_since_1970, moment};
use crate::schema::Named;
use crate::schema::names::{CustomMetric, CustomModule, Entry, FormAnswer, FormAnswerGroup as Group, User};

/// Observed: metrics whose name is their kind of question.
const METRICS: [&str; 12] = [
    "Weight",
    "Height (in.)",
    "Height",
    "BMI",
    "BMI(in.)",
    "Body Fat %",
    "Waist Circumference",
    "Hip Circumference",
    "Blood Glucose",
    "Heart Rate",
    "Temperature",
    "Blood Pressure",
];

/// What is known of the patient, as an answer to a question of this kind.
pub fn known(user: &Row<User>, mod_type: &str) -> Option<String> {
    let text = |field| user.get(field).map(str::to_owned);
    match mod_type {
        "name" => Some(format!("{},{}", user.get(User::first_name).unwrap_or_default(), user.get(User::last_name).unwrap_or_default())),
        "legal_name" => text(User::legal_name),
        "gender" => text(User::gender),
        "phone" => text(User::phone_number),
        "dob" => match user.value(User::dob.slot) {
            Value::Date(days) => Some(form_answer::day(*days)),
            _ => None,
        },
        _ => None,
    }
}

/// Documented: a finished form can change what is known of the patient, which is announced. Assumed: the fields, and that an
/// answer that can't be read changes nothing. `only` is of the questions that were answered just now, where not all were.
pub fn keep<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, only: Option<&[u64]>) {
    let Some(user) = group.get(Group::user_id).and_then(|user| call.find_any::<User>(user)).filter(|user| user.is(User::is_patient)) else {
        return;
    };
    let is_new = |answer: &&View<'_, FormAnswer>| {
        only.is_none_or(|only| answer.get(FormAnswer::custom_module_id).is_some_and(|question| only.contains(&question)))
    };
    let answers = form_answer::of_group(call.on(), group.id());
    let answers: Vec<(String, String)> = answers.iter().filter(is_new).filter_map(answered).collect();
    let mut draft = call.change(&user);
    for (mod_type, answer) in &answers {
        take(&mut draft, mod_type, answer);
    }
    if draft.differs_from(&user) {
        draft.save(call);
    }
    for (mod_type, answer) in answers.into_iter().filter(|(mod_type, _)| METRICS.contains(&mod_type.as_str())) {
        if let Some(stat) = answer.parse::<f64>().ok().filter(|stat| stat.is_finite()) {
            measure(call, group, &user, mod_type, stat);
        }
    }
    score(call, group, &user);
}

/// The kind of an answered question, and the answer.
fn answered(answer: &View<'_, FormAnswer>) -> Option<(String, String)> {
    let question = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id)?;
    let given = answer.get(FormAnswer::answer).map(str::trim).filter(|given| !given.is_empty())?;
    Some((question.get(CustomModule::mod_type)?.to_owned(), given.to_owned()))
}

fn take(user: &mut Draft<User>, mod_type: &str, answer: &str) {
    match mod_type {
        "name" => {
            if let Some((first, last)) = answer.split_once(',').filter(|(first, last)| !first.trim().is_empty() && !last.trim().is_empty())
            {
                user.put(User::first_name, first.trim().to_owned());
                user.put(User::last_name, last.trim().to_owned());
            }
        }
        "legal_name" => user.put(User::legal_name, answer.to_owned()),
        "gender" => user.put(User::gender, answer.to_owned()),
        "phone" => user.put(User::phone_number, answer.to_owned()),
        "dob" => {
            if let Some(day) = moment::parse_date(answer) {
                user.set_value(User::dob.slot, Value::Date(days_since_1970(day)));
            }
        }
        _ => {}
    }
}

/// Assumed: a metric that a template is linked to is what the form's sections add up to.
fn score<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, user: &Row<User>) {
    let Some(total) = autoscore::total(&View::new(call.on(), group.record())) else { return };
    let form = group.get(Group::custom_module_form_id).unwrap_or_default();
    for metric in call.having(CustomMetric::custom_module_form_id, form) {
        if let Some(name) = metric.get(CustomMetric::name) {
            measure(call, group, user, name.to_owned(), total);
        }
    }
}

/// Assumed: a metric once for each form, changed when the answer changes.
fn measure<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, user: &Row<User>, category: String, stat: f64) {
    let known =
        call.having(Entry::form_answer_group_id, group.id()).into_iter().find(|entry| entry.get(Entry::category) == Some(&category));
    let by = group.get(Group::filler_id).unwrap_or(user.id());
    let entry = match known {
        Some(known) => call.change(&known),
        None => call.blank_draft::<Entry>().belongs_to(user.organization()),
    };
    entry
        .set(Entry::r#type, "MetricEntry".to_owned())
        .set(Entry::category, category)
        .set(Entry::metric_stat, stat)
        .set(Entry::poster, user.id())
        .set(Entry::added_by_user_id, by)
        .set(Entry::form_answer_group_id, group.id())
        .save(call);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn what_a_finished_form_says_of_the_patient_is_kept() {
        let clinic = Clinic::open();
        let [form, name, dob, weight] = [
            ("CustomModuleForm", "welcome"),
            ("CustomModule", "welcome_name"),
            ("CustomModule", "welcome_dob"),
            ("CustomModule", "weight"),
        ]
        .map(|(ty, handle)| clinic.id(ty, handle));
        let user = clinic.id("User", "sparse");
        let answer = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{user}", finished: true, form_answers: [
                {{custom_module_id: "{name}", answer: "Una,Moss"}}, {{custom_module_id: "{dob}", answer: "1991-04-05"}}, {{custom_module_id: "{weight}", answer: "150.5"}}
            ]}}) {{ form_answer_group {{ user {{ full_name dob }} }} messages {{ message }} }} }}"#
        ));
        let kept = &answer["data"]["createFormAnswerGroup"]["form_answer_group"]["user"];
        assert_eq!(*kept, json!({"full_name": "Una Moss", "dob": "1991-04-05"}), "{answer}");
        let events = clinic.events();
        assert!(events.contains(&"patient.updated".to_owned()) && events.contains(&"form_answer_group.created".to_owned()), "{events:?}");
    }
}
