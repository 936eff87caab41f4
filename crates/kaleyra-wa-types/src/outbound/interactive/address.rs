//! A form for a postal address.

use super::ActionName;
use super::action::{check_name, require_parameters};
use super::builder::{Frame, interactive_builder};
use crate::TextOrObject;
use crate::UnknownFields;
use crate::contacts::PhoneText;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// The request for a postal address: a form, which may be prefilled. Meta offers it in India only, its older pages
    /// in Singapore too.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::{AddressErrors, AddressMessage, AddressValues};
    ///
    /// let home = AddressValues::new().name("Asha Example").house_number("4").in_pin_code("560002");
    /// let again = AddressMessage::new("Where shall we deliver it?", "IN")
    ///     .values(AddressValues::new().name("Asha Example").in_pin_code("560001"))
    ///     .validation_errors(AddressErrors::new().in_pin_code("We do not deliver there"))
    ///     .saved_address("home", home);
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(again))?["action"],
    ///     serde_json::json!({
    ///         "name": "address_message",
    ///         "parameters": {
    ///             "country": "IN",
    ///             "values": {"name": "Asha Example", "in_pin_code": "560001"},
    ///             "saved_addresses": [
    ///                 {"id": "home", "value": {"name": "Asha Example", "in_pin_code": "560002", "house_number": "4"}},
    ///             ],
    ///             "validation_errors": {"in_pin_code": "We do not deliver there"},
    ///         },
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// The reply is an [`nfm_reply`](crate::inbound::NfmReply) with the name `address_message`.
    ///
    /// Source: *Send Address Messages*; Meta's *Address messages*.
    pub struct AddressMessage(AddressAction) { header, footer }
}

/// The action of `address_message`.
///
/// For an example see [`AddressMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AddressAction {
    /// Always `address_message`.
    pub name: Option<ActionName>,
    /// The form. Meta's page prints a JSON string here once; it is read, an object is sent.
    pub parameters: Option<TextOrObject<String, Box<AddressParameters>>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The form for an address.
///
/// For an example see [`AddressMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AddressParameters {
    /// The country's code, `IN`. The recipient's number must be of that country.
    pub country: Option<String>,
    /// The values that are prefilled.
    pub values: Option<AddressValues>,
    /// Addresses that the user may choose instead.
    pub saved_addresses: Vec<SavedAddress>,
    /// What is wrong with `values`: the user can't send the form until it is corrected.
    pub validation_errors: Option<AddressErrors>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An address that the user may choose.
///
/// For an example see [`AddressMessage`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SavedAddress {
    /// What comes back when it is chosen.
    pub id: Option<String>,
    /// The address.
    pub value: Option<AddressValues>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Makes an object with a field for each field of the form.
