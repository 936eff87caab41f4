//! How strict the simulator is.

use std::fmt;
use std::str::FromStr;

/// What becomes of a message that is not as the pages want it.
///
/// Kaleyra responds with 202 before Meta has seen a message, so what is wrong with its content most likely comes back as a `failed`
/// status; no page says so. Whatever rests on that is marked as inferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strictness {
    /// `lenient`: only the envelope, the recipient and the field that `type` names are looked at.
    #[default]
    Lenient,
    /// `kaleyra`: what breaks a limit is accepted, and fails afterwards with Meta's code. Templates must be known where there
    /// is a folder of them, and users must have written in the last 24 hours.
    Kaleyra,
    /// `meta`: what breaks a limit is refused at once, with the documented `WA400`; the rest as with `kaleyra`.
    Meta,
}

/// Whether a free message may go to a user who did not write in the last 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceWindow {
    /// `off`: always.
    Off,
    /// `known`: it fails with 131047 where the user wrote here, but longer ago. Who never wrote here may have written elsewhere.
    Known,
    /// `strict`: it fails with 131047 unless the user wrote here in the last 24 hours.
    Strict,
}

impl Strictness {
    /// `lenient`, `kaleyra` or `meta`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lenient => "lenient",
            Self::Kaleyra => "kaleyra",
            Self::Meta => "meta",
        }
    }
}

impl fmt::Display for Strictness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such setting: use one of {0}")]
pub struct UnknownSetting(&'static str);

impl FromStr for Strictness {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        match text {
            "lenient" => Ok(Self::Lenient),
            "kaleyra" => Ok(Self::Kaleyra),
            "meta" => Ok(Self::Meta),
            _ => Err(UnknownSetting("lenient, kaleyra, meta")),
        }
    }
}

impl ServiceWindow {
    /// `off`, `known` or `strict`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Known => "known",
            Self::Strict => "strict",
        }
    }
}

impl FromStr for ServiceWindow {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        match text {
            "off" => Ok(Self::Off),
            "known" => Ok(Self::Known),
            "strict" => Ok(Self::Strict),
            _ => Err(UnknownSetting("off, known, strict")),
        }
    }
}
