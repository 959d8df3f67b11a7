//! What a person is: a patient or a member, never both.

use super::{account, flags, relations, restriction, visibility, visits};
use crate::domain::{
    announcements, branding, chart, claims, insurance, integrations, labs, leftovers, notifications, organizations, payments, people,
    referrals, scheduling_settings, tasks,
};
use crate::engine::{Answer, Draft, Entity, Given, Input, QueryError, Reading, Value, View};
use crate::schema::names::{User, args};

pub fn entity() -> Entity<User> {
    let entity = Entity::new()
        .requires(User::first_name)
        .requires(User::last_name)
        .defaults(User::active, true)
        .defaults(User::is_patient, false)
        .indexed(User::email)
        .indexed(User::dietitian_id)
        .indexed(User::user_group_id)
        .indexed(User::restricted)
        .ordered(&[User::home_organization_id.slot, User::is_patient.slot], &[User::sort_name.slot])
        .ordered(&[User::home_organization_id.slot, User::is_patient.slot, User::active.slot], &[User::sort_name.slot])
        .ordered(&[User::listed_in_ids.slot], &[User::sort_name.slot])
        .ordered(&[User::cared_for_by_ids.slot], &[User::sort_name.slot])
        // Documented: what `keywords` of `users` looks in, beside the id.
        .searched(User::first_name)
        .searched(User::legal_name)
        .searched(User::last_name)
        .searched(User::email)
        .searched(User::record_identifier)
        .searched(User::dob)
        .searched(User::npi)
        .visible(visibility::is_visible)
        .derives(trim_email)
        .derives(keep_order)
        .derives(keep_home)
        .ruled(User::is_patient)
        .ruled(User::is_owner)
        .ruled(User::token)
        .ruled(User::name)
        .ruled(User::organization_id)
        .extra("destination_user_id", |user| Value::Id(user.id()))
        .extra("source_user_id", |user| user.value(User::merged_from_id.slot).clone())
        .announces_when("patient", |changed| changed.row().is(User::is_patient))
        .announces_when("organization_member", |changed| !changed.row().is(User::is_patient));
    let entity = visits::answer(flags::answer(relations::answer(names(scheduling_settings::of_person(insurance::answer_of_user(entity))))));
    let entity = integrations::answer_of_user(claims::answer_of_user(entity));
    let entity = organizations::on_user(tasks::on_user(restriction::on_user(account::answer(payments::on_user(entity)))));
    let entity = labs::on_user(referrals::on_user(chart::on_user(entity)));
    leftovers::on_user(branding::on_user(announcements::on_user(notifications::on_user(entity))))
}

fn names(entity: Entity<User>) -> Entity<User> {
    entity
        .computed(User::full_name, |user| Some(people::full_name(user)))
        .computed(User::name, |user| Some(people::full_name(user)))
        .computed(User::full_legal_name, |user| Some(joined([legal_first_name(user), user.get(User::last_name)])))
        .computed(User::full_legal_name_with_preferred, |user| Some(full_legal_name_with_preferred(user)))
        .computed(User::first_name_last_initial, |user| Some(first_name_last_initial(user)))
        .computed(User::age, age)
        .answers(User::shard_aware_id, |user| Value::Id(user.id()).into())
        .answers(User::doc_share_id, |user| Value::from(format!("user-{}", user.id())).into())
        .computed(User::has_created_password, |user| Some(user.get(User::password_digest).is_some()))
        .computed(User::set_password_link, set_password_link)
}

