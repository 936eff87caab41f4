//! `Wire` of an enum whose body is a field of the object around.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, Fields, Ident, Result, Type};

use crate::attributes::Wire;

pub(crate) fn derive(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let enum_name = &input.ident;
    let wire = Wire::read(&input.attrs)?;
    let kind = match (wire.tag, &wire.content, wire.one_of) {
        (true, None, false) => quote!(Tagged),
        (true, Some(content), false) => quote!(Adjacent(#content)),
        (false, None, true) => quote!(OneOf),
        _ => {
            return Err(Error::new_spanned(
                enum_name,
                "say `tag = \"type\"` or `one_of`",
            ));
        }
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        let Some(body) = body(&variant.fields) else {
            return Err(Error::new_spanned(variant, "a variant has one body"));
        };
        if variant.ident != "Unknown" {
            let name = Wire::read(&variant.attrs)?.variant_name(&variant.ident);
            variants.push((&variant.ident, body, name));
        }
    }
    let names = variants.iter().map(|(.., name)| name);
    let idents: Vec<&Ident> = variants.iter().map(|(ident, ..)| *ident).collect();
    let bodies: Vec<&Type> = variants.iter().map(|(_, body, _)| *body).collect();
    let numbers: Vec<usize> = (0..variants.len()).collect();
    let from_bodies = idents.iter().zip(&bodies).map(|(ident, body)| {
        quote! {
            impl From<#body> for #enum_name {
                fn from(body: #body) -> Self {
                    Self::#ident(body)
                }
            }
        }
    });
    let tagged = wire.tag.then(|| {
        tagged(
            enum_name,
            &idents,
            variants.iter().map(|(.., name)| name.as_str()),
        )
    });
    let from_bodies = wire.tag.then(|| quote!(#(#from_bodies)*));
    let (unknown_arm, empty, set_unknown) = if wire.tag {
        (
            quote!(Self::Unknown(_) => return None,),
            quote!(Self::Unknown(UnknownBody::none())),
            quote! {
                fn unknown(&self) -> Option<&UnknownBody> {
                    match self {
                        Self::Unknown(unknown) => Some(unknown),
                        _ => None,
                    }
                }

                fn set_unknown(&mut self, unknown: UnknownBody) {
                    *self = Self::Unknown(unknown);
                }
            },
        )
    } else {
        let last = idents.last();
        (
            quote!(),
            quote!(Self::#last(wire::Wire::empty())),
            quote! {
                fn unknown(&self) -> Option<&UnknownBody> {
                    None
                }

                fn set_unknown(&mut self, _: UnknownBody) {}
            },
        )
    };
    Ok(quote! {
        #tagged
        #from_bodies

        const _: () = {
            use crate::UnknownBody;
            use crate::wire;

            impl crate::wire::Flat for #enum_name {
                fn empty() -> Self {
                    #empty
                }
            }

            impl wire::Choice for #enum_name {
                fn shape(&self) -> &'static wire::ChoiceShape {
                    static SHAPE: wire::ChoiceShape = wire::ChoiceShape {
                        kind: wire::ChoiceKind::#kind,
                        variants: wire::Names::new(&[#(#names),*]),
                    };
                    &SHAPE
                }

                fn chosen(&self) -> Option<usize> {
                    Some(match self {
                        #(Self::#idents(_) => #numbers,)*
                        #unknown_arm
                    })
                }

                fn choose(&mut self, n: usize) {
                    *self = match n {
                        #(#numbers => Self::#idents(wire::Wire::empty()),)*
                        _ => return,
                    };
                }

                fn body(&self) -> Option<&dyn wire::Wire> {
                    Some(match self {
                        #(Self::#idents(body) => body,)*
                        #unknown_arm
                    })
                }

                fn body_mut(&mut self) -> Option<&mut dyn wire::Wire> {
                    Some(match self {
                        #(Self::#idents(body) => body,)*
                        #unknown_arm
                    })
                }

                #set_unknown
            }
        };
    })
}

/// The name of the type.
fn tagged<'a>(
    enum_name: &Ident,
    idents: &[&Ident],
    names: impl Iterator<Item = &'a str>,
) -> TokenStream {
    quote! {
        impl #enum_name {
            /// The text of `type`.
            pub fn type_name(&self) -> &str {
                match self {
                    #(Self::#idents(_) => #names,)*
                    Self::Unknown(unknown) => unknown.type_name(),
                }
            }
        }
    }
}

fn body(fields: &Fields) -> Option<&Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| &field.ty)
        }
        _ => None,
    }
}
