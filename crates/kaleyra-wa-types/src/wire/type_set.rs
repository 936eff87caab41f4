//! `body_set!` and `adjacent_set!`: the enum of the bodies that a `type` can announce.

/// Makes the enum of the bodies that a `type` can announce, each in the member that the type names. `Option<Body>` is a body
/// that may be missing.
macro_rules! body_set {
    ($($set:tt)*) => {
        $crate::wire::type_set::type_set!(@member None; $($set)*);
    };
}

/// Makes the enum of the bodies that a `type` can announce, all in one member: `adjacent_set! { in "action" … }`.
macro_rules! adjacent_set {
    (in $member:literal $($set:tt)*) => {
        $crate::wire::type_set::type_set!(@member Some($member); $($set)*);
    };
}

macro_rules! type_set {
    (
        @member $member:expr;
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident($body:ty) = $wire:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant($body), )+
            /// A type that this version does not know, with its body.
            Unknown($crate::UnknownBody),
        }

        impl $name {
            /// The text of `type`.
            pub fn type_name(&self) -> &str {
                $crate::wire::body_set::BodySet::type_name(self)
            }
        }

        const _: () = {
            /// The types of the set, without their bodies.
            #[derive(Clone, Copy, PartialEq)]
            pub(crate) enum Known {
                $( $variant, )+
            }

            impl $crate::wire::body_set::BodySet for $name {
                type Known = Known;

                const BODY_MEMBER: Option<&'static str> = $member;

                #[inline]
                fn exact_type(name: &str) -> Option<Known> {
                    match name {
                        $( $wire => Some(Known::$variant), )+
                        _ => None,
                    }
                }

                fn type_in_any_case(name: &str) -> Option<Known> {
                    $( if name.eq_ignore_ascii_case($wire) { return Some(Known::$variant); } )+
                    None
                }

                #[inline]
                fn wire_name(known: Known) -> &'static str {
                    match known {
                        $( Known::$variant => $wire, )+
                    }
                }

                #[inline]
                fn known(&self) -> Option<Known> {
                    match self {
                        $( Self::$variant(_) => Some(Known::$variant), )+
                        Self::Unknown(_) => None,
                    }
                }

                #[inline]
                fn read_body<'de, A: ::serde::de::MapAccess<'de>>(
                    &mut self,
                    known: Known,
                    members: &mut A,
                ) -> Result<$crate::wire::member::BlankSeen, A::Error> {
                    use $crate::wire::member::{Blank, Member, UnlessBlank};

                    match known {
                        $( Known::$variant => {
                            *self = Self::$variant(<$body as Member>::empty());
                            let Self::$variant(body) = self else { return Ok(None) };
                            let blank = members.next_value_seed(UnlessBlank(body))?;
                            let is_value = blank == Some(Blank::EmptyText) && <$body as Member>::HAS_EMPTY_TEXT;
                            Ok(blank.filter(|_| !is_value))
                        } )+
                    }
                }

                fn without_body(known: Known) -> Option<Self> {
                    use $crate::wire::Member;

                    match known {
                        $( Known::$variant => (<$body as Member>::MAY_BE_MISSING
                            || <$body as Member>::IS_WHOLE_WHEN_EMPTY)
                            .then(|| Self::$variant(<$body as Member>::empty())), )+
                    }
                }

                fn unknown(unknown: $crate::UnknownBody) -> Self {
                    Self::Unknown(unknown)
                }

                #[inline]
                fn type_name(&self) -> &str {
                    match self {
                        $( Self::$variant(_) => $wire, )+
                        Self::Unknown(unknown) => unknown.type_name(),
                    }
                }

                #[inline]
                fn has_body(&self) -> bool {
                    match self {
                        $( Self::$variant(body) => !$crate::wire::Member::is_absent(body), )+
                        Self::Unknown(unknown) => unknown.body().is_some(),
                    }
                }

                #[inline]
                fn write<M: ::serde::ser::SerializeMap>(
                    &self,
                    with_type: bool,
                    members: &mut M,
                ) -> Result<(), M::Error> {
                    match self {
                        $( Self::$variant(body) => {
                            if with_type {
                                members.serialize_entry("type", $wire)?;
                            }
                            if $crate::wire::Member::is_absent(body) {
                                return Ok(());
                            }
                            $crate::wire::Member::write_present(body, Self::BODY_MEMBER.unwrap_or($wire), members)
                        } )+
                        Self::Unknown(unknown) => {
                            let name = unknown.type_name();
                            if with_type && !name.is_empty() {
                                members.serialize_entry("type", name)?;
                            }
                            match unknown.body() {
                                Some(body) => members.serialize_entry(Self::BODY_MEMBER.unwrap_or(name), body),
                                None => Ok(()),
                            }
                        }
                    }
                }

                fn scan_body(&self, radar: &mut $crate::wire::radar::Radar) {
                    match self {
                        $( Self::$variant(body) => $crate::wire::Member::scan(body, radar), )+
                        Self::Unknown(_) => {}
                    }
                }
            }
        };

        $( impl From<$body> for $name {
            fn from(body: $body) -> Self {
                Self::$variant(body)
            }
        } )+
    };
}

pub(crate) use {adjacent_set, body_set, type_set};
