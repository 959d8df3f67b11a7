//! What identifies an organization on bills: name, numbers, address. An organization has one primary and perhaps more.

use crate::engine::{Call, Draft, Entity, Nested, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{Location, OrgLocationInput, Organization, OrganizationInfo, PrimaryOrganizationInfoInput as Input};

pub fn entity() -> Entity<OrganizationInfo> {
    Entity::new()
        .indexed(OrganizationInfo::organization_id)
        .searched(OrganizationInfo::name)
        .answers(OrganizationInfo::organization, |info| info.follow::<Organization, _>(OrganizationInfo::organization_id).into())
        .announces("organization_info")
}

/// The billing identity that an organization shows as its own; the oldest where none is marked.
pub fn primary<'s>(organization: &View<'s, Organization>) -> Option<View<'s, OrganizationInfo>> {
    let infos = || organization.on.having(OrganizationInfo::organization_id, organization.id());
    infos().find(|info| info.is(OrganizationInfo::primary)).or_else(|| infos().next())
}

/// Creates, updates or, with `_destroy`, removes the billing identity that an input describes. An input without an `id`
/// changes the primary one where there is one (assumed from the input's name), unless it says that it is not primary.
pub fn write<I: Named>(
    call: &mut Call<'_, I>,
    organization: &Row<Organization>,
    input: &Nested<'_, Input>,
) -> Result<Option<Row<OrganizationInfo>>, Refusal> {
    let known = target(call, organization, input)?;
    if input.get(Input::_destroy) == Some(true) {
        if let Some(info) = known {
            delete(call, &info)?;
        }
        return Ok(None);
    }
    let mut draft = match &known {
        Some(info) => call.change(info),
        None => call.blank_draft().belongs_to(organization.id()).set(OrganizationInfo::organization_id, organization.id()),
    };
    call.fill_from(&mut draft, input);
    if let Some(location) = input.get(Input::location) {
        let location = write_location(call, organization, &draft, &location);
        draft.put(OrganizationInfo::location, location);
    }
    if known.is_none() && draft.is_blank(OrganizationInfo::primary) {
        draft.put(OrganizationInfo::primary, true);
    }
    if draft.get(OrganizationInfo::primary) == Some(true) {
        demote_others(call, organization.id(), draft.id());
    }
    Ok(Some(draft.save(call)))
}

/// Assumed: the primary one stays, since what the organization shows is read from it.
pub fn delete<I: Named>(call: &mut Call<'_, I>, info: &Row<OrganizationInfo>) -> Result<(), Refusal> {
    if info.is(OrganizationInfo::primary) {
        return Err(Refusal::base("The primary organization info cannot be deleted"));
    }
    call.delete(info);
    Ok(())
}

fn target<I: Named>(
    call: &Call<'_, I>,
    organization: &Row<Organization>,
    input: &Nested<'_, Input>,
) -> Result<Option<Row<OrganizationInfo>>, Refusal> {
    let mut infos = call.having(OrganizationInfo::organization_id, organization.id());
    if let Some(id) = input.get(Input::id) {
        infos.retain(|info| info.id() == id);
        return infos.pop().map(Some).ok_or_else(|| Refusal::not_found("organization_info", "OrganizationInfo"));
    }
    if input.get(Input::primary) == Some(false) {
        return Ok(None);
    }
    Ok(infos.into_iter().find(|info| info.is(OrganizationInfo::primary)))
}

fn write_location<I: Named>(
    call: &mut Call<'_, I>,
    organization: &Row<Organization>,
    info: &Draft<OrganizationInfo>,
    input: &Nested<'_, OrgLocationInput>,
) -> u64 {
    let known = info.value(OrganizationInfo::location.slot).as_id().and_then(|id| call.find_any::<Location>(id));
    let mut draft = match known {
        Some(location) => call.change(&location),
        None => call.blank_draft::<Location>().belongs_to(organization.id()),
    };
    call.fill_from(&mut draft, input);
    draft.save(call).id()
}

fn demote_others<I: Named>(call: &mut Call<'_, I>, organization: u64, primary: u64) {
    for other in call.having(OrganizationInfo::organization_id, organization) {
        if other.id() != primary && other.is(OrganizationInfo::primary) {
            call.change(&other).set(OrganizationInfo::primary, false).save(call);
        }
    }
}
