//! What each flag of a membership is: which of them refuse, which narrow, which share.

use crate::domain;
use crate::schema::names::{Mutation, OrganizationMembership as M, updateOrganizationMembershipInput as Input};
use crate::schema::{Base, Bool, Field, Named, Slot, Version};
use crate::testing::Clinic;
use serde_json::json;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Off, an operation is refused.
    Gate,
    /// Off, less is found, or fewer people are offered.
    Scope,
    /// On, the member's own records are the whole organization's.
    Share,
    /// On, the member is told of something.
    Notify,
    /// On, something is made along with something else.
    Effect,
    /// Changes what Healthie's own pages show, and nothing of the API.
    Ui,
    /// What the member is.
    Role,
    /// Another name of a flag.
    Alias,
    /// Answered, never set.
    Computed,
}

/// All flags, by what they are.
const FLAGS: &[(Kind, &[Field<M, Bool>])] = &[
    (
        Kind::Gate,
        &[
            M::allow_group_level_actions,
            M::can_access_zus,
            M::can_add_clients,
            M::can_add_members,
            M::can_add_members_to_chat,
            M::can_add_others_appointments,
            M::can_add_own_appointments,
            M::can_assign_tasks_to_all_org_members,
            M::can_autogenerate_charting_notes_from_zoom_calls,
            M::can_charge_clients,
            M::can_create_tags,
            M::can_delete_automations,
            M::can_delete_charting_notes,
            M::can_delete_faxes,
            M::can_delete_others_appointments,
            M::can_delete_own_appointments,
            M::can_delete_recordings,
            M::can_edit_appointment_types,
            M::can_edit_automations,
            M::can_edit_calendar,
            M::can_edit_credit,
            M::can_edit_docs,
            M::can_edit_education,
            M::can_edit_forms,
            M::can_edit_members,
            M::can_edit_others_appointments,
            M::can_edit_own_appointments,
            M::can_edit_packages,
            M::can_edit_products,
            M::can_edit_settings,
            M::can_enroll_clients_to_programs,
            M::can_generate_encounter_summaries,
            M::can_lock_others_charting_notes,
            M::can_lock_own_charting_notes,
            M::can_manage_care_plan_templates,
            M::can_manage_others_availability,
            M::can_manage_others_blocks,
            M::can_manage_own_availability,
            M::can_manage_own_blocks,
            M::can_mark_assigned_tasks_to_other_org_members_as_completed,
            M::can_merge_clients,
            M::can_order_labs,
            M::can_remove_client,
            M::can_remove_org_member_signatures,
            M::can_rename_and_delete_tags,
            M::can_request_to_prescribe_controlled_substances,
            M::can_restrict_clients,
            M::can_see_billing,
            M::can_see_faxes,
            M::can_see_sent_faxes,
            M::can_see_transfers,
            M::can_set_client_password,
            M::can_share_documents_and_folders_with_org_members,
            M::can_sign_others_charting_notes,
            M::can_sign_own_charting_notes,
            M::can_status_others_appointments,
            M::can_status_own_appointments,
            M::can_submit_cms_1500s_to_candid_health,
            M::can_submit_cms_1500s_to_change_health,
            M::can_submit_cms_1500s_to_office_ally,
            M::can_unlink_chart_note_from_appointment,
            M::can_unlock_charting_notes,
            M::can_view_audit_log,
            M::can_view_automations,
            M::can_view_cms1500s,
            M::can_view_encounter_summaries,
            M::can_view_labs,
            M::can_view_org_dashboard,
            M::can_view_recordings,
            M::can_view_reports,
            M::can_view_super_bills,
            M::can_write_org_addendums,
            M::has_own_branding,
            M::is_developer,
            M::request_eligibility_checks,
        ],
    ),
    (
        Kind::Scope,
        &[
            M::allow_self_scheduling_in_care_team,
            M::can_access_to_members_chat,
            M::can_be_care_team_member,
            M::can_see_calendar,
            M::can_see_clients,
            M::can_see_docs,
            M::can_view_all_org_members_tasks,
            M::can_view_goal_templates,
            M::sees_all_billing,
            M::sees_all_clients,
            M::start_conversation_with,
        ],
    ),
    (
        Kind::Share,
        &[
            M::share_appointment_types,
            M::share_custom_metrics,
            M::share_fullscript,
            M::share_goal_templates,
            M::share_packages,
            M::share_smart_phrases,
            M::share_user_groups,
        ],
    ),
    (
        Kind::Notify,
        &[
            M::gets_failed_fax_notif,
            M::gets_fax_notif,
            M::notify_any_client_activity,
            M::notify_on_book,
            M::notify_on_cancel,
            M::notify_on_payment_failure,
            M::send_email_on_intake_flow_complete,
            M::send_email_on_intake_flow_start,
        ],
    ),
    (Kind::Effect, &[M::auto_create_convo_for_care_team, M::create_chat_when_assigned, M::instant_transcribe_enabled]),
    (
        Kind::Ui,
        &[
            M::can_access_calendar_quick_share,
            M::can_see_fullscript_tab,
            M::can_see_option_to_use_erx_dosespot,
            M::has_primary_diagnosis_column,
            M::hide_calendar_tab,
            M::show_availability_first,
            M::show_org_tab,
        ],
    ),
    (Kind::Role, &[M::is_admin, M::is_provider]),
    (Kind::Alias, &[M::can_lock_form_answer_groups]),
    (Kind::Computed, &[M::is_in_other_orgs]),
];

