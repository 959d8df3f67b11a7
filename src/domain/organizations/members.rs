//! The member lists of an organization.

use crate::engine::{Answer, Entity, Input, Row, Value, View};
use crate::schema::names::{Organization, OrganizationMembership, User, args};

pub fn answer(entity: Entity<Organization>) -> Entity<Organization> {
    let entity = entity
        .computed(Organization::num_users, |organization| {
            Some(members(organization).iter().filter(|member| member.is_active()).count() as i64)
        })
        .answers_to(Organization::users, args::Organization_users, users)
        .answers_to(Organization::paginated_users, args::Organization_paginated_users, |organization, asked| {
            Answer::records(paginated_users(organization, asked))
        })
        .answers_to(Organization::active_care_team_members, args::Organization_active_care_team_members, |organization, asked| {
            Answer::records(active_care_team_members(organization, asked))
        });
    memberships(providers(by_role(entity)))
}

fn by_role(entity: Entity<Organization>) -> Entity<Organization> {
    let roles = [
        (Organization::only_active_standard, Organization::only_active_standard_count, false),
        (Organization::only_active_support, Organization::only_active_support_count, true),
    ];
    roles.into_iter().fold(entity, |entity, (list, count, support)| {
        let wanted = move || Wanted { support: Some(support), active: Some(true), ..Wanted::default() };
        entity
            .answers(list, move |organization| Answer::records(wanted().users(organization)))
            .answers(count, move |organization| Value::Int(wanted().users(organization).len() as i64).into())
    })
}

fn providers(entity: Entity<Organization>) -> Entity<Organization> {
    entity
        .answers_to(Organization::providers, args::Organization_providers, |organization, asked| {
            type A = args::Organization_providers;
            let wanted = Wanted {
                words: asked.get(A::keywords).ok().flatten(),
                active: is_active(asked.get(A::active_status).ok().flatten()),
                ids: asked.get(A::provider_ids).ok().flatten(),
                except: asked.get(A::exclude_ids).ok().flatten(),
                below: asked.is(A::include_suborg_providers),
                licensed_in: asked.get(A::licensed_in_state).ok().flatten(),
                ..Wanted::providers()
            };
            Answer::records(wanted.users(organization))
        })
        .answers_to(Organization::providers_count, args::Organization_providers_count, |organization, asked| {
            type A = args::Organization_providers_count;
            let wanted = Wanted {
                words: asked.get(A::keywords).ok().flatten(),
                active: is_active(asked.get(A::active_status).ok().flatten()),
                ids: asked.get(A::provider_ids).ok().flatten(),
                except: asked.get(A::exclude_ids).ok().flatten(),
                below: asked.is(A::include_suborg_providers),
                licensed_in: asked.get(A::licensed_in_state).ok().flatten(),
                ..Wanted::providers()
            };
            Value::Int(wanted.users(organization).len() as i64).into()
        })
        .answers_to(Organization::only_active_providers, args::Organization_only_active_providers, |organization, asked| {
            type A = args::Organization_only_active_providers;
            let (ids, below) = (asked.get(A::provider_ids).ok().flatten(), asked.is(A::include_suborg_providers));
            Answer::records(Wanted { active: Some(true), ids, below, ..Wanted::providers() }.users(organization))
        })
        .answers_to(Organization::only_active_providers_count, args::Organization_only_active_providers_count, |organization, asked| {
            let ids = asked.get(args::Organization_only_active_providers_count::provider_ids).ok().flatten();
            let wanted = Wanted { active: Some(true), ids, ..Wanted::providers() };
            Value::Int(wanted.users(organization).len() as i64).into()
        })
}

