//! Seeds as their authors meet them: what the clinic holds, and what a bad file says.

use super::*;
use crate::engine::{password_digest, table};
use crate::schema::names::{ApiKey, Appointment, Organization, User};
use crate::schema::{Base, Named, TypeId};
use crate::state::Value;
use std::fmt::Write;

fn catalogue() -> Arc<Catalogue> {
    crate::domain::catalogue()
}

fn monday() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

fn clinic() -> Seeded {
    Seeds::builtin().state(&catalogue(), monday()).expect("sound")
}

/// Everything in a state, as text.
fn dump(state: &State) -> String {
    let mut text = String::new();
    for ty in state.tables().filter_map(|table| TypeId::at(table.into())) {
        for record in state.all(table(ty)) {
            writeln!(text, "{ty:?} {record:?}").expect("writing to a String");
        }
    }
    text
}

#[track_caller]
fn mistake(files: &[(&str, &str)]) -> String {
    let files: Vec<_> = [("seed.yaml", "organization: clinic\nextends: clinic")].into_iter().chain(files.iter().copied()).collect();
    Seeds::from_files("mine", &files).err().map(|error| error.to_string()).expect("a mistake")
}

#[test]
fn every_role_of_the_clinic_has_a_key_a_user_and_a_password() {
    let seeded = clinic();
    let told: Vec<_> = seeded.roles.iter().map(|role| format!("{} {}", role.secret, role.email)).collect();
    insta::assert_debug_snapshot!(told, @r#"
    [
        "owner owner@clinic.example",
        "admin admin@clinic.example",
        "provider provider@clinic.example",
        "provider2 provider2@clinic.example",
        "integration integration@clinic.example",
        "limited limited@clinic.example",
        "support support@clinic.example",
        "patient patient@clinic.example",
        "patient2 patient2@clinic.example",
        "outsider outsider@clinic.example",
    ]
    "#);
    for role in &seeded.roles {
        let key = seeded.records["ApiKey"][&role.role];
        let key = seeded.state.get(table(ApiKey::TYPE), key).expect("stored");
        assert_eq!(key.get(ApiKey::secret.slot).as_str(), Some(role.role.as_str()));
        assert_eq!(key.get(ApiKey::user_id.slot), &Value::Id(role.user_id));
        let user = seeded.state.get(table(User::TYPE), role.user_id).expect("stored");
        assert_eq!(user.get(User::password_digest.slot).as_str(), Some(password_digest("Sandbox-pass-1").as_str()));
    }
}

#[test]
fn the_clinic_has_twelve_patients_and_three_of_them_are_sparse() {
    let seeded = clinic();
    let clinic = seeded.records["Organization"]["clinic"];
    let users = seeded.state.all(table(User::TYPE));
    let patients: Vec<_> = users.filter(|user| user.tenant() == clinic && user.get(User::is_patient.slot) == &Value::Bool(true)).collect();
    assert_eq!(patients.len(), 12);
    let sparse = patients.iter().filter(|user| user.get(User::dob.slot).is_null() && user.get(User::email.slot).is_null());
    assert_eq!(sparse.count(), 3);
}

#[test]
fn times_are_counted_from_now_in_the_zone_of_the_record() {
    let seeded = clinic();
    let date = |handle: &str| {
        let record = seeded.state.get(table(Appointment::TYPE), seeded.records["Appointment"][handle]).expect("stored");
        let Value::Instant(at) = record.get(Appointment::date.slot) else { panic!("a time") };
        Timestamp::from_microsecond(*at).expect("a time").to_string()
    };
    assert_eq!((date("patient_next").as_str(), date("patient2_next").as_str()), ("2026-03-05T15:00:00Z", "2026-03-07T21:00:00Z"));
}

#[test]
fn what_visits_derive_is_derived() {
    let seeded = clinic();
    let visit = |handle: &str| seeded.state.get(table(Appointment::TYPE), seeded.records["Appointment"][handle]).expect("stored");
    let minutes = |handle: &str| {
        let at = |slot| if let Value::Instant(at) = visit(handle).get(slot) { *at } else { panic!("{handle} has no such time") };
        (at(Appointment::ends_at.slot) - at(Appointment::date.slot)) / 60_000_000
    };
    assert_eq!(["patient_first", "untyped", "class", "blocker"].map(minutes), [60, 25, 45, 60]);
    let attendees = |handle: &str| visit(handle).get(Appointment::attendee_ids.slot).as_list().map_or(0, <[Value]>::len);
    assert_eq!(["patient_first", "untyped", "class", "blocker"].map(attendees), [1, 1, 3, 0]);
}

#[test]
fn every_reference_of_the_clinic_leads_to_a_record() {
    let seeded = clinic();
    for ty in seeded.state.tables().filter_map(|table| TypeId::at(table.into())) {
        for record in seeded.state.all(table(ty)) {
            for (slot, value) in record.values() {
                let column = ty.shape().column(slot);
                let Some(to) = references::target(ty, column).filter(|_| matches!(column.base, Base::Id | Base::Record)) else { continue };
                let ids = value.as_list().map_or(vec![value], |items| items.iter().collect());
                for id in ids {
                    let id = id.as_id().unwrap_or_else(|| panic!("{ty:?}.{} holds {id:?}", column.name()));
                    assert!(seeded.state.get(table(to), id).is_some(), "{ty:?}.{} leads to no {to:?} {id}", column.name());
                }
            }
        }
    }
}

#[test]
fn records_belong_to_their_organization_and_organizations_to_themselves() {
    let seeded = clinic();
    let other = seeded.records["Organization"]["other"];
    let user = seeded.state.get(table(User::TYPE), seeded.records["User"]["outsider_patient"]).expect("stored");
    assert_eq!((user.tenant(), user.get(User::home_organization_id.slot)), (other, &Value::Id(other)));
    assert!(seeded.state.all(table(Organization::TYPE)).all(|organization| organization.tenant() == organization.id()));
}

#[test]
fn ids_are_fixed_and_no_two_types_share_one() {
    let (one, other) = (clinic(), clinic());
    assert_eq!(one.records, other.records);
    let mut ids: Vec<u64> = one.records.values().flat_map(|records| records.values().copied()).collect();
    ids.sort_unstable();
    let many = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), many);
    assert_eq!(one.records["User"]["patient"], one.records["User"]["owner"] + 9);
}

