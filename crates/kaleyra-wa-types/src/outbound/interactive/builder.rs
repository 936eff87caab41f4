//! `interactive_builder!`: the builder of one kind, with the parts around the action that the kind allows.

use crate::TextOrObject;

use super::{Action, Body, Footer, Header, Interactive};

/// The parts around an action.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frame {
    pub(super) header: Option<Header>,
    pub(super) body: Option<Body>,
    pub(super) footer: Option<Footer>,
}

impl Frame {
    pub(super) fn with_body(body: impl Into<String>) -> Self {
        Self {
            body: Some(Body::new(body)),
            ..Self::default()
        }
    }

    pub(super) fn around(self, action: impl Into<Action>) -> Interactive {
        Interactive {
            header: self.header.map(TextOrObject::Object),
            body: self.body,
            footer: self.footer,
            ..Interactive::new(action)
        }
    }
}

/// Makes the builder of one kind: its action, and setters for the optional parts named in the braces.
macro_rules! interactive_builder {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($action:ty) { $($part:ident),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            frame: $crate::outbound::interactive::builder::Frame,
            action: $action,
        }

        $( $crate::outbound::interactive::builder::interactive_builder!(@$part $name); )*

        impl From<$name> for $crate::outbound::Interactive {
            fn from(builder: $name) -> Self {
                builder.frame.around(builder.action)
            }
        }

        impl From<$name> for $crate::outbound::Content {
            fn from(builder: $name) -> Self {
                Self::Interactive(Box::new(builder.into()))
            }
        }
    };
    (@header $name:ident) => {
        impl $name {
            /// What is shown above the body: a text of 1 to 60 characters, an image, a video or a document.
            ///
            /// For an example see [`ReplyButtons`](crate::outbound::interactive::ReplyButtons).
            pub fn header(
                mut self,
                header: impl Into<$crate::outbound::interactive::Header>,
            ) -> Self {
                self.frame.header = Some(header.into());
                self
            }
        }
    };
    (@text_header $name:ident) => {
        impl $name {
            /// What is shown above the body: a text of 1 to 60 characters.
            ///
            /// For an example see [`List`](crate::outbound::interactive::List).
            pub fn header(mut self, text: impl Into<String>) -> Self {
                self.frame.header = Some(text.into().into());
                self
            }
        }
    };
    (@body $name:ident) => {
        impl $name {
            /// What the message says, 1 to 1024 characters.
            ///
            /// For an example see [`SingleProduct`](crate::outbound::interactive::SingleProduct).
            pub fn body(mut self, text: impl Into<String>) -> Self {
                self.frame.body = Some($crate::outbound::interactive::Body::new(text));
                self
            }
        }
    };
    (@footer $name:ident) => {
        impl $name {
            /// Small print below the body, 1 to 60 characters.
            ///
            /// For an example see [`ReplyButtons`](crate::outbound::interactive::ReplyButtons).
            pub fn footer(mut self, text: impl Into<String>) -> Self {
                self.frame.footer = Some($crate::outbound::interactive::Footer::new(text));
                self
            }
        }
    };
}

pub(super) use interactive_builder;