/// What the flag in this slot is.
fn kind(slot: Slot) -> Option<Kind> {
    FLAGS.iter().find(|(_, flags)| flags.iter().any(|flag| flag.slot == slot)).map(|(kind, _)| *kind)
}

/// The catalogue's mutations that one flag decides about.
fn gated() -> impl Iterator<Item = (Slot, Slot)> {
    let catalogue = domain::catalogue();
    let slots = 0..Mutation::TYPE.shape().columns().len();
    slots.filter_map(move |slot| Some((slot as Slot, catalogue.mutation(slot as Slot)?.needs?)))
}

/// What a provider is told who sends nothing to the mutation, by its slot.
fn told(clinic: &Clinic, mutation: Slot) -> String {
    let viewer = clinic.world.identify("provider2").expect("provider2 has a key");
    let scene = clinic.world.scene(viewer, Version::V2024_06_01, "http://localhost:4000".into());
    let outcome = clinic.world.mutate(mutation, None, &scene, &|_| false).expect("an area answers it");
    outcome.result.err().map_or_else(String::new, |refusal| refusal.entries[0].1.clone())
}

/// Gives the provider these flags, or takes them away.
fn set(clinic: &Clinic, flags: &[&str], value: bool) {
    let id = clinic.id("OrganizationMembership", "provider2");
    let sent: Vec<String> = flags.iter().map(|flag| format!("{flag}: {value}")).collect();
    let input = format!("{{ id: {id}, {} }}", sent.join(", "));
    let answer = clinic.run(&format!("mutation {{ answer: updateOrganizationMembership(input: {input}) {{ messages {{ message }} }} }}"));
    assert_eq!(answer["data"]["answer"], json!({ "messages": null }), "{answer}");
}

const REFUSAL: &str = "You do not have permission";

#[test]
fn every_flag_is_listed_once() {
    let mut listed: Vec<&str> = FLAGS.iter().flat_map(|(_, flags)| flags.iter().map(|flag| flag.name())).collect();
    let count = listed.len();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed.len(), count, "a flag is listed twice");
    let shape = M::TYPE.shape();
    let published = shape.columns().iter().filter(|column| column.base == Base::Bool && column.published);
    let missing: Vec<&str> = published.map(|column| column.name()).filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whether the rule itself finds anything amiss afterwards is not asked here.
#[test]
fn a_gate_refuses_while_it_is_off_and_opens_while_it_is_on() {
    let clinic = Clinic::open();
    let settable = |name: &&str| Input::TYPE.shape().slot(name).is_some();
    let flags: Vec<&str> = FLAGS.iter().flat_map(|(_, flags)| flags.iter().map(|flag| flag.name())).filter(settable).collect();
    set(&clinic, &flags, false);
    for (mutation, flag) in gated() {
        let name = Mutation::TYPE.shape().column(mutation).name();
        let flag_name = M::TYPE.shape().column(flag).name();
        assert_eq!(kind(flag), Some(Kind::Gate), "{flag_name} gates {name}");
        let off = told(&clinic, mutation);
        assert!(off.starts_with(REFUSAL), "{name} without {flag_name}: {off}");
        if settable(&flag_name) {
            set(&clinic, &[flag_name], true);
            let on = told(&clinic, mutation);
            assert!(!on.starts_with(REFUSAL), "{name} with {flag_name}: {on}");
            set(&clinic, &[flag_name], false);
        }
    }
}

