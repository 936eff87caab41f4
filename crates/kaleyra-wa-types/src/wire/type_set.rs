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

        impl $crate::wire::body_set::BodySet for $name {
            const BODY_MEMBER: Option<&'static str> = $member;

            #[inline]
            fn known_type(name: &str) -> Option<&'static str> {
                match name {
                    $( $wire => Some($wire), )+
                    _ => {
                        $( if name.eq_ignore_ascii_case($wire) { return Some($wire); } )+
                        None
                    }
                }
            }

            #[inline]
            fn read_body<'de, A: ::serde::de::MapAccess<'de>>(
                place: &mut Option<Self>,
                type_name: &'static str,
                members: &mut A,
            ) -> Result<$crate::wire::member::BlankSeen, A::Error> {
                match type_name {
                    $( $wire => {
                        let mut body = None;
                        let blank = members.next_value_seed($crate::wire::member::IntoOptional::<$body>(&mut body))?;
                        if blank == Some($crate::wire::member::Blank::EmptyText)
                            && <$body as $crate::wire::Member>::HAS_EMPTY_TEXT
                        {
                            *place = Some(Self::$variant(<$body as $crate::wire::Member>::empty()));
                            return Ok(None);
                        }
                        *place = body.filter(|_| blank.is_none()).map(Self::$variant);
                        Ok(blank)
                    } )+
                    _ => Err(::serde::de::Error::custom("not a body of this set")),
                }
            }

            fn without_body(type_name: &'static str) -> Option<Self> {
                match type_name {
                    $( $wire if <$body as $crate::wire::Member>::MAY_BE_MISSING
                        || <$body as $crate::wire::Member>::IS_WHOLE_WHEN_EMPTY =>
                    {
                        Some(Self::$variant(<$body as $crate::wire::Member>::empty()))
                    } )+
                    _ => None,
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
            fn write_body<M: ::serde::ser::SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                if !self.has_body() {
                    return Ok(());
                }
                let member = Self::BODY_MEMBER.unwrap_or_else(|| self.type_name());
                match self {
                    $( Self::$variant(body) => members.serialize_entry(member, body), )+
                    Self::Unknown(unknown) => members.serialize_entry(member, &unknown.body()),
                }
            }

            fn scan_body(&self, radar: &mut $crate::wire::radar::Radar) {
                match self {
                    $( Self::$variant(body) => $crate::wire::Member::scan(body, radar), )+
                    Self::Unknown(_) => {}
                }
            }
        }

        $( impl From<$body> for $name {
            fn from(body: $body) -> Self {
                Self::$variant(body)
            }
        } )+
    };
}

pub(crate) use {adjacent_set, body_set, type_set};
