//! A message that is made from a definition, and can't be missing anything.

use super::check::{Mismatch, TemplateMismatch, mismatch, sub_type_of};
use super::definition::part;
use super::variables::is_number;
use super::{
    ButtonKind, ComponentDefinition, ComponentKind, HeaderFormat, TemplateDefinition, variables,
};
use crate::outbound::template::{
    Button, Card, Component, ComponentType, Parameter, ParameterValue, Template,
};

/// A message that is made from a definition: values by name or in order, and everything that is wrong at once; made by
/// [`TemplateDefinition::message`].
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
///
/// let definition = TemplateDefinition::marketing("welcome", "en")
///     .header_image("4::aW1h…")
///     .body_named("Hi {{first_name}}, take {{discount}} off today!", [("first_name", "Anna"), ("discount", "20%")])
///     .button(ButtonDefinition::copy_code("GREEN20"));
/// let message = definition.message()
///     .header(Image::link("https://example.com/plants.png"))
///     .value("first_name", "Asha")
///     .value("discount", "25%")
///     .button(0, "GREEN25")
///     .build()?;
/// assert_eq!(definition.render(&message).body, "Hi Asha, take 25% off today!");
///
/// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
/// assert!(closed.message().values(["Tuesday"]).build().is_ok());
/// assert!(closed.message().build().is_err()); // the day is missing
/// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "`build` makes the message"]
pub struct TemplateMessage<'a> {
    definition: &'a TemplateDefinition,
    values: Values,
    cards: Vec<CardMessage>,
    offer_end: Option<i64>,
    components: Vec<Component>,
}

/// What one card of a carousel is filled with.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition, TemplateDefinition};
///
/// let room = CardDefinition::new()
///     .header_image("4::aQ…")
///     .body("{{1}}, {{2}} a night", ["Room 7", "$ 80"])
///     .button(ButtonDefinition::quick_reply("Book"));
/// let rooms = TemplateDefinition::marketing("rooms", "en")
///     .body("This week:", [] as [&str; 0])
///     .carousel([room.clone(), room]);
/// let message = rooms.message()
///     .card(|card| card.header(Image::id("2000001")).values(["Room 7", "$ 80"]).button(0, "book-7"))
///     .card(|card| card.header(Image::id("2000002")).value("1", "Room 8").value("2", "$ 90").button(0, "book-8"))
///     .build()?;
/// assert_eq!(rooms.render(&message).cards[1].body, "Room 8, $ 90 a night");
/// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CardMessage {
    values: Values,
}

/// What a template, or a card, is filled with.
#[derive(Clone, Debug, Default)]
struct Values {
    header: Option<Parameter>,
    in_order: Vec<Parameter>,
    by_name: Vec<(String, Parameter)>,
    buttons: Vec<(u8, ParameterValue)>,
}

impl TemplateDefinition {
    /// A message of this template.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Image;
    /// use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
    ///
    /// let definition = TemplateDefinition::marketing("welcome", "en")
    ///     .header_image("4::aW1h…")
    ///     .body_named("Hi {{first_name}}, take {{discount}} off today!", [("first_name", "Anna"), ("discount", "20%")])
    ///     .button(ButtonDefinition::copy_code("GREEN20"));
    ///
    /// let message = definition.message()
    ///     .header(Image::link("https://example.com/plants.png"))
    ///     .value("first_name", "Asha")
    ///     .value("discount", "25%")
    ///     .button(0, "GREEN25")
    ///     .build()?;
    /// assert_eq!(message.components.len(), 3);
    ///
    /// let error = definition.message().value("first_name", "Asha").build().unwrap_err();
    /// let codes: Vec<i64> = error.mismatches().iter().map(|mismatch| mismatch.code).collect();
    /// assert_eq!(codes, [132012, 132000, 131008]);
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn message(&self) -> TemplateMessage<'_> {
        TemplateMessage {
            definition: self,
            values: Values::default(),
            cards: Vec::new(),
            offer_end: None,
            components: Vec::new(),
        }
    }
}

