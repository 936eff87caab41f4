//! How a model meets the wire: the macros that make models, and what they stand on.
//!
//! | module | what it makes |
//! | --- | --- |
//! | [`object`] | a struct that mirrors a JSON object and keeps the members it does not know |
//! | [`group`] | several members that only make sense together (`type` and the member it names, `id` or `link`) |
//! | [`open_set`] | an enum of texts that may grow without notice |
//! | [`opaque`] | an id: a text that is never looked into |
//!
//! [`text`] reads texts into their place; [`member`] is what the members of an object have in common; [`radar`] tells which
//! members of a model are unknown.

pub(crate) mod body_set;
pub(crate) mod group;
pub(crate) mod member;
pub(crate) mod object;
pub(crate) mod opaque;
pub(crate) mod open_set;
pub(crate) mod radar;
pub(crate) mod text;
pub(crate) mod type_first;
pub(crate) mod type_set;
pub(crate) mod type_text;

pub(crate) use member::Member;
pub(crate) use object::Object;
