//! The definition of a template: the whole, and how it is made.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};
use serde_json::Value;

use super::{
    ButtonDefinition, CardDefinition, ComponentDefinition, ComponentKind, OfferDefinition,
    TemplateCategory, TemplateId, TemplateReason, TemplateStatus,
};
use crate::Number;
use crate::validate::{Violation, violations};

/// A template as it is submitted for approval, and as it is listed afterwards.
///
/// ```
/// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition, TemplateDefinition};
///
/// let parcel = TemplateDefinition::utility("parcel_ready", "en_US")
///     .header_text("Parcel {{1}}", ["A-17"])
///     .body("Hello {{1}}, your parcel waits at {{2}} until Friday.", ["Anna", "Main Street"])
///     .footer("Example Post")
///     .button(ButtonDefinition::quick_reply("Later"))
///     .button(ButtonDefinition::url("Track", "https://example.com/t/{{1}}").example("https://example.com/t/A17"));
///
/// let welcome = TemplateDefinition::marketing("welcome", "en")
///     .header_image("4::aW1h…")
///     .body_named("Hi {{first_name}}, take {{discount}} off today!", [("first_name", "Anna"), ("discount", "20%")]);
///
/// let code = TemplateDefinition::authentication("login_code", "en_US").code_expiration_minutes(5);
///
/// let room = |handle: &str, text: &str| {
///     CardDefinition::new().header_image(handle).body(text, [] as [&str; 0]).button(ButtonDefinition::quick_reply("Book"))
/// };
/// let rooms = TemplateDefinition::marketing("two_rooms", "en_US")
///     .body("Rooms for {{1}} this week:", ["Anna"])
///     .carousel([room("4::aQ…", "Sea view"), room("4::bQ…", "Garden view")]);
///
/// for definition in [parcel, welcome, code, rooms] {
///     assert_eq!(definition.validate(), []);
/// }
/// ```
///
/// Source: Meta's pages on template components and on managing templates; *Create Template*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct TemplateDefinition {
    /// Meta's id, once it was submitted.
    pub id: Option<TemplateId>,
    /// Its name: lower case letters, digits and underscores, at most 512. Unique in a language.
    pub name: String,
    /// Its language: `en`, `en_US`, `pt_BR`. Callbacks may write `en-US`.
    pub language: String,
    /// What it may be for, and what it costs.
    pub category: Option<TemplateCategory>,
    /// A finer category, such as `ORDER_STATUS`, `ORDER_DETAILS` or `CUSTOM`.
    pub sub_category: Option<String>,
    /// Whether its variables have names or numbers; numbers, where it is missing.
    pub parameter_format: Option<ParameterFormat>,
    /// Its parts; a body is mandatory.
    pub components: Vec<ComponentDefinition>,
    /// How long WhatsApp tries to deliver a message, in seconds: 30 to 900 for authentication, 30 to 43,200 for utility,
    /// 43,200 to 2,592,000 for marketing; -1 are 30 days for the first two.
    pub message_send_ttl_seconds: Option<Number>,
    /// What state it is in, once it was submitted.
    pub status: Option<TemplateStatus>,
    /// What users think of it: `{"score": "GREEN", "date": …}`. [`quality`](Self::quality) reads it.
    pub quality_score: Option<Value>,
    /// Why it was rejected; `NONE` if it was not.
    pub rejected_reason: Option<TemplateReason>,
    /// The category that it had before Meta changed it.
    pub previous_category: Option<TemplateCategory>,
    /// The category that Meta will change it to.
    pub correct_category: Option<TemplateCategory>,
    /// Whether links are sent as they are, without counting who taps them.
    pub cta_url_link_tracking_opted_out: Option<bool>,
    /// How it is shown, such as `order_details`.
    pub display_format: Option<String>,
    /// The template of Meta's library that it is made of.
    pub library_template_name: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether the variables of a template have names or numbers.
