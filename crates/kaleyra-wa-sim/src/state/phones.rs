//! The users' phones, and how each is set.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::accepted_message::AcceptedMessage;
use crate::model::account::without_plus;

/// How a user's phone is set. `Debug` shows neither name nor number.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, Switch};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.switch("+919800000001", Switch::AirplaneMode(true));
/// let phone = sim.phone("+919800000001");
/// assert!(phone.is_offline && phone.is_on_whatsapp);
/// assert_eq!(phone.number, "919800000001");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Phone {
    /// The user's number, without `+`.
    pub number: String,
    /// The profile name.
    pub name: String,
    /// Airplane mode: nothing is delivered until it is off.
    pub is_offline: bool,
    /// The phone is lost: nothing is delivered any more.
    pub is_lost: bool,
    /// Whether the business is notified of what was read.
    pub has_read_receipts: bool,
    /// Whether the number is on WhatsApp.
    pub is_on_whatsapp: bool,
    /// Whether the user wants marketing messages.
    pub wants_marketing: bool,
    /// Whether the user has blocked the business.
    pub has_blocked_business: bool,
    /// Whether the chat is open, so that messages are read when they come, and `delivered` is left out.
    pub is_chat_open: bool,
}

/// A switch of a phone, and how it is set.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, Switch};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.user("+919800000001").switches(Switch::ReadReceipts(false)).await;
/// assert!(!sim.phone("+919800000001").has_read_receipts);
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Switch {
    /// Airplane mode: what is sent is delivered when it is off again.
    AirplaneMode(bool),
    /// The phone is lost: nothing is delivered any more.
    Lost(bool),
    /// Read receipts: without them the business is not notified of what was read or played.
    ReadReceipts(bool),
    /// Whether the number is on WhatsApp: what is sent to one that is not fails with 131026.
    OnWhatsApp(bool),
    /// Marketing messages: without them such templates fail with 131050. The webhook is notified.
    Marketing(bool),
    /// Whether the user has blocked the business: what is sent is never delivered.
    BusinessBlocked(bool),
    /// Whether the chat is open: messages are read when they come, and `delivered` is left out.
    ChatOpen(bool),
}

impl Switch {
    /// Names of switches, as the control API and `.chat` files have them.
    pub(crate) const NAMES: [&'static str; 7] = [
        "airplane_mode",
        "lost",
        "read_receipts",
        "on_whatsapp",
        "marketing",
        "business_blocked",
        "chat_open",
    ];

    pub(crate) fn of(name: &str, is_on: bool) -> Option<Self> {
        Some(match name {
            "airplane_mode" => Self::AirplaneMode(is_on),
            "lost" => Self::Lost(is_on),
            "read_receipts" => Self::ReadReceipts(is_on),
            "on_whatsapp" => Self::OnWhatsApp(is_on),
            "marketing" => Self::Marketing(is_on),
            "business_blocked" => Self::BusinessBlocked(is_on),
            "chat_open" => Self::ChatOpen(is_on),
            _ => return None,
        })
    }

    /// What was done, in human-readable form.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::AirplaneMode(true) => "airplane mode on",
            Self::AirplaneMode(false) => "airplane mode off",
            Self::Lost(true) => "phone lost",
            Self::Lost(false) => "phone found",
            Self::ReadReceipts(true) => "read receipts on",
            Self::ReadReceipts(false) => "read receipts off",
            Self::OnWhatsApp(true) => "on WhatsApp",
            Self::OnWhatsApp(false) => "not on WhatsApp",
            Self::Marketing(true) => "marketing messages wanted",
            Self::Marketing(false) => "marketing messages stopped",
            Self::BusinessBlocked(true) => "business blocked",
            Self::BusinessBlocked(false) => "business unblocked",
            Self::ChatOpen(true) => "chat opened",
            Self::ChatOpen(false) => "chat closed",
        }
    }
}

