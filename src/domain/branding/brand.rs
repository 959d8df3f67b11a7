//! A brand: how a provider's pages look. The owner's is the whole organization's.

use crate::engine::{Answer, Call, Entity, Input as Args, Made, QueryError, Reading, Refusal, View};
use crate::schema::names::{Brand, Organization, OrganizationMembership, User, args, createBrandInput, updateBrandInput as Input};

/// Documented: brands are public.
pub fn entity() -> Entity<Brand> {
    Entity::new()
        .public()
        .made_by(Brand::user_id)
        .ruled(Brand::user_id)
        .indexed(Brand::user_id)
        .refers(Brand::brand_owner, Brand::user_id)
        .defaults(Brand::display_embed_title, true)
        .defaults(Brand::display_package_image, true)
        // Documented: an upload is never shown again; its address is.
        .answers(Brand::logo, |_| Answer::NULL)
        .computed(Brand::brand_owner_has_practice_plus, |_| Some(true))
        .computed(Brand::brand_owner_has_whitelabel, |_| Some(false))
}

/// The own brand of a provider; else that of the owner of the provider's organization, for a patient of the patient's.
pub fn displayed<'s>(user: &View<'s, User>) -> Option<View<'s, Brand>> {
    let on = user.on;
    let owner = on.find_any::<Organization>(user.organization()).and_then(|organization| organization.get(Organization::owner_id));
    own(on, user.id()).or_else(|| own(on, user.get(User::dietitian_id)?)).or_else(|| own(on, owner?))
}

fn own(on: Reading<'_>, user: u64) -> Option<View<'_, Brand>> {
    on.having(Brand::user_id, user).next()
}

fn by_path<'s>(on: Reading<'s>, path: Option<&str>) -> Option<View<'s, Brand>> {
    let path = path.filter(|path| !path.is_empty())?;
    on.all::<Brand>().find(|brand| brand.get(Brand::custom_sign_in_path) == Some(path))
}

/// Whom the address of an embedded page is about: `?provider_id=1`, or `dietitian_id`.
fn named_in(location: &str) -> Option<u64> {
    let query = location.rsplit('?').next()?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut ids = pairs.filter(|(name, _)| ["provider_id", "dietitian_id"].contains(name)).filter_map(|(_, id)| id.parse().ok());
    ids.next()
}

/// Documented: by id, provider or path; assumed, the caller's where nothing is named.
pub fn brand(on: Reading<'_>, asked: &Args<'_, args::brand>) -> Result<Answer, QueryError> {
    type Asked = args::brand;
    let id = asked.get(Asked::id).ok().flatten();
    let path = asked.get(Asked::custom_sign_in_path).ok().flatten().filter(|path| !path.is_empty());
    let location = asked.get(Asked::locationString).ok().flatten().and_then(named_in);
    let provider = asked.get(Asked::provider_id).ok().flatten().or(location);
    let found = match (id, path, provider) {
        (Some(id), _, _) => on.find_any::<Brand>(id),
        (None, Some(path), _) => by_path(on, Some(path)),
        (None, None, Some(provider)) => on.find_any::<User>(provider).and_then(|user| displayed(&user)),
        (None, None, None) => on.viewer().id().and_then(|viewer| on.find_any::<User>(viewer)).and_then(|user| displayed(&user)),
    };
    Ok(found.into())
}

pub fn brand_from_custom_sign_in_path(on: Reading<'_>, asked: &Args<'_, args::brandFromCustomSignInPath>) -> Result<Answer, QueryError> {
    Ok(by_path(on, asked.get(args::brandFromCustomSignInPath::custom_sign_in_path).ok().flatten()).into())
}

/// Documented: one for each user. Assumed: a second one changes the first.
pub fn create_brand(call: &mut Call<'_, createBrandInput>) -> Result<Made, Refusal> {
    let viewer = call.viewer_id();
    let known = own(call.on(), viewer).map(|brand| brand.row().clone());
    let brand = match known {
        Some(known) => call.edit(&known),
        None => call.draft::<Brand>().set(Brand::user_id, viewer),
    };
    call.check(&brand)?;
    Ok(brand.save(call).into())
}

/// The caller's own, or that of somebody else of the organization for those who edit its settings.
pub fn update_brand(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let viewer = call.viewer_id();
    let brand = match call.is_blank(Input::id) {
        true => own(call.on(), viewer).map(|brand| brand.row().clone()).ok_or_else(|| Refusal::not_found("id", "Brand"))?,
        false => call.target::<Brand, _>(Input::id)?,
    };
    if !call.viewer().reaches(brand.organization()) {
        return Err(Refusal::not_found("id", "Brand"));
    }
    if brand.get(Brand::user_id) != Some(viewer) {
        call.needs(OrganizationMembership::can_edit_settings, "update this brand")?;
    }
    let brand = call.edit(&brand);
    call.check(&brand)?;
    Ok(brand.save(call).into())
}

/// What a person tells of the brand that they see.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    let name = |user: &View<'_, User>| displayed(user)?.get(Brand::brand_name).map(str::to_owned);
    entity
        .answers_to(User::brand, args::User_brand, |user, asked| match asked.is(args::User_brand::is_for_editing) {
            true => own(user.on, user.id()).into(),
            false => displayed(user).into(),
        })
        .answers(User::displayed_brand, |user| displayed(user).into())
        .computed(User::brand_name, name)
        .computed(User::branded_name, name)
        .computed(User::brand_logo_url, |user| displayed(user)?.url(Brand::logo_url))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_owners_brand_is_everybodys() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r##"mutation { createBrand(input: { brand_name: "Juniper", custom_sign_in_path: "juniper-x", bg_color: "#ffffff" }) { brand { id brand_name brand_owner { first_name } } messages { message } } }"##,
        );
        assert_eq!(made["data"]["createBrand"]["brand"]["brand_owner"]["first_name"], "Margaret");
        let (limited, patient) = (clinic.id("User", "limited"), clinic.as_role("patient"));
        let seen = clinic.as_role("nobody").run(&format!(
            r#"{{ brand(provider_id: "{limited}") {{ brand_name }} by_path: brandFromCustomSignInPath(custom_sign_in_path: "juniper-x") {{ brand_name }}
                located: brand(locationString: "https://x.example/book?dietitian_id={limited}") {{ brand_name }} none: brand(custom_sign_in_path: "nowhere") {{ id }}
                assumedBrand(custom_sign_in_path: "juniper-x") {{ branded_name }} brandInfo(dietitian_id: "{limited}") {{ name show_client_tab partner_brand {{ bg_color }} }} whitelabelSetting {{ id }} }}"#
        ));
        assert_eq!(
            seen["data"],
            json!({
                "brand": { "brand_name": "Juniper" }, "by_path": { "brand_name": "Juniper" }, "located": { "brand_name": "Juniper" }, "none": null,
                "assumedBrand": { "branded_name": "Juniper" }, "brandInfo": { "name": "Juniper", "show_client_tab": true, "partner_brand": { "bg_color": "#ffffff" } },
                "whitelabelSetting": null
            })
        );
        assert_eq!(patient.run("{ currentUser { displayed_brand { id } } }")["errors"], serde_json::Value::Null);
        clinic.as_role("limited").refuses("createBrand(input: {})", &[("base", "You do not have permission to create this brand.")]);
    }
}
