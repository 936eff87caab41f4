//! Statuses and errors made by hand.

use super::made;
use crate::inbound::{
    Conversation, ConversationId, ConversationOrigin, ErrorCode, ErrorData, MetaError, OriginType,
    Payment, Pricing, PricingCategory, PricingModel, PricingType, Status, StatusName, StatusType,
};
use crate::outbound::RecipientType;
use crate::wire::Wire;
use crate::{MessageId, TextOrObject, Timestamp, UserId, WaId};

impl Status {
    /// What became of a message that went to this number.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{MetaError, Stage, Status, StatusName};
    ///
    /// let read = Status::new("wamid.A", StatusName::Read, "919800000001");
    /// assert_eq!(read.stage(), Some(Stage::Read));
    ///
    /// let error = MetaError::new(131053).with_details("Downloading media from weblink failed with http code 503");
    /// let failed = Status::new("wamid.A", StatusName::Failed, "919800000001").error(error);
    /// assert!(failed.errors[0].class().is_some_and(|class| class.is_temporary()));
    /// ```
    pub fn new(
        message_id: impl Into<MessageId>,
        status: impl Into<StatusName>,
        recipient_id: impl Into<WaId>,
    ) -> Self {
        Self {
            id: Some(message_id.into()),
            status: Some(status.into()),
            timestamp: Some(1_767_225_600.into()),
            recipient_id: Some(recipient_id.into()),
            ..Self::empty()
        }
    }

    /// The failure of a message to this number, with this code.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Stage, Status};
    ///
    /// let status = Status::failed("wamid.A", "919800000001", 131047);
    /// assert_eq!(status.stage(), Some(Stage::Failed));
    /// assert_eq!(status.errors[0].code.as_ref().map(|code| code.as_str()), Some("131047"));
    /// ```
    pub fn failed(
        message_id: impl Into<MessageId>,
        recipient_id: impl Into<WaId>,
        code: impl Into<ErrorCode>,
    ) -> Self {
        Self::new(message_id, StatusName::Failed, recipient_id).error(MetaError::new(code))
    }

    /// Adds an error.
    pub fn error(mut self, error: MetaError) -> Self {
        self.errors.push(error);
        self
    }
}

impl MetaError {
    /// An error with this code.
    ///
    /// ```
    /// use kaleyra_wa_types::error_code::ErrorClass;
    /// use kaleyra_wa_types::inbound::MetaError;
    ///
    /// let error = MetaError::new(131053).with_details("Image file is of type text/html, which is not supported");
    /// assert_eq!(error.class(), Some(ErrorClass::Never)); // the details say which of its causes it is
    /// ```
    pub fn new(code: impl Into<ErrorCode>) -> Self {
        Self {
            code: Some(code.into()),
            ..Self::empty()
        }
    }

    /// Sets what is special about this case.
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.error_data = Some(TextOrObject::Object(ErrorData {
            details: Some(details.into()),
            ..ErrorData::empty()
        }));
        self
    }
}

made! {
    Status {
        timestamp: Timestamp, kind: StatusType, recipient_user_id: UserId, recipient_type: RecipientType,
        recipient_participant_user_id: UserId, recipient_participant_parent_user_id: UserId,
        recipient_identity_key_hash: String, biz_opaque_callback_data: String, conversation: Box<Conversation>,
        pricing: Box<Pricing>, payment: Box<Payment>,
    }
    MetaError { title: String, message: String, href: String }
    Conversation: new {
        id: ConversationId, expiration_timestamp: Timestamp, origin: ConversationOrigin, pricing: Pricing,
    }
    ConversationOrigin: new { kind: OriginType }
    Pricing: new {
        billable: bool, pricing_model: PricingModel, category: PricingCategory, kind: PricingType, subtype: String,
    }
}
