//! The attribute `#[wire(…)]`, and names on the wire.

use syn::{Attribute, Error, Ident, LitStr, Result};

/// What `#[wire(…)]` says, wherever it stands.
#[derive(Default)]
pub(crate) struct Wire {
    pub(crate) name: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) flatten: bool,
    pub(crate) skip: bool,
    pub(crate) keep_faults: bool,
    pub(crate) own_form: bool,
    pub(crate) tag: bool,
    pub(crate) content: Option<LitStr>,
    pub(crate) one_of: bool,
    pub(crate) any_case: bool,
    pub(crate) sensitive: bool,
    pub(crate) text: bool,
}

impl Wire {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut wire = Self::default();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("wire")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.require_ident()?.to_string();
                match name.as_str() {
                    "name" => wire.name = Some(meta.value()?.parse()?),
                    "alias" => wire.aliases.push(meta.value()?.parse()?),
                    "tag" => {
                        let tag: LitStr = meta.value()?.parse()?;
                        if tag.value() != "type" {
                            return Err(Error::new_spanned(tag, "the tag is always `type`"));
                        }
                        wire.tag = true;
                    }
                    "content" => wire.content = Some(meta.value()?.parse()?),
                    "flatten" => wire.flatten = true,
                    "skip" => wire.skip = true,
                    "keep_faults" => wire.keep_faults = true,
                    "own_form" => wire.own_form = true,
                    "one_of" => wire.one_of = true,
                    "any_case" => wire.any_case = true,
                    "sensitive" => wire.sensitive = true,
                    "text" => wire.text = true,
                    _ => return Err(meta.error("no such attribute")),
                }
                Ok(())
            })?;
        }
        Ok(wire)
    }

    /// The name on the wire: the one given, else the one of the field.
    pub(crate) fn field_name(&self, field: &Ident) -> String {
        self.name
            .as_ref()
            .map_or_else(|| field.to_string(), LitStr::value)
    }

    /// The name on the wire: the one given, else the one of the variant in `snake_case`.
    pub(crate) fn variant_name(&self, variant: &Ident) -> String {
        self.name
            .as_ref()
            .map_or_else(|| snake_case(&variant.to_string()), LitStr::value)
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for sign in name.chars() {
        if sign.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(sign.to_ascii_lowercase());
    }
    snake
}
