//! `createCourse`, `updateCourse`, `copyCourse` and `shareCourse`.

use super::course::items;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Nested, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    Course, CourseBenefit, CourseGroup, CourseItem, CourseMembersInput, CourseMembership, CourseType, OrganizationMembership, User,
    UserGroup, copyCourseInput as Copy, createCourseInput as Create, shareCourseInput as Share, updateCourseInput as Update,
};
use jiff::Timestamp;

pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let mut course = call.draft::<Course>();
    call.check(&course)?;
    refuse_no_start(&course)?;
    picture(call.get(Create::external_preview_image_url)?, &mut course);
    Ok(course.save(call).into())
}

/// Documented: a program with fixed dates says when it starts.
fn refuse_no_start(course: &Draft<Course>) -> Result<(), Refusal> {
    let fixed = course.get(Course::course_type) == Some(CourseType::FIXED.name);
    if fixed && course.is_blank(Course::start_date) { Err(Refusal::named("start_date", CANT_BE_BLANK)) } else { Ok(()) }
}

fn picture(url: Option<&str>, course: &mut Draft<Course>) {
    if let Some(url) = url {
        course.put(Course::preview_image_url, url.to_owned());
    }
}

/// Assumed, from the flags' names: enrolling takes another flag than writing the program.
pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let before = call.target::<Course, _>(Update::id)?;
    let enrols = call.given(Update::course_members)?.is_sent();
    let enrolment = [Update::id.slot, Update::course_members.slot, Update::start_at.slot, Update::start_on_group_assignment.slot];
    if enrols {
        call.needs(OrganizationMembership::can_enroll_clients_to_programs, "update this course")?;
    }
    if !enrols || call.lifted.each().any(|(slot, _)| !enrolment.contains(&slot)) {
        call.needs(OrganizationMembership::can_edit_education, "update this course")?;
    }
    let mut course = call.edit(&before);
    call.check(&course)?;
    refuse_no_start(&course)?;
    picture(call.get(Update::external_preview_image_url)?, &mut course);
    let course = course.save(call);
    if enrols {
        enrol(call, &course)?;
    }
    Ok(course.into())
}

/// Assumed: the list names everybody who is enrolled from now on, `user-1` and `group-2` as documented.
fn enrol(call: &mut Call<'_, Update>, course: &Row<Course>) -> Result<(), Refusal> {
    let wanted: Vec<Nested<'_, CourseMembersInput>> = call.get(Update::course_members)?.unwrap_or_default();
    let wanted: Vec<&str> = wanted.iter().filter_map(|member| member.get(CourseMembersInput::value)).collect();
    let (mut users, mut groups) = (vec![], vec![]);
    for value in wanted {
        let id = |start: &str| value.trim().strip_prefix(start).and_then(|id| id.parse::<u64>().ok());
        match (id("user-").or_else(|| value.trim().parse().ok()), id("group-")) {
            (_, Some(group)) if call.find::<UserGroup>(group).is_some() => groups.push(group),
            (Some(user), _) if call.find::<User>(user).is_some() => users.push(user),
            _ => return Err(Refusal::on(Update::course_members, "is invalid")),
        }
    }
    let start = call.get(Update::start_at)?.or(course.get(Course::start_date)).unwrap_or(call.now());
    keep_groups(call, course, &groups, start)?;
    let known = call.having(CourseMembership::course_id, course.id());
    for gone in known.iter().filter(|member| {
        let alone = member.get(CourseMembership::course_group_id).is_none();
        alone && !member.get(CourseMembership::user_id).is_some_and(|user| users.contains(&user))
    }) {
        call.delete(gone);
    }
    for user in users {
        add(call, course, user, None, start);
    }
    Ok(())
}

fn keep_groups(call: &mut Call<'_, Update>, course: &Row<Course>, wanted: &[u64], start: Timestamp) -> Result<(), Refusal> {
    let of = |group: &Row<CourseGroup>| group.value(CourseGroup::user_group.slot).as_id().unwrap_or_default();
    let known = call.having(CourseGroup::course, course.id());
    for gone in known.iter().filter(|group| !wanted.contains(&of(group))) {
        dissolve(call, gone);
    }
    for group in wanted.iter().filter(|wanted| !known.iter().any(|known| of(known) == **wanted)) {
        let on_assignment = call.get(Update::start_on_group_assignment)?.unwrap_or(false);
        let joined = call
            .blank_draft::<CourseGroup>()
            .set(CourseGroup::course, course.id())
            .set(CourseGroup::user_group, *group)
            .set(CourseGroup::start_at, start)
            .set(CourseGroup::start_on_group_assignment, on_assignment)
            .save(call);
        let begins = if on_assignment { call.now() } else { start };
        for user in call.having(User::user_group_id, *group) {
            add(call, course, user.id(), Some(joined.id()), begins);
        }
    }
    Ok(())
}

