//! One rule: what goes wrong, for whom, and when.

use std::fmt;
use std::time::Duration;

use super::callback::{CallbackFault, Delay, MessageFault};
use super::response::Fault;
use crate::time::duration;

/// A rule for what is to go wrong. Written as [`FaultSpec`](super::FaultSpec) has it, and read by it.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::{CallbackFault, Delay, Effect, Fault, FaultRule, FaultSpec, MessageFault, When};
///
/// let twice = FaultRule::from(CallbackFault::Duplicate { times: 2 }).next(3);
/// assert_eq!(twice.to_string(), "callback:duplicate next=3");
///
/// let by = Delay::Range(Duration::from_secs(1), Duration::from_secs(3));
/// let mut late = FaultRule::from(CallbackFault::Delay { by });
/// late.only.type_name = Some("image".to_owned());
/// late.when = When::Every(2);
/// assert_eq!(late.to_string(), "callback:delay by=1s..3s type=image every=2");
///
/// let mut gone = FaultRule::new(Effect::Message(MessageFault::Fail { code: 131_026 }));
/// gone.lasts = Some(Duration::from_secs(60));
/// let refused = FaultRule::from(Fault::BadGateway);
///
/// // As a text they can be kept, and be read again.
/// let mut spec = FaultSpec::default();
/// spec.rules.extend([twice, late, gone, refused]);
/// assert_eq!(spec.to_string().parse(), Ok(spec));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FaultRule {
    /// What goes wrong.
    pub effect: Effect,
    /// For whom.
    pub only: Filter,
    /// When.
    pub when: When,
    /// How long the rule lasts, by the simulator's clock; `None` until it is taken back.
    pub lasts: Option<Duration>,
}

/// What goes wrong.
///
/// For an example see [`FaultRule`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// The response to a request; with `by`, how slow it is.
    #[non_exhaustive]
    Response {
        /// What.
        fault: Fault,
        /// How slow, for `slow` and `trickle`.
        by: Option<Delay>,
    },
    /// A callback.
    Callback(CallbackFault),
    /// An accepted message.
    Message(MessageFault),
}

/// For whom. What is `None` is for all.
///
/// For an example see [`FaultRule`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// `messages`, `media`, `block_users` or `phone_number_details`.
    pub endpoint: Option<String>,
    /// The user's number, or id.
    pub user: Option<String>,
    /// The message's type; `*` stands for anything.
    pub type_name: Option<String>,
    /// The message's `ref`; `*` stands for anything.
    pub reference: Option<String>,
    /// The status's name, of a callback.
    pub status: Option<String>,
    /// `message` or `status`, of a callback.
    pub kind: Option<String>,
}

/// When, among those that it is for.
///
/// For an example see [`FaultRule`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum When {
    /// Each time.
    #[default]
    Always,
    /// `next=2`: the next so many times.
    Next(u64),
    /// `every=3`: every third time, say.
    Every(u64),
    /// `range=3..7`: from this time to that, counted from 1.
    Range(u64, u64),
    /// `p=0.2`: with this probability, by the seed.
    Probability(f64),
    /// `p=0.2 ramp=10`: with a probability that rises to this over the first so many for each user, by the seed.
    Ramp(f64, u64),
}

impl FaultRule {
    /// A rule that applies every time, to everyone.
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            only: Filter::default(),
            when: When::Always,
            lasts: None,
        }
    }

    /// The same, for the next so many times only.
    #[must_use]
    pub fn next(mut self, times: u64) -> Self {
        self.when = When::Next(times);
        self
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(Effect::Response { fault, by: None })
    }
}

impl From<CallbackFault> for FaultRule {
    fn from(fault: CallbackFault) -> Self {
        Self::new(Effect::Callback(fault))
    }
}

impl From<MessageFault> for FaultRule {
    fn from(fault: MessageFault) -> Self {
        Self::new(Effect::Message(fault))
    }
}

/// Writes the rule so that it can be read again.
impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            Effect::Response { fault, by } => {
                write!(f, "response:{fault}")?;
                let own = match fault {
                    Fault::Slow(by) | Fault::Trickle(by) => Some(Delay::Fixed(*by)),
                    _ => None,
                };
                if let Some(by) = by.or(own) {
                    write!(f, " by={by}")?;
                }
            }
            Effect::Callback(fault) => {
                write!(f, "callback:{}", fault.name())?;
                match fault {
                    CallbackFault::Duplicate { times: 2 } => {}
                    CallbackFault::Duplicate { times } => write!(f, " times={times}")?,
                    CallbackFault::Reorder { window } => write!(f, " window={window}")?,
                    CallbackFault::Delay { by } => write!(f, " by={by}")?,
                    CallbackFault::Batch { size } => write!(f, " size={size}")?,
                    _ => {}
                }
            }
            Effect::Message(fault) => {
                write!(f, "message:{}", fault.name())?;
                match fault {
                    MessageFault::Fail { code } => write!(f, " code={code}")?,
                    MessageFault::NotSent { code } => write!(f, " code={code}")?,
                }
            }
        }
        for (name, value) in [
            ("endpoint", &self.only.endpoint),
            ("user", &self.only.user),
            ("type", &self.only.type_name),
            ("ref", &self.only.reference),
            ("status", &self.only.status),
            ("kind", &self.only.kind),
        ] {
            match value {
                Some(value) if value.contains([' ', ',', ';']) => write!(f, " {name}=\"{value}\"")?,
                Some(value) => write!(f, " {name}={value}")?,
                None => {}
            }
        }
        match self.when {
            When::Always => {}
            When::Next(times) => write!(f, " next={times}")?,
            When::Every(times) => write!(f, " every={times}")?,
            When::Range(from, to) => write!(f, " range={from}..{to}")?,
            When::Probability(p) => write!(f, " p={p}")?,
            When::Ramp(p, over) => write!(f, " p={p} ramp={over}")?,
        }
        match self.lasts {
            Some(lasts) => write!(f, " for={}", duration::format(lasts)),
            None => Ok(()),
        }
    }
}
