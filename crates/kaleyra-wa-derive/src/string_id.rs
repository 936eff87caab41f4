//! `StringId`: an id or another text that is never looked into.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::attributes::Wire;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let title = name.to_string();
    let wire = Wire::read(&input.attrs)?;
    let debug = if wire.sensitive {
        quote!(crate::wire::fmt_masked(#title, self.as_str(), f))
    } else if wire.text {
        quote!(::std::fmt::Debug::fmt(self.as_str(), f))
    } else {
        quote!(f.debug_tuple(#title).field(&self.as_str()).finish())
    };
    let as_text = wire.text.then(|| {
        quote! {
            impl ::std::ops::Deref for #name {
                type Target = str;

                #[inline]
                fn deref(&self) -> &str {
                    self.as_str()
                }
            }

            impl PartialEq<str> for #name {
                fn eq(&self, text: &str) -> bool {
                    self.as_str() == text
                }
            }

            impl PartialEq<&str> for #name {
                fn eq(&self, text: &&str) -> bool {
                    self.as_str() == *text
                }
            }
        }
    });
    Ok(quote! {
        impl #name {
            /// The text, digits and all, as it came.
            #[inline]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Whether there is nothing in it.
            #[inline]
            pub fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }
        }

        const _: () = {
            use crate::wire;

            impl From<&str> for #name {
                #[inline]
                fn from(text: &str) -> Self {
                    Self(text.into())
                }
            }

            impl From<String> for #name {
                fn from(text: String) -> Self {
                    Self(text.into())
                }
            }

            /// A copy, so that what takes an id takes a borrowed one, too.
            impl From<&Self> for #name {
                fn from(id: &Self) -> Self {
                    id.clone()
                }
            }

            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl ::std::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    #debug
                }
            }

            #as_text

            impl wire::Wire for #name {
                fn empty() -> Self {
                    Self(wire::LooseText::EMPTY)
                }

                fn read(&mut self, reader: &mut wire::Reader<'_>) -> wire::Read<wire::Form> {
                    self.0.read(reader)
                }

                fn view(&self) -> wire::View<'_> {
                    self.0.view()
                }

                fn clear(&mut self) {
                    *self = wire::Wire::empty();
                }
            }

            crate::wire::serde_by_wire!(#name);
        };
    })
}
