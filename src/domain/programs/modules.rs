//! Modules: made, changed, and completed by those who are enrolled.

use super::{course::items, release};
use crate::engine::{Call, Draft, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{
    CompletedCourseItem, Course, CourseBenefit, CourseItem, User, completeCourseDocumentInput as Document,
    createCompletedCourseItemInput as Complete, createCourseBenefitInput as Benefit, createCourseItemInput as Create,
    updateCourseItemInput as Update,
};

pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let course = call.target::<Course, _>(Create::course_id)?;
    let last = items(call.on(), course.id()).iter().filter_map(|item| item.get(CourseItem::position)).max().unwrap_or(0);
    let mut item = call.draft::<CourseItem>().set(CourseItem::course_id, course.id());
    if item.is_blank(CourseItem::position) {
        item.put(CourseItem::position, last + 1);
    }
    // Assumed: a module that is made together with what it shows is called the same.
    if let Some(name) = call.get(Create::new_item_type_name)?.filter(|_| item.is_blank(CourseItem::name)) {
        item.put(CourseItem::name, name.to_owned());
    }
    call.check(&item)?;
    let item = item.save(call);
    release::plan_anew(call, item.get(CourseItem::course_id));
    Ok(item.into())
}

pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let before = call.target::<CourseItem, _>(Update::id)?;
    if !call.is_blank(Update::course_id) {
        call.target::<Course, _>(Update::course_id)?;
    }
    let item = call.edit(&before);
    call.check(&item)?;
    let item = item.save(call);
    release::plan_anew(call, item.get(CourseItem::course_id));
    Ok(item.into())
}

pub fn create_benefit(call: &mut Call<'_, Benefit>) -> Result<Made, Refusal> {
    call.target::<Course, _>(Benefit::course_id)?;
    call.require(Benefit::benefit)?;
    let benefit = call.draft::<CourseBenefit>();
    Ok(benefit.save(call).into())
}

/// Documented: for the person who is named, else for whoever calls. Assumed: done twice it is done once.
pub fn complete(call: &mut Call<'_, Complete>) -> Result<Made, Refusal> {
    let item = call.target::<CourseItem, _>(Complete::course_item_id)?;
    let person = if call.is_blank(Complete::user_id) { call.viewer_id() } else { call.target::<User, _>(Complete::user_id)?.id() };
    call.accept(Complete::user_id);
    call.accept(Complete::id);
    refuse_others(call, person)?;
    let draft = done(call, item.id(), person);
    let known = draft.save(call);
    let mut draft = call.edit(&known);
    draft.put(CompletedCourseItem::user_id, person);
    Ok(draft.save(call).into())
}

pub fn complete_document(call: &mut Call<'_, Document>) -> Result<Made, Refusal> {
    let item = call.target::<CourseItem, _>(Document::course_item_id)?;
    let person = call.target::<User, _>(Document::user_id)?.id();
    refuse_others(call, person)?;
    let mut draft = done(call, item.id(), person);
    draft.put(CompletedCourseItem::completed_item_type, "Document".to_owned());
    if let Some(document) = item.get(CourseItem::item_id) {
        draft.put(CompletedCourseItem::completed_item_id, document);
    }
    Ok(draft.save(call).into())
}

fn refuse_others<I: Named>(call: &Call<'_, I>, person: u64) -> Result<(), Refusal> {
    let allowed = call.viewer().is_member() || call.viewer().is(person);
    if allowed { Ok(()) } else { Err(Refusal::no_permission("complete this course item")) }
}

fn done<I: Named>(call: &mut Call<'_, I>, item: u64, person: u64) -> Draft<CompletedCourseItem> {
    let known = call.having(CompletedCourseItem::course_item_id, item).into_iter();
    match known.into_iter().find(|done| done.get(CompletedCourseItem::user_id) == Some(person)) {
        Some(done) => call.change(&done),
        None => call
            .blank_draft::<CompletedCourseItem>()
            .set(CompletedCourseItem::course_item_id, item)
            .set(CompletedCourseItem::user_id, person),
    }
}
