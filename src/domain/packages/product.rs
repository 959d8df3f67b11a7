//! Products that packages contain.

use crate::domain::payments::money;
use crate::engine::{Entity, List, Refusal, Value};
use crate::schema::names::{Product, args::products as Args};

pub fn entity() -> Entity<Product> {
    Entity::usual()
        .about_nobody()
        .requires(Product::name)
        .requires(Product::price)
        .defaults(Product::unlimited_quantity, false)
        .defaults(Product::remaining_quantity, "0".to_owned())
        .computed(Product::taxable, |product| Some(product.get(Product::tax_rate).is_some_and(|rate| !rate.trim().is_empty())))
        .refuses(|product| match product.get(Product::price).and_then(money::cents) {
            Some(price) if price >= 0 => Ok(()),
            _ => Err(Refusal::named("price", "is not a number")),
        })
}

pub fn products() -> List<Product, Args> {
    List::new()
        .page_size(20)
        .keywords(Args::keywords)
        .order_by("NAME", |product| product.get(Product::name).unwrap_or_default().to_lowercase().into())
        .order_by("QUANTITY", |product| Value::Int(money::of(product.get(Product::remaining_quantity))))
        .order_by("PRICE", |product| Value::Int(money::of(product.get(Product::price))))
        .default_order("NAME_ASC")
}
