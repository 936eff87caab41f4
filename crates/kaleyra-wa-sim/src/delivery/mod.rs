//! How callbacks get to the webhook.

pub(crate) mod body;
pub(crate) mod lanes;
pub(crate) mod settings;
mod stream;
pub(crate) mod token;
pub(crate) mod webhook;
