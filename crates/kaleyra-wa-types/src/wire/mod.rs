//! How models read and write JSON: tables, and one engine that is compiled once for all of them.
//!
//! | module | what it is for |
//! | --- | --- |
//! | [`shape`] | what a model looks like: the tables that the derives make, and the few ways to touch a model |
//! | [`names`] | names on the wire, and how they are found |
//! | [`reader`] | JSON, token by token |
//! | [`read`], [`members`], [`lists`], [`choice`] | objects and their members, lists, and `type` with the member that it names |
//! | [`write`], [`ser`] | the way back: as JSON, and through any serializer |
//! | [`de`] | models through any deserializer |
//! | [`values`], [`loose_text`], [`number`], [`raw_json`] | what members hold |
//! | [`unknown_fields`], [`unknown_body`] | what no model knows, and how the rest came |
//! | [`scan`] | what is unknown, and what is missing |

pub(crate) mod choice;
pub(crate) mod de;
pub(crate) mod duplicates;
pub(crate) mod fault;
pub(crate) mod lists;
pub(crate) mod loose_text;
mod members;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod raw_json;
pub(crate) mod read;
pub(crate) mod reader;
mod same;
pub(crate) mod scan;
pub(crate) mod scan_bytes;
pub(crate) mod ser;
pub(crate) mod shape;
pub(crate) mod unknown_body;
pub(crate) mod unknown_fields;
pub(crate) mod values;
pub(crate) mod write;

pub(crate) use fault::Read;
pub(crate) use loose_text::{Found, LooseText, fmt_masked, known, read_open};
pub(crate) use names::Names;
pub(crate) use read::read_object;
pub(crate) use reader::Reader;
pub(crate) use shape::{Choice, ChoiceKind, ChoiceShape, Flat, Form, Object, Shape, View, Wire};
pub(crate) use unknown_body::UnknownBody;

/// `Serialize` and `Deserialize` of a type by its `Wire`.
macro_rules! serde_by_wire {
    ($name:ident $(<$parameter:ident: $bound:path>)?) => {
        impl $(<$parameter: $bound>)? ::serde::Serialize for $name $(<$parameter>)? {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&$crate::wire::ser::Written($crate::wire::Wire::view(self)), serializer)
            }
        }

        impl<'de $(, $parameter: $bound)?> ::serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut value = <Self as $crate::wire::Wire>::empty();
                $crate::wire::de::deserialize(&mut value, deserializer)?;
                Ok(value)
            }
        }
    };
}

pub(crate) use serde_by_wire;
