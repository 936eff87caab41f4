//! Address book entries: what a business sends, and what a user shares.

mod parts;

pub use parts::{Address, Email, Im, Name, Org, Phone, PhoneText, Url};

use crate::UnknownFields;
use crate::UnknownText;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// One address book entry, an element of `contacts`.
///
/// ```
/// use kaleyra_wa_types::contacts::{Address, Contact, Name, Org, Phone};
///
/// let owner = Contact::new(Name::new("Asha Example").first_name("Asha"))
///     .phone(Phone::new("+919800000001").kind("CELL").wa_id("919800000001"))
///     .email("asha@example.com")
///     .address(Address::new().city("Bengaluru").country_code("IN"))
///     .org(Org::new("Blue Shoes"))
///     .url("https://example.com")
///     .birthday("1990-01-31");
/// let json = serde_json::to_value(&owner)?;
/// assert_eq!(json["name"]["formatted_name"], "Asha Example");
/// assert_eq!(json["phones"][0]["type"], "CELL");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The same entry comes back from users: then it may lack a name, carry a `vcard` and an `origin`, and, by Kaleyra's page,
/// have a single object in place of a list of one.
///
/// Source: *Send Contacts Message*, *Contact Message*; Meta's *Contacts messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Contact {
    /// The name. Missing in an entry that a user shares on request.
    pub name: Option<Name>,
    /// Postal addresses.
    pub addresses: Vec<Address>,
    /// The day of birth, `YYYY-MM-DD`.
    pub birthday: Option<String>,
    /// Email addresses.
    pub emails: Vec<Email>,
    /// Where the person works.
    pub org: Option<Org>,
    /// Phone numbers.
    pub phones: Vec<Phone>,
    /// Web pages.
    pub urls: Vec<Url>,
    /// Addresses in other messengers. Inbound only.
    pub ims: Vec<Im>,
    /// Whether the user shared it because a business asked. Inbound only.
    pub origin: Option<ContactOrigin>,
    /// The entry as a vCard. Inbound only.
    pub vcard: Option<VCard>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An address book entry in the vCard format.
///
/// ```
/// use kaleyra_wa_types::contacts::Contact;
///
/// let contact: Contact = serde_json::from_str(
///     r#"{"name": {"formatted_name": "Asha Example"}, "vcard": "BEGIN:VCARD\nFN:Asha Example\nEND:VCARD"}"#,
/// )?;
/// let card = contact.vcard.ok_or("none")?;
/// assert!(card.as_str().starts_with("BEGIN:VCARD"));
/// assert_eq!(format!("{card:?}"), "VCard(…RD)"); // safe to log
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct VCard(LooseText);

/// Why a user shared an entry, `origin`.
///
/// ```
/// use kaleyra_wa_types::contacts::{Contact, ContactOrigin};
///
/// let shared: Contact = serde_json::from_str(r#"{"origin": "contact_request", "phones": [{"phone": "+91 98000 00001"}]}"#)?;
/// assert_eq!(shared.origin, Some(ContactOrigin::ContactRequest)); // the business had asked
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on business-scoped user ids (2026).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ContactOrigin {
    /// `contact_request`. A business asked for it, by `request_contact_info`.
    ContactRequest,
    /// `other`. The user shared it unasked.
    Other,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl Contact {
    /// The maximum number of entries in one message.
    pub const COUNT_MAX: usize = 257;

    /// An entry with this name.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: Some(name.into()),
            addresses: Default::default(),
            birthday: None,
            emails: Default::default(),
            org: None,
            phones: Default::default(),
            urls: Default::default(),
            ims: Default::default(),
            origin: None,
            vcard: None,
            unknown: Default::default(),
        }
    }

    /// The full name as displayed, else the given name.
    ///
    /// ```
    /// use kaleyra_wa_types::contacts::Contact;
    ///
    /// let shared: Contact = serde_json::from_str(r#"{"name": {"first_name": "Asha"}}"#)?;
    /// assert_eq!(shared.display_name(), Some("Asha"));
    /// assert_eq!(Contact::new("Asha Example").display_name(), Some("Asha Example"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn display_name(&self) -> Option<&str> {
        let name = self.name.as_ref()?;
        name.formatted_name
            .as_deref()
            .or(name.first_name.as_deref())
    }

    /// Adds a postal address.
    pub fn address(mut self, address: Address) -> Self {
        self.addresses.push(address);
        self
    }

    /// Adds an email address.
    pub fn email(mut self, email: impl Into<Email>) -> Self {
        self.emails.push(email.into());
        self
    }

    /// Adds a phone number.
    pub fn phone(mut self, phone: impl Into<Phone>) -> Self {
        self.phones.push(phone.into());
        self
    }

    /// Adds a web page.
    pub fn url(mut self, url: impl Into<Url>) -> Self {
        self.urls.push(url.into());
        self
    }
}

setters!(Contact {
    /// The day of birth, `YYYY-MM-DD`.
    birthday: String,
    /// Where the person works.
    org: Org,
});

impl Validate for Vec<Contact> {
    fn check(&self, check: &mut Check<'_>) {
        check.count(self.len(), 1, Contact::COUNT_MAX);
        for (index, contact) in self.iter().enumerate() {
            contact.check(&mut check.element(index));
        }
    }
}

impl Validate for Contact {
    fn check(&self, check: &mut Check<'_>) {
        let formatted_name = self
            .name
            .as_ref()
            .and_then(|name| name.formatted_name.as_deref());
        if formatted_name.is_none_or(str::is_empty) {
            check
                .member("name")
                .member("formatted_name")
                .report(Rule::Required("an entry has a name"));
        }
        if let Some(birthday) = &self.birthday
            && !is_date(birthday)
        {
            check
                .member("birthday")
                .report(Rule::Format("a date, YYYY-MM-DD"));
        }
        for (index, address) in self.addresses.iter().enumerate() {
            if let Some(code) = &address.country_code
                && !(code.len() == 2 && code.chars().all(|letter| letter.is_ascii_alphabetic()))
            {
                check
                    .member("addresses")
                    .element(index)
                    .member("country_code")
                    .report(Rule::Format("two letters"));
            }
        }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