#[test]
fn the_same_seed_and_now_give_the_same_state() {
    let seed = Seeds::load("clinic:50").expect("sound");
    let state = |now| dump(&seed.state(&catalogue(), now).expect("sound").state);
    assert_eq!(state(monday()), state(monday()));
    let later = monday() + jiff::SignedDuration::from_hours(1);
    assert_ne!(state(monday()), state(later));
}

#[test]
fn generated_patients_come_with_an_address_two_visits_and_a_history() {
    let seeded = Seeds::load("clinic:50").expect("sound").state(&catalogue(), monday()).expect("sound");
    let more = |name: &str| {
        let ty = TypeId::named(name).expect("a type");
        seeded.state.len(table(ty)) - clinic().state.len(table(ty))
    };
    let once = ["User", "Location", "Conversation", "MedicationType"].map(more);
    let twice = ["Appointment", "AppointmentInclusionType", "ConversationMembership", "Note", "Entry"].map(more);
    assert_eq!((once, twice), ([50; 4], [100; 5]));
    let notes = more("FormAnswerGroup");
    assert!(notes > 10 && more("BillingItem") == notes, "one for each visit that took place: {notes}");
    assert!(more("FormAnswer") >= notes && more("AllergySensitivity") > 5 && more("Task") > 10);
}

#[test]
fn every_type_that_is_kept_has_two_records_or_more() {
    let (catalogue, seeded) = (catalogue(), clinic());
    let kept = TypeId::all().filter(|ty| catalogue.is_stored(*ty) && ty.shape().slot("id").is_some());
    let few: Vec<_> = kept.filter(|ty| seeded.state.len(table(*ty)) < 2).map(TypeId::name).collect();
    assert_eq!(few, ["SentMail", "SentWebhook", "Webhook", "WebhookEvent"], "but for what would be sent to somebody");
}

#[test]
fn a_seed_may_do_without_what_completes_it() {
    let files = [("seed.yaml", "organization: clinic\nextends: clinic\ncomplete: false")];
    let bare = Seeds::from_files("bare", &files).expect("sound").state(&catalogue(), monday()).expect("sound");
    let alerts = table(TypeId::named("CareAlert").expect("a type"));
    assert_eq!((bare.state.len(alerts), clinic().state.len(alerts)), (0, 2));
}