fn joined<const N: usize>(parts: [Option<&str>; N]) -> String {
    parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn legal_first_name<'a>(user: &'a View<'_, User>) -> Option<&'a str> {
    user.get(User::legal_name).filter(|name| !name.trim().is_empty()).or_else(|| user.get(User::first_name))
}

/// Documented: the preferred name in brackets, where it is another.
fn full_legal_name_with_preferred(user: &View<'_, User>) -> String {
    let (legal, preferred) = (legal_first_name(user), user.get(User::first_name));
    let shown = preferred.filter(|preferred| legal != Some(*preferred)).map(|preferred| format!("({preferred})"));
    joined([legal, shown.as_deref(), user.get(User::last_name)])
}

/// Assumed: without a dot.
fn first_name_last_initial(user: &View<'_, User>) -> String {
    let initial = user.get(User::last_name).and_then(|name| name.trim().chars().next()).map(String::from);
    joined([user.get(User::first_name), initial.as_deref()])
}

/// Whole years on the viewer's calendar.
fn age(user: &View<'_, User>) -> Option<i64> {
    let born = user.get(User::dob)?;
    let today = user.on.viewer().zone.to_datetime(user.on.now()).date();
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    Some(i64::from(today.year() - born.year()) - i64::from(!had_birthday))
}

/// Documented: for the person and administrators, until there is a password. Observed: its form, and that it comes later.
fn set_password_link(user: &View<'_, User>) -> Option<String> {
    let viewer = user.on.viewer();
    let is_there = user.get(User::password_digest).is_none() && user.get(User::link_due_at).is_none();
    let token = user.get(User::signup_token).filter(|_| is_there)?;
    let origin = &user.on.scene.origin;
    (viewer.is(user.id()) || viewer.is_admin()).then(|| format!("{origin}/set_initial_password?signup_token={token}"))
}

/// Assumed: addresses are kept as they are compared, without white space around them.
fn trim_email(user: &mut Draft<User>, _: Reading<'_>) {
    let trimmed = user.get(User::email).map(|email| email.trim().to_owned());
    if let Some(email) = trimmed.filter(|email| user.get(User::email) != Some(email)) {
        user.put(User::email, email);
    }
}

/// What lists of people are ordered by.
fn keep_order(user: &mut Draft<User>, _: Reading<'_>) {
    let name = joined([user.get(User::last_name), user.get(User::first_name)]).to_lowercase();
    user.put(User::sort_name, name);
}

/// Documented: a patient belongs to an organization through the primary provider, a member by the membership.
fn keep_home(user: &mut Draft<User>, on: Reading<'_>) {
    let is_patient = user.get(User::is_patient) == Some(true);
    let provider = user.get(User::dietitian_id).filter(|_| is_patient);
    let provider_home = provider.and_then(|provider| on.find_any::<User>(provider)).map(|provider| provider.organization());
    let home = provider_home.filter(|home| *home != 0).unwrap_or(user.organization());
    user.hand_to(home);
    user.put(User::home_organization_id, home);
    if !is_patient {
        return;
    }
    let mut by: Vec<u64> = provider.into_iter().collect();
    for other in user.get(User::other_provider_ids).unwrap_or_default() {
        if !by.contains(&other) {
            by.push(other);
        }
    }
    user.put(User::cared_for_by_ids, by);
    let above = organizations::ancestors(on, home);
    user.put(User::listed_in_ids, [vec![home], above].concat());
}

pub fn current_user(on: Reading<'_>) -> Answer {
    on.viewer().id().and_then(|id| on.find::<User>(id)).into()
}

/// Documented: `or_current_user` answers with the caller where nobody else can be.
pub fn user(on: Reading<'_>, asked: &Input<'_, args::user>) -> Result<Answer, QueryError> {
    type Asked = args::user;
    // Documented: `email` is of no effect. What `clear_notifs` is about is left behind by the read.
    asked.accept(Asked::email);
    asked.accept(Asked::clear_notifs);
    let id = asked.given(Asked::id).ok().and_then(Given::value);
    match id.and_then(|id| on.find::<User>(id)) {
        Some(user) => Ok(user.into()),
        None if asked.is(Asked::or_current_user) => Ok(current_user(on)),
        None => Ok(Answer::NULL),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_patient_is_named_in_many_ways() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "patient");
        clinic.run(&format!(
            r#"mutation {{ updateClient(input: {{ id: {id}, legal_name: "Avelina", dob: "1990-03-03" }}) {{ messages {{ message }} }} }}"#
        ));
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ user(id: {id}) {{ name full_name full_legal_name full_legal_name_with_preferred first_name_last_initial dob age is_patient is_owner group_name
                dietitian {{ last_name }} providers {{ last_name }} other_providers {{ last_name }} organization {{ name }} timezone active archived_at }} }}"
        )), @r#"
        {
          "data": {
            "user": {
              "name": "Ava Thornton",
              "full_name": "Ava Thornton",
              "full_legal_name": "Avelina Thornton",
              "full_legal_name_with_preferred": "Avelina (Ava) Thornton",
              "first_name_last_initial": "Ava T",
              "dob": "1990-03-03",
              "age": "35",
              "is_patient": true,
              "is_owner": false,
              "group_name": "Heart Health",
              "dietitian": {
                "last_name": "Raman"
              },
              "providers": [
                {
                  "last_name": "Raman"
                },
                {
                  "last_name": "Ellison"
                }
              ],
              "other_providers": [
                {
                  "last_name": "Ellison"
                }
              ],
              "organization": {
                "name": "Juniper Family Nutrition"
              },
              "timezone": "America/New_York",
              "active": true,
              "archived_at": null
            }
          }
        }
        "#);
    }

    #[test]
    fn a_member_mirrors_the_membership() {
        let clinic = Clinic::open().as_role("provider");
        insta::assert_json_snapshot!(clinic.run(
            "{ currentUser { full_name is_patient is_owner is_org_admin has_developer_access can_add_clients can_archive_clients can_edit_org_calendar
                has_api_access organization_membership { title } organization_email patients_count only: patients_count(only_primary: true)
                active_patients_count has_other_org_members other_org_members(only_active: true) { last_name } } }"
        ), @r#"
        {
          "data": {
            "currentUser": {
              "full_name": "Priya Raman",
              "is_patient": false,
              "is_owner": false,
              "is_org_admin": false,
              "has_developer_access": true,
              "can_add_clients": true,
              "can_archive_clients": false,
              "can_edit_org_calendar": false,
              "has_api_access": true,
              "organization_membership": {
                "title": "Dietitian"
              },
              "organization_email": "hello@clinic.example",
              "patients_count": 7,
              "only": 6,
              "active_patients_count": 7,
              "has_other_org_members": true,
              "other_org_members": [
                {
                  "last_name": "Brandt"
                },
                {
                  "last_name": "Ellison"
                },
                {
                  "last_name": "Integration"
                },
                {
                  "last_name": "Lind"
                },
                {
                  "last_name": "Mendes"
                },
                {
                  "last_name": "Okafor"
                }
              ]
            }
          }
        }
        "#);
        insta::assert_json_snapshot!(Clinic::open().run("{ currentUser { is_owner is_org_admin can_archive_clients } }"), @r#"
        {
          "data": {
            "currentUser": {
              "is_owner": true,
              "is_org_admin": true,
              "can_archive_clients": true
            }
          }
        }
        "#);
    }

    #[test]
    fn whom_a_user_query_answers_with() {
        let clinic = Clinic::open().as_role("provider");
        let (own, others, stranger) = (clinic.id("User", "rosa"), clinic.id("User", "patient2"), clinic.id("User", "outsider_patient"));
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ own: user(id: {own}) {{ last_name }} others: user(id: {others}) {{ last_name }} stranger: user(id: {stranger}) {{ last_name }}
                me: user(id: {stranger}, or_current_user: true) {{ last_name }} nobody: user {{ id }} }}"
        )), @r#"
        {
          "data": {
            "own": {
              "last_name": "Delgado"
            },
            "others": null,
            "stranger": null,
            "me": {
              "last_name": "Raman"
            },
            "nobody": null
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.as_role("nobody").run("{ currentUser { id } user(or_current_user: true) { id } }"), @r#"
        {
          "data": {
            "currentUser": null,
            "user": null
          }
        }
        "#);
    }

    #[test]
    fn the_keys_of_others_are_for_administrators() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "provider2");
        let asked = format!("{{ user(id: {id}) {{ api_keys {{ total_count nodes {{ name }} }} }} }}");
        insta::assert_json_snapshot!(clinic.run(&asked), @r#"
        {
          "data": {
            "user": {
              "api_keys": {
                "total_count": 1,
                "nodes": [
                  {
                    "name": "Seed key (provider2)"
                  }
                ]
              }
            }
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.as_role("provider").run(&asked), @r#"
        {
          "data": {
            "user": {
              "api_keys": {
                "total_count": 0,
                "nodes": []
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn dates_are_of_the_newest_kind_in_the_newest_version() {
        let clinic = Clinic::open().in_version(crate::schema::Version::V2026_01_01);
        let id = clinic.id("User", "archived");
        insta::assert_json_snapshot!(clinic.run(&format!("{{ user(id: {id}) {{ archived_at age dob }} }}")), @r#"
        {
          "data": {
            "user": {
              "archived_at": "2026-01-31T15:00:00-05:00",
              "age": 54,
              "dob": "1972-02-28"
            }
          }
        }
        "#);
    }
}
