//! Plays a conversation step by step, and finds the first difference.

use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::dialogue::{business_line, dialogue};
use super::patience::{Patience, rest};
use super::{Deed, Expected};
use crate::core::{Core, Queued};
use crate::delivery::webhook::CallbackError;
use crate::journal::Fact;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;

/// A silence that is a multiple of the usual one, as for what a fast bot may say yet, is no longer than this.
const LONGEST_SILENCE: Duration = Duration::from_secs(3);

/// How long one waits for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pacing {
    /// For the bot, in real time; a busy machine's counts in part.
    pub(crate) patience: Duration,
    /// Until the bot is taken to have nothing more to say, in real time, before it is known how fast it is.
    pub(crate) quiet: Duration,
    /// How far the clock is put forward, at most, while one waits for the bot and it stands still.
    pub(crate) horizon: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(5),
            quiet: Duration::from_millis(200),
            horizon: Duration::from_secs(120),
        }
    }
}

/// What went wrong.
///
/// For an example see [`PlayError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The bot sent nothing.
    AnsweredNobody,
    /// The bot sent the same again, for a message that was posted to it twice.
    AnsweredTwice,
    /// The bot sent something other than expected.
    Different,
    /// The bot sent something where nothing was expected.
    Unexpected,
    /// The webhook could not be reached, or refused it.
    Webhook,
    /// What the user was to do can't be done: nothing there that could be tapped.
    Impossible,
}

impl FailureKind {
    /// As text: `answered twice`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnsweredNobody => "answered nobody",
            Self::AnsweredTwice => "answered twice",
            Self::Different => "not as expected",
            Self::Unexpected => "more than expected",
            Self::Webhook => "the webhook failed",
            Self::Impossible => "can't be done",
        }
    }
}

/// A conversation did not go as it should. `Display` has the whole of it.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::{FailureKind, Simulator};
///
/// # async fn start_your_bot(base_url: String) -> std::io::Result<String> {
/// #     use serde_json::{Value, json};
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     use tokio::net::{TcpListener, TcpStream};
/// #     let listener = TcpListener::bind("127.0.0.1:0").await?;
/// #     let url = format!("http://{}/", listener.local_addr()?);
/// #     tokio::spawn(async move {
/// #         while let Ok((mut stream, _)) = listener.accept().await {
/// #             let mut request = Vec::new();
/// #             while !request.ends_with(b"}") && stream.read_buf(&mut request).await.unwrap() > 0 {}
/// #             stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
/// #             let Some(start) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
/// #             let callback: Value = serde_json::from_slice(&request[start + 4..]).unwrap();
/// #             let message = &callback["meta_object"]["value"]["messages"][0];
/// #             let Some(text) = message["text"]["body"].as_str() else { continue };
/// #             let to = format!("+{}", message["from"].as_str().unwrap());
/// #             let reply = json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": format!("You said: {text}")}});
/// #             let body = json!({"messaging_object": reply}).to_string();
/// #             let mut api = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
/// #             let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #             api.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #             api.read_to_end(&mut Vec::new()).await.unwrap();
/// #         }
/// #     });
/// #     Ok(url)
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, None)?;
/// let played = sim.user("+919800000001").says("Hi").expect("Hello!").run().await;
/// let difference = played.unwrap_err();
/// assert_eq!(difference.kind, FailureKind::Different);
/// assert_eq!(difference.kind.as_str(), "not as expected");
/// println!("{difference}"); // with the transcript
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PlayError {
    /// What went wrong.
    pub kind: FailureKind,
    /// What was expected; empty where that was nothing.
    pub expected: String,
    /// What came instead.
    pub found: String,
    /// The conversation up to there, a line each.
    pub transcript: String,
    /// What ids and faults were made from.
    pub seed: u64,
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (seed {})", self.kind.as_str(), self.seed)?;
        for (name, text) in [("expected", &self.expected), ("found", &self.found)] {
            if !text.is_empty() {
                writeln!(f, "  {name}: {}", text.replace('\n', "\n    "))?;
            }
        }
        write!(
            f,
            "the conversation:\n  {}",
            self.transcript.replace('\n', "\n  ")
        )
    }
}

impl std::error::Error for PlayError {}

/// Plays one user's side of a conversation.
pub(crate) struct Player {
    pub(crate) core: Arc<Core>,
    pub(crate) conversation: ConversationId,
    /// What the two are called in transcripts.
    pub(crate) user_name: String,
    pub(crate) business_name: String,
    pub(crate) pacing: Pacing,
}

type Played = Result<(), PlayError>;

/// What one waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Something happened.
    Came,
    /// The bot was silent, so the clock went on to what was due.
    Due,
    /// The bot is silent, and nothing is due within the time.
    Nothing,
}

impl Next {
    fn of<T>(came: Option<T>) -> Self {
        came.map_or(Self::Nothing, |_| Self::Came)
    }
}

