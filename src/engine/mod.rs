//! Runs Healthie's rules against the state. Knows the shape of a rule, not what any rule says.

mod answer;
mod area;
mod call;
mod catalogue;
mod convention;
mod entity;
mod event;
mod fill;
mod input;
mod journal;
mod kind;
mod lift;
pub mod listing;
pub mod moment;
mod nested;
mod password;
mod plant;
mod probe;
mod reading;
mod refusal;
mod relations;
mod row;
mod viewer;
mod world;

/// The words of `state` that rules use: a column's value, and the column that stands for the organization in an index.
pub use crate::state::{TENANT, Value};
pub use answer::Answer;
pub use area::{AnyInput, Area, Audience, Class, HowAsked, MutationRules, QueryError, QueryRules, Root};
pub use call::{Call, Draft, Made};
pub use catalogue::{Catalogue, How, Identify};
pub use convention::one;
pub use entity::{Collection, Entity};
pub use event::Event;
pub use input::{Given, Input, Lifted};
pub use journal::{Ring, Weight};
pub use kind::{Kind, Nested, civil_date, days_since_1970};
pub use lift::{Unreadable, lift};
pub use listing::{List, Page, Within};
pub use password::password_digest;
pub use plant::Planter;
pub use probe::Marks;
pub use reading::{Reading, Records, Scene};
pub use refusal::{CANT_BE_BLANK, NO_ROOM, Refusal};
pub use row::{Changed, Row, View, table};
pub use viewer::{Viewer, ViewerKind};
pub use world::{Commit, Consequence, Outcome, RING_BYTES, Snapshot, World};
