//! What a person says of a member's permissions.

use crate::domain::members;
use crate::engine::{Entity, Value, View};
use crate::schema::names::{OrganizationMembership as M, User};
use crate::schema::{Bool, Field};

/// The flags of the membership, under the names that a user has for them. Documented where the name differs; assumed to be
/// the same where it doesn't.
const MIRRORS: [(Field<User, Bool>, Field<M, Bool>); 36] = [
    (User::can_access_zus, M::can_access_zus),
    (User::can_add_clients, M::can_add_clients),
    (User::can_add_members, M::can_add_members),
    (User::can_archive_clients, M::can_remove_client),
    (User::can_charge_clients, M::can_charge_clients),
    (User::can_check_eligibility, M::request_eligibility_checks),
    (User::can_delete_charting_notes, M::can_delete_charting_notes),
    (User::can_delete_faxes, M::can_delete_faxes),
    (User::can_edit_appointment_types, M::can_edit_appointment_types),
    (User::can_edit_credit, M::can_edit_credit),
    (User::can_edit_docs, M::can_edit_docs),
    (User::can_edit_forms, M::can_edit_forms),
    (User::can_edit_members, M::can_edit_members),
    (User::can_edit_org_calendar, M::can_edit_calendar),
    (User::can_edit_packages, M::can_edit_packages),
    (User::can_edit_products, M::can_edit_products),
    (User::can_edit_program_clients, M::can_enroll_clients_to_programs),
    (User::can_edit_programs, M::can_edit_education),
    (User::can_edit_settings, M::can_edit_settings),
    (User::can_lock_others_charting_notes, M::can_lock_others_charting_notes),
    (User::can_lock_own_charting_notes, M::can_lock_own_charting_notes),
    (User::can_mark_assigned_tasks_to_other_org_members_as_completed, M::can_mark_assigned_tasks_to_other_org_members_as_completed),
    (User::can_merge_clients, M::can_merge_clients),
    (User::can_order_labs, M::can_order_labs),
    (User::can_see_fullscript_tab, M::can_see_fullscript_tab),
    (User::can_see_transfers, M::can_see_transfers),
    (User::can_sign_others_charting_notes, M::can_sign_others_charting_notes),
    (User::can_sign_own_charting_notes, M::can_sign_own_charting_notes),
    (User::can_unlock_charting_notes, M::can_unlock_charting_notes),
    (User::can_view_labs, M::can_view_labs),
    (User::can_write_org_addendums, M::can_write_org_addendums),
    (User::has_developer_access, M::is_developer),
    (User::has_org_chat_access, M::can_access_to_members_chat),
    (User::show_org_tab, M::show_org_tab),
    (User::show_billing_tab, M::can_see_billing),
    (User::show_reports_tab, M::can_view_reports),
];

pub fn answer(entity: Entity<User>) -> Entity<User> {
    let entity = entity
        .computed(User::is_owner, |user| Some(members::is_owner(user)))
        .computed(User::is_org_admin, |user| Some(members::has_flag(user, M::is_admin.slot)))
        .computed(User::is_active_provider, |user| Some(is_active_provider(user)))
        // Documented: the answer is always yes.
        .answers(User::in_org, |_| Value::Bool(true).into())
        .computed(User::has_api_access, |_| Some(true));
    MIRRORS.into_iter().fold(entity, |entity, (shown, flag)| {
        let flag = flag.slot;
        entity.answers(shown, move |user| Value::Bool(members::has_flag(user, flag)).into())
    })
}

fn is_active_provider(user: &View<'_, User>) -> bool {
    let membership = members::of_user(user.on, user.id());
    membership.is_some_and(|membership| membership.is(M::is_provider) && membership.get(M::is_active) != Some(false))
}
