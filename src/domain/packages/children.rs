//! What hangs on a package: visits, programs, labs, products, the groups that see it.

use super::offering::product_price;
use crate::domain::payments::money;
use crate::engine::{Call, Entity, Nested, Refusal, Row, Value, View};
use crate::schema::names::{
    AppointmentType, Offering, OfferingCourse, OfferingGroupVisibility, OfferingInclude, OfferingIncludesFields, OfferingLabOption,
    OfferingProduct, OfferingProductInput, Product, ProductInput, UserGroup,
};
use crate::schema::{Field, Id, Many, Named};

pub fn include() -> Entity<OfferingInclude> {
    Entity::usual()
        .public()
        .defaults(OfferingInclude::is_repeating, false)
        .defaults(OfferingInclude::required_appointment_type, false)
        .answers(OfferingInclude::appointment_type, |include| {
            include.follow::<AppointmentType, _>(OfferingInclude::appointment_type_id).into()
        })
}

pub fn visibility() -> Entity<OfferingGroupVisibility> {
    Entity::usual().indexed(OfferingGroupVisibility::offering_id).computed(OfferingGroupVisibility::name, |row| {
        row.follow::<UserGroup, _>(OfferingGroupVisibility::user_group_id)?.get(UserGroup::name).map(str::to_owned)
    })
}

pub fn product_row() -> Entity<OfferingProduct> {
    Entity::usual()
        .public()
        .indexed(OfferingProduct::offering_id)
        .defaults(OfferingProduct::taxable, false)
        .answers(OfferingProduct::product, |row| row.follow::<Product, _>(OfferingProduct::product).into())
        .computed(OfferingProduct::tax_amount, |row| Some(money::show(tax(row))))
}

pub fn tax(row: &View<'_, OfferingProduct>) -> i64 {
    let product = row.follow::<Product, _>(OfferingProduct::product);
    let rate = product.and_then(|product| product.get(Product::tax_rate)?.trim().parse::<f64>().ok());
    let rate = rate.filter(|rate| row.is(OfferingProduct::taxable) && (0.0..=100.0).contains(rate)).unwrap_or(0.0);
    let quantity = row.get(OfferingProduct::quantity).unwrap_or(1).clamp(0, 100_000);
    (product_price(row).saturating_mul(quantity) as f64 * rate / 100.0).round() as i64
}

/// Refuses visits of kinds that the caller may not see.
pub fn refuse_unknown_kinds<I: Named>(call: &Call<'_, I>, rows: &[Nested<'_, OfferingIncludesFields>]) -> Result<(), Refusal> {
    let known = |row: &Nested<'_, OfferingIncludesFields>| {
        let kind = row.get(OfferingIncludesFields::appointment_type_id);
        kind.is_none_or(|kind| call.find::<AppointmentType>(kind).is_some())
    };
    if rows.iter().all(known) { Ok(()) } else { Err(Refusal::not_found("offering_includes", "AppointmentType")) }
}

/// Assumed: the list is what the package includes afterwards; rows with an `id` stay the rows they are.
pub fn write_includes<I: Named>(call: &mut Call<'_, I>, package: &Row<Offering>, rows: &[Nested<'_, OfferingIncludesFields>]) {
    let before = call.having(OfferingInclude::offering_id, package.id());
    let mut kept = vec![];
    for row in rows {
        let known = row.get(OfferingIncludesFields::id).and_then(|id| before.iter().find(|include| include.id() == id));
        let mut draft = match known {
            Some(known) => call.change(known),
            None => call.blank_draft::<OfferingInclude>(),
        };
        call.fill_from(&mut draft, row);
        // Documented: none of a kind is what an unsaved row has.
        let none = draft.get(OfferingInclude::quantity).is_some_and(|quantity| quantity.trim() == "0");
        if draft.is_blank(OfferingInclude::appointment_type_id) || none {
            continue;
        }
        let draft = draft.set(OfferingInclude::offering_id, package.id()).belongs_to(package.organization());
        kept.push(draft.save(call).id());
    }
    for gone in before.iter().filter(|include| !kept.contains(&include.id())) {
        call.delete(gone);
    }
}

