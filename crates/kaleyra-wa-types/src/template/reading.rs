//! What a definition tells: its parts, its language, whether it is for one-time codes.

use std::borrow::Cow;

use super::definition::part;
use super::{
    ButtonDefinition, CardDefinition, ComponentDefinition, ComponentKind, ParameterFormat,
    QualityScore, TemplateCategory, TemplateDefinition,
};

impl TemplateDefinition {
    /// The component of this kind, if there is one.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ComponentKind, TemplateDefinition};
    ///
    /// let parcel = TemplateDefinition::utility("parcel", "en").body("Your parcel is here.", [] as [&str; 0]);
    /// let body = parcel.part(&ComponentKind::Body);
    /// assert_eq!(body.and_then(|body| body.text.as_deref()), Some("Your parcel is here."));
    /// assert_eq!(parcel.part(&ComponentKind::Footer), None);
    /// ```
    pub fn part(&self, kind: &ComponentKind) -> Option<&ComponentDefinition> {
        part(&self.components, kind)
    }

    /// The buttons, in the order in which a send counts them.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, ButtonKind, TemplateDefinition};
    ///
    /// let parcel = TemplateDefinition::utility("parcel", "en")
    ///     .body("Your parcel is here.", [] as [&str; 0])
    ///     .button(ButtonDefinition::quick_reply("Later"))
    ///     .button(ButtonDefinition::phone_number("Call us", "+15550100"));
    /// assert_eq!(parcel.buttons()[1].kind, ButtonKind::PhoneNumber); // a send names it by its index, 1
    /// ```
    pub fn buttons(&self) -> &[ButtonDefinition] {
        self.part(&ComponentKind::Buttons)
            .map_or(&[], |component| &component.buttons)
    }

    /// The cards of a carousel.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{CardDefinition, TemplateDefinition};
    ///
    /// let room = || CardDefinition::new().header_image("4::aQ…");
    /// let rooms = TemplateDefinition::marketing("two_rooms", "en").carousel([room(), room()]);
    /// assert_eq!(rooms.cards().len(), 2);
    /// ```
    pub fn cards(&self) -> &[CardDefinition] {
        self.part(&ComponentKind::Carousel)
            .map_or(&[], |component| &component.cards)
    }

    /// The language as sends write it: `en_US`, even where a callback wrote `en-US`.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let parcel = TemplateDefinition::utility("parcel", "en-US");
    /// assert_eq!(parcel.language_code(), "en_US");
    /// ```
    pub fn language_code(&self) -> Cow<'_, str> {
        match self.language.contains('-') {
            true => Cow::Owned(self.language.replace('-', "_")),
            false => Cow::Borrowed(&self.language),
        }
    }

    /// Whether it is this template, in whichever way the language is written.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let parcel = TemplateDefinition::utility("parcel", "en-US");
    /// assert!(parcel.is("parcel", "en_US"));
    /// assert!(!parcel.is("parcel", "en"));
    /// ```
    pub fn is(&self, name: &str, language: &str) -> bool {
        self.name == name && self.language_code() == language.replace('-', "_")
    }

    /// What users think of it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{QualityScore, TemplateDefinition};
    ///
    /// let listed: TemplateDefinition = serde_json::from_str(r#"{
    ///     "name": "parcel", "language": "en", "status": "APPROVED",
    ///     "quality_score": {"score": "GREEN", "date": 1798675200}
    /// }"#)?;
    /// assert_eq!(listed.quality(), Some(QualityScore::from("GREEN")));
    /// assert!(listed.is_submitted());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn quality(&self) -> Option<QualityScore> {
        let score = self.quality_score.as_ref()?;
        let score = score.as_str().or_else(|| score.get("score")?.as_str())?;
        (!score.is_empty()).then(|| score.to_ascii_uppercase().into())
    }

    /// Whether its variables have names.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let named = TemplateDefinition::marketing("welcome", "en")
    ///     .body_named("Hi {{first_name}}!", [("first_name", "Anna")]);
    /// let numbered = TemplateDefinition::marketing("welcome", "en").body("Hi {{1}}!", ["Anna"]);
    /// assert!(named.is_named() && !numbered.is_named());
    /// ```
    pub fn is_named(&self) -> bool {
        match self.parameter_format.as_ref() {
            Some(ParameterFormat::Named) => true,
            Some(ParameterFormat::Positional) => false,
            _ => self.texts().any(|text| {
                let names = super::variables(text);
                names.iter().any(|name| !super::variables::is_number(name))
            }),
        }
    }

    /// Whether it is for one-time codes: each message carries its code in the text and behind the button.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// assert!(TemplateDefinition::authentication("login_code", "en_US").is_for_one_time_codes());
    /// assert!(!TemplateDefinition::utility("parcel", "en_US").is_for_one_time_codes());
    /// ```
    pub fn is_for_one_time_codes(&self) -> bool {
        self.category.as_ref() == Some(&TemplateCategory::Authentication)
            || self
                .buttons()
                .iter()
                .any(ButtonDefinition::is_one_time_code)
    }

    /// Whether it was submitted: it has an id or a state, so it is what Meta made of it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let mut parcel = TemplateDefinition::utility("parcel", "en").body("Your parcel is here.", [] as [&str; 0]);
    /// assert!(!parcel.is_submitted());
    /// parcel.id = Some("734500000000001".into());
    /// assert!(parcel.is_submitted());
    /// ```
    pub fn is_submitted(&self) -> bool {
        self.id.is_some() || self.status.is_some()
    }

    /// The texts that variables stand in.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let cards = self.cards().iter().flat_map(|card| &card.components);
        let components = self.components.iter().chain(cards);
        components.filter_map(|component| component.text.as_deref())
    }
}
