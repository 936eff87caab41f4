//! Whether two numbers belong to one person, though they are written differently.

use std::borrow::Cow;

/// Whether two numbers, or two user ids, belong to the same person.
///
/// WhatsApp's id of a user is not always the number that was written to: three countries have numbers in two forms, and
/// callbacks may carry the other one. Compare with this to join a callback with a send or with a contact.
///
/// **Never choose whom to send to by it.** Which of the two forms reaches the person, only WhatsApp knows: send to the
/// number that the person gave, or to the one that they wrote from.
///
/// | country | the two forms |
/// |---|---|
/// | Mexico | `52` and ten digits, or `521` and ten digits |
/// | Argentina | `54` and ten digits, or `549` and ten digits |
/// | Brazil | `55`, the area and a mobile number of eight digits (beginning with 6 to 9), or a `9` before those eight |
///
/// A `+`, spaces, hyphens, dots and parentheses do not count. Texts that are not numbers, such as business-scoped user ids,
/// are compared as they are; an empty string belongs to nobody.
///
/// ```
/// use kaleyra_wa_types::{PhoneNumber, WaId, same_person};
///
/// let sent_to: PhoneNumber = "+52 55 1234 5678".parse()?;
/// let status_for = WaId::from("5215512345678");
/// assert!(same_person(sent_to.as_str(), status_for.as_str()));
///
/// assert!(same_person("+5511987654321", "551187654321")); // a mobile in Brazil
/// assert!(!same_person("+551133334444", "5511933334444")); // a landline has no ninth digit
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
///
/// Source: WhatsApp's help page on the format of international numbers; Meta's page on phone numbers (`wa_id` may differ
/// from the input).
pub fn same_person(one: &str, other: &str) -> bool {
    let one = person_key(one);
    !one.is_empty() && one == person_key(other)
}

/// A text that is equal for all forms of one person's number: a key for maps and tables in which sends and callbacks meet.
///
/// It is [not to be sent to](same_person). A text that is not a number is its own key, without spaces around it.
///
/// ```
/// use kaleyra_wa_types::person_key;
///
/// assert_eq!(person_key("+549 11 2345-6789"), person_key("541123456789"));
/// assert_eq!(person_key("US.13491208655302741918"), "US.13491208655302741918");
/// ```
pub fn person_key(id: &str) -> Cow<'_, str> {
    let id = id.trim();
    let Some(digits) = digits(id) else {
        return Cow::Borrowed(id);
    };
    // Where the digit stands that one of two forms has more, and how long that form is.
    let (at, length) = match digits.as_bytes() {
        [b'5', b'2', b'1', ..] => (2, 13),
        [b'5', b'4', b'9', ..] => (2, 13),
        [b'5', b'5', _, _, b'9', b'6'..=b'9', ..] => (4, 13),
        _ => return digits,
    };
    if digits.len() != length {
        return digits;
    }
    let mut shorter = digits.into_owned();
    shorter.remove(at);
    Cow::Owned(shorter)
}

/// The digits of a number; `None` for what is not a number.
fn digits(id: &str) -> Option<Cow<'_, str>> {
    let rest = id.strip_prefix('+').unwrap_or(id);
    if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Cow::Borrowed(rest));
    }
    let mut digits = String::with_capacity(rest.len());
    for character in rest.chars() {
        match character {
            '0'..='9' => digits.push(character),
            ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(Cow::Owned(digits))
}