pub fn write_products<I: Named>(
    call: &mut Call<'_, I>,
    package: &Row<Offering>,
    rows: &[Nested<'_, OfferingProductInput>],
) -> Result<(), Refusal> {
    let before = call.having(OfferingProduct::offering_id, package.id());
    for row in rows {
        let known = row.get(OfferingProductInput::id).and_then(|id| before.iter().find(|known| known.id() == id));
        if row.get(OfferingProductInput::_destroy) == Some(true) {
            if let Some(known) = known {
                call.delete(known);
            }
            continue;
        }
        let product = row.get(OfferingProductInput::product).and_then(|product| product.get(ProductInput::id)?.trim().parse::<u64>().ok());
        let product = product.map(|id| call.find::<Product>(id).ok_or_else(|| Refusal::not_found("offering_products", "Product")));
        let mut draft = match known {
            Some(known) => call.change(known),
            None => call.blank_draft::<OfferingProduct>(),
        };
        call.fill_from(&mut draft, row);
        if let Some(product) = product.transpose()? {
            draft.put(OfferingProduct::product, product.id());
        }
        if draft.is_blank(OfferingProduct::product) {
            return Err(Refusal::not_found("offering_products", "Product"));
        }
        draft.set(OfferingProduct::offering_id, package.id()).belongs_to(package.organization()).save(call);
    }
    Ok(())
}

/// Makes `ids` the records that rows of `C` connect the package with: those of others go, new ones come.
pub fn connect<I: Named, C: Named + 'static>(
    call: &mut Call<'_, I>,
    package: &Row<Offering>,
    sent: Field<I, Many<Id>>,
    to_package: Field<C, Id>,
    to_other: Field<C, Id>,
) -> Result<(), Refusal> {
    let Some(ids) = call.get(sent)? else { return Ok(()) };
    let before = call.having(to_package, package.id());
    for gone in before.iter().filter(|row| !row.get(to_other).is_some_and(|other| ids.contains(&other))) {
        call.delete(gone);
    }
    for id in ids.into_iter().filter(|id| !before.iter().any(|row| row.get(to_other) == Some(*id))) {
        let mut row = call.blank_draft::<C>().belongs_to(package.organization());
        row.put(to_package, package.id());
        row.put(to_other, id);
        row.save(call);
    }
    Ok(())
}

/// The same rows for a copy of the package.
pub fn copy<I: Named>(call: &mut Call<'_, I>, from: &Row<Offering>, to: &Row<Offering>) {
    copy_rows::<I, OfferingInclude>(call, OfferingInclude::offering_id, from.id(), to);
    copy_rows::<I, OfferingCourse>(call, OfferingCourse::offering_id, from.id(), to);
    copy_rows::<I, OfferingProduct>(call, OfferingProduct::offering_id, from.id(), to);
    copy_rows::<I, OfferingLabOption>(call, OfferingLabOption::offering_id, from.id(), to);
    copy_rows::<I, OfferingGroupVisibility>(call, OfferingGroupVisibility::offering_id, from.id(), to);
}

fn copy_rows<I: Named, C: Named + 'static>(call: &mut Call<'_, I>, by: Field<C, Id>, from: u64, to: &Row<Offering>) {
    for row in call.having(by, from) {
        let mut copy = call.blank_draft::<C>().belongs_to(to.organization());
        for (slot, column) in C::TYPE.shape().columns().iter().enumerate() {
            if !["id", "created_at", "updated_at"].contains(&column.name()) {
                copy.set_value(slot as u16, row.value(slot as u16).clone());
            }
        }
        copy.set_value(by.slot, Value::Id(to.id()));
        copy.save(call);
    }
}