impl TemplateMessage<'_> {
    /// What is shown above the text: the value of its variable, or a file, a place or a product.
    ///
    /// For an example see [`TemplateMessage`].
    pub fn header(mut self, value: impl Into<Parameter>) -> Self {
        self.values.header = Some(value.into());
        self
    }

    /// The value of the variable of this name, in the header and the body. A template without names has numbers.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let welcome = TemplateDefinition::marketing("welcome", "en").body("Hi {{1}}!", ["Anna"]);
    /// assert!(welcome.message().value("1", "Asha").build().is_ok());
    /// let error = welcome.message().value("first_name", "Asha").build().unwrap_err();
    /// assert!(error.to_string().contains("the template has no variable of this name"));
    /// ```
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Parameter>) -> Self {
        self.values.by_name.push((name.into(), value.into()));
        self
    }

    /// The values of the body's variables, in their order; those of names, in the order in which they come first.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::utility("parcel_ready", "en")
    ///     .body("Hello {{1}}, your parcel waits at {{2}} until Friday.", ["Anna", "Main Street"]);
    /// let message = definition.message().values(["Asha", "Park Lane"]).build()?;
    /// assert_eq!(definition.render(&message).body, "Hello Asha, your parcel waits at Park Lane until Friday.");
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn values(mut self, values: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.values
            .in_order
            .extend(values.into_iter().map(Into::into));
        self
    }

    /// What the button at this place needs. A text is what the button makes of it: the end of a link, what comes back from
    /// a quick reply, a code to copy.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
    ///
    /// let definition = TemplateDefinition::utility("parcel_ready", "en")
    ///     .body("Your parcel is here.", [] as [&str; 0])
    ///     .button(ButtonDefinition::url("Track", "https://example.com/t/{{1}}").example("https://example.com/t/A17"))
    ///     .button(ButtonDefinition::quick_reply("Later"));
    /// let message = definition.message().button(0, "B4").button(1, "later-17").build()?;
    /// let kinds: Vec<&str> = message.components.iter().map(|it| it.parameters[0].value.type_name()).collect();
    /// assert_eq!(kinds, ["text", "payload"]);
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn button(mut self, index: u8, value: impl Into<ParameterValue>) -> Self {
        self.values.buttons.push((index, value.into()));
        self
    }

    /// The one-time code, in the text and behind the button.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::authentication("login_code", "en_US");
    /// let message = definition.message().code("123456").build()?;
    /// assert_eq!(message, Template::authentication("login_code", "en_US", "123456"));
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn code(mut self, code: impl Into<String>) -> Self {
        let code = code.into();
        let buttons = self.definition.buttons();
        let button = buttons.iter().position(|button| button.is_one_time_code());
        let button = u8::try_from(button.unwrap_or_default()).unwrap_or_default();
        self.values.in_order = vec![Parameter::from(code.as_str())];
        self.values
            .buttons
            .push((button, ParameterValue::Text(code)));
        self
    }

    /// What the next card is filled with.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Image;
    /// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition, TemplateDefinition};
    ///
    /// let room = CardDefinition::new()
    ///     .header_image("4::aQ…")
    ///     .body("{{1}}, with a view of the sea", ["Room 7"])
    ///     .button(ButtonDefinition::quick_reply("Book"));
    /// let definition = TemplateDefinition::marketing("rooms", "en").body("This week:", [] as [&str; 0]).carousel([room.clone(), room]);
    ///
    /// let message = definition.message()
    ///     .card(|card| card.header(Image::id("2000001")).values(["Room 7"]))
    ///     .card(|card| card.header(Image::id("2000002")).values(["Room 8"]).button(0, "book-8"))
    ///     .build()?;
    /// assert_eq!(message.components[0].cards.len(), 2);
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn card(mut self, fill: impl FnOnce(CardMessage) -> CardMessage) -> Self {
        self.cards.push(fill(CardMessage::default()));
        self
    }

    /// When the offer ends, in **milliseconds** since 1970-01-01 UTC.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Image;
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let sale = TemplateDefinition::marketing("spring_sale", "en")
    ///     .header_image("4::aW1h…")
    ///     .limited_time_offer("Ends soon!", true)
    ///     .body("25% off all cups.", [] as [&str; 0]);
    /// let message = || sale.message().header(Image::id("1037543291543636"));
    /// assert_eq!(message().build().unwrap_err().mismatches()[0].code, 131008);
    /// assert!(message().offer_ends(1_798_675_200_000).build().is_ok());
    /// ```
    pub fn offer_ends(mut self, expiration_time_ms: i64) -> Self {
        self.offer_end = Some(expiration_time_ms);
        self
    }

    /// Any other component, such as the status of an order.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
    /// use kaleyra_wa_types::outbound::template::{Component, ComponentType};
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::utility("order_update", "en").body("Your order changed.", [] as [&str; 0]);
    /// let shipped = OrderUpdate::new("order-17", OrderStatus::Shipped);
    /// let message = definition.message()
    ///     .component(Component::new(ComponentType::OrderStatus).parameters([shipped]))
    ///     .build()?;
    /// assert_eq!(message.components[0].kind, ComponentType::OrderStatus);
    /// # Ok::<(), kaleyra_wa_types::template::TemplateMismatch>(())
    /// ```
    pub fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }

    /// The message.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
    /// let error = closed.message().values(["Tuesday", "Friday"]).button(0, "ok").build().unwrap_err();
    /// let codes: Vec<i64> = error.mismatches().iter().map(|mismatch| mismatch.code).collect();
    /// assert_eq!(codes, [132000, 132018]); // a value too many, and no such button
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that does not fit, by [`check`](TemplateDefinition::check), and every value that the template has no place
    /// for.
    pub fn build(self) -> Result<Template, TemplateMismatch> {
        let (definition, mut unplaced) = (self.definition, Vec::new());
        let language = definition.language_code().into_owned();
        let mut template = Template::new(&definition.name, language);
        template.components =
            self.values
                .into_components(definition, &definition.components, "", &mut unplaced);
        if let Some(end) = self.offer_end {
            template = template.limited_time_offer(end);
        }
        if !self.cards.is_empty() {
            let defined = definition.cards();
            let cards: Vec<Card> = self
                .cards
                .into_iter()
                .enumerate()
                .map(|(at, card)| {
                    let defined = defined.get(at).or(defined.last());
                    let defined = defined.map_or(&[][..], |card| &card.components);
                    let within = format!("cards[{at}].");
                    let mut filled = Card::new();
                    filled.components =
                        card.values
                            .into_components(definition, defined, &within, &mut unplaced);
                    filled
                })
                .collect();
            template = template.carousel(cards);
        }
        template.components.extend(self.components);
        let mut mismatches = definition.check(&template);
        mismatches.extend(unplaced);
        match TemplateMismatch::of(mismatches) {
            None => Ok(template),
            Some(mismatch) => Err(mismatch),
        }
    }
}

