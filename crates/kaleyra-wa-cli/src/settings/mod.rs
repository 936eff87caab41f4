//! Whose account it is, and how else this call is set: flags, the environment, files.
//!
//! The environment is read here and not by the parser of the arguments, for two reasons: an empty variable counts as
//! none, and a flag wins over another flag's variable.

mod account;
pub(crate) mod file;
pub(crate) mod layers;
pub(crate) mod secret;

pub(crate) use account::{AccountSettings, Credentials};
pub(crate) use secret::CallbackSecret;

/// A variable of the environment; an empty one is none.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    (!value.is_empty()).then(|| value.to_string_lossy().into_owned())
}
