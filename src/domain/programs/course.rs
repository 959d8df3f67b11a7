//! Programs and their modules.

use super::membership::{Status, status};
use super::release;
use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, View};
use crate::schema::names::{CompletedCourseItem, Course, CourseGroup, CourseItem, CourseMembership, CourseType, User, UserGroup, args};
use crate::schema::{Named, Version};

pub fn entity() -> Entity<Course> {
    let count = |wanted: Status| {
        move |course: &View<'_, Course>| Value::Int(members(course).filter(|member| status(member) == wanted).count() as i64).into()
    };
    Entity::usual()
        .requires(Course::name)
        .requires(Course::course_type)
        .defaults(Course::active, true)
        .defaults(Course::late_enroll, false)
        .about_nobody()
        .visible(may_see)
        .answers(Course::course_type, kind)
        .computed(Course::course_memberships_count, |course| Some(members(course).count().to_string()))
        .answers(Course::completed_course_memberships_count, count(Status::Completed))
        .answers(Course::in_progress_course_memberships_count, count(Status::InProgress))
        .answers(Course::not_started_course_memberships_count, count(Status::NotStarted))
        .answers(Course::users, |course| people(course, members(course)))
        .answers(Course::user_groups, |course| {
            let groups = course.on.all::<CourseGroup>().filter(|group| group.value(CourseGroup::course.slot).as_id() == Some(course.id()));
            Answer::List(groups.filter_map(|group| group.follow::<UserGroup, _>(CourseGroup::user_group)).map(Into::into).collect())
        })
        .answers_to(Course::clients, args::Course_clients, |course, asked| {
            let wanted = asked.get(args::Course_clients::course_status).ok().flatten();
            Answer::List(
                seen(course).filter(|member| wanted.is_none_or(|wanted| status(member).is_called(wanted))).map(Into::into).collect(),
            )
        })
        .answers(Course::ungrouped_course_memberships, |course| {
            Answer::List(seen(course).filter(|member| member.get(CourseMembership::course_group_id).is_none()).map(Into::into).collect())
        })
        .answers(Course::clients_groups, |course| {
            let groups = course.on.all::<CourseGroup>().filter(|group| group.value(CourseGroup::course.slot).as_id() == Some(course.id()));
            Answer::List(groups.map(Into::into).collect())
        })
        .answers_to(Course::course_items, args::Course_course_items, |course, asked| {
            let with_emails = asked.get(args::Course_course_items::include_emails).ok().flatten() != Some(false);
            let items = items(course.on, course.id()).into_iter().filter(|item| with_emails || !is_email(item));
            Answer::List(items.map(Into::into).collect())
        })
}

/// Documented: a program can be looked up by everybody. Assumed: members look at their organization's.
fn may_see(course: &View<'_, Course>) -> bool {
    let viewer = course.on.viewer();
    course.get(Course::deleted_at).is_none() && (!viewer.is_member() || viewer.reaches(course.organization()))
}

/// Documented: the older version writes it in lower case.
fn kind(course: &View<'_, Course>) -> Answer {
    let said = course.value(Course::course_type.slot);
    match said.as_str() {
        Some(kind) if course.on.scene.version < Version::V2026_01_01 => Value::from(kind.to_lowercase()).into(),
        _ => said.clone().into(),
    }
}

pub fn members<'s>(course: &View<'s, Course>) -> impl Iterator<Item = View<'s, CourseMembership>> + use<'s> {
    course.on.having(CourseMembership::course_id, course.id())
}

fn seen<'s>(course: &View<'s, Course>) -> impl Iterator<Item = View<'s, CourseMembership>> + use<'s> {
    let on = course.on;
    members(course).filter(move |member| on.may_see(CourseMembership::TYPE, member.record()))
}

