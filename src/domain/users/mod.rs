//! Patients, and everybody as a user.

mod bulk_update_clients;
mod care_team;
mod create_client;
mod create_group;
mod email;
mod flags;
mod list;
mod nested_locations;
mod password;
mod profile;
mod provider;
mod relations;
mod update_client;
mod update_user;
mod user;
mod user_group;
mod visibility;
mod visits;

pub use email::{refuse_invalid_email, refuse_members_email};
pub use password::set_password;
pub use profile::set_signup_token;

use profile::{patient_with_email, refuse_long_metadata, refuse_unreadable_dob};

use crate::engine::Area;
use crate::schema::names::{ClientRestrictionAuthorization, Mutation, OrganizationMembership, Query, User, UserGroup};

pub fn area() -> Area {
    Area::new("users")
        .entity(user::entity())
        .entity(user_group::entity())
        .question(Query::currentUser, user::current_user)
        .public()
        .query(Query::user, user::user)
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
        .lists_all(Query::lastClientActivities, User)
        .creates(Mutation::createClientRestrictionAuthorization, ClientRestrictionAuthorization)
        .needs(OrganizationMembership::can_restrict_clients)
        .deletes(Mutation::deleteClientRestrictionAuthorization, ClientRestrictionAuthorization)
        .needs(OrganizationMembership::can_restrict_clients)
        .deletes(Mutation::deleteUserGroup, UserGroup)
        .leaves_out(Mutation::exportClientEhi, "not built yet")
        .leaves_out(Mutation::mergeClients, "not built yet")
        .updates(Mutation::updateUserGroup, UserGroup)
}
