//! What a message can be addressed to.

use std::borrow::Cow;

use kaleyra_wa_types::inbound::NoReplyAddress;
use kaleyra_wa_types::{InvalidPhoneNumber, PhoneNumber, Recipient, UserId, WaId};

/// What [`Client::send`](crate::Client::send) takes as a recipient.
///
/// A string must be a phone number with `+` and country code. Implement this for your own type, such as a customer, to
/// send to it directly.
///
/// ```
/// use kaleyra_wa_client::types::Recipient;
/// use kaleyra_wa_client::{IntoRecipient, NoRecipient};
///
/// struct Customer {
///     mobile: Option<String>,
/// }
///
/// impl IntoRecipient for &Customer {
///     fn into_recipient(self) -> Result<Recipient, NoRecipient> {
///         let mobile = self.mobile.as_deref();
///         mobile.ok_or(NoRecipient::new("the customer has no mobile number"))?.into_recipient()
///     }
/// }
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let error = client.send(&Customer { mobile: None }, "Hello").await.unwrap_err();
/// assert_eq!(error.to_string(), "not sent: the customer has no mobile number");
/// # Ok(())
/// # }
/// ```
pub trait IntoRecipient {
    /// The recipient.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not a phone number. The client reports it when the message is sent.
    fn into_recipient(self) -> Result<Recipient, NoRecipient>;
}

/// Why there is no usable recipient.
///
/// The client reports it as an [`InvalidRecipient`](crate::ErrorKind::InvalidRecipient), before anything is sent. It
/// holds no number.
///
/// ```
/// use kaleyra_wa_client::IntoRecipient;
///
/// let reason = "98000".into_recipient().unwrap_err();
/// assert_eq!(
///     reason.to_string(),
///     "the recipient is not a phone number: it must begin with + and the country code",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct NoRecipient(Reason);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error("the recipient is {0}")]
    Number(InvalidPhoneNumber),
    #[error("{0}")]
    Other(&'static str),
    #[error(transparent)]
    Reply(NoReplyAddress),
}

impl NoRecipient {
    /// For a reason of your own: one line without a full stop, such as `the customer has no mobile number`. The error's
    /// text will be `not sent: ` and this.
    ///
    /// For an example see [`IntoRecipient`].
    pub const fn new(reason: &'static str) -> Self {
        Self(Reason::Other(reason))
    }
}

impl From<InvalidPhoneNumber> for NoRecipient {
    fn from(reason: InvalidPhoneNumber) -> Self {
        Self(Reason::Number(reason))
    }
}

impl From<NoReplyAddress> for NoRecipient {
    fn from(reason: NoReplyAddress) -> Self {
        Self(Reason::Reply(reason))
    }
}

impl IntoRecipient for &str {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self.try_into()?)
    }
}

/// An element of a slice of texts.
impl IntoRecipient for &&str {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        (*self).into_recipient()
    }
}

impl IntoRecipient for String {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self.try_into()?)
    }
}

impl IntoRecipient for &String {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.as_str().into_recipient()
    }
}

impl IntoRecipient for Cow<'_, str> {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.as_ref().into_recipient()
    }
}

impl IntoRecipient for PhoneNumber {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self.into())
    }
}

impl IntoRecipient for &PhoneNumber {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.clone().into_recipient()
    }
}

impl IntoRecipient for UserId {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self.into())
    }
}

impl IntoRecipient for &UserId {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.clone().into_recipient()
    }
}

impl IntoRecipient for Recipient {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self)
    }
}

impl IntoRecipient for &Recipient {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.clone().into_recipient()
    }
}

impl IntoRecipient for WaId {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        (&self).into_recipient()
    }
}

impl IntoRecipient for &WaId {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        Ok(self.try_into()?)
    }
}
