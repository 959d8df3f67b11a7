//! Who is enrolled in a program, alone or with a group, and how far they are.

use super::course::{completed, items};
use super::release;
use crate::domain::people::full_name;
use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, View, Within};
use crate::schema::names::{
    CompletedCourseItem, Course, CourseCompletionInfoGroupsType as GroupInfo, CourseCompletionInfoIndividualsType as PersonInfo,
    CourseCompletionInfoType as Info, CourseGroup, CourseItem, CourseMembership, User, UserGroup, args,
};
use crate::schema::{Field, Id, Named, Text, Version};

type M = CourseMembership;

/// Documented: none, some or all of the modules are complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    NotStarted,
    InProgress,
    Completed,
}

impl Status {
    fn token(self) -> &'static str {
        match self {
            Self::NotStarted => "NOT_STARTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
        }
    }

    /// Assumed: how the older version writes it.
    fn words(self) -> &'static str {
        match self {
            Self::NotStarted => "Not started",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
        }
    }

    /// Any case, with spaces or underscores; a blank is no wish.
    pub fn is_called(self, wanted: &str) -> bool {
        let wanted = wanted.trim().replace([' ', '-'], "_");
        wanted.is_empty() || wanted.eq_ignore_ascii_case("all") || wanted.eq_ignore_ascii_case(self.token())
    }
}

pub fn status(member: &View<'_, M>) -> Status {
    let (Some(course), Some(client)) = (member.get(M::course_id), member.get(M::user_id)) else { return Status::NotStarted };
    let items = items(member.on, course);
    match items.iter().filter(|item| completed(item, client).is_some()).count() {
        0 => Status::NotStarted,
        done if done == items.len() => Status::Completed,
        _ => Status::InProgress,
    }
}

pub fn entity() -> Entity<M> {
    Entity::usual()
        .indexed(M::course_id)
        .indexed(M::course_group_id)
        .derives(release::plan)
        .defaults(M::is_paused, false)
        .defaults(M::total_paused_duration, 0)
        .answers(M::course_status, |member| {
            let status = status(member);
            Value::text(if member.on.scene.version < Version::V2026_01_01 { status.words() } else { status.token() }).into()
        })
        .answers(M::next_incomplete_item, |member| incomplete(member, 0).into())
        .answers(M::next_next_incomplete_item, |member| incomplete(member, 1).into())
}

fn incomplete<'s>(member: &View<'s, M>, at: usize) -> Option<View<'s, CourseItem>> {
    let (course, client) = (member.get(M::course_id)?, member.get(M::user_id)?);
    items(member.on, course).into_iter().filter(|item| completed(item, client).is_none()).nth(at)
}

pub fn group() -> Entity<CourseGroup> {
    Entity::new().defaults(CourseGroup::is_paused, false).defaults(CourseGroup::start_on_group_assignment, false)
}

pub fn completed_item() -> Entity<CompletedCourseItem> {
    Entity::usual().indexed(CompletedCourseItem::course_item_id).requires(CompletedCourseItem::course_item_id).answers(
        CompletedCourseItem::next_item,
        |done| {
            let item = done.follow::<CourseItem, _>(CompletedCourseItem::course_item_id);
            let course = item.as_ref().and_then(|item| item.get(CourseItem::course_id)).map(|course| items(done.on, course));
            let after = course.into_iter().flatten().skip_while(|other| item.as_ref().is_some_and(|item| other.id() != item.id())).nth(1);
            after.into()
        },
    )
}

/// Documented: by any of its names, else by a program and a person, or a module of it.
pub fn course_membership(on: Reading<'_>, asked: &Input<'_, args::courseMembership>) -> Result<Answer, QueryError> {
    type A = args::courseMembership;
    let id = |field: Field<A, Id>| asked.get(field).ok().flatten();
    if let Some(id) = id(A::id).or(id(A::course_membership_id)) {
        return Ok(on.find::<M>(id).into());
    }
    let course_of_item = id(A::course_item_id).and_then(|item| on.find_any::<CourseItem>(item)?.get(CourseItem::course_id));
    let course = id(A::course_id).or(course_of_item);
    let (person, group) = (id(A::user_id).or(on.viewer().id()), id(A::user_group_id));
    let Some(course) = course else { return Ok(Answer::NULL) };
    let found = on.having(M::course_id, course).find(|member| match group {
        Some(group) => {
            let of = member.follow::<CourseGroup, _>(M::course_group_id);
            of.is_some_and(|of| of.value(CourseGroup::user_group.slot).as_id() == Some(group))
        }
        None => member.get(M::user_id) == person,
    });
    Ok(found.and_then(|found| on.find::<M>(found.id())).into())
}