fn people<'s>(course: &View<'s, Course>, members: impl Iterator<Item = View<'s, CourseMembership>>) -> Answer {
    let people = members.filter_map(|member| course.on.find::<User>(member.get(CourseMembership::user_id)?));
    Answer::List(people.map(Into::into).collect())
}

/// A program's modules in the order in which they are reached.
pub fn items(on: Reading<'_>, course: u64) -> Vec<View<'_, CourseItem>> {
    let mut items: Vec<_> = on.having(CourseItem::course_id, course).collect();
    items.sort_by_key(|item| (released_after(item), item.get(CourseItem::position).unwrap_or(i64::MAX), item.id()));
    items
}

/// Days after the start.
pub fn released_after(item: &View<'_, CourseItem>) -> i64 {
    item.get(CourseItem::scheduled_release).and_then(|days| days.trim().parse().ok()).unwrap_or(0)
}

pub fn is_email(item: &View<'_, CourseItem>) -> bool {
    item.get(CourseItem::item_type).is_some_and(|kind| kind.to_lowercase().contains("email"))
}

pub fn item() -> Entity<CourseItem> {
    Entity::new()
        .indexed(CourseItem::course_id)
        .made_by(CourseItem::user_id)
        .requires(CourseItem::course_id)
        .defaults(CourseItem::completion_required_for_next_module, false)
        .searched(CourseItem::name)
        .visible(|item| item.follow::<Course, _>(CourseItem::course_id).is_some_and(|course| may_see(&course)))
        .computed(CourseItem::course_name, |item| item.follow::<Course, _>(CourseItem::course_id)?.get(Course::name).map(str::to_owned))
        .answers(CourseItem::next_item, |item| beside(item, 1).into())
        .answers(CourseItem::prev_item, |item| beside(item, -1).into())
        .computed(CourseItem::completed_memberships_count, |item| {
            Some(item.on.count_having(CompletedCourseItem::course_item_id, item.id()) as i64)
        })
        .answers_to(CourseItem::completed_by_client, args::CourseItem_completed_by_client, |item, asked| {
            let client = asked.get(args::CourseItem_completed_by_client::client_id).ok().flatten().or(item.on.viewer().id());
            Value::Bool(client.is_some_and(|client| completed(item, client).is_some())).into()
        })
        .answers_to(CourseItem::completed_course_item, args::CourseItem_completed_course_item, |item, asked| {
            let member = member(item, asked.get(args::CourseItem_completed_course_item::course_membership_id).ok().flatten());
            member.and_then(|member| completed(item, member.get(CourseMembership::user_id)?)).into()
        })
        .answers_to(CourseItem::date_restricted, args::CourseItem_date_restricted, |item, asked| {
            let member = member(item, asked.get(args::CourseItem_date_restricted::course_membership_id).ok().flatten());
            let released = member.as_ref().and_then(|member| {
                Some(release::at(item, member.get(CourseMembership::start_at)?, member.get(CourseMembership::total_paused_duration)))
            });
            Value::Bool(released.is_some_and(|released| released > item.on.now())).into()
        })
        .answers_to(CourseItem::blocked_by_prev_item, args::CourseItem_blocked_by_prev_item, |item, asked| {
            let member = member(item, asked.get(args::CourseItem_blocked_by_prev_item::course_membership_id).ok().flatten());
            let before =
                items(item.on, item.get(CourseItem::course_id).unwrap_or(0)).into_iter().take_while(|other| other.id() != item.id());
            let is_open = |other: &View<'_, CourseItem>, client| {
                other.is(CourseItem::completion_required_for_next_module) && completed(other, client).is_none()
            };
            let client = member.and_then(|member| member.get(CourseMembership::user_id));
            Value::Bool(client.is_some_and(|client| before.into_iter().any(|other| is_open(&other, client)))).into()
        })
}

