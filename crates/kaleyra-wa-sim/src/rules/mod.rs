//! What the simulator goes by: which requests are right, and what becomes of a message that was accepted.

pub(crate) mod fate;
pub(crate) mod ladder;
pub(crate) mod limits;
pub(crate) mod payload;
pub(crate) mod reviews;
pub(crate) mod settings;
pub(crate) mod taps;
pub(crate) mod template_folder;
pub(crate) mod templates;