/// Gates that no operation here asks for, because what they gate is left out, accepted, or somebody else's.
const NOWHERE: &[(Field<M, Bool>, &str)] = &[
    (M::can_access_zus, "Zus has no root field"),
    (M::can_delete_recordings, "there are no recordings: deleting one always fails"),
    (M::can_request_to_prescribe_controlled_substances, "prescriptions are written in DoseSpot"),
    (M::can_submit_cms_1500s_to_candid_health, "nobody can be given it through the API"),
    (M::can_submit_cms_1500s_to_change_health, "the service has ended: sending there always fails"),
    (M::can_view_audit_log, "auditLog is left out"),
    (M::can_view_org_dashboard, "visualizeDashboard is null: nothing is connected"),
    (M::can_view_recordings, "there are no recordings"),
    (M::can_view_reports, "no report is generated"),
];

/// Gates that a mutation's rule looks at: what a provider tries who may do nothing, or nothing but this.
fn tries(clinic: &Clinic) -> Vec<(Field<M, Bool>, String)> {
    let id = |ty, handle| clinic.id(ty, handle);
    let (own, other) = (id("User", "provider2"), id("User", "provider"));
    let (patient, shared) = (id("User", "patient2"), id("User", "patient"));
    let (mine, theirs) = (id("Appointment", "patient2_next"), id("Appointment", "patient_next"));
    let (form, kind) = (id("CustomModuleForm", "progress"), id("AppointmentType", "initial"));
    let own_note = note(clinic, &form, &patient);
    let their_note = id("FormAnswerGroup", "patient_note");
    let open_note = note(&clinic.as_role("provider"), &form, &shared);
    let visit = |provider: &str, more: &str| {
        format!(
            r#"createAppointment(input: {{ other_party_id: "{provider}", contact_type: "Phone Call", datetime: "2026-06-01 10:00", {more} }})"#
        )
    };
    let booked = format!(r#"user_id: "{patient}", appointment_type_id: "{kind}""#);
    let blocked = r#"is_blocker: true, end_time: "11:00""#;
    let hours = |provider: &str| {
        format!(r#"createAvailability(input: {{ user_id: "{provider}", range_start: "2026-06-01", time: "09:00", end_time: "11:00" }})"#)
    };
    let claim = id("Cms1500", "patient2_sent");
    let shares = format!(
        r#"createSharings(input: {{ id: "{}", shareable_type: DOCUMENT, org_member_ids: ["{other}"] }})"#,
        id("Document", "patient2_upload")
    );
    let task = |who: &str| format!(r#"createTask(input: {{ content: "Call", user_id: "{who}" }})"#);
    vec![
        (
            M::allow_group_level_actions,
            format!(r#"createConversation(input: {{ simple_added_users: "group-{}" }})"#, id("UserGroup", "heart")),
        ),
        (M::can_add_members_to_chat, format!(r#"createConversation(input: {{ simple_added_users: "user-{other}" }})"#)),
        (M::can_add_others_appointments, visit(&other, &booked)),
        (M::can_add_own_appointments, visit(&own, &booked)),
        (M::can_assign_tasks_to_all_org_members, task(&other)),
        (M::can_delete_charting_notes, format!(r#"deleteFormAnswerGroup(input: {{ id: "{own_note}" }})"#)),
        (M::can_delete_others_appointments, format!(r#"deleteAppointment(input: {{ id: "{theirs}" }})"#)),
        (M::can_delete_own_appointments, format!(r#"deleteAppointment(input: {{ id: "{mine}" }})"#)),
        (M::can_edit_calendar, format!(r#"updateAppointment(input: {{ id: "{theirs}", notes: "Talk" }})"#)),
        (
            M::can_edit_credit,
            format!(
                r#"updateClient(input: {{ id: "{patient}", appointment_type_credits_attributes: [{{ appointment_type_id: "{kind}", quantity: "2" }}] }})"#
            ),
        ),
        (M::can_edit_docs, format!(r#"updateDocument(input: {{ id: "{}", display_name: "Plan" }})"#, id("Document", "handbook"))),
        (M::can_edit_others_appointments, format!(r#"updateAppointment(input: {{ id: "{theirs}", notes: "Talk" }})"#)),
        (M::can_edit_own_appointments, format!(r#"updateAppointment(input: {{ id: "{mine}", notes: "Talk" }})"#)),
        (M::can_generate_encounter_summaries, format!(r#"createEncounterSummary(input: {{ appointment_id: "{mine}" }})"#)),
        (M::can_lock_others_charting_notes, format!(r#"lockFormAnswerGroup(input: {{ id: "{open_note}" }})"#)),
        (M::can_lock_own_charting_notes, format!(r#"lockFormAnswerGroup(input: {{ id: "{own_note}" }})"#)),
        (M::can_manage_care_plan_templates, r#"createCarePlan(input: { name: "Basics", is_managing_templates: true })"#.to_owned()),
        (M::can_manage_others_availability, hours(&other)),
        (M::can_manage_others_blocks, visit(&other, blocked)),
        (M::can_manage_own_availability, hours(&own)),
        (M::can_manage_own_blocks, visit(&own, blocked)),
        (
            M::can_mark_assigned_tasks_to_other_org_members_as_completed,
            format!(r#"updateTask(input: {{ id: "{}", complete: true }})"#, task_of_other(clinic, &other)),
        ),
        (M::can_remove_client, format!(r#"updateClient(input: {{ id: "{patient}", active: false }})"#)),
        (
            M::can_remove_org_member_signatures,
            format!(r#"deleteFormAnswerGroupSigning(input: {{ id: "{}" }})"#, id("FormAnswerGroupSigning", "patient_note")),
        ),
        (M::can_restrict_clients, format!(r#"updateClient(input: {{ id: "{patient}", restricted: true }})"#)),
        (M::can_set_client_password, format!(r#"updateClient(input: {{ id: "{patient}", password: "Sandbox-pass-2" }})"#)),
        (M::can_sign_others_charting_notes, format!(r#"signFormAnswerGroup(input: {{ id: "{their_note}" }})"#)),
        (M::can_sign_own_charting_notes, format!(r#"signFormAnswerGroup(input: {{ id: "{own_note}" }})"#)),
        (M::can_status_others_appointments, format!(r#"updateAppointment(input: {{ id: "{theirs}", pm_status: "Occurred" }})"#)),
        (M::can_status_own_appointments, format!(r#"updateAppointment(input: {{ id: "{mine}", pm_status: "Occurred" }})"#)),
        (M::can_unlock_charting_notes, format!(r#"unlockFormAnswerGroup(input: {{ id: "{their_note}", description: "A typo" }})"#)),
        (M::can_write_org_addendums, format!(r#"createAddendum(input: {{ form_answer_group_id: "{their_note}", content: "More" }})"#)),
        (M::can_share_documents_and_folders_with_org_members, shares),
        (M::can_submit_cms_1500s_to_office_ally, format!(r#"uploadBatchToOfficeally(input: {{ cms1500_ids: ["{claim}"] }})"#)),
        (M::can_view_cms1500s, format!(r#"updateCms1500(input: {{ id: "{claim}" }})"#)),
        (
            M::can_view_encounter_summaries,
            format!(r#"updateGeneratedSummary(input: {{ id: "{}", summary: "x" }})"#, id("GeneratedSummary", "patient_second")),
        ),
        (M::can_view_super_bills, format!(r#"updateSuperBill(input: {{ id: "{}" }})"#, id("SuperBill", "patient2_draft"))),
        (M::is_developer, r#"createWebhook(input: { url: "http://localhost/hook", event_type: "patient.created" })"#.to_owned()),
    ]
}

/// A finished note of whoever calls.
fn note(clinic: &Clinic, form: &str, patient: &str) -> String {
    let input = format!(r#"{{ custom_module_form_id: "{form}", user_id: "{patient}", finished: true }}"#);
    let answer = clinic
        .run(&format!("mutation {{ createFormAnswerGroup(input: {input}) {{ form_answer_group {{ id }} messages {{ message }} }} }}"));
    let id = answer["data"]["createFormAnswerGroup"]["form_answer_group"]["id"].as_str();
    id.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// A task that the owner gave to somebody else.
fn task_of_other(clinic: &Clinic, other: &str) -> String {
    let input = format!(r#"{{ content: "Call", user_id: "{other}" }}"#);
    let answer = clinic.as_role("owner").run(&format!("mutation {{ createTask(input: {input}) {{ task {{ id }} }} }}"));
    answer["data"]["createTask"]["task"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What somebody who tries is told. The sharing mutations answer with a bare union, and refuse with an error.
fn told_of(clinic: &Clinic, mutation: &str) -> String {
    let selection = if mutation.starts_with("createSharings") { "__typename" } else { "messages { message }" };
    let answer = clinic.run(&format!("mutation {{ answer: {mutation} {{ {selection} }} }}"));
    assert!(!answer["data"].is_null(), "{mutation}: {answer}");
    let error = answer["errors"][0]["message"].as_str();
    error.or(answer["data"]["answer"]["messages"][0]["message"].as_str()).unwrap_or_default().to_owned()
}

/// Documented for claims: another sentence than for everything else.
fn is_refusal(told: &str) -> bool {
    told.starts_with(REFUSAL) || told.starts_with("You don't have permission")
}

/// Without the second, nobody gets as far as the first.
const BEHIND: [(Field<M, Bool>, Field<M, Bool>); 1] = [(M::can_submit_cms_1500s_to_office_ally, M::can_view_cms1500s)];

#[test]
fn a_gate_inside_a_rule_refuses_while_it_is_off_and_lets_pass_while_it_is_on() {
    let settable = |name: &&str| Input::TYPE.shape().slot(name).is_some();
    let of = |wanted: Kind| -> Vec<&str> {
        let flags = FLAGS.iter().filter(|(kind, _)| *kind == wanted).flat_map(|(_, flags)| flags.iter().map(|flag| flag.name()));
        flags.filter(settable).collect()
    };
    let mut wrong = Vec::new();
    let count = tries(&Clinic::open().as_role("provider2")).len();
    for at in 0..count {
        let clinic = Clinic::open();
        let provider = clinic.as_role("provider2");
        let (flag, mutation) = tries(&provider).swap_remove(at);
        // Whoever finds nothing is refused nothing.
        set(&clinic, &of(Kind::Scope), true);
        set(&clinic, &of(Kind::Gate), false);
        for (_, before) in BEHIND.iter().filter(|(behind, _)| behind.slot == flag.slot) {
            set(&clinic, &[before.name()], true);
        }
        let off = told_of(&provider, &mutation);
        set(&clinic, &[flag.name()], true);
        let on = told_of(&provider, &mutation);
        if !is_refusal(&off) || is_refusal(&on) || on.ends_with("not found") {
            wrong.push(format!("{}: {mutation}\n  off: {off:?}\n  on: {on:?}", flag.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_gate_is_walked_or_leads_nowhere() {
    let walked: Vec<Slot> = tries(&Clinic::open().as_role("provider2")).iter().map(|(flag, _)| flag.slot).collect();
    let catalogue = domain::catalogue();
    let asked = catalogue.queries().filter_map(|rules| rules.needs);
    let walked: Vec<Slot> = gated().map(|(_, flag)| flag).chain(asked).chain(walked).collect();
    let gates = FLAGS.iter().filter(|(kind, _)| *kind == Kind::Gate).flat_map(|(_, flags)| flags.iter());
    let is_nowhere = |flag: &Field<M, Bool>| NOWHERE.iter().any(|(known, _)| known.slot == flag.slot);
    let wrong: Vec<&str> = gates.filter(|flag| walked.contains(&flag.slot) == is_nowhere(flag)).map(|flag| flag.name()).collect();
    assert!(wrong.is_empty(), "not walked, or walked though they lead nowhere: {wrong:?}");
}
