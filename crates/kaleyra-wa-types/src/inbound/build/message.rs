//! Messages and contacts made by hand.

use std::sync::atomic::{AtomicU64, Ordering};

use super::made;
use crate::contacts::ContactOrigin;
use crate::inbound::{
    ButtonReply, Contact, Context, GroupId, HistoryContext, Identity, ListReply, LogicalId,
    Message, MessageContent, MetaError, Profile, Reaction, Referral, ReplyId, Text,
};
use crate::wire::Wire;
use crate::{MessageId, Timestamp, UserId, WaId};

/// How many messages were made here: each gets an id of its own.
static MADE: AtomicU64 = AtomicU64::new(1);

impl Message {
    /// A message from this number with this content, sent at 1767225600 (2026-01-01). It has an id of its own; a test that
    /// compares ids sets [`id`](Self::with_id).
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Image, Message};
    ///
    /// let photo = Message::new("919800000001", Image::new("1700000000000").caption("The blue one")).with_id("wamid.A");
    /// assert_eq!(photo.content.text(), Some("The blue one"));
    /// ```
    pub fn new(from: impl Into<WaId>, content: impl Into<MessageContent>) -> Self {
        Self {
            from: Some(from.into()),
            ..Self::anonymous(content)
        }
    }

    /// A message from a user whose number is hidden.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let message = Message::from_user("IN.13491208655302741918", "Is it in stock?");
    /// assert_eq!(message.from, None);
    /// assert!(matches!(message.reply_address(), Ok(Recipient::User(_))));
    /// ```
    pub fn from_user(user_id: impl Into<UserId>, content: impl Into<MessageContent>) -> Self {
        Self {
            from_user_id: Some(user_id.into()),
            ..Self::anonymous(content)
        }
    }

    /// A text.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let message = Message::text("919800000001", "Is it in stock?");
    /// assert_eq!(message.content.text(), Some("Is it in stock?"));
    /// assert!(message.reply_address().is_ok());
    /// ```
    pub fn text(from: impl Into<WaId>, body: impl Into<String>) -> Self {
        Self::new(from, Text::new(body))
    }

    /// An emoji on an earlier message.
    ///
    /// For an example see [`Message::replies_to`].
    pub fn reaction(
        from: impl Into<WaId>,
        message_id: impl Into<MessageId>,
        emoji: impl Into<String>,
    ) -> Self {
        Self::new(from, Reaction::new(message_id, emoji))
    }

    /// A tap on a reply button: what is behind it, and its label.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let tap = Message::button_reply("919800000001", "yes", "Yes, please").in_reply_to("wamid.A");
    /// assert_eq!(tap.content.payload(), Some("yes"));
    /// assert_eq!(tap.content.text(), Some("Yes, please"));
    /// ```
    pub fn button_reply(
        from: impl Into<WaId>,
        id: impl Into<ReplyId>,
        title: impl Into<String>,
    ) -> Self {
        Self::new(from, ButtonReply::new(id, title))
    }

    /// A row picked in a list: what is behind it, and what it says.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let picked = Message::list_reply("919800000001", "friday", "Friday");
    /// assert_eq!(picked.content.payload(), Some("friday"));
    /// ```
    pub fn list_reply(
        from: impl Into<WaId>,
        id: impl Into<ReplyId>,
        title: impl Into<String>,
    ) -> Self {
        Self::new(from, ListReply::new(id, title))
    }

    fn anonymous(content: impl Into<MessageContent>) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        Self {
            id: format!("wamid.made-{number}").into(),
            timestamp: Some(1_767_225_600.into()),
            content: content.into(),
            ..Self::empty()
        }
    }

    /// Sets WhatsApp's id of it.
    pub fn with_id(mut self, id: impl Into<MessageId>) -> Self {
        self.id = id.into();
        self
    }

    /// Makes it a reply to another message.
    pub fn in_reply_to(mut self, message_id: impl Into<MessageId>) -> Self {
        let context = self.context.get_or_insert_with(Context::new);
        context.id = Some(message_id.into());
        self
    }

    /// Adds why WhatsApp could not deliver the content.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MetaError, Unsupported, UnsupportedType};
    ///
    /// let poll = Message::new("919800000001", Unsupported::new(UnsupportedType::PollCreation))
    ///     .error(MetaError::new(131051).title("Message type unknown"));
    /// assert_eq!(poll.errors[0].title.as_deref(), Some("Message type unknown"));
    /// ```
    pub fn error(mut self, error: MetaError) -> Self {
        self.errors.push(error);
        self
    }
}

made! {
    Message {
        from_user_id: UserId, from_parent_user_id: UserId, timestamp: Timestamp, group_id: GroupId, context: Context,
        referral: Box<Referral>, identity: Box<Identity>, origin: ContactOrigin, to: WaId, to_user_id: UserId,
        to_parent_user_id: UserId, history_context: Box<HistoryContext>, from_logical_id: LogicalId,
        to_logical_id: LogicalId, logical_id: LogicalId,
    }
    Context: new { from: WaId, id: MessageId, forwarded: bool, frequently_forwarded: bool }
    Contact { wa_id: WaId, user_id: UserId, parent_user_id: UserId, identity_key_hash: String }
}

impl Contact {
    /// A user with this number and the name of the profile.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Contact;
    ///
    /// let asha = Contact::new("919800000001", "Asha").username("asha.example").user_id("IN.13491208655302741918");
    /// assert_eq!(
    ///     serde_json::to_value(&asha)?,
    ///     serde_json::json!({
    ///         "profile": {"name": "Asha", "username": "asha.example"},
    ///         "wa_id": "919800000001",
    ///         "user_id": "IN.13491208655302741918",
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(wa_id: impl Into<WaId>, name: impl Into<String>) -> Self {
        Self {
            profile: Some(Profile {
                name: Some(name.into()),
                ..Profile::empty()
            }),
            wa_id: Some(wa_id.into()),
            ..Self::empty()
        }
    }

    /// Sets the username.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        let profile = self.profile.get_or_insert_with(Profile::empty);
        profile.username = Some(username.into());
        self
    }
}