impl Player {
    pub(crate) async fn play(&mut self, deed: &Deed) -> Played {
        match deed {
            Deed::Expects(expected, within) => self.expect(expected, *within).await,
            Deed::ExpectsReaction(emoji) => {
                let expected = Expected::text(emoji).of_type("reaction");
                self.expect(&expected, None).await
            }
            Deed::ExpectsNothing(within) => self.expect_nothing(*within).await,
            Deed::ExpectsRead => self.expect_read().await,
            Deed::Waits(by) => {
                self.wait(*by).await;
                Ok(())
            }
            Deed::Reads => {
                let (business, user) = self.parties();
                self.core.user_reads(&business, &user);
                self.calm().await;
                Ok(())
            }
            Deed::Plays => {
                let (business, user) = self.parties();
                self.core.user_plays(&business, &user, None);
                self.calm().await;
                Ok(())
            }
            Deed::Switches(switch) => {
                let (business, user) = self.parties();
                self.core.switch(&business, &user, *switch);
                self.calm().await;
                Ok(())
            }
            Deed::Pays(status) => {
                let (business, user) = self.parties();
                let queued = self.core.user_pays(&business, &user, status);
                let queued = queued.ok_or_else(|| self.impossible("there is no order to pay"))?;
                self.told(queued).await
            }
            Deed::ChangesNumber(new) => {
                let (business, user) = self.parties();
                let queued = self.core.change_number(&business, &user, new);
                self.told(queued).await?;
                self.conversation = ConversationId::new(&business, new);
                Ok(())
            }
            deed => {
                let message = self.message(deed).await?;
                let queued = self.core.user_writes(message, false);
                self.told(queued).await
            }
        }
    }

    pub(super) fn parties(&self) -> (String, String) {
        let ConversationId { business, user } = self.conversation.clone();
        (business, user)
    }

    /// The webhook is told, and takes it; unless a fault let that go wrong.
    async fn told(&mut self, queued: Queued) -> Played {
        let number = queued.number;
        let done = if self.is_frozen() {
            self.settle().await;
            // What a fault holds back comes when the clock gets there.
            timeout(Duration::ZERO, queued.done()).await.ok()
        } else {
            self.patience().wait(queued.done()).await
        };
        let is_faulty = number.is_some_and(|number| {
            let hits = self.core.journal.all_that(|entry| {
                entry.cause == Some(number) && matches!(entry.fact, Fact::FaultHit { .. })
            });
            !hits.is_empty()
        });
        match done {
            Some(Ok(200..=299)) | None => Ok(()),
            Some(Ok(_) | Err(_)) if is_faulty => Ok(()),
            // A blocked user writes, and nobody is notified.
            Some(Err(CallbackError::UserBlocked)) => Ok(()),
            Some(Ok(status)) => Err(self.failure(
                FailureKind::Webhook,
                "a 2xx",
                &format!("it responded with {status}"),
            )),
            Some(Err(error)) => Err(self.failure(FailureKind::Webhook, "a 2xx", &error.detail())),
        }
    }

    pub(super) fn patience(&self) -> Patience {
        Patience::new(self.pacing.patience)
    }

    /// Waits until nothing is due, and neither the webhook nor a request of the bot's waits for a response; but no longer than
    /// the bot is waited for, where one of them hangs.
    async fn settle(&self) {
        loop {
            self.core.settle().await;
            let working = [&self.core.flights, &self.core.requests];
            let mut changes = working.map(|it| it.changes());
            let left = working.map(|it| it.busy(self.pacing.patience));
            let Some(left) = left.into_iter().flatten().max() else {
                return;
            };
            let [posts, requests] = &mut changes;
            tokio::select! {
                () = rest(left) => {}
                _ = posts.changed() => {}
                _ = requests.changed() => {}
            }
        }
    }

    fn is_frozen(&self) -> bool {
        self.core.clock().speed() == 0.0
    }

    async fn wait(&self, by: Duration) {
        // The bot finishes what it has begun: it does not know that time flies.
        self.calm().await;
        self.core.advance(by).await;
        self.calm().await;
    }

    /// Waits until the bot was silent for a while, and nothing is being posted.
    pub(crate) async fn calm(&self) {
        self.calm_for(1).await;
    }

    /// The same, with a silence that is this many times as long.
    pub(crate) async fn calm_for(&self, times: u32) {
        // Not forever, where the bot never stops.
        for _ in 0..100 {
            self.settle().await;
            let before = self.core.journal.newest();
            let quiet = self.core.quiet(self.pacing.quiet);
            rest((times * quiet).min(LONGEST_SILENCE).max(quiet)).await;
            if self.core.journal.newest() == before {
                return;
            }
        }
    }

