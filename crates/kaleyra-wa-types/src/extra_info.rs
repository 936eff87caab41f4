//! Kaleyra's own object beside Meta's: `extra_info` of a request and of a callback.

use crate::UnknownFields;
use crate::UnknownText;
use crate::ids::{MessageId, ReplyToId, TraceId, WabaId};
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// What a sender adds to a request for itself: up to three references that come back in every callback, and the source.
///
/// ```
/// use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
///
/// let extra_info = ExtraInfo::new()
///     .reference("order-17")
///     .reference1("spring")
///     .reference2("shoes")
///     .source(WaSource::Api);
/// assert_eq!(
///     serde_json::to_value(&extra_info)?,
///     serde_json::json!({"ref": "order-17", "ref1": "spring", "ref2": "shoes", "wa_source": "api"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Send Reply to Messages*, table of `extra_info`.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct ExtraInfo {
    /// Anything that ties the message to the sender's world: a customer, an order. It comes back in reports and
    /// callbacks. At most 255 characters: Kaleyra would cut a longer one silently, so `validate` refuses it.
    #[wire(name = "ref")]
    pub reference: Option<Reference>,
    /// A second reference, with the same limit.
    #[wire(name = "ref1")]
    pub reference1: Option<Reference>,
    /// A third reference, with the same limit.
    #[wire(name = "ref2")]
    pub reference2: Option<Reference>,
    /// What made the request. Kaleyra takes a value outside its list as `api`.
    #[wire(name = "wa_source")]
    pub source: Option<WaSource>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What made a request, `wa_source`.
///
/// For an example see [`ExtraInfo`].
///
/// Source: *Send Reply to Messages*, table of `extra_info`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum WaSource {
    /// `api`. A program of the sender's own; what Kaleyra takes any other value for.
    Api,
    /// `eloqua`. Oracle Eloqua.
    Eloqua,
    /// `braze`. Braze.
    Braze,
    /// `clevertap`. `CleverTap`.
    Clevertap,
    /// `hubspot`. `HubSpot`.
    Hubspot,
    /// `leadsquared`. `LeadSquared`.
    Leadsquared,
    /// `moengage`. `MoEngage`.
    Moengage,
    /// `responsys`. Oracle Responsys.
    Responsys,
    /// `salesforce`. Salesforce.
    Salesforce,
    /// `shopify`. Shopify.
    Shopify,
    /// `webengage`. `WebEngage`.
    Webengage,
    /// `zapier`. Zapier.
    Zapier,
    /// `zoho`. Zoho.
    Zoho,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What Kaleyra adds to a callback.
///
/// Every field may be missing, or be present but empty (`media_url` is `""` when no file came): both read as
/// `None`, and are written back as they came. Which of them is filled when is not documented.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"extra_info": {"ref": "order-17", "media_url": "https://example.com/1.jpg"}}"#)?;
/// let extra_info = callback.extra_info.as_ref().ok_or("none")?;
/// assert_eq!(extra_info.reference.as_deref(), Some("order-17"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Reply - Media Message*, table of `extra_info`.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct CallbackExtraInfo {
    /// Where the file that the end user sent can be fetched. How long, and whether with the API key, is not
    /// documented: don't send the key along, since the host may be anyone's.
    pub media_url: Option<String>,
    /// WhatsApp's id of the message, on status callbacks.
    pub message_id: Option<MessageId>,
    /// The `ref` of the message that this callback is about, as its sender gave it.
    #[wire(name = "ref")]
    pub reference: Option<Reference>,
    /// The `ref1` of that message.
    #[wire(name = "ref1")]
    pub reference1: Option<Reference>,
    /// The `ref2` of that message.
    #[wire(name = "ref2")]
    pub reference2: Option<Reference>,
    /// Kaleyra's id of the message that the end user replies to.
    pub reply_to: Option<ReplyToId>,
    /// Kaleyra's id for tracing this callback.
    pub trace_id: Option<TraceId>,
    /// The WhatsApp Business Account of the number.
    pub waba_id: Option<WabaId>,
    /// Whether Kaleyra replaces links in the text by links that count their clicks; on status callbacks.
    pub enable_url_tracking_body: Option<bool>,
    /// Whether it does the same for the links of buttons; on status callbacks.
    pub enable_url_tracking_button: Option<bool>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What ties a message to its sender's world, `ref`, `ref1` or `ref2`.
///
/// ```
/// use kaleyra_wa_types::extra_info::CallbackExtraInfo;
///
/// let extra_info: CallbackExtraInfo = serde_json::from_str(r#"{"ref": "order-17", "ref1": 2026}"#)?;
/// assert_eq!(extra_info.reference.as_deref(), Some("order-17"));
/// assert_eq!(extra_info.reference1.as_deref(), Some("2026"));
/// assert_eq!(serde_json::to_string(&extra_info)?, r#"{"ref":"order-17","ref1":2026}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// It is a string, or a number where an intermediate sender turned it into one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(text)]
pub struct Reference(LooseText);

impl ExtraInfo {
    /// The maximum number of characters that a reference may have; Kaleyra cuts a longer one silently.
    pub const REFERENCE_MAX: usize = 255;

    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `ref`, at most 255 characters.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into().into());
        self
    }

    /// Sets `ref1`, at most 255 characters.
    pub fn reference1(mut self, reference: impl Into<String>) -> Self {
        self.reference1 = Some(reference.into().into());
        self
    }

    /// Sets `ref2`, at most 255 characters.
    pub fn reference2(mut self, reference: impl Into<String>) -> Self {
        self.reference2 = Some(reference.into().into());
        self
    }

    /// Sets `wa_source`.
    pub fn source(mut self, source: impl Into<WaSource>) -> Self {
        self.source = Some(source.into());
        self
    }
}