/// A group leaves a program, and those who were in it by the group.
pub fn dissolve<I: Named>(call: &mut Call<'_, I>, group: &Row<CourseGroup>) {
    for member in call.having(CourseMembership::course_group_id, group.id()) {
        call.delete(&member);
    }
    call.delete(group);
}

fn add<I: Named>(call: &mut Call<'_, I>, course: &Row<Course>, user: u64, group: Option<u64>, start: Timestamp) {
    let known = call.having(CourseMembership::user_id, user);
    if known.iter().any(|member| member.get(CourseMembership::course_id) == Some(course.id())) {
        return;
    }
    let mut member = call
        .blank_draft::<CourseMembership>()
        .belongs_to(course.organization())
        .set(CourseMembership::course_id, course.id())
        .set(CourseMembership::user_id, user)
        .set(CourseMembership::start_at, start);
    if let Some(group) = group {
        member.put(CourseMembership::course_group_id, group);
    }
    member.save(call);
}

/// Inferred: the modules come along, who is enrolled doesn't. Assumed: the name.
pub fn copy(call: &mut Call<'_, Copy>) -> Result<Made, Refusal> {
    let original = call.target::<Course, _>(Copy::id)?;
    let name = format!("{} (copy)", original.get(Course::name).unwrap_or_default());
    let id = call.blank_draft::<Course>();
    let copy = same(id, &original).set(Course::name, name).set(Course::user_id, call.viewer_id()).save(call);
    let modules: Vec<Row<CourseItem>> = items(call.on(), original.id()).iter().map(|item| item.row().clone()).collect();
    for module in modules {
        let draft = call.blank_draft::<CourseItem>();
        same(draft, &module).set(CourseItem::course_id, copy.id()).save(call);
    }
    for benefit in call.having(CourseBenefit::course_id, original.id()) {
        let draft = call.blank_draft::<CourseBenefit>();
        same(draft, &benefit).set(CourseBenefit::course_id, copy.id()).save(call);
    }
    Ok(copy.into())
}

/// Everything that the record says but when it was made.
fn same<T: Named>(mut draft: Draft<T>, of: &Row<T>) -> Draft<T> {
    let times = ["created_at", "updated_at"].map(|name| T::TYPE.shape().slot(name));
    for (slot, value) in of.record().values().filter(|(slot, _)| !times.contains(&Some(*slot))) {
        draft.set_value(slot, value.clone());
    }
    draft
}

