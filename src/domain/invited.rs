//! Whom an input names by `doc_share_id`: people as `user-1`, whole groups as `group-2`.

use crate::domain::people;
use crate::engine::{Call, Reading, Refusal, Value};
use crate::schema::names::{User, UserGroup};
use crate::schema::{Field, Named};

#[derive(Default)]
pub struct Invited {
    pub users: Vec<u64>,
    pub groups: Vec<u64>,
}

impl Invited {
    /// Those that `entries` name; refused on `field` where one is nobody whom the caller may see.
    pub fn read<'t, I: Named>(
        call: &Call<'_, I>,
        field: &'static str,
        entries: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, Refusal> {
        let mut invited = Self::default();
        for entry in entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()) {
            invited.add(call, entry).ok_or_else(|| Refusal::not_found(field, entry))?;
        }
        Ok(invited)
    }

    /// Those that a field of the input lists, with commas or as a list; None where it was not sent.
    pub fn sent<I: Named, K>(call: &Call<'_, I>, field: Field<I, K>) -> Result<Option<Self>, Refusal> {
        call.accept(field);
        let entries = match call.lifted.sent(field.slot) {
            None | Some(Some(Value::Null)) => return Ok(None),
            Some(None) => return Err(Refusal::on(field, "is invalid")),
            Some(Some(Value::List(entries))) => entries.iter().filter_map(entry).collect(),
            Some(Some(entries)) => {
                entry(entries).into_iter().flat_map(|listed| listed.split(',').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
            }
        };
        Self::read(call, field.name(), entries.iter().map(String::as_str)).map(Some)
    }

    /// Assumed: an id without a word before it is a person's.
    fn add<I: Named>(&mut self, call: &Call<'_, I>, entry: &str) -> Option<()> {
        let (is_group, id) = match entry.strip_prefix("group-") {
            Some(id) => (true, id),
            None => (false, entry.strip_prefix("user-").unwrap_or(entry)),
        };
        let id: u64 = id.parse().ok()?;
        match is_group {
            true => self.groups.push(call.find::<UserGroup>(id)?.id()),
            false => self.users.push(call.find::<User>(id)?.id()),
        }
        Some(())
    }

    /// Everybody of a kind. Documented: these five kinds.
    pub fn all<I: Named>(call: &Call<'_, I>, field: &'static str, kind: &str) -> Result<Self, Refusal> {
        let on = call.on();
        let own = call.viewer().id();
        let active_patients = || of_organization(on).filter(|user| user.is(User::is_patient));
        let members = || of_organization(on).filter(|user| people::is_member(user));
        let users = match kind.trim().to_lowercase().as_str() {
            "" => vec![],
            "select all" => active_patients().chain(members()).map(|user| user.id()).collect(),
            "all my active clients" => active_patients().filter(|user| is_cared_for_by(user, own)).map(|user| user.id()).collect(),
            "all active clients in organization" => active_patients().map(|user| user.id()).collect(),
            "all active organization members" => members().map(|user| user.id()).collect(),
            "all my groups" => {
                let groups = on.of_organization::<UserGroup>(call.viewer().organization());
                return Ok(Self { users: vec![], groups: groups.map(|group| group.id()).collect() });
            }
            _ => return Err(Refusal::named(field, "is invalid")),
        };
        Ok(Self { users, groups: vec![] })
    }

    pub fn and(mut self, other: Self) -> Self {
        self.users.extend(other.users);
        self.groups.extend(other.groups);
        self
    }

    /// The people, and those in the groups, each once.
    pub fn people(&self, on: Reading<'_>) -> Vec<u64> {
        let grouped = self.groups.iter().flat_map(|group| on.having(User::user_group_id, *group).map(|user| user.id()));
        let mut people = Vec::new();
        for id in self.users.iter().copied().chain(grouped) {
            if !people.contains(&id) {
                people.push(id);
            }
        }
        people
    }
}

/// A `doc_share_id` as it was sent, whatever the field is said to hold.
pub fn entry(sent: &Value) -> Option<String> {
    match sent {
        Value::Id(id) => Some(id.to_string()),
        sent => sent.as_str().map(str::to_owned),
    }
}

fn of_organization(on: Reading<'_>) -> impl Iterator<Item = crate::engine::View<'_, User>> {
    let all = on.of_organization::<User>(on.viewer().organization());
    all.filter(move |user| user.get(User::active) != Some(false) && on.may_see(User::TYPE, user.record()))
}

fn is_cared_for_by(user: &crate::engine::View<'_, User>, provider: Option<u64>) -> bool {
    provider.is_some_and(|provider| user.get(User::cared_for_by_ids).unwrap_or_default().contains(&provider))
}
