//! How somebody's chat answers by itself.

use crate::engine::{Answer, Call, Draft, Entity, Made, Nested, Refusal, Value, View};
use crate::schema::names::{ChatSetting, DayRangeInputObjectType, DayRangeType, RecurringDaysData, RecurringDaysInputObjectType, User};
use crate::schema::{Field, Id, Named, Text};

const DAYS: [(&str, Field<ChatSetting, Text>); 7] = [
    ("monday", ChatSetting::recurring_monday),
    ("tuesday", ChatSetting::recurring_tuesday),
    ("wednesday", ChatSetting::recurring_wednesday),
    ("thursday", ChatSetting::recurring_thursday),
    ("friday", ChatSetting::recurring_friday),
    ("saturday", ChatSetting::recurring_saturday),
    ("sunday", ChatSetting::recurring_sunday),
];

pub fn entity() -> Entity<ChatSetting> {
    Entity::usual()
        .flags_default_to_no()
        .ruled(ChatSetting::user_id)
        .ruled(ChatSetting::recurring_days_data)
        .answers(ChatSetting::recurring_days_data, days_data)
}

/// The days as a form shows them: those with the same hours together.
fn days_data(setting: &View<'_, ChatSetting>) -> Answer {
    let mut ranges: Vec<(&str, Vec<Value>)> = Vec::new();
    for (day, column) in DAYS {
        let Some(hours) = setting.get(column) else { continue };
        match ranges.iter_mut().find(|(known, _)| *known == hours) {
            Some((_, days)) => days.push(Value::text(day)),
            None => ranges.push((hours, vec![Value::text(day)])),
        }
    }
    let range = |(hours, days): (&str, Vec<Value>)| {
        let days = Value::List(days.into());
        Answer::Object(
            DayRangeType::TYPE,
            vec![(DayRangeType::days.slot, days.into()), (DayRangeType::time_range.slot, Value::text(hours).into())],
        )
    };
    let id = (RecurringDaysData::id.slot, Value::Id(setting.id()).into());
    let ranges = Answer::List(ranges.into_iter().map(range).collect());
    Answer::Object(RecurringDaysData::TYPE, vec![id, (RecurringDaysData::day_ranges.slot, ranges)])
}

/// `createChatSetting`: everybody has one at most, so that a second call changes the first's.
pub fn create_chat_setting(call: &mut Call<'_, crate::schema::names::createChatSettingInput>) -> Result<Made, Refusal> {
    use crate::schema::names::createChatSettingInput as Input;
    let owner = owner(call, Input::user_id)?;
    let setting = match call.having(ChatSetting::user_id, owner).pop() {
        Some(known) => call.edit(&known),
        None => call.draft::<ChatSetting>().set(ChatSetting::user_id, owner),
    };
    let setting = with_days(setting, call.get(Input::recurring_days_data)?);
    call.check(&setting)?;
    Ok(setting.save(call).into())
}

/// `updateChatSetting`
pub fn update_chat_setting(call: &mut Call<'_, crate::schema::names::updateChatSettingInput>) -> Result<Made, Refusal> {
    use crate::schema::names::updateChatSettingInput as Input;
    let setting = match call.is_blank(Input::id) {
        false => call.target::<ChatSetting, _>(Input::id)?,
        true => {
            let owner = owner(call, Input::user_id)?;
            let known = call.having(ChatSetting::user_id, owner).pop();
            known.ok_or_else(|| Refusal::not_found("id", ChatSetting::TYPE.name()))?
        }
    };
    call.accept(Input::user_id);
    let setting = with_days(call.edit(&setting), call.get(Input::recurring_days_data)?);
    call.check(&setting)?;
    Ok(setting.save(call).into())
}

fn owner<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<u64, Refusal> {
    match call.is_blank(field) {
        true => Ok(call.viewer_id()),
        false => Ok(call.target::<User, _>(field)?.id()),
    }
}

fn with_days(mut setting: Draft<ChatSetting>, sent: Option<Nested<'_, RecurringDaysInputObjectType>>) -> Draft<ChatSetting> {
    let Some(sent) = sent else { return setting };
    for (_, column) in &DAYS {
        setting.clear(*column);
    }
    for range in sent.get(RecurringDaysInputObjectType::day_ranges).unwrap_or_default() {
        let hours = range.get(DayRangeInputObjectType::time_range).unwrap_or("all_day");
        for day in range.get(DayRangeInputObjectType::days).unwrap_or_default() {
            if let Some((_, column)) = DAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day)) {
                setting.put(*column, hours.to_owned());
            }
        }
    }
    setting
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn days_with_the_same_hours_stand_together() {
        let clinic = Clinic::open();
        let set = r#"createChatSetting(input: { content: "Away", is_active: true, recurring_days_data: { day_ranges: [
            { days: ["monday", "friday"], time_range: "09:00-12:00" }, { days: ["Sunday"] }
        ] } })"#;
        let fields = "content is_active send_auto_welcome recurring_friday recurring_days_data { day_ranges { days time_range } }";
        let answer = clinic.run(&format!("mutation {{ {set} {{ chatSetting {{ {fields} }} messages {{ message }} }} }}"));
        let expected = json!({
            "content": "Away", "is_active": true, "send_auto_welcome": false, "recurring_friday": "09:00-12:00",
            "recurring_days_data": {"day_ranges": [
                {"days": ["monday", "friday"], "time_range": "09:00-12:00"}, {"days": ["sunday"], "time_range": "all_day"}
            ]}
        });
        assert_eq!(answer["data"]["createChatSetting"], json!({"chatSetting": expected, "messages": null}));
        clinic.run(r#"mutation { createChatSetting(input: { content: "Back" }) { messages { message } } }"#);
        assert_eq!(clinic.run(&format!("{{ chatSetting {{ {fields} }} }}"))["data"]["chatSetting"]["content"], "Back");
        assert!(clinic.as_role("patient").run("{ chatSetting { id } }")["data"]["chatSetting"].is_null());
    }
}
