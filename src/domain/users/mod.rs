//! Patients, and everybody as a user.

mod account;
mod bulk_update_clients;
mod care_team;
mod create_client;
mod create_group;
mod delete_user_group;
mod email;
mod export_client_ehi;
mod flags;
mod last_client_activities;
mod list;
mod merge_clients;
mod nested_locations;
mod password;
mod profile;
mod provider;
mod relations;
mod restriction;
mod update_client;
mod update_user;
mod user;
mod user_group;
mod visibility;
mod visits;

pub use email::{refuse_invalid_email, refuse_members_email, refuse_taken_email};
pub use password::set_password;
pub use profile::set_signup_token;

use profile::{patient_with_email, refuse_long_metadata};

use crate::domain::notifications;
use crate::engine::{Area, Row};
use crate::schema::names::{ClientRestrictionAuthorization, Mutation, OrganizationMembership, Query, User, UserGroup, WebhookEventType};

pub fn area() -> Area {
    Area::new("users")
        .entity(user::entity())
        .entity(user_group::entity())
        .due("link", User::link_due_at, profile::show_link)
        .question(Query::currentUser, user::current_user)
        .public()
        .query(Query::user, user::user)
        .leaves(notifications::are_cleared, notifications::clear)
        .query(Query::provider, provider::provider)
        .lists(Query::users, list::users())
        .counts(Query::usersCount, Query::users)
        .mutation(Mutation::createClient, create_client::create_client)
        .needs(OrganizationMembership::can_add_clients)
        .mutation(Mutation::updateClient, update_client::update_client)
        .mutation(Mutation::bulkUpdateClients, bulk_update_clients::bulk_update_clients)
        .mutation(Mutation::updateUser, update_user::update_user)
        .patients_too()
        .gets(Query::userGroup, UserGroup)
        .lists(Query::userGroups, user_group::user_groups())
        .counts(Query::userGroupsCount, Query::userGroups)
        .mutation(Mutation::createGroup, create_group::create_group)
        .needs(OrganizationMembership::can_add_clients)
        .lists(Query::lastClientActivities, last_client_activities::last_client_activities())
        .entity(restriction::entity())
        .mutation(Mutation::createClientRestrictionAuthorization, restriction::create)
        .deletes(Mutation::deleteClientRestrictionAuthorization, ClientRestrictionAuthorization)
        .needs(OrganizationMembership::can_restrict_clients)
        .mutation(Mutation::deleteUserGroup, delete_user_group::delete_user_group)
        .mutation(Mutation::exportClientEhi, export_client_ehi::export_client_ehi)
        .accepted()
        .mutation(Mutation::mergeClients, merge_clients::merge_clients)
        .needs(OrganizationMembership::can_merge_clients)
        .event(WebhookEventType::PATIENT_MERGED, |changed| {
            let merged = |row: &Option<Row<User>>| row.as_ref().and_then(|row| row.get(User::merged_from_id));
            changed.after.is_some() && merged(&changed.after).is_some() && merged(&changed.after) != merged(&changed.before)
        })
        .updates(Mutation::updateUserGroup, UserGroup)
}