fn memberships(entity: Entity<Organization>) -> Entity<Organization> {
    entity
        .answers(Organization::only_active_organization_memberships, |organization| {
            let wanted = Wanted { active: Some(true), ..Wanted::default() };
            Answer::records(wanted.memberships(organization))
        })
        .answers_to(Organization::organization_memberships, args::Organization_organization_memberships, |organization, asked| {
            type A = args::Organization_organization_memberships;
            asked.accept(A::use_filters);
            let (words, active) = (asked.get(A::keywords).ok().flatten(), asked.get(A::active).ok().flatten());
            Answer::records(Wanted { words, active, ..Wanted::default() }.memberships(organization))
        })
        .answers_to(
            Organization::organization_memberships_count,
            args::Organization_organization_memberships_count,
            |organization, asked| {
                type A = args::Organization_organization_memberships_count;
                let (words, active) = (asked.get(A::keywords).ok().flatten(), asked.get(A::active).ok().flatten());
                Value::Int(Wanted { words, active, ..Wanted::default() }.memberships(organization).len() as i64).into()
            },
        )
}

/// Assumed from its name and default: nobody, unless words are searched or `show_all_by_default` says otherwise.
fn users(organization: &View<'_, Organization>, asked: &Input<'_, args::Organization_users>) -> Answer {
    type A = args::Organization_users;
    let words = asked.get(A::keywords).ok().flatten().filter(|words| !words.is_empty());
    if words.is_none() && !asked.is(A::show_all_by_default) {
        return Answer::List(vec![]);
    }
    let active = is_active(asked.get(A::active_status).ok().flatten());
    Answer::records(Wanted { words, active, ..Wanted::default() }.users(organization))
}

fn paginated_users(organization: &View<'_, Organization>, asked: &Input<'_, args::Organization_paginated_users>) -> Vec<Row<User>> {
    type A = args::Organization_paginated_users;
    let wanted = Wanted {
        words: asked.get(A::keywords).ok().flatten(),
        active: is_active(asked.get(A::active_status).ok().flatten()),
        below: asked.is(A::include_suborgs),
        ..Wanted::default()
    };
    let email = asked.get(A::email).ok().flatten().filter(|email| !email.is_empty());
    let mut users = wanted.users(organization);
    users.retain(|user| email.is_none_or(|email| user.get(User::email).is_some_and(|own| own.eq_ignore_ascii_case(email))));
    users
}

fn active_care_team_members(
    organization: &View<'_, Organization>,
    asked: &Input<'_, args::Organization_active_care_team_members>,
) -> Vec<Row<User>> {
    let ids = asked.get(args::Organization_active_care_team_members::provider_ids).ok().flatten();
    let wanted = Wanted { active: Some(true), ids, on_care_teams: true, ..Wanted::default() };
    wanted.users(organization)
}

/// `active`, or any other word for those who are not; None for all.
fn is_active(status: Option<&str>) -> Option<bool> {
    let status = status.filter(|status| !status.is_empty())?;
    Some(status.eq_ignore_ascii_case("active"))
}

/// Which members a list has.
#[derive(Default)]
struct Wanted<'a> {
    words: Option<&'a str>,
    active: Option<bool>,
    /// True for those of the role Support, false for those of the role Standard.
    support: Option<bool>,
    providers: bool,
    on_care_teams: bool,
    ids: Option<Vec<u64>>,
    except: Option<Vec<u64>>,
    licensed_in: Option<&'a str>,
    /// Those of the sub-organizations too.
    below: bool,
}

