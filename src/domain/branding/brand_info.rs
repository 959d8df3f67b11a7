//! `assumedBrand` and `brandInfo`: what sign-in pages show before anybody is signed in.

use super::brand::displayed;
use crate::domain::organizations;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::names::{AssumedBrand, Brand, BrandInfo, Organization, User, UserGroup, args};
use crate::schema::{Field, Named, Slot, Text};

/// Documented: by id, path, partner or address; null where none is known. Assumed: the address is that of the brand's website.
pub fn assumed_brand(on: Reading<'_>, asked: &Input<'_, args::assumedBrand>) -> Result<Answer, QueryError> {
    type Asked = args::assumedBrand;
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.is_empty());
    let (path, partner, url) = (text(Asked::custom_sign_in_path), text(Asked::partner_name), text(Asked::branded_url));
    let is_named =
        |brand: &View<'_, Brand>, field: Field<Brand, Text>, wanted: Option<&str>| wanted.is_some() && brand.get(field) == wanted;
    let found = match asked.get(Asked::brand_id).ok().flatten() {
        Some(id) => on.find_any::<Brand>(id),
        None => on.all::<Brand>().find(|brand| {
            is_named(brand, Brand::custom_sign_in_path, path)
                || is_named(brand, Brand::brand_name, partner)
                || is_named(brand, Brand::website, url)
        }),
    };
    Ok(found.map_or(Answer::NULL, |brand| assumed(&brand)))
}

fn assumed(brand: &View<'_, Brand>) -> Answer {
    type A = AssumedBrand;
    let renamed = [
        (A::branded_name, Brand::brand_name),
        (A::branded_logo_url, Brand::logo_url),
        (A::theme_background_sidebar, Brand::bg_color),
        (A::theme_text_sidebar, Brand::font_color),
        (A::theme_text_sidebar_active, Brand::selected_color),
        (A::theme_text_sidebar_tab_bar, Brand::tab_accent_color),
    ];
    let shape = Brand::TYPE.shape();
    let themes = A::TYPE.shape().columns().iter().enumerate().filter_map(|(slot, column)| Some((slot as Slot, shape.slot(column.name())?)));
    let mut values: Vec<(Slot, Answer)> = themes.map(|(slot, own)| (slot, brand.value(own).clone().into())).collect();
    for (shown, kept) in renamed {
        values.retain(|(slot, value)| *slot != shown.slot || !value.is_null());
        if !values.iter().any(|(slot, _)| *slot == shown.slot) {
            let is_logo = kept.slot == Brand::logo_url.slot;
            let value = if is_logo { Value::from(brand.url(Brand::logo_url)) } else { brand.value(kept.slot).clone() };
            values.push((shown.slot, value.into()));
        }
    }
    values.retain(|(slot, _)| *slot != A::id.slot);
    values.push((A::id.slot, Value::Id(brand.id()).into()));
    Answer::Object(A::TYPE, values)
}

/// Whose sign-up page it is: a provider's, by id or code, or that of a group's owner.
pub fn brand_info(on: Reading<'_>, asked: &Input<'_, args::brandInfo>) -> Result<Answer, QueryError> {
    type Asked = args::brandInfo;
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.is_empty());
    let code = text(Asked::invite_code).or_else(|| text(Asked::code));
    let by_id = asked.get(Asked::dietitian_id).ok().flatten().and_then(|id| on.find_any::<User>(id));
    let provider = by_id.or_else(|| by_code(on, code?)).filter(|user| !user.is(User::is_patient));
    let partner = text(Asked::partner_name);
    if provider.is_none() && (code.is_some() || partner.is_some() || !asked.is_blank(Asked::dietitian_id)) {
        return Ok(Answer::NULL);
    }
    let brand = provider.as_ref().and_then(displayed);
    let organization = provider.as_ref().and_then(|user| on.find_any::<Organization>(user.organization()));
    let name = brand.as_ref().and_then(|brand| brand.get(Brand::brand_name).map(str::to_owned));
    let name = name.or_else(|| organizations::name_of(&organization?));

    let values: Vec<(Slot, Answer)> = vec![
        (BrandInfo::name.slot, name.map_or(Value::Null, Value::from).into()),
        (BrandInfo::image_url.slot, Value::from(brand.as_ref().and_then(|brand| brand.url(Brand::logo_url))).into()),
        (BrandInfo::partner_brand.slot, brand.into()),
        (BrandInfo::show_client_tab.slot, Value::Bool(true).into()),
        // Assumed: who comes by a provider's link is a client.
        (BrandInfo::show_provider_tab.slot, Value::Bool(provider.is_none()).into()),
        (BrandInfo::unique_code.slot, provider.map_or(Value::Null, |user| user.value(User::invite_code.slot).clone()).into()),
        (BrandInfo::uses_username.slot, Value::Bool(false).into()),
    ];
    Ok(Answer::Object(BrandInfo::TYPE, values))
}

fn by_code<'s>(on: Reading<'s>, code: &str) -> Option<View<'s, User>> {
    let group = on.all::<UserGroup>().find(|group| group.get(UserGroup::invite_code) == Some(code));
    let owner = group.and_then(|group| group.value(UserGroup::user.slot).as_id());
    owner.and_then(|owner| on.find_any::<User>(owner)).or_else(|| on.all::<User>().find(|user| user.get(User::invite_code) == Some(code)))
}
