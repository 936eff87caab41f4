//! The parts of an address book entry.

use crate::UnknownFields;
use crate::WaId;
use crate::setters::setters;
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// The name of an entry.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Name {
    /// The whole name, as it is shown.
    pub formatted_name: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// What stands between them.
    pub middle_name: Option<String>,
    /// A title before the name, such as `Dr`.
    pub prefix: Option<String>,
    /// What follows the name, such as `Jr`.
    pub suffix: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Address {
    /// Street and number.
    pub street: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state or province.
    pub state: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// The country's name.
    pub country: Option<String>,
    /// The country's code, two letters.
    pub country_code: Option<String>,
    /// What it is: `HOME`, `Work`; any text.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A mail address.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Email {
    /// The address.
    pub email: Option<String>,
    /// What it is: `HOME`, `Work`; any text.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A phone number.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Phone {
    /// The number as it is shown.
    pub phone: Option<PhoneText>,
    /// What it is: `CELL`, `Work`, `iPhone`; any text.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// The number's WhatsApp account. Without it the recipient is offered to invite the person.
    pub wa_id: Option<WaId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Where a person works.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Org {
    /// The company.
    pub company: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// The position.
    pub title: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A web page.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Url {
    /// The address of the page.
    pub url: Option<String>,
    /// What it is: `HOME`, `Work`; any text.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An address in another messenger.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Im {
    /// The messenger.
    pub service: Option<String>,
    /// The person's name there.
    pub user_id: Option<String>,
    /// What it is: `HOME`, `WORK`; any text.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A phone number as somebody wrote it, with blanks and brackets.
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct PhoneText(LooseText);

impl Name {
    /// A name, as it is shown. An older page of Meta's asks for at least one of its parts as well.
    pub fn new(formatted_name: impl Into<String>) -> Self {
        Self {
            formatted_name: Some(formatted_name.into()),
            first_name: None,
            last_name: None,
            middle_name: None,
            prefix: None,
            suffix: None,
            unknown: Default::default(),
        }
    }
}

setters!(Name {
    /// The given name.
    first_name: String,
    /// The family name.
    last_name: String,
    /// What stands between them.
    middle_name: String,
    /// A title before the name.
    prefix: String,
    /// What follows the name.
    suffix: String,
});

impl From<&str> for Name {
    fn from(formatted_name: &str) -> Self {
        Self::new(formatted_name)
    }
}

impl Address {
    /// An address, of which nothing is said yet.
    pub fn new() -> Self {
        Self {
            street: None,
            city: None,
            state: None,
            zip: None,
            country: None,
            country_code: None,
            kind: None,
            unknown: Default::default(),
        }
    }
}

impl Default for Address {
    fn default() -> Self {
        Self::new()
    }
}

setters!(Address {
    /// Street and number.
    street: String,
    /// The city.
    city: String,
    /// The state or province.
    state: String,
    /// The postal code.
    zip: String,
    /// The country's name.
    country: String,
    /// The country's code, two letters.
    country_code: String,
    /// What it is: `HOME`, `Work`; any text.
    kind: String,
});

impl Email {
    /// A mail address.
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            email: Some(email.into()),
            kind: None,
            unknown: Default::default(),
        }
    }
}

setters!(Email {
    /// What it is: `HOME`, `Work`; any text.
    kind: String,
});

impl From<&str> for Email {
    fn from(email: &str) -> Self {
        Self::new(email)
    }
}

impl Phone {
    /// A phone number.
    pub fn new(phone: impl Into<PhoneText>) -> Self {
        Self {
            phone: Some(phone.into()),
            kind: None,
            wa_id: None,
            unknown: Default::default(),
        }
    }
}

setters!(Phone {
    /// What it is: `CELL`, `Work`; any text.
    kind: String,
    /// The number's WhatsApp account: digits with the country code, no `+`.
    wa_id: WaId,
});

impl From<&str> for Phone {
    fn from(phone: &str) -> Self {
        Self::new(phone)
    }
}

impl Org {
    /// A company.
    pub fn new(company: impl Into<String>) -> Self {
        Self {
            company: Some(company.into()),
            department: None,
            title: None,
            unknown: Default::default(),
        }
    }
}

setters!(Org {
    /// The department.
    department: String,
    /// The position.
    title: String,
});

impl Url {
    /// A web page.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: Some(url.into()),
            kind: None,
            unknown: Default::default(),
        }
    }
}

setters!(Url {
    /// What it is: `HOME`, `Work`; any text.
    kind: String,
});

impl From<&str> for Url {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}
