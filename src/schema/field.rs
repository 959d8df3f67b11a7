//! Typed handles to schema names: what `names` is made of.

use super::{Slot, TypeId};
use std::{fmt, marker::PhantomData};

/// A type that has a name in the schema.
pub trait Named {
    const TYPE: TypeId;
}

/// A field of the object or input `O`, holding a `K`.
pub struct Field<O, K> {
    pub slot: Slot,
    of: PhantomData<fn() -> (O, K)>,
}

impl<O, K> Field<O, K> {
    pub(super) const fn new(slot: Slot) -> Self {
        Self { slot, of: PhantomData }
    }

    /// The field in this slot, for what walks all fields of a type.
    pub const fn at(slot: Slot) -> Self {
        Self::new(slot)
    }
}

impl<O: Named, K> Field<O, K> {
    pub fn name(self) -> &'static str {
        O::TYPE.shape().column(self.slot).name()
    }
}

/// A field of `Mutation` whose `input` is an `I`.
pub struct MutationField<I> {
    pub slot: Slot,
    of: PhantomData<fn() -> I>,
}

impl<I> MutationField<I> {
    pub(super) const fn new(slot: Slot) -> Self {
        Self { slot, of: PhantomData }
    }
}

/// A field of `Query` or `Subscription` whose arguments are an `A`.
pub struct QueryField<A> {
    pub slot: Slot,
    of: PhantomData<fn() -> A>,
}

impl<A> QueryField<A> {
    pub(super) const fn new(slot: Slot) -> Self {
        Self { slot, of: PhantomData }
    }
}

/// A value of the enum `E`.
pub struct EnumValue<E> {
    pub name: &'static str,
    of: PhantomData<fn() -> E>,
}

impl<E> EnumValue<E> {
    pub(super) const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }
}

macro_rules! handles {
    ($($name:ident<$($param:ident),+>)*) => {$(
        impl<$($param),+> Clone for $name<$($param),+> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<$($param),+> Copy for $name<$($param),+> {}
    )*};
}
handles! { Field<O, K> MutationField<I> QueryField<A> EnumValue<E> }

impl<O: Named, K> fmt::Debug for Field<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", O::TYPE.name(), self.name())
    }
}

/// The kinds that a field can have; each says how its values read in Rust (`engine::Read`).
pub enum Id {}
pub enum Text {}
pub enum Int {}
pub enum Float {}
pub enum Bool {}
/// A calendar day.
pub enum Date {}
/// A point in time.
pub enum Instant {}
pub enum Json {}
pub enum Upload {}
/// A value of the enum `E`.
pub struct Choice<E>(PhantomData<fn() -> E>);
/// A record, or a nested input, of type `T`.
pub struct One<T>(PhantomData<fn() -> T>);
/// A record of one of a union's types.
pub enum AnyOf {}
/// A list of `K`.
pub struct Many<K>(PhantomData<fn() -> K>);
