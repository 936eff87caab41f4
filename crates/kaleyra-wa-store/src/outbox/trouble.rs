//! Which failures concern the account, and not a message.

use std::time::Duration;

/// A failure that every other message would meet as well: it stops the sender, and costs no recipient anything.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Scope, Trouble};
///
/// let trouble = Trouble::of_code("E110").expect("there is no money left");
/// assert_eq!((trouble.scope, trouble.wait), (Scope::Sender, None));
/// assert_eq!(trouble.meaning, "the account's balance is too low");
/// assert_eq!(Trouble::of_code("131047"), None); // that is about one user
///
/// assert!(Trouble::is_too_fast("130429")); // no trouble: the pace is lowered
/// assert_eq!(Trouble::of_code("130429"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trouble {
    /// What has to stop.
    pub scope: Scope,
    /// After how long it may be tried again by itself; `None`: somebody has to fix it first.
    pub wait: Option<Duration>,
    /// What is wrong, in a line without a full stop.
    pub meaning: &'static str,
}

/// What a trouble stops.
///
/// For an example see [`Trouble`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// All that the number sends.
    Sender,
    /// What has the same template: the campaign, where it is one.
    Template,
}

impl Trouble {
    const HOUR: Duration = Duration::from_secs(60 * 60);

    /// The trouble that one of Kaleyra's or Meta's codes means; `None` where it is about one message, or unknown.
    pub fn of_code(code: &str) -> Option<Self> {
        let sender = |wait, meaning| Self {
            scope: Scope::Sender,
            wait,
            meaning,
        };
        let template = |meaning| Self {
            scope: Scope::Template,
            wait: None,
            meaning,
        };
        Some(match code {
            "RBC001" => sender(None, "the SID or the API key is wrong"),
            "WA401" => sender(None, "the sender's number is not in the account"),
            "WA-401" => sender(None, "the account may not use this API"),
            "E110" => sender(None, "the account's balance is too low"),
            "WAV2101" => sender(
                Some(24 * Self::HOUR),
                "the account's daily limit is reached",
            ),
            "0" | "190" => sender(None, "the account's access to WhatsApp is broken"),
            "368" | "131031" => sender(None, "the account is locked for breaking a policy"),
            "131037" => sender(None, "the number's display name has to be approved"),
            "131042" => sender(None, "there is trouble with the payment method"),
            "131045" | "133010" => sender(None, "the number is not registered correctly"),
            "131048" => sender(
                Some(Self::HOUR),
                "too many messages of this number were blocked or reported as spam",
            ),
            "131064" => sender(
                Some(Self::HOUR),
                "the account's limit is lower for a while, because of templates in the wrong category",
            ),
            "131063" => template("marketing templates are disabled for this account"),
            "132001" => template("the template does not exist in this language"),
            "132015" => template("the template is paused because of its quality"),
            "132016" => template("the template is disabled because of its quality"),
            _ => return None,
        })
    }

    /// Whether a code says that the number sends faster than it may.
    pub fn is_too_fast(code: &str) -> bool {
        matches!(code, "4" | "80007" | "130429" | "131056" | "WA429")
    }
}
