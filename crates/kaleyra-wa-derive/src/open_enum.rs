//! `OpenEnum`: an enum of texts that may grow without notice.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::attributes::Wire;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let enum_name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(enum_name, "for enums only"));
    };
    let any_case = Wire::read(&input.attrs)?.any_case;
    let (mut idents, mut names) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        if variant.ident == "Unknown" {
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(
                variant,
                "a known text has nothing in it",
            ));
        }
        idents.push(&variant.ident);
        names.push(Wire::read(&variant.attrs)?.variant_name(&variant.ident));
    }
    let numbers = 0..idents.len();
    Ok(quote! {
        impl #enum_name {
            /// The text on the wire, known or not.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #names,)*
                    Self::Unknown(text) => text.as_str(),
                }
            }

            /// Whether it is one of the texts that have a name in this version.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        const _: () = {
            use crate::UnknownText;
            use crate::wire;

            static NAMES: wire::Names = wire::Names::new(&[#(#names),*]);

            fn known(n: usize) -> Option<#enum_name> {
                Some(match n {
                    #(#numbers => #enum_name::#idents,)*
                    _ => return None,
                })
            }

            impl From<&str> for #enum_name {
                fn from(text: &str) -> Self {
                    let at = crate::wire::known(text, &NAMES);
                    at.and_then(known).unwrap_or_else(|| Self::Unknown(UnknownText::new(text)))
                }
            }

            impl From<String> for #enum_name {
                fn from(text: String) -> Self {
                    Self::from(text.as_str())
                }
            }

            impl ::std::fmt::Display for #enum_name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl wire::Wire for #enum_name {
                fn empty() -> Self {
                    Self::Unknown(UnknownText::EMPTY)
                }

                fn read(&mut self, reader: &mut wire::Reader<'_>) -> wire::Read<wire::Form> {
                    Ok(match crate::wire::read_open(reader, &NAMES, #any_case)? {
                        wire::Found::Known(n, form) => {
                            *self = known(n).unwrap_or_else(wire::Wire::empty);
                            form
                        }
                        wire::Found::Unknown(text) => {
                            *self = Self::Unknown(text);
                            wire::Form::AsWritten
                        }
                    })
                }

                fn view(&self) -> wire::View<'_> {
                    match self {
                        Self::Unknown(text) => text.view(),
                        known => wire::View::Text(known.as_str()),
                    }
                }

                fn clear(&mut self) {
                    *self = wire::Wire::empty();
                }
            }

            crate::wire::serde_by_wire!(#enum_name);
        };
    })
}
