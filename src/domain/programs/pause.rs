//! Enrolments stand still and go on, one by one or a group at once; those that change or end.

use super::save_course::dissolve;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    CourseGroup, CourseMembership, PauseCourseGroupInput, PauseCourseMembershipInput, ResumeCourseGroupInput, ResumeCourseMembershipInput,
    deleteCourseGroupInput, updateCourseMembershipInput,
};

type M = CourseMembership;

pub fn pause_membership(call: &mut Call<'_, PauseCourseMembershipInput>) -> Result<Made, Refusal> {
    let member = call.target::<M, _>(PauseCourseMembershipInput::id)?;
    refuse_again(member.is(M::is_paused), true)?;
    Ok(pause(call, &member).into())
}

pub fn resume_membership(call: &mut Call<'_, ResumeCourseMembershipInput>) -> Result<Made, Refusal> {
    let member = call.target::<M, _>(ResumeCourseMembershipInput::id)?;
    refuse_again(member.is(M::is_paused), false)?;
    Ok(resume(call, &member).into())
}

/// Documented: all members of the group with it.
pub fn pause_group(call: &mut Call<'_, PauseCourseGroupInput>) -> Result<Made, Refusal> {
    let group = call.target::<CourseGroup, _>(PauseCourseGroupInput::id)?;
    refuse_again(group.is(CourseGroup::is_paused), true)?;
    for member in call.having(M::course_group_id, group.id()).iter().filter(|member| !member.is(M::is_paused)) {
        pause(call, member);
    }
    let now = call.now();
    Ok(call.change(&group).set(CourseGroup::is_paused, true).set(CourseGroup::paused_at, now).save(call).into())
}

pub fn resume_group(call: &mut Call<'_, ResumeCourseGroupInput>) -> Result<Made, Refusal> {
    let group = call.target::<CourseGroup, _>(ResumeCourseGroupInput::id)?;
    refuse_again(group.is(CourseGroup::is_paused), false)?;
    for member in call.having(M::course_group_id, group.id()).iter().filter(|member| member.is(M::is_paused)) {
        resume(call, member);
    }
    let mut group = call.change(&group).set(CourseGroup::is_paused, false);
    group.clear(CourseGroup::paused_at);
    Ok(group.save(call).into())
}

/// Assumed: the texts.
fn refuse_again(is_paused: bool, wanted: bool) -> Result<(), Refusal> {
    match (is_paused, wanted) {
        (true, true) => Err(Refusal::base("is already paused")),
        (false, false) => Err(Refusal::base("is not paused")),
        _ => Ok(()),
    }
}

fn pause<I: Named>(call: &mut Call<'_, I>, member: &Row<M>) -> Row<M> {
    let now = call.now();
    call.change(member).set(M::is_paused, true).set(M::paused_at, now).save(call)
}

/// Documented: the seconds of all pauses add up.
fn resume<I: Named>(call: &mut Call<'_, I>, member: &Row<M>) -> Row<M> {
    let paused = member.get(M::paused_at).map_or(0, |at| call.now().as_second() - at.as_second());
    let so_far = member.get(M::total_paused_duration).unwrap_or(0);
    let mut member = call.change(member).set(M::is_paused, false).set(M::total_paused_duration, so_far + paused);
    member.clear(M::paused_at);
    member.save(call)
}

/// Documented: a nudge is all that happens then.
pub fn update_membership(call: &mut Call<'_, updateCourseMembershipInput>) -> Result<Made, Refusal> {
    let before = call.target::<M, _>(updateCourseMembershipInput::id)?;
    if call.is(updateCourseMembershipInput::send_nudge) {
        call.accept(updateCourseMembershipInput::start_at);
        return Ok(before.into());
    }
    call.accept(updateCourseMembershipInput::send_nudge);
    let draft = call.edit(&before);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

pub fn delete_group(call: &mut Call<'_, deleteCourseGroupInput>) -> Result<Made, Refusal> {
    let group = call.target::<CourseGroup, _>(deleteCourseGroupInput::id)?;
    dissolve(call, &group);
    Ok(group.into())
}
