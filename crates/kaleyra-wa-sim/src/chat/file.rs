//! A `.chat` file: what its lines mean.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::parser::Parser;
use crate::fault::FaultSpec;
use crate::play::Deed;
use crate::rules::ladder::StatusLadder;
use crate::rules::settings::{ServiceWindow, Strictness};

/// A conversation as a test.
///
/// ```
/// use kaleyra_wa_sim::ChatFile;
///
/// let file = ChatFile::parse(r#"
/// seed 7
/// clock 2026-11-28T12:00:00+05:30
/// user asha "Asha Example" +919800000001
///
/// asha: Hi! Is the blue one in stock?
/// shop: Which size do you need?
///   buttons 41 | 42 | 43
/// asha taps 42
/// shop: ~ /in (two|2) days/
/// fault callback:duplicate next=2
/// asha: Thanks
/// shop: You are welcome.
/// shop nothing more within 2s
/// wait 25h
/// shop: Still interested?
///   failed 131047
/// "#)?
/// .in_folder("tests"); // where files are that it sends
/// assert_eq!(file.users().count(), 1);
/// assert_eq!((file.seed(), file.has_faults()), (Some(7), true));
///
/// let error = ChatFile::parse("user asha +919800000001\nasha dances").unwrap_err();
/// assert_eq!(error.line, 2);
/// # Ok::<(), kaleyra_wa_sim::ChatError>(())
/// ```
///
/// # Lines
///
/// A `#` at the beginning of a line, or after two spaces, begins a comment. `\n` in text is a line end.
///
/// | line | what it does |
/// | --- | --- |
/// | `seed 7` | what faults are decided by |
/// | `clock 2026-11-28T12:00:00+05:30` | what the clock shows; it stands still and advances by `wait` and what falls due |
/// | `user NAME "Profile" +91…` | a user; the profile may be left out |
/// | `business NAME` | what the bot is called; `shop`, unless this says otherwise |
/// | `strictness kaleyra`, `window strict`, `statuses sent:0,read:manual` | as [`Builder`](crate::Builder) has them |
/// | `NAME: text`, `NAME replies: text` | the user writes; quoting what the bot sent last |
/// | `NAME taps LABEL`, `NAME picks LABEL` | a button, a row, a template's quick reply |
/// | `NAME reacts 👍`, `NAME unreacts` | to what the bot sent last |
/// | `NAME sends FILE "caption"` | a file beside the `.chat` file; a `.ogg` is a voice note |
/// | `NAME shares 12.97,77.59 "Place"`, `NAME shares contact "Ravi" +91…` | a place, a contact |
/// | `NAME fills {"size":"42"}` | the newest form |
/// | `NAME orders CATALOG SKU x2 @100 INR` | from the catalog; further products after a `,` |
/// | `NAME edits: text`, `NAME deletes` | the last message |
/// | `NAME pays`, `NAME pays failed`, `NAME pays pending` | the newest order |
/// | `NAME reads`, `NAME plays` | opens the chat, plays voice notes |
/// | `NAME turns airplane_mode on` | a switch of the phone: `airplane_mode`, `lost`, `read_receipts`, `on_whatsapp`, `marketing`, `business_blocked`, `chat_open` |
/// | `NAME changes number to +91…` | and goes on with it |
/// | `NAME writes TYPE {…}` | any other type |
/// | `shop: text` | the bot's next message says exactly this; `*`: anything; `~ text*`: with `*` for anything; `~ /regex/` |
/// | `shop sends image`, `shop template NAME` | a message of this type, this template |
/// | `shop quotes that`, `shop reacts 👍`, `shop reads that` | quotes, reacts to, marks what the user wrote last |
/// | `shop nothing more within 2s` | and nothing else, for so long by the clock |
/// | `shop to NAME: text`, … | to another user than the one who did something last |
/// | `fault SPEC`, `heal` | see [`FaultSpec`] |
/// | `wait 25h` | time goes by |
///
/// Indented lines say more of the message above them: `buttons A | B`, `failed 131047`, `quotes that`, `type image`, `within 5s`.
///
/// At the end the bot has to be silent, whether the file says it or not.
#[derive(Clone, Debug)]
pub struct ChatFile {
    pub(super) seed: Option<u64>,
    pub(super) clock: Option<SystemTime>,
    pub(super) users: Vec<ChatUser>,
    pub(super) business: String,
    pub(super) strictness: Strictness,
    pub(super) window: Option<ServiceWindow>,
    pub(super) ladder: StatusLadder,
    pub(super) steps: Vec<Step>,
    pub(super) source: Vec<String>,
    pub(super) folder: PathBuf,
}

/// A user of the file.
#[derive(Clone, Debug)]
pub(super) struct ChatUser {
    pub(super) alias: String,
    pub(super) name: String,
    pub(super) number: String,
}

/// A line, and those that are indented below it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// From 1.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) action: Action,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    Fault(FaultSpec),
    Heal,
    Wait(Duration),
    /// Who, by the place in the list of users, and what.
    Deed(usize, Deed),
    /// A file that is read when its turn comes.
    Send {
        user: usize,
        path: PathBuf,
        caption: Option<String>,
    },
}

/// A file that is not a conversation.
///
/// For an example see [`ChatFile`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
#[non_exhaustive]
pub struct ChatError {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it, and what to write instead.
    pub why: String,
}

impl ChatFile {
    /// Reads a conversation. Files that it sends are looked for in the current folder: see [`in_folder`](Self::in_folder).
    ///
    /// # Errors
    ///
    /// With the first line that is invalid.
    pub fn parse(text: &str) -> Result<Self, ChatError> {
        // Some editors put a byte order mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut parser = Parser::new(Self {
            seed: None,
            clock: None,
            users: Vec::new(),
            business: "shop".to_owned(),
            strictness: Strictness::Lenient,
            window: None,
            ladder: StatusLadder::phone(),
            steps: Vec::new(),
            source: text.lines().map(str::to_owned).collect(),
            folder: PathBuf::new(),
        });
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let wrong = |why| ChatError { line: number, why };
            parser.line(number, line).map_err(wrong)?;
        }
        Ok(parser.finish())
    }

    /// Looks for files that it sends in this folder: that of the `.chat` file.
    #[must_use]
    pub fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        folder.as_ref().clone_into(&mut self.folder);
        self
    }

    /// The users' names in the file, and their numbers.
    pub fn users(&self) -> impl Iterator<Item = (&str, &str)> {
        self.users
            .iter()
            .map(|user| (user.alias.as_str(), user.number.as_str()))
    }

    /// The seed that the file asks for.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Whether the file itself asks for faults.
    pub fn has_faults(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step.action, Action::Fault(_)))
    }
}