impl CardMessage {
    /// What is shown at the top: an image, a video or a product.
    pub fn header(mut self, value: impl Into<Parameter>) -> Self {
        self.values.header = Some(value.into());
        self
    }

    /// The value of the variable of this name.
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Parameter>) -> Self {
        self.values.by_name.push((name.into(), value.into()));
        self
    }

    /// The values of the card's variables, in their order.
    pub fn values(mut self, values: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.values
            .in_order
            .extend(values.into_iter().map(Into::into));
        self
    }

    /// What the card's button at this place needs.
    pub fn button(mut self, index: u8, value: impl Into<ParameterValue>) -> Self {
        self.values.buttons.push((index, value.into()));
        self
    }
}

impl Values {
    /// The components of a template, or of a card, with these values; what has no place is reported.
    fn into_components(
        self,
        definition: &TemplateDefinition,
        defined: &[ComponentDefinition],
        within: &str,
        unplaced: &mut Vec<Mismatch>,
    ) -> Vec<Component> {
        let header = part(defined, &ComponentKind::Header);
        let body = part(defined, &ComponentKind::Body);
        let is_named = definition.is_named();
        let mut components = Vec::new();

        let in_header = header.filter(|header| header.has_format(&HeaderFormat::Text));
        let in_header = in_header.and_then(|header| header.text.as_deref());
        let header_names = in_header.map(variables).unwrap_or_default();
        let has_code = definition.is_for_one_time_codes();
        let in_body = body.and_then(|body| body.text.as_deref());
        let body_names = match in_body.map(variables) {
            None if has_code => vec!["1"],
            names => names.unwrap_or_default(),
        };

        for (name, _) in &self.by_name {
            if !header_names.contains(&&**name) && !body_names.contains(&&**name) {
                let reason = "the template has no variable of this name";
                unplaced.push(mismatch(100, format!("{within}value"), reason));
            }
        }
        let named = |name: &str| {
            let mut values = self.by_name.iter();
            values
                .find(|(given, _)| given == name)
                .map(|(_, value)| value.clone())
        };
        let with_name = |name: &str, parameter: Parameter| match is_named && !is_number(name) {
            true => parameter.named(name),
            false => parameter,
        };

        let header_value = match header_names.as_slice() {
            [name, ..] => self
                .header
                .or_else(|| named(name))
                .map(|value| with_name(name, value)),
            [] => self.header,
        };
        if let Some(value) = header_value {
            components.push(Component::new(ComponentType::Header).parameters([value]));
        }

        let mut ordered = body_names.clone();
        if !is_named {
            // Values go by number, and a text may name the second before the first.
            ordered.sort_by_key(|name| name.parse::<usize>().unwrap_or(usize::MAX));
        }
        let mut in_order = self.in_order.into_iter();
        let mut values: Vec<Parameter> = ordered
            .iter()
            .filter_map(|name| {
                let value = named(name).or_else(|| in_order.next())?;
                Some(with_name(name, value))
            })
            .collect();
        // Too many are told by the check.
        values.extend(in_order);
        if !values.is_empty() {
            components.push(Component::new(ComponentType::Body).parameters(values));
        }

        let buttons = part(defined, &ComponentKind::Buttons);
        let buttons = buttons.map_or(&[][..], |part| &part.buttons);
        for (index, button) in (0_u8..).zip(buttons) {
            // Whether a flow's button may be left out is not known; that it may be sent, is.
            let is_flow = button.kind == ButtonKind::Flow;
            let is_given = self.buttons.iter().any(|(given, _)| *given == index);
            if is_flow && !is_given {
                components.push(Button::from(Button::flow(index)).into());
            }
        }
        for (index, value) in self.buttons {
            let button = buttons.get(usize::from(index));
            let Some(sub_type) = button.map(sub_type_of) else {
                let reason = format!("the template has {} buttons, counted from 0", buttons.len());
                unplaced.push(mismatch(132_018, format!("{within}button"), reason));
                continue;
            };
            let value = match (button.map(|button| &button.kind), value) {
                (
                    Some(ButtonKind::QuickReply | ButtonKind::VoiceCall),
                    ParameterValue::Text(text),
                ) => ParameterValue::Payload(text.into()),
                (Some(ButtonKind::CopyCode), ParameterValue::Text(text)) => {
                    ParameterValue::CouponCode(text.into())
                }
                (_, value) => value,
            };
            if let Some(sub_type) = sub_type {
                components.push(Component::button(sub_type, index, [value]));
            }
        }
        components
    }
}