#[test]
fn a_seed_can_complete_and_add_to_another() {
    let files = [
        ("seed.yaml", "name: mine\nextends: clinic\nroles:\n  boss: owner"),
        ("User.yaml", "- handle: patient\n  first_name: Eve\n- handle: new\n  last_name: Quist\n  dietitian: provider\n  id: 77"),
        ("Webhook.yaml", "- handle: hook\n  url: https://receiver.example/\n  signature_secret: s3cret\n  is_enabled: true"),
        ("ApiKey.yaml", "- handle: nightly\n  secret: nightly\n  user: integration"),
    ];
    let seeded = Seeds::from_files("mine", &files).and_then(|seed| seed.state(&catalogue(), monday())).expect("sound");
    let user = |handle: &str| seeded.state.get(table(User::TYPE), seeded.records["User"][handle]).expect("stored");
    assert_eq!(user("patient").get(User::first_name.slot).as_str(), Some("Eve"));
    assert_eq!(user("patient").get(User::last_name.slot).as_str(), Some("Thornton"));
    assert_eq!((user("new").id(), user("new").tenant()), (77, seeded.records["Organization"]["clinic"]));
    assert_eq!((seeded.roles.len(), seeded.records["Webhook"].len(), seeded.records["ApiKey"].len()), (11, 1, 12));
    assert_eq!(seeded.records["User"]["patient"], clinic().records["User"]["patient"]);
}