    /// Waits for what comes next.
    pub(super) async fn go_on(
        &self,
        patience: &mut Patience,
        until: Option<std::time::SystemTime>,
    ) -> Next {
        let newest = self.core.journal.newest();
        let mut reader = self.core.journal.read_from(newest + 1);
        if !self.is_frozen() {
            return Next::of(patience.wait(reader.next()).await.flatten());
        }
        self.settle().await;
        if self.core.journal.newest() > newest {
            return Next::Came;
        }
        let quiet = self.core.quiet(self.pacing.quiet);
        let written = patience.wait_at_most(quiet, reader.next()).await;
        if written.flatten().is_some() {
            return Next::Came;
        }
        // The bot is silent: on to what is due next.
        let due = self.core.next_due();
        match due.filter(|due| until.is_none_or(|until| *due <= until)) {
            Some(due) => {
                self.core.clock().put_forward(due);
                self.core.settle().await;
                Next::Due
            }
            None => Next::of(patience.wait(reader.next()).await.flatten()),
        }
    }

    async fn expect(&mut self, expected: &Expected, within: Option<Duration>) -> Played {
        let mut began = Instant::now();
        let until = self.core.clock().now() + within.unwrap_or(self.pacing.horizon);
        let mut patience = self.pacing.patience;
        if let (Some(within), false) = (within, self.is_frozen()) {
            patience = patience.max(within);
        }
        let mut patience = Patience::new(patience);
        let (entry, message) = loop {
            if let Some(next) = self.next_line() {
                break next;
            }
            match self.go_on(&mut patience, Some(until)).await {
                Next::Came => {}
                // It replies to that, if to anything.
                Next::Due => began = Instant::now(),
                Next::Nothing => match self.next_line() {
                    Some(next) => break next,
                    None => {
                        let found = "nothing, within the time that there is";
                        let kind = FailureKind::AnsweredNobody;
                        return Err(self.failure(kind, &expected.describe(), found));
                    }
                },
            }
        };
        self.core.bot_took(began.elapsed());
        self.went(&message, &mut patience).await;
        let (business, user) = self.parties();
        let last = self.core.last_of_user(&business, &user);
        if let Some(difference) = expected.difference(&self.core, &message, last.as_deref()) {
            let line = business_line(&self.core, &message, &self.business_name);
            let kind = self.kind_of(entry, FailureKind::Different);
            let found = format!("{line}\n({difference})");
            return Err(self.failure(kind, &expected.describe(), &found));
        }
        self.core
            .state
            .conversations()
            .seen(&self.conversation, entry);
        Ok(())
    }

    /// Waits until it is decided whether the message gets through.
    async fn went(&self, message: &AcceptedMessage, patience: &mut Patience) {
        let wamid = message.wamid.as_str();
        let step = Duration::from_millis(1);
        while !self.core.state.messages().has_gone(wamid) && !patience.is_over() {
            patience.wait_at_most(step, pending::<()>()).await;
        }
    }

    /// What the business wrote next, that was not expected yet.
    fn next_line(&self) -> Option<(u64, Arc<AcceptedMessage>)> {
        self.core
            .state
            .conversations()
            .next_unseen(&self.conversation)
    }

    async fn expect_nothing(&mut self, within: Duration) -> Played {
        self.calm().await;
        if self.is_frozen() {
            self.core.advance(within).await;
        } else {
            rest(within).await;
        }
        self.calm().await;
        self.nothing_more()
    }

    /// The business wrote nothing that was not expected.
    pub(crate) fn nothing_more(&self) -> Played {
        let Some((entry, message)) = self.next_line() else {
            return Ok(());
        };
        let line = business_line(&self.core, &message, &self.business_name);
        let kind = self.kind_of(entry, FailureKind::Unexpected);
        Err(self.failure(kind, "nothing more", &line))
    }

    async fn expect_read(&mut self) -> Played {
        let (business, user) = self.parties();
        let mut patience = self.patience();
        let is_read = || {
            let last = self.core.last_of_user(&business, &user);
            last.is_some_and(|id| self.core.state.conversations().is_read(&id))
        };
        while !is_read() {
            let next = self.go_on(&mut patience, None).await;
            if next == Next::Nothing && !is_read() {
                let kind = FailureKind::AnsweredNobody;
                return Err(self.failure(kind, "read", "not marked as read"));
            }
        }
        Ok(())
    }

    /// Whether a message is the answer to something once more that the bot was told of twice.
    fn kind_of(&self, entry: u64, otherwise: FailureKind) -> FailureKind {
        let lines = self.core.state.conversations().lines(&self.conversation);
        match self.core.is_said_again(&lines, entry) {
            true => FailureKind::AnsweredTwice,
            false => otherwise,
        }
    }

    pub(super) fn impossible(&self, why: &str) -> PlayError {
        self.failure(FailureKind::Impossible, "", why)
    }

    pub(crate) fn failure(&self, kind: FailureKind, expected: &str, found: &str) -> PlayError {
        let (id, user, business) = (&self.conversation, &self.user_name, &self.business_name);
        PlayError {
            kind,
            expected: expected.to_owned(),
            found: found.to_owned(),
            transcript: dialogue(&self.core, id, user, business),
            seed: self.core.chance.seed(),
        }
    }
}
