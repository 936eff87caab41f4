//! The parts of an address book entry.

use crate::UnknownFields;
use crate::WaId;
use crate::setters::setters;
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// The name of an entry.
///
/// ```
/// use kaleyra_wa_types::contacts::Name;
///
/// let name = Name::new("Dr Asha Example").prefix("Dr").first_name("Asha").last_name("Example");
/// assert_eq!(
///     serde_json::to_value(&name)?,
///     serde_json::json!({"formatted_name": "Dr Asha Example", "prefix": "Dr", "first_name": "Asha", "last_name": "Example"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Name {
    /// The full name, as displayed.
    pub formatted_name: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The middle name.
    pub middle_name: Option<String>,
    /// A title before the name, such as `Dr`.
    pub prefix: Option<String>,
    /// A suffix, such as `Jr`.
    pub suffix: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A postal address.
///
/// ```
/// use kaleyra_wa_types::contacts::{Address, Contact};
/// use kaleyra_wa_types::outbound::MessagingObject;
/// use kaleyra_wa_types::{Recipient, SendRequest};
///
/// let shop = Address::new().street("1 Example Road").city("Bengaluru").zip("560001").country_code("IN").kind("WORK");
/// let contact = Contact::new("Blue Shoes").address(shop);
/// let to = Recipient::try_from("+919800000001")?;
/// assert!(SendRequest::new(MessagingObject::new(to.clone(), contact)).violations().is_empty());
///
/// let wrong = Contact::new("Blue Shoes").address(Address::new().country_code("India"));
/// let violations = SendRequest::new(MessagingObject::new(to, wrong)).violations();
/// assert_eq!(violations[0].to_string(), "messaging_object.contacts[0].addresses[0].country_code: must be two letters");
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
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

/// An email address.
///
/// ```
/// use kaleyra_wa_types::contacts::{Contact, Email};
///
/// let contact = Contact::new("Asha Example")
///     .email("asha@example.com") // a string will do
///     .email(Email::new("office@example.com").kind("WORK"));
/// assert_eq!(contact.emails[1].email.as_deref(), Some("office@example.com"));
/// assert_eq!(serde_json::to_value(&contact.emails[1])?["type"], "WORK");
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::contacts::{Contact, Phone};
///
/// let phone = Phone::new("+91 98000 00001").kind("CELL").wa_id("919800000001"); // offers to open a chat
/// let contact = Contact::new("Asha Example").phone(phone).phone("+91 80 0000 0001");
/// assert_eq!(contact.phones[0].wa_id.as_ref().map(|id| id.as_str()), Some("919800000001"));
/// assert_eq!(contact.phones[1].wa_id, None); // offers to invite the person
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Phone {
    /// The number as displayed.
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
///
/// ```
/// use kaleyra_wa_types::contacts::{Contact, Org};
///
/// let contact = Contact::new("Asha Example").org(Org::new("Blue Shoes").department("Sales").title("Manager"));
/// assert_eq!(
///     serde_json::to_value(&contact)?["org"],
///     serde_json::json!({"company": "Blue Shoes", "department": "Sales", "title": "Manager"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::contacts::{Contact, Url};
///
/// let contact = Contact::new("Blue Shoes").url(Url::new("https://example.com").kind("WORK"));
/// assert_eq!(
///     serde_json::to_value(&contact.urls)?,
///     serde_json::json!([{"url": "https://example.com", "type": "WORK"}]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::contacts::Contact;
///
/// let shared: Contact = serde_json::from_str(r#"{"ims": [{"service": "AIM", "user_id": "asha", "type": "HOME"}]}"#)?;
/// assert_eq!(shared.ims[0].service.as_deref(), Some("AIM"));
/// assert_eq!(shared.ims[0].user_id.as_deref(), Some("asha"));
/// # Ok::<(), serde_json::Error>(())
/// ```
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

/// A phone number as somebody wrote it, with spaces and brackets.
///
/// ```
/// use kaleyra_wa_types::contacts::Contact;
///
/// let shared: Contact = serde_json::from_str(r#"{"phones": [{"phone": "+91 (98000) 00001"}]}"#)?;
/// let number = shared.phones[0].phone.as_ref().ok_or("none")?;
/// assert_eq!(number.as_str(), "+91 (98000) 00001"); // as somebody wrote it, so not to be compared
/// assert_eq!(format!("{number:?}"), "PhoneText(…01)"); // safe to log
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The middle name.
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
    /// An empty address.
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
    /// An email address.
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