/// Documented: the viewer's, or a client's.
pub fn course_memberships() -> List<M, args::courseMemberships> {
    type A = args::courseMemberships;
    List::new()
        .within(|on, asked| match asked.get(A::client_id).ok().flatten().or(on.viewer().id()) {
            Some(person) => Within::having(M::user_id, person),
            None => Within::nothing(),
        })
        .reads(A::client_id)
        .accepts(A::fetch_all)
}

pub fn course_clients() -> List<M, args::courseClients> {
    of_course(args::courseClients::course_id, args::courseClients::course_status)
}

pub fn ungrouped() -> List<M, args::ungroupedCourseMemberships> {
    type A = args::ungroupedCourseMemberships;
    of_course(A::course_id, A::course_status).keep(|member, _| member.get(M::course_group_id).is_none())
}

fn of_course<A: Named + 'static>(course: Field<A, Id>, wanted: Field<A, Text>) -> List<M, A> {
    List::new().unpaged().filter_eq(course, M::course_id).filter(wanted, |member, wanted| status(member).is_called(wanted))
}

pub fn course_group_clients() -> List<User, args::courseGroupClients> {
    type A = args::courseGroupClients;
    List::new().unpaged().reads(A::course_id).reads(A::course_group_id).reads(A::course_status).keep(|user, asked| {
        let (course, group) = (asked.get(A::course_id).ok().flatten(), asked.get(A::course_group_id).ok().flatten());
        let wanted = asked.get(A::course_status).ok().flatten();
        let mut memberships = user.on.having(M::user_id, user.id());
        memberships.any(|member| {
            let of = member.get(M::course_group_id);
            of.is_some()
                && (group.is_none() || of == group)
                && (course.is_none() || member.get(M::course_id) == course)
                && wanted.is_none_or(|wanted| status(&member).is_called(wanted))
        })
    })
}

pub fn completion_info(on: Reading<'_>, asked: &Input<'_, args::courseCompletionInfo>) -> Result<Answer, QueryError> {
    Ok(info(on, asked.get(args::courseCompletionInfo::course_id).ok().flatten()))
}

/// Documented: the same under its older, misspelt name.
pub fn misspelt_completion_info(on: Reading<'_>, asked: &Input<'_, args::courseCompletetionInfo>) -> Result<Answer, QueryError> {
    Ok(info(on, asked.get(args::courseCompletetionInfo::course_id).ok().flatten()))
}

fn info(on: Reading<'_>, course: Option<u64>) -> Answer {
    let course = course.and_then(|course| on.find::<Course>(course)).filter(|_| on.viewer().is_member());
    let Some(course) = course else { return Answer::NULL };
    let members: Vec<View<'_, M>> = on.having(M::course_id, course.id()).collect();
    let groups = on.all::<CourseGroup>().filter(|group| group.value(CourseGroup::course.slot).as_id() == Some(course.id()));
    let groups = groups.map(|group| {
        let of: Vec<_> = members.iter().filter(|member| member.get(M::course_group_id) == Some(group.id())).collect();
        let named = group.follow::<UserGroup, _>(CourseGroup::user_group);
        let label = named.as_ref().and_then(|named| named.get(UserGroup::name)).unwrap_or_default();
        let ids = of.iter().filter_map(|member| member.get(M::user_id)).map(|id| Value::from(id.to_string()));
        let done = of.iter().filter(|member| status(member) == Status::Completed).count();
        Answer::Object(
            GroupInfo::TYPE,
            vec![
                (GroupInfo::label.slot, Value::text(label).into()),
                (GroupInfo::value.slot, Value::from(named.as_ref().map(|named| format!("group-{}", named.id()))).into()),
                (GroupInfo::user_ids.slot, Value::List(ids.collect()).into()),
                (GroupInfo::completed.slot, Value::Int(done as i64).into()),
                (GroupInfo::total.slot, Value::Int(of.len() as i64).into()),
            ],
        )
    });
    let alone = members.iter().filter(|member| member.get(M::course_group_id).is_none());
    let alone = alone.filter_map(|member| on.find::<User>(member.get(M::user_id)?)).map(|user| {
        let value = Value::from(format!("user-{}", user.id()));
        Answer::Object(
            PersonInfo::TYPE,
            vec![(PersonInfo::label.slot, Value::from(full_name(&user)).into()), (PersonInfo::value.slot, value.into())],
        )
    });
    Answer::Object(
        Info::TYPE,
        vec![(Info::groups.slot, Answer::List(groups.collect())), (Info::individuals.slot, Answer::List(alone.collect()))],
    )
}