/// Inferred: with a colleague, by e-mail. All members see their organization's programs here, so that nothing changes.
pub fn share(call: &mut Call<'_, Share>) -> Result<Made, Refusal> {
    let course = call.target::<Course, _>(Share::id)?;
    let email = call.require(Share::course_share_recipient)?.trim();
    let is_there =
        |user: &Row<User>| user.get(User::email).is_some_and(|own| own.eq_ignore_ascii_case(email)) && !user.is(User::is_patient);
    let found = call.on().all::<User>().any(|user| is_there(user.row()));
    if found { Ok(course.into()) } else { Err(Refusal::not_found(Share::course_share_recipient.name(), User::TYPE.name())) }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    /// A program with two modules, in which patient and the group of the heart are.
    fn program(clinic: &Clinic) -> (String, Vec<String>) {
        let made = clinic.run(
            r#"mutation { createCourse(input: {name: "Steps", course_type: "rolling"}) { course { id course_type active } messages { field } } }"#,
        );
        let id = made["data"]["createCourse"]["course"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let items = ["One", "Two"].map(|name| {
            let made = clinic.run(&format!(
                r#"mutation {{ createCourseItem(input: {{course_id: "{id}", name: "{name}", item_type: "Document", completion_required_for_next_module: true}}) {{
                    courseItem {{ id }} messages {{ field }} }} }}"#
            ));
            made["data"]["createCourseItem"]["courseItem"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
        });
        let (user, group) = (clinic.id("User", "patient2"), clinic.id("UserGroup", "heart"));
        clinic.run(&format!(
            r#"mutation {{ updateCourse(input: {{id: "{id}", course_members: [{{label: "", value: "user-{user}"}}, {{label: "", value: "group-{group}"}}]}}) {{
                course {{ id }} messages {{ field message }} }} }}"#
        ));
        (id, items.to_vec())
    }

    #[test]
    fn who_is_named_is_enrolled_and_who_is_not_leaves() {
        let clinic = Clinic::open();
        let (id, _) = program(&clinic);
        let events = clinic.events();
        assert!(!events.is_empty() && events.iter().all(|event| event == "course_membership.created"), "{events:?}");
        let info = clinic
            .run(&format!(r#"{{ courseCompletionInfo(course_id: "{id}") {{ groups {{ label completed }} individuals {{ label }} }} }}"#));
        let expected = json!({ "groups": [{ "label": "Heart Health", "completed": 0 }], "individuals": [{ "label": "Marcus Bell" }] });
        assert_eq!(info["data"]["courseCompletionInfo"], expected);
        clinic.run(&format!(r#"mutation {{ updateCourse(input: {{id: "{id}", course_members: []}}) {{ course {{ id }} }} }}"#));
        assert!(clinic.events().iter().all(|event| event == "course_membership.deleted"));
        clinic.refuses(
            &format!(r#"updateCourse(input: {{id: "{id}", course_members: [{{label: "", value: "user-1"}}]}})"#),
            &[("course_members", "is invalid")],
        );
    }

    #[test]
    fn modules_are_completed_one_after_the_other() {
        let clinic = Clinic::open();
        let (id, items) = program(&clinic);
        let patient = clinic.as_role("patient2");
        let state = || {
            let answer = patient.run("{ courseMemberships { course_status next_incomplete_item { name } course { name course_type } } }");
            answer["data"]["courseMemberships"][0].clone()
        };
        let course = json!({ "name": "Steps", "course_type": "rolling" });
        assert_eq!(state(), json!({ "course_status": "Not started", "next_incomplete_item": { "name": "One" }, "course": course }));
        let blocked = patient.run(&format!(r#"{{ courseItems(course_id: "{id}") {{ name blocked_by_prev_item prev_item {{ name }} }} }}"#));
        assert_eq!(
            blocked["data"]["courseItems"][1],
            json!({ "name": "Two", "blocked_by_prev_item": true, "prev_item": { "name": "One" } })
        );
        for (item, expected) in items.iter().zip(["IN_PROGRESS", "COMPLETED"]) {
            let done = patient.run(&format!(
                r#"mutation {{ createCompletedCourseItem(input: {{course_item_id: "{item}"}}) {{ completedCourseItem {{ course_item_id }} messages {{ field }} }} }}"#
            ));
            assert_eq!(
                done["data"]["createCompletedCourseItem"],
                json!({ "completedCourseItem": { "course_item_id": item }, "messages": null })
            );
            let answer = patient.in_version(Version::V2026_01_01).run("{ courseMemberships { nodes { course_status } } }");
            assert_eq!(answer["data"]["courseMemberships"]["nodes"][0]["course_status"], expected);
        }
        let count = clinic.run(&format!(r#"{{ courseClientsCount(course_id: "{id}", course_status: "completed") }}"#));
        assert_eq!(count["data"]["courseClientsCount"], 1);
    }

    #[test]
    fn a_pause_is_added_up() {
        let clinic = Clinic::open();
        program(&clinic);
        let listed = clinic.as_role("patient2").run("{ courseMemberships { id } }");
        let id = listed["data"]["courseMemberships"][0]["id"].as_str().expect("an id").to_owned();
        let pause = format!(r#"pauseCourseMembership(input: {{id: "{id}"}})"#);
        clinic.run(&format!("mutation {{ {pause} {{ courseMembership {{ id }} }} }}"));
        clinic.refuses(&pause, &[("base", "is already paused")]);
        clinic.advance(jiff::SignedDuration::from_hours(1));
        let resumed = clinic.run(&format!(
            r#"mutation {{ resumeCourseMembership(input: {{id: "{id}"}}) {{ courseMembership {{ is_paused paused_at total_paused_duration }} }} }}"#
        ));
        let expected = json!({ "is_paused": false, "paused_at": null, "total_paused_duration": 3600 });
        assert_eq!(resumed["data"]["resumeCourseMembership"]["courseMembership"], expected);
    }

    #[test]
    fn a_copy_has_the_modules_but_nobody_enrolled() {
        let clinic = Clinic::open();
        let (id, _) = program(&clinic);
        let copied = clinic.run(&format!(
            r#"mutation {{ copyCourse(input: {{id: "{id}"}}) {{ course {{ name course_memberships_count course_items {{ name }} }} messages {{ field }} }} }}"#
        ));
        let course =
            json!({ "name": "Steps (copy)", "course_memberships_count": "0", "course_items": [{ "name": "One" }, { "name": "Two" }] });
        assert_eq!(copied["data"]["copyCourse"], json!({ "course": course, "messages": null }));
    }

    #[test]
    fn a_program_needs_a_name_a_type_and_a_start_where_it_is_fixed() {
        let clinic = Clinic::open();
        clinic.refuses("createCourse(input: {})", &[("name", "can't be blank"), ("course_type", "can't be blank")]);
        clinic.refuses(r#"createCourse(input: {name: "A", course_type: "fixed"})"#, &[("start_date", "can't be blank")]);
        clinic.as_role("limited").refuses("createCourse(input: {})", &[("base", "You do not have permission to create this course.")]);
    }
}
