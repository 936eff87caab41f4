//! Whether a message keeps to the limits of the documentation: all violations at once, before anything is sent.

use std::fmt;

use crate::InvalidPhoneNumber;
use crate::web_link;
use crate::wire::Wire;
use crate::wire::scan::missing_members;

/// One broken rule: where, and which.
///
/// It names the place and what was counted there, never the text itself.
///
/// ```
/// use kaleyra_wa_types::outbound::{Image, MessagingObject, Outbound};
/// use kaleyra_wa_types::{PhoneNumber, Rule};
///
/// let to: PhoneNumber = "+14155550123".parse()?;
/// let image = Image::link("https://example.com/shoe.png").caption("x".repeat(1025));
/// let violations = Outbound::from(MessagingObject::new(to, image)).violations();
/// assert_eq!(violations[0].path, "image.caption");
/// assert_eq!(violations[0].rule, Rule::Length { min: 0, max: 1024, found: 1025 });
/// assert_eq!(violations[0].to_string(), "image.caption: at most 1024 characters, found 1025");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The JSON path of the field, such as `messaging_object.image.caption`.
    pub path: String,
    /// What it breaks.
    pub rule: Rule,
}

/// What a field can break.
///
/// For an example see [`Violation`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Too few or too many elements.
    Count {
        /// The least that is allowed.
        min: usize,
        /// The most that is allowed.
        max: usize,
        /// What was found.
        found: usize,
    },
    /// A field that has no place here, and why.
    Forbidden(&'static str),
    /// A string that is not of this form.
    Format(&'static str),
    /// Too few or too many characters (Unicode scalar values).
    Length {
        /// The least that is allowed.
        min: usize,
        /// The most that is allowed.
        max: usize,
        /// What was found.
        found: usize,
    },
    /// A value that this version does not know, and those that it knows. It breaks no limit, and is reported by
    /// [`unknown_values`](crate::template::TemplateDefinition::unknown_values) alone.
    NotKnown(&'static str),
    /// Two fields that exclude each other.
    OneOf(&'static str),
    /// Not a phone number in E.164 form, and why.
    PhoneNumber(InvalidPhoneNumber),
    /// A number below or above what is allowed.
    Range {
        /// The least that is allowed.
        min: i64,
        /// The most that is allowed.
        max: i64,
        /// What was found.
        found: i64,
    },
    /// A field that must be there, and when.
    Required(&'static str),
    /// A string that another element already has.
    Unique,
    /// A link that WhatsApp, or the user, can't open, and why.
    WebLink(&'static str),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count {
                max: usize::MAX,
                min,
                found,
            } => write!(f, "at least {min}, found {found}"),
            Self::Count { min, max, found } if min == max => {
                write!(f, "exactly {max}, found {found}")
            }
            Self::Count { min: 0, max, found } => write!(f, "at most {max}, found {found}"),
            Self::Count { min, max, found } => write!(f, "{min} to {max}, found {found}"),
            Self::Forbidden(why) => write!(f, "has no place here: {why}"),
            Self::Format(form) => write!(f, "must be {form}"),
            Self::Length { found: 0, .. } => f.write_str("must not be empty"),
            Self::Length {
                max: usize::MAX,
                min,
                found,
            } => write!(f, "at least {min} characters, found {found}"),
            Self::Length { max, found, .. } => write!(f, "at most {max} characters, found {found}"),
            Self::NotKnown(known) => {
                write!(f, "not known to this version, which knows {known}")
            }
            Self::OneOf(names) => write!(f, "give either {names}, not both"),
            Self::Range { min, max, found } => write!(f, "must be {min} to {max}, found {found}"),
            Self::Required(when) => write!(f, "is missing: {when}"),
            Self::Unique => f.write_str("must be unique"),
            Self::PhoneNumber(why) => write!(f, "{why}"),
            Self::WebLink(why) => f.write_str(why),
        }
    }
}

/// A part of a message that has limits.
pub(crate) trait Validate {
    /// Reports every violation.
    fn check(&self, check: &mut Check<'_>);
}

/// All violations of a part, whose JSON path begins with `root`: fields that it must have come first.
pub(crate) fn violations(root: &str, part: &(impl Validate + Wire)) -> Vec<Violation> {
    let missing = missing_members(root, part.view()).into_iter();
    let mut found: Vec<Violation> = missing
        .map(|path| Violation {
            path,
            rule: Rule::Required("it must be there"),
        })
        .collect();
    part.check(&mut Check {
        path: Path::Root(root),
        found: &mut found,
    });
    found
}

/// All that a part reports, whose JSON path begins with `root`; that it is no object of the wire itself does not matter.
pub(crate) fn reports(root: &str, part: &impl Validate) -> Vec<Violation> {
    let mut found = Vec::new();
    part.check(&mut Check {
        path: Path::Root(root),
        found: &mut found,
    });
    found
}

/// Where a check stands, and what was found so far.
pub(crate) struct Check<'a> {
    path: Path<'a>,
    found: &'a mut Vec<Violation>,
}

/// A JSON path, which is only written down where something is wrong: nearly all messages keep to their limits.
enum Path<'a> {
    Root(&'a str),
    Member(&'a Self, &'a str),
    Element(&'a Self, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(root) => f.write_str(root),
            Self::Member(Self::Root(""), name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl Check<'_> {
    /// The place of a field of this one.
    pub(crate) fn member<'b>(&'b mut self, name: &'b str) -> Check<'b> {
        Check {
            path: Path::Member(&self.path, name),
            found: self.found,
        }
    }

    /// The place of an element of this one.
    pub(crate) fn element(&mut self, index: usize) -> Check<'_> {
        Check {
            path: Path::Element(&self.path, index),
            found: self.found,
        }
    }

    /// Reports a broken rule here.
    pub(crate) fn report(&mut self, rule: Rule) {
        let path = self.path.to_string();
        // What is missing breaks further rules, of which there is nothing more to say.
        let is_missing =
            |earlier: &Violation| earlier.path == path && matches!(earlier.rule, Rule::Required(_));
        if !self.found.iter().any(is_missing) {
            self.found.push(Violation { path, rule });
        }
    }

    /// Reports fewer than `min` or more than `max` elements.
    pub(crate) fn count(&mut self, found: usize, min: usize, max: usize) {
        if found < min || found > max {
            self.report(Rule::Count { min, max, found });
        }
    }

    /// Reports a number below `min` or above `max`.
    pub(crate) fn range(&mut self, found: i64, min: i64, max: i64) {
        if found < min || found > max {
            self.report(Rule::Range { min, max, found });
        }
    }

    /// Reports a text without any character.
    pub(crate) fn not_empty(&mut self, text: &str) {
        self.length(text, 1, usize::MAX);
    }

    /// Reports a link that can't be opened from anywhere.
    pub(crate) fn web_link(&mut self, link: &str) {
        if let Err(why) = web_link::check(link) {
            self.report(Rule::WebLink(why));
        }
    }

    /// Reports a text of fewer than `min` or more than `max` characters.
    pub(crate) fn length(&mut self, text: &str, min: usize, max: usize) {
        // A character has one to four bytes, so most texts need not be counted.
        if text.len() <= max && text.len().div_ceil(4) >= min {
            return;
        }
        let found = text.chars().count();
        if found < min || found > max {
            self.report(Rule::Length { min, max, found });
        }
    }
}
