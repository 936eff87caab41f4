//! What the simulator talks about: accounts, conversations, messages and files, as plain data.

pub(crate) mod accepted_message;
pub(crate) mod account;
pub(crate) mod basis;
pub(crate) mod business;
pub(crate) mod conversation;
pub(crate) mod delivery_error;
pub(crate) mod hosted_file;
pub(crate) mod template_change;
pub(crate) mod uploaded_media;
