//! `setters!`: the consuming setters of optional fields.

/// Gives a model a consuming setter for each of these optional fields.
macro_rules! setters {
    ($name:ident { $( $(#[$meta:meta])* $field:ident : $type:ty ),+ $(,)? }) => {
        impl $name {
            $(
                $(#[$meta])*
                pub fn $field(mut self, $field: impl Into<$type>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+
        }
    };
}

pub(crate) use setters;