macro_rules! address_fields {
    ($(#[$meta:meta])* $name:ident, phone_number: $phone_number:ty) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Wire)]
        #[non_exhaustive]
        pub struct $name {
                /// The recipient's name.
                pub name: Option<String>,
                /// The recipient's phone number.
                pub phone_number: Option<$phone_number>,
                /// The PIN code (India), at most 6 characters.
                pub in_pin_code: Option<String>,
                /// The house or flat.
                pub house_number: Option<String>,
                /// The floor.
                pub floor_number: Option<String>,
                /// The tower.
                pub tower_number: Option<String>,
                /// The building.
                pub building_name: Option<String>,
                /// Street and number.
                pub address: Option<String>,
                /// A landmark nearby.
                pub landmark_area: Option<String>,
                /// The city.
                pub city: Option<String>,
                /// The state.
                pub state: Option<String>,
                /// Fields that this version does not know, kept as they came.
                pub unknown: UnknownFields,
        }

        impl $name {
            /// An empty one.
            pub fn new() -> Self {
                Self {
                    name: None,
                    phone_number: None,
                    in_pin_code: None,
                    house_number: None,
                    floor_number: None,
                    tower_number: None,
                    building_name: None,
                    address: None,
                    landmark_area: None,
                    city: None,
                    state: None,
                    unknown: Default::default(),
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        setters!($name {
            /// The recipient's name.
            name: String,
            /// The recipient's phone number.
            phone_number: $phone_number,
            /// The PIN code (India), at most 6 characters.
            in_pin_code: String,
            /// The house or flat.
            house_number: String,
            /// The floor.
            floor_number: String,
            /// The tower.
            tower_number: String,
            /// The building.
            building_name: String,
            /// Street and number.
            address: String,
            /// A landmark nearby.
            landmark_area: String,
            /// The city.
            city: String,
            /// The state.
            state: String,
        });
    };
}

address_fields! {
    /// A postal address, field by field: the value of each. Orders use it too.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::AddressValues;
    ///
    /// let home = AddressValues::new()
    ///     .name("Asha Example")
    ///     .phone_number("+919800000001")
    ///     .house_number("4")
    ///     .address("1 Example Road")
    ///     .city("Bengaluru")
    ///     .in_pin_code("560001");
    /// assert_eq!(serde_json::to_value(&home)?["in_pin_code"], "560001");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    AddressValues, phone_number: PhoneText
}

address_fields! {
    /// What is wrong with an address, field by field: the words that the user sees at each.
    ///
    /// For an example see [`AddressMessage`].
    AddressErrors, phone_number: String
}

impl AddressMessage {
    /// What the message says, 1 to 1024 characters, and the country's code, `IN`.
    pub fn new(body: impl Into<String>, country: impl Into<String>) -> Self {
        let parameters = AddressParameters {
            country: Some(country.into()),
            values: None,
            saved_addresses: Vec::new(),
            validation_errors: None,
            unknown: Default::default(),
        };
        Self {
            frame: Frame::with_body(body),
            action: AddressAction {
                name: Some(ActionName::AddressMessage),
                parameters: Some(TextOrObject::Object(Box::new(parameters))),
                unknown: Default::default(),
            },
        }
    }

    /// Fills the form in.
    ///
    /// For an example see [`AddressMessage`].
    pub fn values(self, values: AddressValues) -> Self {
        self.with(|parameters| parameters.values = Some(values))
    }

    /// Offers an address to choose: the id that comes back when it is chosen, and the address.
    ///
    /// For an example see [`AddressMessage`].
    pub fn saved_address(self, id: impl Into<String>, value: AddressValues) -> Self {
        self.with(|parameters| {
            parameters.saved_addresses.push(SavedAddress {
                id: Some(id.into()),
                value: Some(value),
                unknown: Default::default(),
            });
        })
    }

    /// Says what is wrong with the values.
    ///
    /// For an example see [`AddressMessage`].
    pub fn validation_errors(self, errors: AddressErrors) -> Self {
        self.with(|parameters| parameters.validation_errors = Some(errors))
    }

    fn with(mut self, set: impl FnOnce(&mut AddressParameters)) -> Self {
        if let Some(TextOrObject::Object(parameters)) = &mut self.action.parameters {
            set(parameters);
        }
        self
    }
}

impl AddressValues {
    /// The maximum number of characters in a PIN code.
    pub const IN_PIN_CODE_MAX: usize = 6;
}

impl Validate for AddressAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "address_message", check);
        match &self.parameters {
            None => require_parameters(check),
            Some(parameters) => {
                let mut check = check.member("parameters");
                match parameters.parsed() {
                    Some(parameters) => parameters.check(&mut check),
                    None => check.report(Rule::Format("an object")),
                }
            }
        }
    }
}

impl Validate for AddressParameters {
    fn check(&self, check: &mut Check<'_>) {
        if self.country.as_deref().is_none_or(str::is_empty) {
            check
                .member("country")
                .report(Rule::Required("a form is for one country"));
        }
        if let Some(values) = &self.values {
            values.check(&mut check.member("values"));
        }
        for (index, saved) in self.saved_addresses.iter().enumerate() {
            if let Some(value) = &saved.value {
                let mut check = check.member("saved_addresses");
                value.check(&mut check.element(index).member("value"));
            }
        }
    }
}

impl Validate for AddressValues {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(code) = &self.in_pin_code {
            check
                .member("in_pin_code")
                .length(code, 0, Self::IN_PIN_CODE_MAX);
        }
    }
}
