//! `Wire` of a struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataStruct, DeriveInput, Error, Field, Ident, Result, Type};

use crate::attributes::Wire;

/// The most fields that have room in the engine's bits, with two for each flattened enum.
const MEMBERS_MAX: usize = 32;

pub(crate) fn derive(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream> {
    let struct_name = &input.ident;
    let title = struct_name.to_string();
    let attributes = Wire::read(&input.attrs)?;
    let keep_faults = attributes.keep_faults;
    let (read, view) = match attributes.own_form {
        true => (quote!(self.read_own(reader)), quote!(self.own_view())),
        false => (
            quote!(crate::wire::read_object(self, reader)),
            quote!(wire::View::Object(self)),
        ),
    };
    let (mut members, mut choices, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for field in &data.fields {
        let Some(ident) = &field.ident else {
            return Err(Error::new_spanned(field, "a field needs a name"));
        };
        if ident == "unknown" {
            continue;
        }
        let wire = Wire::read(&field.attrs)?;
        if wire.skip {
            skipped.push(ident);
        } else if wire.flatten {
            choices.push(ident);
        } else {
            members.push(Member::new(field, ident, &wire));
        }
    }
    if members.len() + 2 * choices.len() > MEMBERS_MAX || choices.len() > 2 {
        return Err(Error::new_spanned(
            struct_name,
            "more fields than the engine has bits for",
        ));
    }
    let names = members.iter().map(|member| &member.name);
    let json_names = json_names(members.iter().map(|member| member.name.as_str()));
    let aliases = members.iter().map(|member| {
        let aliases = &member.aliases;
        quote!(&[#(#aliases),*])
    });
    let mandatory = members
        .iter()
        .enumerate()
        .filter(|(_, member)| !member.is_optional);
    let mandatory = mandatory.fold(0_u64, |bits, (n, _)| bits | 1 << n);
    let aliases = match members.iter().any(|member| !member.aliases.is_empty()) {
        true => quote!(&[#(#aliases),*]),
        false => quote!(&[]),
    };
    let choice_count = choices.len();
    let (numbers, places) = numbered(members.iter().map(|member| member.ident));
    let (choice_numbers, choice_places) = numbered(choices.iter().copied());
    Ok(quote! {
        const _: () = {
            use crate::wire;

            impl wire::Wire for #struct_name {
                fn empty() -> Self {
                    Self {
                        #(#places: wire::Wire::empty(),)*
                        #(#choice_places: crate::wire::Flat::empty(),)*
                        #(#skipped: ::std::default::Default::default(),)*
                        unknown: ::std::default::Default::default(),
                    }
                }

                fn is_object() -> bool {
                    true
                }

                fn read(&mut self, reader: &mut wire::Reader<'_>) -> wire::Read<wire::Form> {
                    #read
                }

                fn view(&self) -> wire::View<'_> {
                    #view
                }

                fn clear(&mut self) {
                    *self = wire::Wire::empty();
                }
            }

            impl wire::Object for #struct_name {
                fn shape(&self) -> &'static wire::Shape {
                    static SHAPE: wire::Shape = wire::Shape {
                        name: #title,
                        members: wire::Names::new(&[#(#names),*]),
                        json_names: &[#(#json_names),*],
                        aliases: #aliases,
                        mandatory: #mandatory,
                        choices: #choice_count,
                        keeps_faults: #keep_faults,
                    };
                    &SHAPE
                }

                fn member(&self, n: usize) -> Option<&dyn wire::Wire> {
                    match n {
                        #(#numbers => Some(&self.#places),)*
                        _ => None,
                    }
                }

                fn present(&self) -> u64 {
                    0 #(| u64::from(!wire::Wire::is_absent(&self.#places)) << #numbers)*
                }

                fn member_mut(&mut self, n: usize) -> Option<&mut dyn wire::Wire> {
                    match n {
                        #(#numbers => Some(&mut self.#places),)*
                        _ => None,
                    }
                }

                fn choice(&self, n: usize) -> Option<&dyn wire::Choice> {
                    match n {
                        #(#choice_numbers => Some(&self.#choice_places),)*
                        _ => None,
                    }
                }

                fn choice_mut(&mut self, n: usize) -> Option<&mut dyn wire::Choice> {
                    match n {
                        #(#choice_numbers => Some(&mut self.#choice_places),)*
                        _ => None,
                    }
                }

                fn unknown(&self) -> &crate::UnknownFields {
                    &self.unknown
                }

                fn unknown_mut(&mut self) -> &mut crate::UnknownFields {
                    &mut self.unknown
                }
            }

            crate::wire::serde_by_wire!(#struct_name);
        };
    })
}

/// Names as they are written in JSON after another field.
pub(crate) fn json_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(|name| format!(",\"{name}\":")).collect()
}

/// A field of the object.
struct Member<'a> {
    ident: &'a Ident,
    name: String,
    aliases: Vec<String>,
    is_optional: bool,
}

impl<'a> Member<'a> {
    fn new(field: &Field, ident: &'a Ident, wire: &Wire) -> Self {
        Self {
            ident,
            name: wire.field_name(ident),
            aliases: wire.aliases.iter().map(syn::LitStr::value).collect(),
            is_optional: is_optional(&field.ty),
        }
    }
}

/// Whether a field of this type may be missing.
fn is_optional(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|last| {
        ["Option", "Vec", "Elements"]
            .iter()
            .any(|name| last.ident == name)
    })
}

fn numbered<'a>(places: impl Iterator<Item = &'a Ident>) -> (Vec<usize>, Vec<&'a Ident>) {
    places.enumerate().unzip()
}
