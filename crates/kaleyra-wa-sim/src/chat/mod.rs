//! `.chat` files: conversations as tests, for a bot in any language.

mod bot;
mod file;
mod line;
mod outcome;
mod parser;
mod report;
mod run;
mod search;

pub use bot::{Bot, StartedBot};
pub use file::{ChatError, ChatFile};
pub use outcome::{ChatFailure, ChatOutcome, ChatRunError};
pub use report::{junit, tap};
pub use run::ChatRun;
pub use search::{Reproduction, SearchOutcome};
