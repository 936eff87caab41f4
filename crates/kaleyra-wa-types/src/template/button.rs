//! A button of a template, as it is defined.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};
use serde_json::Value;

use crate::FlowId;
use crate::setters::setters;

/// A button of a template; which fields count depends on the kind.
///
/// ```
/// use kaleyra_wa_types::template::ButtonDefinition;
///
/// let buttons = [
///     ButtonDefinition::quick_reply("Later"),
///     ButtonDefinition::url("Track", "https://example.com/t/{{1}}").example("https://example.com/t/A17"),
///     ButtonDefinition::phone_number("Call us", "+15550100"),
///     ButtonDefinition::copy_code("GREEN20"),
///     ButtonDefinition::flow("Book", "123456"),
/// ];
/// assert_eq!(
///     serde_json::to_value(&buttons)?,
///     serde_json::json!([
///         {"type": "QUICK_REPLY", "text": "Later"},
///         {
///             "type": "URL", "text": "Track",
///             "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/A17"],
///         },
///         {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+15550100"},
///         {"type": "COPY_CODE", "example": "GREEN20"},
///         {"type": "FLOW", "text": "Book", "flow_id": "123456"},
///     ]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on template components, one per kind.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ButtonDefinition {
    /// What it does.
    #[wire(name = "type")]
    pub kind: ButtonKind,
    /// Its label, at most 25 characters. Some kinds have a label of their own.
    pub text: Option<String>,
    /// Link: where it leads to, at most 2,000 characters, with one variable at its end at most.
    pub url: Option<String>,
    /// Call: the number, at most 20 characters.
    pub phone_number: Option<String>,
    /// Link: the whole address as an example. Copy-code: an example of the code, at most 20 characters.
    pub example: Option<Value>,
    /// One-time code: how it is delivered to the app.
    pub otp_type: Option<OtpType>,
    /// One-time code: the button's label where the app can take the code itself, at most 25 characters.
    pub autofill_text: Option<String>,
    /// One-time code: the apps that can take the code themselves, at most five.
    pub supported_apps: Vec<SupportedApp>,
    /// One-time code without a tap: that WhatsApp's terms for it are accepted.
    pub zero_tap_terms_accepted: Option<bool>,
    /// Flow: its id. One of this, its name and its JSON is given.
    pub flow_id: Option<FlowId>,
    /// Flow: its name.
    pub flow_name: Option<String>,
    /// Flow: its JSON, as a string.
    pub flow_json: Option<Value>,
    /// Flow: `navigate` or `data_exchange`.
    pub flow_action: Option<String>,
    /// Flow: the first screen.
    pub navigate_screen: Option<String>,
    /// Flow: what is shown beside the label, such as `DOCUMENT`, `PROMOTION` or `REVIEW`.
    pub icon: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An app that can take a one-time code itself.
///
/// ```
/// use kaleyra_wa_types::template::SupportedApp;
///
/// assert_eq!(
///     serde_json::to_value(SupportedApp::new("com.example.app", "A1b2C3d4E5f"))?,
///     serde_json::json!({"package_name": "com.example.app", "signature_hash": "A1b2C3d4E5f"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on one-tap autofill.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SupportedApp {
    /// Its package, such as `com.example.app`: at most 224 characters, two parts or more.
    pub package_name: Option<String>,
    /// The hash of the key that it is signed with: 11 characters.
    pub signature_hash: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a button of a template does.
