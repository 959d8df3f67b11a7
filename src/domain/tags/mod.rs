//! Tags: an organization's labels for its patients and members.

mod applied_tag;
mod bulk_apply;
mod create_tag;
mod delete_tag;
mod remove_applied_tag;
mod tag;
mod update_tag;

use crate::engine::{Area, View};
use crate::schema::names::{AppliedTag, Mutation, OrganizationMembership, Query, Tag, User};

pub fn area() -> Area {
    Area::new("tags")
        .entity(tag::entity())
        .entity(applied_tag::entity())
        .mutation(Mutation::createTag, create_tag::create_tag)
        .needs(OrganizationMembership::can_create_tags)
        .mutation(Mutation::updateTag, update_tag::update_tag)
        .needs(OrganizationMembership::can_rename_and_delete_tags)
        .mutation(Mutation::deleteTag, delete_tag::delete_tag)
        .needs(OrganizationMembership::can_rename_and_delete_tags)
        .mutation(Mutation::bulkApply, bulk_apply::bulk_apply)
        .mutation(Mutation::removeAppliedTag, remove_applied_tag::remove_applied_tag)
        .query(Query::appliedTag, applied_tag::applied_tag)
        .lists(Query::appliedTags, applied_tag::applied_tags())
        .lists(Query::tags, tag::tags())
        .lists(Query::tagsPaginated, tag::tags_paginated())
        .counts(Query::tagsCount, Query::tags)
}

/// The tags that somebody has.
pub fn of_user<'s>(user: &View<'s, User>) -> Vec<View<'s, Tag>> {
    let applied = user.on.having(AppliedTag::user_id, user.id()).filter(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied.filter_map(|applied| applied.follow(AppliedTag::tag_id)).collect()
}
