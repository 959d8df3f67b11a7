//! `createAnnouncement`, `updateAnnouncement` and `deleteAnnouncement`.

use crate::engine::{Call, Draft, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{Announcement, UserGroup, createAnnouncementInput as Input, destroyAnnouncementInput, updateAnnouncementInput};

pub fn create_announcement(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let mut announcement = call.draft::<Announcement>();
    if !call.is_blank(Input::user_group_ids) {
        let groups = call.targets::<UserGroup>(Input::user_group_ids)?;
        announcement.put(Announcement::group_ids, ids(&groups));
    }
    call.check(&announcement)?;
    let is_toggled = announcement.get(Announcement::active) == Some(true);
    Ok(stamped(call, announcement, is_toggled).save(call).into())
}

pub fn update_announcement(call: &mut Call<'_, updateAnnouncementInput>) -> Result<Made, Refusal> {
    type Input = updateAnnouncementInput;
    let row = own(call, call.target::<Announcement, _>(Input::id)?, "update this announcement")?;
    let mut announcement = call.edit(&row);
    if call.given(Input::user_group_ids)?.is_sent() {
        let groups = call.targets::<UserGroup>(Input::user_group_ids)?;
        announcement.put(Announcement::group_ids, ids(&groups));
    }
    if call.is(Input::delete_image) {
        announcement.clear(Announcement::announcement_image_name);
        announcement.clear(Announcement::announcement_image_url);
    }
    call.check(&announcement)?;
    let is_toggled = announcement.get(Announcement::active) != row.get(Announcement::active);
    Ok(stamped(call, announcement, is_toggled).save(call).into())
}

pub fn delete_announcement(call: &mut Call<'_, destroyAnnouncementInput>) -> Result<Made, Refusal> {
    let row = own(call, call.target::<Announcement, _>(destroyAnnouncementInput::id)?, "delete this announcement")?;
    call.delete(&row);
    Ok(row.into())
}

/// Assumed: whoever made it, and administrators.
fn own<I: Named>(call: &Call<'_, I>, row: Row<Announcement>, to: &str) -> Result<Row<Announcement>, Refusal> {
    let author = row.value(Announcement::user.slot).as_id();
    if call.viewer().is_admin() || author == call.viewer().id() { Ok(row) } else { Err(Refusal::no_permission(to)) }
}

/// Documented: it says who switched it on or off last, and when.
fn stamped<I: Named>(call: &Call<'_, I>, announcement: Draft<Announcement>, is_toggled: bool) -> Draft<Announcement> {
    match is_toggled {
        true => announcement.set(Announcement::last_toggled_at, call.now()).set(Announcement::last_toggled_by, call.viewer_id()),
        false => announcement,
    }
}

fn ids(groups: &[Row<UserGroup>]) -> Vec<u64> {
    groups.iter().map(Row::id).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn told(clinic: &Clinic, args: &str) -> Vec<String> {
        let answer = clinic.run(&format!(r#"{{ announcements(keywords: "t_"{args}) {{ name }} }}"#));
        let all = answer["data"]["announcements"].as_array().unwrap_or_else(|| panic!("{answer}"));
        all.iter().map(|announcement| announcement["name"].as_str().expect("one").to_owned()).collect()
    }

    #[test]
    fn patients_read_what_is_active_and_for_them() {
        let clinic = Clinic::open();
        let heart = clinic.id("UserGroup", "heart");
        let make = |fields: &str| {
            let made = clinic.run(&format!(
                "mutation {{ createAnnouncement(input: {{ {fields} }}) {{ announcement {{ id active user_group_ids user_group_names last_toggled_by {{ first_name }} user {{ first_name }} }} messages {{ message }} }} }}"
            ));
            made["data"]["createAnnouncement"]["announcement"].clone()
        };
        let all = make(r#"name: "t_all", title: "Closed", active: true"#);
        let group = make(&format!(r#"name: "t_heart", active: true, user_group_ids: "{heart}""#));
        make(r#"name: "t_off""#);
        assert_eq!(
            (&group["user_group_ids"], &group["user_group_names"], &group["last_toggled_by"]["first_name"]),
            (&json!(heart), &json!("Heart Health"), &json!("Margaret"))
        );
        assert_eq!(told(&clinic, ""), ["t_off", "t_heart", "t_all"]);
        assert_eq!(told(&clinic.as_role("patient"), ""), ["t_heart", "t_all"]);
        assert_eq!(told(&clinic.as_role("patient2"), ""), ["t_all"]);
        let id = all["id"].as_str().expect("made");
        let patient = clinic.as_role("patient");
        patient
            .run(&format!("mutation {{ dismissAnnouncement(input: {{ id: {id} }}) {{ announcement {{ id }} messages {{ message }} }} }}"));
        assert_eq!(told(&patient, ", exclude_dismissed: true"), ["t_heart"]);
        patient.run("mutation { dismissAllAnnouncements(input: {}) { announcements { id } messages { message } } }");
        assert_eq!(told(&patient, ", exclude_dismissed: true"), [] as [&str; 0]);
        clinic.as_role("provider").refuses(
            &format!("updateAnnouncement(input: {{ id: {id}, active: false }})"),
            &[("base", "You do not have permission to update this announcement.")],
        );
    }
}