///
/// ```
/// use kaleyra_wa_types::template::{ButtonDefinition, ButtonKind};
///
/// let listed = r#"{"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+15550100"}"#;
/// let listed: ButtonDefinition = serde_json::from_str(listed)?;
/// assert_eq!(listed.kind, ButtonKind::PhoneNumber);
/// assert_eq!(ButtonKind::CopyCode.as_str(), "COPY_CODE");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum ButtonKind {
    /// `APP`. Opens an app; in one of Meta's lists only.
    #[wire(name = "APP")]
    App,
    /// `CATALOG`. Opens the catalog.
    #[wire(name = "CATALOG")]
    Catalog,
    /// `COPY_CODE`. Copies a code.
    #[wire(name = "COPY_CODE")]
    CopyCode,
    /// `FLOW`. Opens a flow.
    #[wire(name = "FLOW")]
    Flow,
    /// `MPM`. Opens a choice of products.
    #[wire(name = "MPM")]
    Mpm,
    /// `ORDER_DETAILS`. Opens an order to pay.
    #[wire(name = "ORDER_DETAILS")]
    OrderDetails,
    /// `OTP`. Copies or fills in a one-time code.
    #[wire(name = "OTP")]
    Otp,
    /// `PHONE_NUMBER`. Calls a number.
    #[wire(name = "PHONE_NUMBER")]
    PhoneNumber,
    /// `QUICK_REPLY`. Sends a quick reply.
    #[wire(name = "QUICK_REPLY")]
    QuickReply,
    /// `REQUEST_CONTACT_INFO`. Asks for the user's phone number.
    #[wire(name = "REQUEST_CONTACT_INFO")]
    RequestContactInfo,
    /// `SPM`. Opens one product.
    #[wire(name = "SPM")]
    Spm,
    /// `URL`. Opens a link.
    #[wire(name = "URL")]
    Url,
    /// `VOICE_CALL`. Calls the business over WhatsApp. Such a template can't be edited.
    #[wire(name = "VOICE_CALL")]
    VoiceCall,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// How a one-time code is delivered to the app.
///
/// ```
/// use kaleyra_wa_types::template::{ButtonDefinition, OtpType};
///
/// assert_eq!(ButtonDefinition::copy_one_time_code().otp_type, Some(OtpType::CopyCode));
/// assert_eq!(OtpType::from("ONE_TAP"), OtpType::OneTap);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum OtpType {
    /// `COPY_CODE`. The user copies it.
    #[wire(name = "COPY_CODE")]
    CopyCode,
    /// `ONE_TAP`. A tap hands it to the app.
    #[wire(name = "ONE_TAP")]
    OneTap,
    /// `ZERO_TAP`. The app gets it without a tap.
    #[wire(name = "ZERO_TAP")]
    ZeroTap,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

setters! {
    ButtonDefinition {
        /// Its label, in place of WhatsApp's own words.
        text: String,
        /// The label of a button for one-time codes where the app can take the code itself.
        autofill_text: String,
        /// The first screen of a flow.
        navigate_screen: String,
        /// What a flow begins with: `navigate` or `data_exchange`.
        flow_action: String,
        /// What is shown beside the label of a flow: `DOCUMENT`, `PROMOTION` or `REVIEW`.
        icon: String,
    }
}

impl ButtonDefinition {
    /// The maximum number of characters in a label.
    pub const TEXT_MAX: usize = 25;
    /// The maximum number of characters in a link.
    pub const URL_MAX: usize = 2000;
    /// The maximum number of characters in a number to call.
    pub const PHONE_NUMBER_MAX: usize = 20;
    /// The maximum number of characters in a code to copy: 15 by Meta's page, 20 by its changelog of December 2025.
    pub const CODE_MAX: usize = 20;
    /// The maximum number of apps that can take a one-time code.
    pub const APPS_MAX: usize = 5;

    /// A button of this kind, with nothing in it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, ButtonKind};
    ///
    /// let spm = ButtonDefinition::new(ButtonKind::Spm).text("See it");
    /// assert_eq!(spm, ButtonDefinition::spm().text("See it"));
    /// ```
    pub fn new(kind: impl Into<ButtonKind>) -> Self {
        Self {
            kind: kind.into(),
            text: None,
            url: None,
            phone_number: None,
            example: None,
            otp_type: None,
            autofill_text: None,
            supported_apps: Vec::new(),
            zero_tap_terms_accepted: None,
            flow_id: None,
            flow_name: None,
            flow_json: None,
            flow_action: None,
            navigate_screen: None,
            icon: None,
            unknown: Default::default(),
        }
    }

