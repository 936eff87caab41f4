//! Conversations that are played: a user acts, the bot is expected to reply.

mod deed;
pub(crate) mod dialogue;
mod expected;
mod patience;
mod player;
mod user;
mod user_expects;
mod writing;

pub(crate) use deed::Deed;
pub use expected::{Expected, TextMatch};
pub use player::{FailureKind, PlayError};
pub(crate) use player::{Pacing, Player};
pub use user::User;