/// A membership, or that of whoever looks at the module.
fn member<'s>(item: &View<'s, CourseItem>, membership: Option<u64>) -> Option<View<'s, CourseMembership>> {
    let on = item.on;
    let course = item.get(CourseItem::course_id)?;
    let own = || on.having(CourseMembership::course_id, course).find(|member| member.get(CourseMembership::user_id) == on.viewer().id());
    membership.and_then(|id| on.find::<CourseMembership>(id)).or_else(own)
}

pub fn completed<'s>(item: &View<'s, CourseItem>, client: u64) -> Option<View<'s, CompletedCourseItem>> {
    let mut all = item.on.having(CompletedCourseItem::course_item_id, item.id());
    all.find(|done| done.get(CompletedCourseItem::user_id) == Some(client))
}

/// Documented: what comes next is told by the day of release, then by position.
fn beside<'s>(item: &View<'s, CourseItem>, steps: isize) -> Option<View<'s, CourseItem>> {
    let all = items(item.on, item.get(CourseItem::course_id)?);
    let at = all.iter().position(|other| other.id() == item.id())?.checked_add_signed(steps)?;
    all.into_iter().nth(at)
}

pub fn next(on: Reading<'_>, asked: &Input<'_, args::nextCourseItem>) -> Result<Answer, QueryError> {
    let item = asked.get(args::nextCourseItem::id).ok().flatten().and_then(|id| on.find::<CourseItem>(id));
    Ok(item.and_then(|item| beside(&item, 1)).into())
}

pub fn previous(on: Reading<'_>, asked: &Input<'_, args::prevCourseItem>) -> Result<Answer, QueryError> {
    let item = asked.get(args::prevCourseItem::id).ok().flatten().and_then(|id| on.find::<CourseItem>(id));
    Ok(item.and_then(|item| beside(&item, -1)).into())
}

pub fn course(on: Reading<'_>, asked: &Input<'_, args::course>) -> Result<Answer, QueryError> {
    let id = asked.get(args::course::id).ok().flatten().or(asked.get(args::course::course_id).ok().flatten());
    Ok(id.and_then(|id| on.find::<Course>(id)).into())
}

pub fn courses() -> List<Course, args::courses> {
    // Documented: rolling ones, and fixed ones that are still to start.
    List::usual()
        .filter(args::courses::only_available, |course, only| {
            let rolling = course.get(Course::course_type) != Some(CourseType::FIXED.name);
            !only || rolling || course.get(Course::start_date) > Some(course.on.now())
        })
        // Clients list the programs that they are enrolled in.
        .keep(|course, _| {
            let viewer = course.on.viewer();
            let me = viewer.id();
            viewer.is_member() || members(course).any(|member| member.get(CourseMembership::user_id) == me)
        })
}

pub fn course_items() -> List<CourseItem, args::courseItems> {
    type A = args::courseItems;
    List::new()
        .unpaged()
        .filter_eq(A::course_id, CourseItem::course_id)
        .filter(A::client_id, |item, client| {
            let mut memberships = item.on.having(CourseMembership::user_id, client);
            memberships.any(|member| member.get(CourseMembership::course_id) == item.get(CourseItem::course_id))
        })
        .filter(A::include_emails, |item, with| with || !is_email(item))
        .accepts(A::find_for_provider)
        .order_by("RELEASE", |item| {
            Value::Int(released_after(item) * 1_000_000 + item.get(CourseItem::position).unwrap_or(0).clamp(0, 999_999))
        })
        .default_order("RELEASE_ASC")
}

pub fn completed_course_item(on: Reading<'_>, asked: &Input<'_, args::completedCourseItem>) -> Result<Answer, QueryError> {
    type A = args::completedCourseItem;
    let client = asked.get(A::user_id).ok().flatten().or(on.viewer().id());
    let item = asked.get(A::course_item_id).ok().flatten().and_then(|id| on.find::<CourseItem>(id));
    let found = item.zip(client).and_then(|(item, client)| completed(&item, client));
    Ok(found.and_then(|found| on.find::<CompletedCourseItem>(found.id())).into())
}
