//! What a message can be addressed to.

use kaleyra_wa_types::{InvalidPhoneNumber, PhoneNumber, Recipient, UserId, WaId};

/// What [`Client::send`](crate::Client::send) takes as a recipient.
///
/// A text has to be a phone number with `+` and country code. Implement it for a type of your own, a customer say, to
/// send to it directly.
///
/// ```
/// use kaleyra_wa_client::IntoRecipient;
/// use kaleyra_wa_client::types::{InvalidPhoneNumber, Recipient};
///
/// struct Customer {
///     mobile: String,
/// }
///
/// impl IntoRecipient for &Customer {
///     fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
///         self.mobile.as_str().into_recipient()
///     }
/// }
/// ```
pub trait IntoRecipient {
    /// The recipient.
    ///
    /// # Errors
    ///
    /// When it is no phone number. The client reports it when the message is sent.
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber>;
}

impl IntoRecipient for &str {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        self.try_into()
    }
}

impl IntoRecipient for String {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        self.try_into()
    }
}

impl IntoRecipient for &String {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        self.as_str().try_into()
    }
}

impl IntoRecipient for PhoneNumber {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        Ok(self.into())
    }
}

impl IntoRecipient for UserId {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        Ok(self.into())
    }
}

impl IntoRecipient for Recipient {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        Ok(self)
    }
}

impl IntoRecipient for &WaId {
    fn into_recipient(self) -> Result<Recipient, InvalidPhoneNumber> {
        self.try_into()
    }
}