///
/// ```
/// use kaleyra_wa_types::template::{ParameterFormat, TemplateDefinition};
///
/// let welcome = TemplateDefinition::marketing("welcome", "en")
///     .body_named("Hi {{first_name}}!", [("first_name", "Anna")]);
/// assert_eq!(welcome.parameter_format, Some(ParameterFormat::Named));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum ParameterFormat {
    /// `NAMED`. `{{first_name}}`.
    #[wire(name = "NAMED")]
    Named,
    /// `POSITIONAL`. `{{1}}`.
    #[wire(name = "POSITIONAL")]
    Positional,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TemplateDefinition {
    /// The maximum number of characters in a name (*Create Template*; Meta's page on managing templates).
    pub const NAME_MAX: usize = 512;

    /// A template of this name, in this language, of this category, with nothing in it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let parcel = TemplateDefinition::new("parcel_ready", "en_US", "UTILITY");
    /// assert_eq!(parcel, TemplateDefinition::utility("parcel_ready", "en_US"));
    /// assert_eq!(parcel.validate()[0].path, "components"); // it has no body yet
    /// ```
    pub fn new(
        name: impl Into<String>,
        language: impl Into<String>,
        category: impl Into<TemplateCategory>,
    ) -> Self {
        Self {
            id: None,
            name: name.into(),
            language: language.into(),
            category: Some(category.into()),
            sub_category: None,
            parameter_format: None,
            components: Vec::new(),
            message_send_ttl_seconds: None,
            status: None,
            quality_score: None,
            rejected_reason: None,
            previous_category: None,
            correct_category: None,
            cta_url_link_tracking_opted_out: None,
            display_format: None,
            library_template_name: None,
            unknown: Default::default(),
        }
    }

    /// A template for what follows from something that the user did.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn utility(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self::new(name, language, TemplateCategory::Utility)
    }

    /// A template for offers and news.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn marketing(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self::new(name, language, TemplateCategory::Marketing)
    }

    /// A template for one-time codes: WhatsApp's own text, and a button that copies the code. What differs is set by
    /// [`code_expiration_minutes`](Self::code_expiration_minutes), [`security_recommendation`](Self::security_recommendation)
    /// and [`one_time_code_button`](Self::one_time_code_button).
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, SupportedApp, TemplateDefinition};
    ///
    /// let app = SupportedApp::new("com.example.app", "A1b2C3d4E5f");
    /// let definition = TemplateDefinition::authentication("login_code", "en_US")
    ///     .security_recommendation()
    ///     .code_expiration_minutes(5)
    ///     .one_time_code_button(ButtonDefinition::one_tap([app]).text("Copy").autofill_text("Fill in"));
    /// assert_eq!(definition.validate(), []);
    /// ```
    ///
    /// Source: Meta's page on authentication templates.
    pub fn authentication(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self::new(name, language, TemplateCategory::Authentication)
            .component(ComponentDefinition::new(ComponentKind::Body))
            .button(ButtonDefinition::copy_one_time_code())
    }

    /// Adds the sentence that the code is not to be shared, to a template for one-time codes.
    ///
    /// For an example see [`authentication`](Self::authentication).
    pub fn security_recommendation(mut self) -> Self {
        let body = self.component_mut(ComponentKind::Body);
        body.add_security_recommendation = Some(true);
        self
    }

    /// Says below a one-time code how long it is good for: 1 to 90 minutes.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let code = TemplateDefinition::authentication("login_code", "en_US").code_expiration_minutes(120);
    /// let violations = code.validate();
    /// assert_eq!(violations[0].to_string(), "components[2].code_expiration_minutes: must be 1 to 90, found 120");
    /// ```
    pub fn code_expiration_minutes(mut self, minutes: i64) -> Self {
        let footer = self.component_mut(ComponentKind::Footer);
        footer.code_expiration_minutes = Some(minutes.into());
        self
    }

    /// The button of a template for one-time codes, in place of the one that copies.
    ///
    /// For an example see [`authentication`](Self::authentication).
    pub fn one_time_code_button(mut self, button: ButtonDefinition) -> Self {
        self.component_mut(ComponentKind::Buttons).buttons = vec![button];
        self
    }

    /// A header with a text of at most 60 characters, with one variable at most, and an example of that.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn header_text(
        self,
        text: impl Into<String>,
        example: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.component(ComponentDefinition::header_text(text, example))
    }

    /// A header with an image; the handle is what a resumable upload of a sample gives.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ComponentDefinition, TemplateDefinition};
    ///
    /// let tour = TemplateDefinition::marketing("tour", "en")
    ///     .header_image("4::aW1h…")
    ///     .body("See our workshop.", [] as [&str; 0]);
    /// assert_eq!(tour.components[0], ComponentDefinition::header_image("4::aW1h…"));
    /// assert_eq!(tour.validate(), []);
    ///
    /// let bill = TemplateDefinition::utility("bill", "en").header_document("4::ZG9j…");
    /// assert_eq!(bill.components[0], ComponentDefinition::header_document("4::ZG9j…"));
    /// let film = TemplateDefinition::marketing("film", "en").header_video("4::dmlk…");
    /// assert_eq!(film.components[0], ComponentDefinition::header_video("4::dmlk…"));
    /// ```
    pub fn header_image(self, handle: impl Into<String>) -> Self {
        self.component(ComponentDefinition::header_image(handle))
    }

    /// A header with a video; the handle is what a resumable upload of a sample gives.
    ///
    /// For an example see [`header_image`](Self::header_image).
    pub fn header_video(self, handle: impl Into<String>) -> Self {
        self.component(ComponentDefinition::header_video(handle))
    }

    /// A header with a document; the handle is what a resumable upload of a sample gives.
    ///
    /// For an example see [`header_image`](Self::header_image).
    pub fn header_document(self, handle: impl Into<String>) -> Self {
        self.component(ComponentDefinition::header_document(handle))
    }

    /// A header with a place; each message says which.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Location;
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let pick_up = TemplateDefinition::utility("pick_up", "en").header_location().body("It is here.", [] as [&str; 0]);
    /// let shop = Location::new(12.97, 77.59).name("The corner shop").address("1 Example Road");
    /// assert!(pick_up.message().header(shop).build().is_ok());
    /// assert!(pick_up.message().build().is_err()); // which place?
    /// ```
    pub fn header_location(self) -> Self {
        self.component(ComponentDefinition::header_location())
    }

    /// The text, at most 1,024 characters, and an example for each variable, in their order.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn body(
        self,
        text: impl Into<String>,
        examples: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.component(ComponentDefinition::body(text, examples))
    }

    /// The text with variables that have names, and an example for each.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn body_named(
        mut self,
        text: impl Into<String>,
        examples: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.parameter_format = Some(ParameterFormat::Named);
        self.component(ComponentDefinition::body_named(text, examples))
    }

    /// The small text below: at most 60 characters, without a variable.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.component_mut(ComponentKind::Footer).text = Some(text.into());
        self
    }

    /// One more button.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn button(mut self, button: ButtonDefinition) -> Self {
        self.component_mut(ComponentKind::Buttons)
            .buttons
            .push(button);
        self
    }

    /// The cards: 2 to 10, all alike in kind. Of products, two are enough; up to ten may be sent.
    ///
    /// For an example see [`TemplateDefinition`].
    pub fn carousel(mut self, cards: impl IntoIterator<Item = CardDefinition>) -> Self {
        self.component_mut(ComponentKind::Carousel).cards = cards.into_iter().collect();
        self
    }

    /// A limited-time offer: its text has at most 16 characters. With `has_expiration` each message says when.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let sale = TemplateDefinition::marketing("spring_sale", "en")
    ///     .header_image("4::aW1h…")
    ///     .limited_time_offer("Ends on Sunday, 31 May", true)
    ///     .body("25% off all cups.", [] as [&str; 0]);
    /// assert_eq!(
    ///     sale.validate()[0].to_string(),
    ///     "components[1].limited_time_offer.text: at most 16 characters, found 22",
    /// );
    /// ```
    pub fn limited_time_offer(mut self, text: impl Into<String>, has_expiration: bool) -> Self {
        let offer = OfferDefinition::new(text, has_expiration);
        self.component_mut(ComponentKind::LimitedTimeOffer)
            .limited_time_offer = Some(offer);
        self
    }

    /// The request to be allowed to call.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let question = TemplateDefinition::utility("may_we_call", "en")
    ///     .body("May we call you about your repair?", [] as [&str; 0])
    ///     .call_permission_request();
    /// assert_eq!(question.validate(), []);
    /// ```
    pub fn call_permission_request(self) -> Self {
        self.component(ComponentDefinition::new(
            ComponentKind::CallPermissionRequest,
        ))
    }

    /// Any other component.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ComponentDefinition, TemplateDefinition};
    ///
    /// let parcel = TemplateDefinition::utility("parcel", "en")
    ///     .component(ComponentDefinition::header_text_named("Parcel {{parcel}}", "parcel", "A-17"))
    ///     .body_named("It is at {{place}} now.", [("place", "Main Street")]);
    /// assert_eq!(parcel.validate(), []);
    /// ```
    pub fn component(mut self, component: ComponentDefinition) -> Self {
        self.components.push(component);
        self
    }

    /// How long WhatsApp tries to deliver a message, in seconds; see
    /// [`message_send_ttl_seconds`](Self::message_send_ttl_seconds).
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let code = TemplateDefinition::authentication("login_code", "en_US").ttl_seconds(300);
    /// assert_eq!(serde_json::to_value(&code)?["message_send_ttl_seconds"], 300);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn ttl_seconds(mut self, seconds: i64) -> Self {
        self.message_send_ttl_seconds = Some(seconds.into());
        self
    }

    /// Everything that breaks a documented limit, at once, with JSON paths; empty if nothing does.
    ///
    /// One that [was submitted](Self::is_submitted) is held only to the limits that always apply to a template. The rules for
    /// new ones, on examples and on where variables may be, are newer than many templates; and what is read is not
    /// always what was written: a button for one-time codes comes back as a link.
    ///
    /// | what | limit | source |
    /// |---|---|---|
    /// | name | 1 to 512 of `a`–`z`, `0`–`9`, `_` | *Create Template* |
    /// | header, footer | 60 characters | Meta's page on template components |
    /// | body | 1,024; with an offer 600; of a card 160 | the same; limited-time offers; carousels |
    /// | variables | one in a header, none in a footer; numbers from 1 without a gap, never beside names; not at an end of the body; an example for each | the same |
    /// | buttons | 10; links 2; each other kind 1, quick replies aside; quick replies come together | the same |
    /// | label, link, number, code | 25, 2,000, 20 and 20 characters | the same; the code by Meta's changelog of December 2025 |
    /// | cards | 2 to 10, alike, each with one or two buttons | carousels |
    /// | offer | 16 characters; marketing, with an image or a video, without a footer | limited-time offers |
    /// | category, language, kinds | none: one that this version lacks may be new, see [`unknown_values`](Self::unknown_values) | |
    /// | one-time codes | only in authentication; good for 1 to 90 minutes; five apps, a hash of 11 characters | authentication templates |
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::utility("Parcel", "en_US").body("{{1}} is ready", ["Your parcel"]);
    /// let lines: Vec<String> = definition.validate().iter().map(ToString::to_string).collect();
    /// assert_eq!(lines, [
    ///     "name: must be lower case letters, digits and underscores",
    ///     "components[0].text: must be a text with words before the first variable and after the last",
    /// ]);
    /// ```
    pub fn validate(&self) -> Vec<Violation> {
        violations("", self)
    }

    /// The component of this kind, made if there is none. Components keep the order in which they are shown.
    fn component_mut(&mut self, kind: ComponentKind) -> &mut ComponentDefinition {
        component_mut(&mut self.components, kind)
    }
}

/// The component of this kind.
pub(super) fn part<'a>(
    components: &'a [ComponentDefinition],
    kind: &ComponentKind,
) -> Option<&'a ComponentDefinition> {
    components.iter().find(|component| component.kind == *kind)
}

/// The component of this kind, made at the end if there is none.
pub(super) fn component_mut(
    components: &mut Vec<ComponentDefinition>,
    kind: ComponentKind,
) -> &mut ComponentDefinition {
    let at = components
        .iter()
        .position(|component| component.kind == kind)
        .unwrap_or_else(|| {
            components.push(ComponentDefinition::new(kind));
            components.len() - 1
        });
    &mut components[at]
}
