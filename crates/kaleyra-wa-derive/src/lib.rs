//! Derives of the models in `kaleyra-wa-types`: what stands on the wire, as static tables.
//!
//! They are made for that crate and work in it alone: what they make names its items by `crate::`. What they make is not
//! generic, so that one engine reads and writes all models.

mod attributes;
mod choice;
mod object;
mod open_enum;
mod string_id;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// A struct that mirrors a JSON object, or an enum whose body is a field of the object around.
///
/// A struct's fields are its fields; `Option`, `Vec` and `Elements` are fields that may be missing. Its last field is
/// `unknown: UnknownFields`.
///
/// | on | attribute | |
/// | --- | --- | --- |
/// | a struct | `#[wire(keep_faults)]` | a field that can't be read is kept and told, and sinks nothing |
/// | a struct | `#[wire(own_form)]` | it is read by its `read_own` and written as its `own_view`: it may stand as no object |
/// | a field | `#[wire(name = "…")]` | its name on the wire, where that is not the field's |
/// | a field | `#[wire(alias = "…")]` | another name that it goes by |
/// | a field | `#[wire(flatten)]` | an enum with a `Wire` of its own, whose fields are this object's |
/// | a field | `#[wire(skip)]` | it is not on the wire: its `Default` when the object is read |
/// | an enum | `#[wire(tag = "type")]` | `type` names the field that holds the body |
/// | an enum | `#[wire(tag = "type", content = "…")]` | `type` says what the body is, which is in this field |
/// | an enum | `#[wire(one_of)]` | the field that is there says what it is |
/// | a variant | `#[wire(name = "…")]` | its name on the wire, where that is not the variant's in `snake_case` |
#[proc_macro_derive(Wire, attributes(wire))]
pub fn wire(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let made = match &input.data {
        Data::Struct(data) => object::derive(&input, data),
        Data::Enum(data) => choice::derive(&input, data),
        Data::Union(_) => Err(Error::new_spanned(&input, "not for unions")),
    };
    made.unwrap_or_else(Error::into_compile_error).into()
}

/// An enum of texts that may grow without notice: its last variant is `Unknown(UnknownText)`.
///
/// `#[wire(name = "…")]` on a variant gives the text, where that is not the variant's name in `snake_case`.
/// `#[wire(any_case)]` on the enum lets texts come in capitals.
#[proc_macro_derive(OpenEnum, attributes(wire))]
pub fn open_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    open_enum::derive(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// An id or another text that is never looked into: `pub struct WaId(LooseText);`.
///
/// `#[wire(sensitive)]` has `Debug` show its last two characters only; `#[wire(text)]` lets it be used as the `str` that it
/// holds.
#[proc_macro_derive(StringId, attributes(wire))]
pub fn string_id(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    string_id::derive(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}