impl Phone {
    pub(crate) fn new(number: &str) -> Self {
        Self {
            number: without_plus(number).to_owned(),
            name: "Asha Example".to_owned(),
            is_offline: false,
            is_lost: false,
            has_read_receipts: true,
            is_on_whatsapp: true,
            wants_marketing: true,
            has_blocked_business: false,
            is_chat_open: false,
        }
    }

    pub(crate) fn set(&mut self, switch: Switch) {
        match switch {
            Switch::AirplaneMode(is_on) => self.is_offline = is_on,
            Switch::Lost(is_lost) => self.is_lost = is_lost,
            Switch::ReadReceipts(has) => self.has_read_receipts = has,
            Switch::OnWhatsApp(is) => self.is_on_whatsapp = is,
            Switch::Marketing(wants) => self.wants_marketing = wants,
            Switch::BusinessBlocked(has) => self.has_blocked_business = has,
            Switch::ChatOpen(is_open) => self.is_chat_open = is_open,
        }
    }

    /// How each switch is set, by its name.
    pub(crate) fn switches(&self) -> [(&'static str, bool); 7] {
        [
            ("airplane_mode", self.is_offline),
            ("lost", self.is_lost),
            ("read_receipts", self.has_read_receipts),
            ("on_whatsapp", self.is_on_whatsapp),
            ("marketing", self.wants_marketing),
            ("business_blocked", self.has_blocked_business),
            ("chat_open", self.is_chat_open),
        ]
    }

    /// Why nothing reaches it now.
    pub(crate) fn unreachable(&self) -> Option<&'static str> {
        match () {
            () if self.is_lost => Some("the phone is lost"),
            () if self.has_blocked_business => Some("the user has blocked the business"),
            () if self.is_offline => Some("the phone is in airplane mode"),
            () => None,
        }
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone")
            .field("is_offline", &self.is_offline)
            .finish_non_exhaustive()
    }
}

/// All phones that were ever used or set.
#[derive(Default)]
pub(crate) struct Phones {
    phones: BTreeMap<String, Phone>,
    /// What waits until a phone can be reached again.
    held: BTreeMap<String, Vec<Arc<AcceptedMessage>>>,
}

impl Phones {
    /// How many are known.
    const MAX: usize = 100_000;
    /// How many messages wait for one.
    const HELD_MAX: usize = 1_000;

    /// The phone of this number: as new where it was never used.
    pub(crate) fn get(&self, number: &str) -> Phone {
        let number = without_plus(number);
        let known = self.phones.get(number).cloned();
        known.unwrap_or_else(|| Phone::new(number))
    }

    pub(crate) fn is_known(&self, number: &str) -> bool {
        self.phones.contains_key(without_plus(number))
    }

    /// Changes it.
    pub(crate) fn change(&mut self, number: &str, change: impl FnOnce(&mut Phone)) -> Phone {
        let mut phone = self.get(number);
        change(&mut phone);
        if self.phones.len() < Self::MAX || self.is_known(number) {
            self.phones.insert(phone.number.clone(), phone.clone());
        }
        phone
    }

    pub(crate) fn all(&self) -> Vec<Phone> {
        self.phones.values().cloned().collect()
    }

    /// Lets a message wait until the phone can be reached again.
    pub(crate) fn hold(&mut self, number: &str, message: Arc<AcceptedMessage>) {
        let held = self
            .held
            .entry(without_plus(number).to_owned())
            .or_default();
        if held.len() < Self::HELD_MAX {
            held.push(message);
        }
    }

    /// Whether a message waits until its phone can be reached again.
    pub(crate) fn is_held(&self, message: &AcceptedMessage) -> bool {
        let held = self.held.get(message.user().unwrap_or_default());
        held.is_some_and(|held| held.iter().any(|it| it.wamid == message.wamid))
    }

    /// What waited for it.
    pub(crate) fn take_held(&mut self, number: &str) -> Vec<Arc<AcceptedMessage>> {
        self.held.remove(without_plus(number)).unwrap_or_default()
    }
}
