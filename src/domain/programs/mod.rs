//! Programs: courses, their modules, and who is enrolled.

mod course;
mod membership;
mod modules;
mod pause;
mod release;
mod save_course;

use crate::engine::Area;
use crate::schema::names::{
    Course, CourseBenefit, CourseGroup, CourseItem, CourseMembership, CustomEmail, CustomModuleForm, Document, Mutation,
    OrganizationMembership, Query,
};

pub fn area() -> Area {
    Area::new("programs")
        .entity(course::entity())
        .entity(course::item())
        .entity(membership::entity())
        .entity(membership::group())
        .entity(membership::completed_item())
        .query(Query::completedCourseItem, course::completed_course_item)
        .query(Query::course, course::course)
        .public()
        .lists(Query::courseClients, membership::course_clients())
        .counts(Query::courseClientsCount, Query::courseClients)
        .query(Query::courseCompletetionInfo, membership::misspelt_completion_info)
        .query(Query::courseCompletionInfo, membership::completion_info)
        .lists(Query::courseGroupClients, membership::course_group_clients())
        .counts(Query::courseGroupClientsCount, Query::courseGroupClients)
        .gets(Query::courseItem, CourseItem)
        .due("release", CourseMembership::releases_at, release::release)
        .public()
        .lists_all(Query::courseItemCustomEmails, CustomEmail)
        .lists_all(Query::courseItemDocuments, Document)
        .lists_all(Query::courseItemForms, CustomModuleForm)
        .lists(Query::courseItems, course::course_items())
        .query(Query::courseMembership, membership::course_membership)
        .lists(Query::courseMemberships, membership::course_memberships())
        .counts(Query::courseMembershipsCount, Query::courseMemberships)
        .lists(Query::courses, course::courses())
        .counts(Query::coursesCount, Query::courses)
        .query(Query::nextCourseItem, course::next)
        .public()
        .query(Query::prevCourseItem, course::previous)
        .public()
        .lists(Query::ungroupedCourseMemberships, membership::ungrouped())
        .counts(Query::ungroupedCourseMembershipsCount, Query::ungroupedCourseMemberships)
        .mutation(Mutation::completeCourseDocument, modules::complete_document)
        .patients_too()
        .mutation(Mutation::copyCourse, save_course::copy)
        .needs(OrganizationMembership::can_edit_education)
        .mutation(Mutation::createCompletedCourseItem, modules::complete)
        .patients_too()
        .mutation(Mutation::createCourse, save_course::create)
        .needs(OrganizationMembership::can_edit_education)
        .mutation(Mutation::createCourseBenefit, modules::create_benefit)
        .mutation(Mutation::createCourseItem, modules::create)
        .needs(OrganizationMembership::can_edit_education)
        .deletes(Mutation::deleteCourse, Course)
        .needs(OrganizationMembership::can_edit_education)
        .deletes(Mutation::deleteCourseBenefit, CourseBenefit)
        .mutation(Mutation::deleteCourseGroup, pause::delete_group)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .deletes(Mutation::deleteCourseItem, CourseItem)
        .needs(OrganizationMembership::can_edit_education)
        .deletes(Mutation::deleteCourseMembership, CourseMembership)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .mutation(Mutation::pauseCourseGroup, pause::pause_group)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .mutation(Mutation::pauseCourseMembership, pause::pause_membership)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .mutation(Mutation::resumeCourseGroup, pause::resume_group)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .mutation(Mutation::resumeCourseMembership, pause::resume_membership)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .mutation(Mutation::shareCourse, save_course::share)
        .mutation(Mutation::updateCourse, save_course::update)
        .updates(Mutation::updateCourseGroup, CourseGroup)
        .mutation(Mutation::updateCourseItem, modules::update)
        .needs(OrganizationMembership::can_edit_education)
        .mutation(Mutation::updateCourseMembership, pause::update_membership)
        .needs(OrganizationMembership::can_enroll_clients_to_programs)
        .updates(Mutation::updateState, Course)
        .needs(OrganizationMembership::can_edit_education)
}