impl Wanted<'_> {
    fn providers() -> Self {
        Self { providers: true, ..Self::default() }
    }

    /// By last name, as far as the viewer may see them.
    fn users(&self, organization: &View<'_, Organization>) -> Vec<Row<User>> {
        self.members(organization).into_iter().map(|member| member.user.row().clone()).collect()
    }

    fn memberships(&self, organization: &View<'_, Organization>) -> Vec<Row<OrganizationMembership>> {
        self.members(organization).into_iter().map(|member| member.membership.row().clone()).collect()
    }

    fn members<'s>(&self, organization: &View<'s, Organization>) -> Vec<Member<'s>> {
        let mut found = members(organization);
        if self.below {
            let below = organization.on.having(Organization::parent_organization_id, organization.id());
            below.for_each(|below| found.extend(members(&below)));
        }
        found.retain(|member| self.wants(member));
        found.sort_by_cached_key(|member| (member.user.get(User::sort_name).unwrap_or_default().to_owned(), member.user.id()));
        found
    }

    fn wants(&self, member: &Member<'_>) -> bool {
        let (user, membership) = (&member.user, &member.membership);
        let listed = |ids: &Option<Vec<u64>>| ids.as_ref().is_some_and(|ids| ids.contains(&user.id()));
        let no_ids = self.ids.as_ref().is_none_or(Vec::is_empty);
        self.active.is_none_or(|active| member.is_active() == active)
            && self.support.is_none_or(|support| member.is_support() == support)
            && (!self.providers || membership.is(OrganizationMembership::is_provider))
            && (!self.on_care_teams || membership.is(OrganizationMembership::can_be_care_team_member))
            && (no_ids || listed(&self.ids))
            && !listed(&self.except)
            && self.licensed_in.is_none_or(|state| state.is_empty() || crate::domain::members::is_licensed_in(user, state))
            && self.words.is_none_or(|words| is_found(user, words))
    }
}

/// Every word is in the name or the e-mail address, or is the id.
fn is_found(user: &View<'_, User>, words: &str) -> bool {
    let texts = [User::first_name, User::last_name, User::email].map(|field| user.get(field).unwrap_or_default().to_lowercase());
    words.to_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)) || user.id().to_string() == word)
}

struct Member<'s> {
    user: View<'s, User>,
    membership: View<'s, OrganizationMembership>,
}

impl Member<'_> {
    fn is_active(&self) -> bool {
        self.membership.get(OrganizationMembership::is_active) != Some(false)
    }

    fn is_support(&self) -> bool {
        self.membership.get(OrganizationMembership::org_role) == Some("Support")
    }
}

fn members<'s>(organization: &View<'s, Organization>) -> Vec<Member<'s>> {
    let on = organization.on;
    let memberships = on.of_organization::<OrganizationMembership>(organization.id());
    let member = |membership: View<'s, OrganizationMembership>| {
        let user = on.find::<User>(membership.get(OrganizationMembership::user_id)?)?;
        Some(Member { user, membership })
    };
    memberships.filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn members_are_listed_by_role_and_status() {
        let clinic = Clinic::open();
        insta::assert_json_snapshot!(clinic.run(
            r#"{ organization {
                providers { last_name } providers_count(active_status: "active")
                only_active_providers { last_name } only_active_providers_count
                only_active_standard_count only_active_support { last_name } only_active_support_count
                organization_memberships(keywords: "okafor") { title } organization_memberships_count(active: true)
                users { id } searched: users(keywords: "raman") { last_name }
                active_care_team_members { last_name }
            } }"#
        ), @r#"
        {
          "data": {
            "organization": {
              "providers": [
                {
                  "last_name": "Ellison"
                },
                {
                  "last_name": "Finch"
                },
                {
                  "last_name": "Okafor"
                },
                {
                  "last_name": "Raman"
                }
              ],
              "providers_count": 3,
              "only_active_providers": [
                {
                  "last_name": "Ellison"
                },
                {
                  "last_name": "Okafor"
                },
                {
                  "last_name": "Raman"
                }
              ],
              "only_active_providers_count": 3,
              "only_active_standard_count": 6,
              "only_active_support": [
                {
                  "last_name": "Mendes"
                }
              ],
              "only_active_support_count": 1,
              "organization_memberships": [
                {
                  "title": "Counselor"
                }
              ],
              "organization_memberships_count": 7,
              "users": [],
              "searched": [
                {
                  "last_name": "Raman"
                }
              ],
              "active_care_team_members": [
                {
                  "last_name": "Brandt"
                },
                {
                  "last_name": "Ellison"
                },
                {
                  "last_name": "Okafor"
                },
                {
                  "last_name": "Raman"
                }
              ]
            }
          }
        }
        "#);
    }
}