#[test]
fn a_bad_file_says_where_what_and_what_to_do() {
    let told = [
        mistake(&[("Appointmnt.yaml", "[]")]),
        mistake(&[("User.yaml", "- handle: a\n  frist_name: Ada")]),
        mistake(&[("User.yaml", "- handle: a\n  dietitian_id: provider9")]),
        mistake(&[("User.yaml", "- handle: a\n- handle: b\n- handle: a")]),
        mistake(&[("User.yaml", "- first_name: Ada")]),
        mistake(&[("User.yaml", "- handle: a\n  first_name: Ada\n  first_name: Eve")]),
        mistake(&[("User.yaml", "- handle: a\n  id: 5\n- handle: b\n  id: 5")]),
        mistake(&[("User.yaml", "- handle: a\n  id: x5")]),
        mistake(&[("User.yaml", "- handle: a\n  dob: soon")]),
        mistake(&[("User.yaml", "- handle: a\n  active: maybe")]),
        mistake(&[("User.yaml", "- handle: a\n  first_name: [Ada]\n  dob: {day: 1}")]),
        mistake(&[("User.yaml", "- handle: a\n  sex: ''\n  default_billing_type: BARTER")]),
        mistake(&[("User.yaml", "- handle: a\n  timezone: Mars/Olympus")]),
        mistake(&[("User.yaml", "- handle: a\n  organization: elsewhere")]),
        mistake(&[("User.yaml", "- handle: a\n  appointments: [patient_next]")]),
        mistake(&[("Appointment.yaml", "- handle: a\n  date: tomorrow")]),
        mistake(&[("Appointment.yaml", "- handle: a\n  late_cancellation_fee: a few")]),
        mistake(&[("ApiKey.yaml", "- handle: a\n  secret: owner\n  user_id: owner")]),
        mistake(&[("User.yaml", "handle: a")]),
        mistake(&[("User.yaml", "- handle: 'a\n")]),
        mistake(&[("User.yaml", "- handle: &a a\n- handle: *a")]),
        mistake(&[("User.yaml", "- just text")]),
        mistake(&[("seed.yaml", "extends: clinic\ntimzone: UTC")]),
        mistake(&[("seed.yaml", "extends: clinic\nroles:\n  boss: bos")]),
        mistake(&[("seed.yaml", "extends: klinic")]),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    mine/Appointmnt.yaml: 'Appointmnt' is no type whose records are kept; did you mean Appointment? It is named as the schema names it
    mine/User.yaml:2: User has no column 'frist_name'; did you mean first_name? Fields of the API and columns of schema/stored/ can be set
    mine/User.yaml:2: no User has the handle 'provider9'; did you mean provider? There are owner, admin, provider, provider2, integration, limited, support, former, outsider, patient, rosa, liam, noor, edith, patient2, samuel, yuki, archived, sparse, sparse2 and 3 more
    mine/User.yaml:3: the handle 'a' is taken by the User at mine/User.yaml:1: choose another
    mine/User.yaml:1: the record has no handle: add `handle:` with a name that no other User has
    mine/User.yaml:3: 'first_name' is given twice in one record: take one out
    mine/User.yaml:3: the id 5 is taken by the User 'a': choose another, or leave `id:` out
    mine/User.yaml:2: 'x5' cannot be read for User.id: write a whole number from 1 to 2147483647
    mine/User.yaml:2: 'soon' cannot be read for User.dob: write a day such as 1984-05-17, or `-30d`
    mine/User.yaml:2: 'maybe' cannot be read for User.active: write true or false
    mine/User.yaml:3: a map stands where a single value belongs
    mine/User.yaml:3: 'BARTER' cannot be read for User.default_billing_type: write one of SELF_PAY, INSURANCE_PAY
    mine/User.yaml:2: 'Mars/Olympus' is no time zone: write an IANA name such as America/New_York
    mine/User.yaml:2: no Organization has the handle 'elsewhere'. There are clinic, other
    mine/User.yaml:2: User.appointments lists other records and is not kept: set the column of theirs that points here
    mine/Appointment.yaml:2: 'tomorrow' cannot be read for Appointment.date: write `+3d 14:30`, `-90m`, `now`, or a time such as 2026-03-02T15:00:00Z
    mine/Appointment.yaml:2: 'a few' cannot be read for Appointment.late_cancellation_fee: write a whole number
    mine/ApiKey.yaml:1: two records have the secret 'owner': give each key a secret of its own
    mine/User.yaml:1: a map stands where a list of records, each begun with `- handle:` belongs
    mine/User.yaml:1: this is not YAML: while scanning a quoted scalar, found unexpected end of stream
    mine/User.yaml:2: this is not YAML: aliases are not followed: write the value out
    mine/User.yaml:1: a text stands where a record with `handle:` and columns belongs
    mine/seed.yaml:2: 'timzone' is no setting of a seed; did you mean timezone? There are name, description, extends, timezone, organization, password, complete, roles
    mine/seed.yaml:3: no User has the handle 'bos'. There are owner, admin, provider, provider2, integration, limited, support, former, outsider, patient, rosa, liam, noor, edith, patient2, samuel, yuki, archived, sparse, sparse2 and 2 more
    mine/seed.yaml:1: there is no such seed: name one that is built in (clinic, clinic:10000), a folder with a seed.yaml, or an export's file
    ");
}

#[test]
fn a_folder_is_a_seed_and_may_extend_its_neighbours() {
    let folder = std::env::temp_dir().join(format!("healthie-mock-seeds-{}", std::process::id()));
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
    };
    write("base/seed.yaml", "extends: clinic");
    write("base/Tag.yaml", "- handle: base\n  name: Base");
    write("mine/seed.yaml", "extends: ../base");
    write("mine/Tag.yaml", "- handle: mine\n  name: Mine");
    write("circle/seed.yaml", "extends: ../circle2");
    write("circle2/seed.yaml", "extends: ../circle");
    write("empty/Tag.yaml", "[]");
    let load = |name: &str| Seeds::load(&folder.join(name).display().to_string());
    let seed = load("mine").expect("sound");
    let tags = seed.state(&catalogue(), monday()).expect("sound").records["Tag"].clone();
    let errors = ["circle", "empty", "nowhere"].map(|name| load(name).err().map(|error| error.to_string()).expect("a mistake"));
    let errors = errors.join("\n").replace(&folder.display().to_string(), "seeds");
    std::fs::remove_dir_all(&folder).expect("removable");
    assert!(tags.contains_key("base") && tags.contains_key("mine") && tags.contains_key("vip"));
    assert_eq!(seed.name(), "mine");
    insta::assert_snapshot!(errors, @"
    seeds/circle/../circle2/seed.yaml:1: this seed extends itself: take one `extends:` out of ../circle
    seeds/empty: the folder has no seed.yaml: add one, if only with `extends: clinic`
    seeds/nowhere: there is no such seed: name one that is built in (clinic, clinic:10000), a folder with a seed.yaml, or an export's file
    ");
}

#[test]
fn patients_are_generated_only_where_somebody_can_see_them() {
    let files = [("seed.yaml", "organization: only"), ("Organization.yaml", "- handle: only")];
    let mut seed = Seeds::from_files("bare", &files).expect("sound");
    seed.patients = 3;
    let error = seed.state(&catalogue(), monday()).err().map(|error| error.to_string()).expect("a mistake");
    insta::assert_snapshot!(error, @"bare: patients can be generated only where a seeded patient has a provider and an individual appointment type exists");
}

/// Numbers of others' than this world's: a card processor's, an insurer's, a maker's. `payment_medium` is published as an ID and
/// documented as a word.
const FOREIGN: [&str; 7] =
    ["payment_medium", "stripe_charge_id", "stripe_dispute_id", "member_id", "device_id", "external_identifier", "invoice_id"];

#[test]
fn a_column_of_ids_holds_ids() {
    let state = clinic().state;
    let mut odd = std::collections::BTreeSet::new();
    for ty in state.tables().filter_map(|table| TypeId::at(table.into())) {
        for record in state.all(table(ty)) {
            for (slot, column) in ty.shape().columns().iter().enumerate() {
                let value = record.get(slot as crate::schema::Slot);
                let items = value.as_list().unwrap_or(std::slice::from_ref(value));
                let is_id = |value: &Value| matches!(value, Value::Id(_) | Value::Null);
                if column.base == Base::Id && !FOREIGN.contains(&column.name()) && !items.iter().all(is_id) {
                    odd.insert(format!("{}.{}: {value:?}", ty.name(), column.name()));
                }
            }
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}
