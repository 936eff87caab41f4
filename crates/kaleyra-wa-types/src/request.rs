//! The body of a send: `{messaging_object, extra_info}`.

use crate::UnknownFields;
use crate::decode::{DecodeError, from_slice};
use crate::extra_info::ExtraInfo;
use crate::outbound::Outbound;
use crate::validate::{Check, Validate, Violation, violations};
use crate::wire::Wire;
use crate::wire::scan::unknown_pointers;
use crate::wire::write::to_json;
use kaleyra_wa_derive::Wire;

/// The body of `POST /v2/<SID>/whatsapp/<sender>/messages`.
///
/// ```
/// use kaleyra_wa_types::extra_info::ExtraInfo;
/// use kaleyra_wa_types::outbound::MessagingObject;
/// use kaleyra_wa_types::{PhoneNumber, SendRequest};
///
/// let to: PhoneNumber = "+14155550123".parse()?;
/// let mut request = SendRequest::new(MessagingObject::new(to, "Hello"));
/// request.extra_info = Some(ExtraInfo::new().reference("greeting-1"));
///
/// let body = request.to_vec(); // for a queue, or for a client of your own
/// assert_eq!(SendRequest::from_slice(&body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Send Reply to Messages*, table of the payload.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SendRequest {
    /// Meta's message object, or a read receipt.
    pub messaging_object: Outbound,
    /// What the sender adds for itself.
    pub extra_info: Option<ExtraInfo>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl SendRequest {
    /// A request that sends this message, or read receipt.
    pub fn new(messaging_object: impl Into<Outbound>) -> Self {
        Self {
            messaging_object: messaging_object.into(),
            extra_info: None,
            unknown: Default::default(),
        }
    }

    /// Reads the body of a send.
    ///
    /// # Errors
    ///
    /// When the bytes are not a JSON object in this shape. [`decode`](crate::outbound::decode) reads any object, and
    /// keeps what it can't read.
    ///
    /// For an example see [`SendRequest`].
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        from_slice(body)
    }

    /// The request as JSON, as it goes over the wire.
    ///
    /// As `serde_json::to_vec`, but it can't fail, and numbers of any length keep all their digits.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::{MessagingObject, Text};
    /// use kaleyra_wa_types::{Recipient, SendRequest};
    ///
    /// let hello = MessagingObject::new(Recipient::try_from("+919800000001")?, Text::new("Hello"));
    /// let request = SendRequest::new(hello);
    /// assert_eq!(SendRequest::from_slice(&request.to_vec())?, request);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_vec(&self) -> Vec<u8> {
        to_json(self.view(), 1024).into_bytes()
    }

    /// Adds references and the source.
    pub fn extra_info(mut self, extra_info: ExtraInfo) -> Self {
        self.extra_info = Some(extra_info);
        self
    }

    /// The JSON pointers of the fields that this version does not know.
    ///
    /// ```
    /// use kaleyra_wa_types::SendRequest;
    ///
    /// let request = SendRequest::from_slice(
    ///     br#"{"messaging_object": {"messaging_product": "whatsapp", "to": "+919800000001", "type": "text",
    ///         "text": {"body": "Hello", "shade": "teal"}}}"#,
    /// )?;
    /// assert_eq!(request.unknown_fields(), ["/messaging_object/text/shade"]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn unknown_fields(&self) -> Vec<String> {
        unknown_pointers("", self.view())
    }

    /// Every limit that the request breaks; empty if it breaks none.
    ///
    /// ```
    /// use kaleyra_wa_types::extra_info::ExtraInfo;
    /// use kaleyra_wa_types::outbound::{Image, MessagingObject};
    /// use kaleyra_wa_types::{Recipient, SendRequest};
    ///
    /// let image = Image::link("ftp://example.com/shoe.png").caption("x".repeat(1025));
    /// let request = SendRequest::new(MessagingObject::new(Recipient::try_from("+919800000001")?, image))
    ///     .extra_info(ExtraInfo::new().reference("r".repeat(256)));
    /// let violations: Vec<String> = request.violations().iter().map(ToString::to_string).collect();
    /// assert_eq!(
    ///     violations,
    ///     [
    ///         "messaging_object.image.link: must begin with http:// or https://",
    ///         "messaging_object.image.caption: at most 1024 characters, found 1025",
    ///         "extra_info.ref: at most 255 characters, found 256",
    ///     ],
    /// );
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
    pub fn violations(&self) -> Vec<Violation> {
        violations("", self)
    }
}

impl Validate for SendRequest {
    fn check(&self, check: &mut Check<'_>) {
        self.messaging_object
            .check(&mut check.member("messaging_object"));
        if let Some(extra_info) = &self.extra_info {
            extra_info.check(&mut check.member("extra_info"));
        }
    }
}

impl Validate for ExtraInfo {
    fn check(&self, check: &mut Check<'_>) {
        let references = [
            ("ref", &self.reference),
            ("ref1", &self.reference1),
            ("ref2", &self.reference2),
        ];
        for (name, reference) in references {
            if let Some(reference) = reference {
                check.member(name).length(reference, 0, Self::REFERENCE_MAX);
            }
        }
    }
}