    /// A quick reply; a message may say what comes back when it is tapped.
    pub fn quick_reply(text: impl Into<String>) -> Self {
        Self::new(ButtonKind::QuickReply).text(text)
    }

    /// A link. With `{{1}}` at its end, each message supplies the value, and an [`example`](Self::example) is mandatory.
    ///
    /// For an example see [`ButtonDefinition`].
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        let mut button = Self::new(ButtonKind::Url).text(text);
        button.url = Some(url.into());
        button
    }

    /// A number to call.
    pub fn phone_number(text: impl Into<String>, number: impl Into<String>) -> Self {
        let mut button = Self::new(ButtonKind::PhoneNumber).text(text);
        button.phone_number = Some(number.into());
        button
    }

    /// A code to copy, and an example of one; each message says which.
    pub fn copy_code(example: impl Into<String>) -> Self {
        Self::new(ButtonKind::CopyCode).example(example)
    }

    /// A one-time code to copy.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let button = ButtonDefinition::copy_one_time_code().text("Copy");
    /// assert_eq!(
    ///     serde_json::to_value(&button)?,
    ///     serde_json::json!({"type": "OTP", "text": "Copy", "otp_type": "COPY_CODE"}),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn copy_one_time_code() -> Self {
        Self::one_time_code(OtpType::CopyCode)
    }

    /// A one-time code that a tap hands to one of these apps; others copy it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, SupportedApp};
    ///
    /// let app = SupportedApp::new("com.example.app", "A1b2C3d4E5f");
    /// let button = ButtonDefinition::one_tap([app]).text("Copy").autofill_text("Fill in");
    /// assert_eq!(
    ///     serde_json::to_value(&button)?,
    ///     serde_json::json!({
    ///         "type": "OTP", "text": "Copy", "otp_type": "ONE_TAP", "autofill_text": "Fill in",
    ///         "supported_apps": [{"package_name": "com.example.app", "signature_hash": "A1b2C3d4E5f"}],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn one_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let mut button = Self::one_time_code(OtpType::OneTap);
        button.supported_apps = apps.into_iter().collect();
        button
    }

    /// A one-time code that one of these apps gets without a tap. By this, WhatsApp's terms for it are accepted: read them
    /// first.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, SupportedApp, TemplateDefinition};
    ///
    /// let app = SupportedApp::new("com.example.app", "A1b2C3d4E5f");
    /// let button = ButtonDefinition::zero_tap_accepting_terms([app]);
    /// assert_eq!(button.zero_tap_terms_accepted, Some(true));
    ///
    /// let code = TemplateDefinition::authentication("login_code", "en_US").one_time_code_button(button);
    /// assert_eq!(code.validate(), []);
    /// ```
    pub fn zero_tap_accepting_terms(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let mut button = Self::one_time_code(OtpType::ZeroTap);
        button.supported_apps = apps.into_iter().collect();
        button.zero_tap_terms_accepted = Some(true);
        button
    }

    fn one_time_code(otp_type: OtpType) -> Self {
        let mut button = Self::new(ButtonKind::Otp);
        button.otp_type = Some(otp_type);
        button
    }

    /// A flow, by its id.
    pub fn flow(text: impl Into<String>, flow_id: impl Into<FlowId>) -> Self {
        let mut button = Self::new(ButtonKind::Flow).text(text);
        button.flow_id = Some(flow_id.into());
        button
    }

    /// The catalog.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
    ///
    /// let shoes = TemplateDefinition::marketing("new_shoes", "en")
    ///     .body("Our new shoes are here.", [] as [&str; 0])
    ///     .button(ButtonDefinition::catalog());
    /// assert_eq!(shoes.validate(), []);
    /// assert_eq!(shoes.buttons()[0].text.as_deref(), Some("View catalog"));
    /// ```
    pub fn catalog() -> Self {
        Self::new(ButtonKind::Catalog).text("View catalog")
    }

    /// A choice of products; each message says which.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let button = serde_json::to_value(ButtonDefinition::mpm())?;
    /// assert_eq!(button, serde_json::json!({"type": "MPM", "text": "View items"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn mpm() -> Self {
        Self::new(ButtonKind::Mpm).text("View items")
    }

    /// One product, the one in the header.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition};
    ///
    /// let card = CardDefinition::new().header_product().button(ButtonDefinition::spm());
    /// assert_eq!(serde_json::to_value(card.buttons())?, serde_json::json!([{"type": "SPM", "text": "View"}]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn spm() -> Self {
        Self::new(ButtonKind::Spm).text("View")
    }

    /// An order to pay; each message says which.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let button = serde_json::to_value(ButtonDefinition::order_details())?;
    /// assert_eq!(button, serde_json::json!({"type": "ORDER_DETAILS", "text": "Review and Pay"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn order_details() -> Self {
        Self::new(ButtonKind::OrderDetails).text("Review and Pay")
    }

    /// A call to the business over WhatsApp.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let button = serde_json::to_value(ButtonDefinition::voice_call("Call us"))?;
    /// assert_eq!(button, serde_json::json!({"type": "VOICE_CALL", "text": "Call us"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn voice_call(text: impl Into<String>) -> Self {
        Self::new(ButtonKind::VoiceCall).text(text)
    }

    /// The user's phone number, on a tap. Its label is WhatsApp's.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let button = serde_json::to_value(ButtonDefinition::request_contact_info())?;
    /// assert_eq!(button, serde_json::json!({"type": "REQUEST_CONTACT_INFO"}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn request_contact_info() -> Self {
        Self::new(ButtonKind::RequestContactInfo)
    }

    /// An example: of a link the whole address, of a code the code.
    ///
    /// For an example see [`ButtonDefinition`].
    pub fn example(mut self, example: impl Into<String>) -> Self {
        let example: String = example.into();
        // Meta's samples write a link's example as a list, and a code's without the brackets.
        self.example = Some(match self.kind {
            ButtonKind::Url => vec![example].into(),
            _ => example.into(),
        });
        self
    }

    /// The examples, whether in a list or alone.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// let track = ButtonDefinition::url("Track", "https://example.com/t/{{1}}").example("https://example.com/t/A17");
    /// assert_eq!(track.examples(), ["https://example.com/t/A17"]);
    /// assert_eq!(ButtonDefinition::copy_code("GREEN20").examples(), ["GREEN20"]);
    /// ```
    pub fn examples(&self) -> Vec<&str> {
        match &self.example {
            Some(Value::Array(examples)) => examples.iter().filter_map(Value::as_str).collect(),
            Some(example) => example.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Whether it is a link whose end each message says.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// assert!(ButtonDefinition::url("Track", "https://example.com/t/{{1}}").has_variable());
    /// assert!(!ButtonDefinition::url("Our shop", "https://example.com").has_variable());
    /// ```
    pub fn has_variable(&self) -> bool {
        let url = self.url.as_deref().unwrap_or_default();
        self.kind == ButtonKind::Url && !super::variables(url).is_empty()
    }

    /// Whether it copies or fills in a one-time code. Read back, such a button is a link to a page of WhatsApp's.
    ///
    /// ```
    /// use kaleyra_wa_types::template::ButtonDefinition;
    ///
    /// assert!(ButtonDefinition::copy_one_time_code().is_one_time_code());
    /// let page = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}";
    /// let listed = ButtonDefinition::url("Copy code", page);
    /// assert!(listed.is_one_time_code());
    /// ```
    pub fn is_one_time_code(&self) -> bool {
        match self.kind {
            ButtonKind::Otp => true,
            ButtonKind::Url => self.url.as_deref().is_some_and(is_one_time_code_page),
            _ => false,
        }
    }
}

fn is_one_time_code_page(url: &str) -> bool {
    url.contains("whatsapp.com/otp/")
}

impl SupportedApp {
    /// An app, by its package and the hash of the key that it is signed with.
    pub fn new(package_name: impl Into<String>, signature_hash: impl Into<String>) -> Self {
        Self {
            package_name: Some(package_name.into()),
            signature_hash: Some(signature_hash.into()),
            unknown: Default::default(),
        }
    }
}
