//! Kaleyra's own object beside Meta's: `extra_info` of a request and of a callback.

use crate::Flag;
use crate::ids::{MessageId, ReplyToId, TraceId, WabaId};
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;

wire_object! {
    /// What a sender adds to a request for itself: up to three references that come back in every callback, and the source.
    ///
    /// ```
    /// use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
    ///
    /// let extra_info = ExtraInfo::new().reference("order-17").reference1("spring").source(WaSource::Api);
    /// assert_eq!(
    ///     serde_json::to_value(&extra_info)?,
    ///     serde_json::json!({"ref": "order-17", "ref1": "spring", "wa_source": "api"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Reply to Messages*, table of `extra_info`.
    #[derive(Default)]
    pub struct ExtraInfo {
        /// Anything that ties the message to the sender's world: a customer, an order. It comes back in reports and
        /// callbacks. At most 255 characters: Kaleyra would cut a longer one silently, so `validate` refuses it.
        pub reference as "ref": Option<Reference>,
        /// A second reference, with the same limit.
        pub reference1 as "ref1": Option<Reference>,
        /// A third reference, with the same limit.
        pub reference2 as "ref2": Option<Reference>,
        /// What made the request. Kaleyra takes a value outside its list as `api`.
        pub source as "wa_source": Option<WaSource>,
    }
}

open_set! {
    /// What made a request, `wa_source`.
    ///
    /// Source: *Send Reply to Messages*, table of `extra_info`.
    pub enum WaSource {
        /// A program of the sender's own; what Kaleyra takes any other value for.
        Api = "api",
        /// Oracle Eloqua.
        Eloqua = "eloqua",
        /// Braze.
        Braze = "braze",
        /// `CleverTap`.
        Clevertap = "clevertap",
        /// `HubSpot`.
        Hubspot = "hubspot",
        /// `LeadSquared`.
        Leadsquared = "leadsquared",
        /// `MoEngage`.
        Moengage = "moengage",
        /// Oracle Responsys.
        Responsys = "responsys",
        /// Salesforce.
        Salesforce = "salesforce",
        /// Shopify.
        Shopify = "shopify",
        /// `WebEngage`.
        Webengage = "webengage",
        /// Zapier.
        Zapier = "zapier",
        /// Zoho.
        Zoho = "zoho",
    }
}

wire_object! {
    /// What Kaleyra adds to a callback.
    ///
    /// Every member may be missing, or be there and say nothing (`media_url` is `""` when no file came): both read as
    /// `None`, and are written back as they came. Which of them is filled when is not documented.
    ///
    /// Source: *Reply - Media Message*, table of `extra_info`.
    #[derive(Default)]
    pub struct CallbackExtraInfo {
        /// Where the file that the end user sent can be fetched. How long, and whether with the API key, is not
        /// documented: don't send the key along, the host may be anybody's.
        pub media_url: Option<String>,
        /// WhatsApp's id of the message, on status callbacks.
        pub message_id: Option<MessageId>,
        /// The `ref` of the message that this callback is about, as its sender gave it.
        pub reference as "ref": Option<Reference>,
        /// The `ref1` of that message.
        pub reference1 as "ref1": Option<Reference>,
        /// The `ref2` of that message.
        pub reference2 as "ref2": Option<Reference>,
        /// Kaleyra's id of the message that the end user replies to.
        pub reply_to: Option<ReplyToId>,
        /// Kaleyra's id for tracing this callback.
        pub trace_id: Option<TraceId>,
        /// The WhatsApp Business Account of the number.
        pub waba_id: Option<WabaId>,
        /// Whether Kaleyra replaces links in the text by links that count their clicks; on status callbacks.
        pub enable_url_tracking_body: Option<Flag>,
        /// Whether it does so with the links of buttons; on status callbacks.
        pub enable_url_tracking_button: Option<Flag>,
    }
}

deserialize_object!(CallbackExtraInfo, ExtraInfo);

opaque! {
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
    text struct Reference
}

impl ExtraInfo {
    /// The most characters that a reference may have; Kaleyra cuts a longer one silently.
    pub const REFERENCE_MAX: usize = 255;

    /// With nothing in it.
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
