//! Callbacks built by hand: what a test passes to the code that handles them.
//!
//! As the builders of what is sent: `new` takes what the type can't do without, a consuming setter each further field.

mod content;
mod message;
mod status;

use super::{
    Callback, ChangeValue, Contact, Field, Message, MetaError, MetaObject, Metadata, Status,
    StatusName,
};
use crate::extra_info::CallbackExtraInfo;
use crate::outbound::MessagingProduct;
use crate::response::Code;
use crate::{MessageId, PhoneNumberId};

/// Gives models a consuming setter for each of these optional fields and, with `new`, a constructor of an empty one.
macro_rules! made {
    ($( $name:ident $(: $new:ident)? { $( $field:ident : $type:ty ),* $(,)? } )+) => { $(
        impl $name {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
                pub fn $field(mut self, $field: impl Into<$type>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )*
        }

        $( $crate::inbound::build::made!(@$new $name); )?
    )+ };
    (@new $name:ident) => {
        impl $name {
            /// One in which nothing is said yet.
            pub fn new() -> Self {
                <Self as $crate::wire::Wire>::empty()
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
}

pub(crate) use made;

impl Callback {
    /// An empty callback about messages.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Contact, Message, Status};
    /// use kaleyra_wa_types::extra_info::CallbackExtraInfo;
    ///
    /// let callback = Callback::new()
    ///     .contact(Contact::new("919800000001", "Asha"))
    ///     .message(Message::text("919800000001", "Is it in stock?"))
    ///     .status(Status::failed("wamid.B", "919800000002", 131047))
    ///     .extra_info(CallbackExtraInfo::new().reference("order-17"));
    /// assert_eq!(callback.events().count(), 2);
    ///
    /// // As Kaleyra posts it:
    /// let body = callback.to_vec();
    /// assert_eq!(Callback::from_slice(&body)?, callback);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn new() -> Self {
        Self {
            meta_object: Some(MetaObject {
                field: Some(Field::Messages),
                value: Some(ChangeValue {
                    messaging_product: Some(MessagingProduct::Whatsapp),
                    ..ChangeValue::default()
                }),
                ..MetaObject::default()
            }),
            ..Self::default()
        }
    }

    /// Kaleyra's own report that it did not send a message, and why.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Event};
    ///
    /// let callback = Callback::not_sent("wamid.A", "WAV2101", "Daily limit reached");
    /// assert!(matches!(callback.events().next(), Some(Event::KaleyraStatus(_))));
    /// ```
    pub fn not_sent(
        message_id: impl Into<MessageId>,
        code: impl Into<Code>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            status: Some(StatusName::NotSent),
            message_id: Some(message_id.into()),
            code: Some(code.into()),
            reason: Some(reason.into()),
            ..Self::default()
        }
    }

    /// Adds what a user wrote.
    pub fn message(mut self, message: Message) -> Self {
        self.value().messages.push(message.into());
        self
    }

    /// Adds what became of a message.
    pub fn status(mut self, status: Status) -> Self {
        self.value().statuses.push(status.into());
        self
    }

    /// Adds an error that belongs to no single message.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Event, MetaError};
    ///
    /// let callback = Callback::new().error(MetaError::new(130429).title("Rate limit hit"));
    /// assert!(matches!(callback.events().next(), Some(Event::Error(_))));
    /// ```
    pub fn error(mut self, error: MetaError) -> Self {
        self.value().errors.push(error.into());
        self
    }

    /// Adds who a user is.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.value().contacts.push(contact.into());
        self
    }

    /// Says which business number it is about: as WhatsApp shows it, and Meta's id of it.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Message};
    ///
    /// let callback = Callback::from(Message::text("919800000001", "Hi")).metadata("15550000001", "400000000000001");
    /// let json: serde_json::Value = serde_json::from_slice(&callback.to_vec())?;
    /// assert_eq!(json["meta_object"]["value"]["metadata"]["display_phone_number"], "15550000001");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn metadata(
        mut self,
        display_phone_number: &str,
        phone_number_id: impl Into<PhoneNumberId>,
    ) -> Self {
        self.value().metadata = Some(Metadata {
            display_phone_number: Some(display_phone_number.into()),
            phone_number_id: Some(phone_number_id.into()),
            unknown: Default::default(),
        });
        self
    }

    /// Sets what Kaleyra adds.
    pub fn extra_info(mut self, extra_info: CallbackExtraInfo) -> Self {
        self.extra_info = Some(extra_info);
        self
    }

    fn value(&mut self) -> &mut ChangeValue {
        let meta_object = self
            .meta_object
            .get_or_insert_with(|| Self::new().meta_object.unwrap_or_default());
        meta_object.value.get_or_insert_default()
    }
}

impl From<Message> for Callback {
    fn from(message: Message) -> Self {
        Self::new().message(message)
    }
}

impl From<Status> for Callback {
    fn from(status: Status) -> Self {
        Self::new().status(status)
    }
}
