//! Plays a conversation with a bot, in a simulator of its own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use super::bot::Bot;
use super::file::{Action, ChatFile, Step};
use super::outcome::{ChatFailure, ChatOutcome, ChatRunError};
use crate::callback::kind_of_file;
use crate::delivery::settings::Callbacks;
use crate::fault::FaultSpec;
use crate::journal::{Entry, Fact};
use crate::model::account::{Account, without_plus};
use crate::model::conversation::ConversationId;
use crate::play::dialogue::{business_line, dialogue};
use crate::play::{Deed, FailureKind, Pacing, PlayError, Player};
use crate::simulator::Simulator;

/// How a conversation is played.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::{Bot, ChatFile, ChatRun, StartedBot};
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
/// // `start_your_bot` gives the address of the webhook. What ends the bot, such as a process, stands in place of `()`.
/// let bot = Bot::started_by(|base_url| async { Ok(StartedBot::new(start_your_bot(base_url).await?, ())) });
/// let file = ChatFile::parse("user asha +919800000001\nasha: Hi\nshop: You said: Hi")?;
/// let outcome = ChatRun::new(bot)
///     .header("x-kaleyra-secret", "s3cret")
///     .seed(7)
///     .patience(Duration::from_secs(10))
///     .run(&file)
///     .await?;
/// assert!(outcome.failure.is_none(), "{outcome}");
/// # Ok(())
/// # }
/// ```
///
/// A bot that runs already is told where to send to:
///
/// ```no_run
/// use kaleyra_wa_sim::{Account, Bot, ChatFile, ChatRun};
///
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// let file = ChatFile::parse(&std::fs::read_to_string("tests/shoes.chat")?)?.in_folder("tests");
/// let run = ChatRun::new(Bot::at("http://127.0.0.1:8080/"))
///     .listen("127.0.0.1:8090".parse()?)
///     .account(Account::new("HXIN0000000000IN", "A-key", "+918000000001"))
///     .faults("callback:delay by=1s..3s".parse()?);
/// let outcome = run.run(&file).await?;
///
/// // The same with the faults of that run alone, however the rules are changed.
/// let again = run.only_faults(outcome.faults).run(&file).await?;
/// println!("{again}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ChatRun {
    pub(super) bot: Bot,
    pub(super) listen: SocketAddr,
    account: Account,
    header: Option<(String, String)>,
    pub(super) seed: Option<u64>,
    pub(super) faults: FaultSpec,
    pub(super) only: Option<BTreeSet<String>>,
    patience: Duration,
    updates: bool,
}

impl ChatRun {
    /// Plays with this bot, for the account `HXIN0000000000IN` with the key `A-key` and the number `+918000000001`, at any free
    /// port.
    pub fn new(bot: Bot) -> Self {
        Self {
            bot,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            account: Account::new("HXIN0000000000IN", "A-key", "+918000000001"),
            header: None,
            seed: None,
            faults: FaultSpec::default(),
            only: None,
            patience: Duration::from_secs(5),
            updates: false,
        }
    }

    /// Where the simulator listens: where a bot that runs already sends to.
    #[must_use]
    pub fn listen(mut self, addr: SocketAddr) -> Self {
        self.listen = addr;
        self
    }

    /// The account that the bot uses.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.account = account;
        self
    }

    /// A header that callbacks carry.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.header = Some((name.into(), value.into()));
        self
    }

    /// What faults are decided by, whatever the file says.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Faults besides those of the file.
    #[must_use]
    pub fn faults(mut self, faults: FaultSpec) -> Self {
        self.faults = faults;
        self
    }

    /// Only the faults with these keys take place: those of [`ChatOutcome::faults`].
    #[must_use]
    pub fn only_faults(mut self, keys: impl IntoIterator<Item = String>) -> Self {
        self.only = Some(keys.into_iter().collect());
        self
    }

    /// How long to wait for the bot, in real time.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Continues where the bot sends something other than expected, and returns the file as it would have to be.
    ///
    /// For an example see [`ChatOutcome`].
    #[must_use]
    pub fn updates(mut self, updates: bool) -> Self {
        self.updates = updates;
        self
    }

    /// Plays a conversation once.
    ///
    /// # Errors
    ///
    /// When it can't be played at all. That it did not go as expected is not an error, but in the outcome.
    pub async fn run(&self, file: &ChatFile) -> Result<ChatOutcome, ChatRunError> {
        let began = Instant::now();
        let seed = self.seed.or(file.seed).unwrap_or(1);
        let mut builder = Simulator::of(self.account.clone())
            .seed(seed)
            // A bot that remembers the messages it has answered must not take them for those of the run before.
            .ids_of_their_own()
            .ladder(file.ladder.clone())
            .strictness(file.strictness)
            .faults(self.faults.clone())
            .clock(file.clock.unwrap_or_else(SystemTime::now))
            .frozen();
        if let Some(window) = file.window {
            builder = builder.window(window);
        }
        let sim = builder.bind(self.listen).await?;
        sim.core.faults().only(self.only.clone());
        let bot = self
            .bot
            .start(sim.base_url())
            .await
            .map_err(ChatRunError::Bot)?;
        let callbacks = Callbacks::to(&bot.url);
        sim.set_callbacks(Some(&match &self.header {
            Some((name, value)) => callbacks.header(name, value),
            None => callbacks,
        }))?;

        let mut play = Play::new(self, file, &sim);
        play.all().await?;
        let outcome = ChatOutcome {
            seed,
            faults: play.hits(),
            transcript: play.transcript(),
            took: began.elapsed(),
            updated: play.updated(),
            failure: play.failure,
        };
        drop(bot);
        sim.shutdown().await;
        Ok(outcome)
    }
}

/// A conversation that is being played.
struct Play<'a> {
    run: &'a ChatRun,
    file: &'a ChatFile,
    sim: &'a Simulator,
    players: Vec<Player>,
    failure: Option<ChatFailure>,
    /// Which lines become what.
    edits: Vec<(usize, usize, String)>,
}

impl<'a> Play<'a> {
    fn new(run: &'a ChatRun, file: &'a ChatFile, sim: &'a Simulator) -> Self {
        let business = sim.core.default_business();
        let players = file.users.iter().map(|user| {
            sim.core.end_user(&business, &user.number, Some(&user.name));
            Player {
                core: sim.core.clone(),
                conversation: ConversationId::new(&business, &user.number),
                user_name: user.alias.clone(),
                business_name: file.business.clone(),
                pacing: Pacing {
                    patience: run.patience,
                    ..Pacing::default()
                },
            }
        });
        Self {
            run,
            file,
            sim,
            players: players.collect(),
            failure: None,
            edits: Vec::new(),
        }
    }

    async fn all(&mut self) -> Result<(), ChatRunError> {
        for step in &self.file.steps {
            if let Err(error) = self.step(step).await? {
                let is_mended = self.run.updates && self.mend(step, &error);
                if !is_mended {
                    self.fail(step.first, error);
                    return Ok(());
                }
            }
        }
        if let Err(error) = self.end().await {
            let is_mended = self.run.updates && self.append();
            if !is_mended {
                self.fail(self.file.source.len(), error);
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<Result<(), PlayError>, ChatRunError> {
        let deed = match &step.action {
            Action::Fault(spec) => {
                let now = self.sim.now();
                for rule in &spec.rules {
                    self.sim.core.faults().add(rule.clone(), now);
                }
                return Ok(Ok(()));
            }
            Action::Heal => {
                self.sim.heal();
                return Ok(Ok(()));
            }
            Action::Wait(by) => {
                match self.players.first_mut() {
                    Some(player) => return Ok(player.play(&Deed::Waits(*by)).await),
                    None => self.sim.advance(*by).await,
                }
                return Ok(Ok(()));
            }
            Action::Deed(user, deed) => return Ok(self.players[*user].play(deed).await),
            Action::Send {
                user,
                path,
                caption,
            } => {
                let (kind, mime_type, is_voice) = kind_of_file(path);
                let whole = self.file.folder.join(path);
                let bytes = std::fs::read(whole).map_err(|source| ChatRunError::File {
                    line: step.first,
                    source,
                })?;
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                let deed = Deed::Sends {
                    kind,
                    mime_type: mime_type.to_owned(),
                    bytes,
                    name,
                    caption: caption.clone(),
                    is_voice,
                };
                (*user, deed)
            }
        };
        Ok(self.players[deed.0].play(&deed.1).await)
    }

    /// The bot has nothing more to say, to nobody.
    async fn end(&self) -> Result<(), PlayError> {
        let Some(first) = self.players.first() else {
            return Ok(());
        };
        first.calm().await;
        // What was held back by faults comes now, and what the bot makes of it; but a bot that never stops is not waited for.
        for _ in 0..100 {
            let Some(due) = self.sim.core.next_due() else {
                break;
            };
            self.sim.core.clock().put_forward(due);
            first.calm().await;
        }
        // A bot that handles a callback after its 200 shows by nothing that it still works on a duplicate: a slow one gets
        // longer, and most where one fault is to be shown again.
        if !self.hits().is_empty() {
            let times = if self.run.only.is_some() { 30 } else { 10 };
            first.calm_for(times).await;
        }
        self.players.iter().try_for_each(Player::nothing_more)?;
        let business = self.sim.core.default_business();
        let known: Vec<&str> = self
            .players
            .iter()
            .map(|it| it.conversation.user.as_str())
            .collect();
        for id in self.sim.conversations() {
            let is_known = known.contains(&id.user.as_str())
                || self
                    .file
                    .users
                    .iter()
                    .any(|user| without_plus(&user.number) == id.user);
            let written = self.sim.core.state.conversations().next_unseen(&id);
            if let (Some((_, message)), false) = (written, is_known && id.business == business) {
                let line = business_line(&self.sim.core, &message, &self.file.business);
                let found = format!("{line}\n(to a number that is no user's of this file)");
                return Err(first.failure(FailureKind::Unexpected, "nothing more", &found));
            }
        }
        Ok(())
    }

    fn fail(&mut self, line: usize, error: PlayError) {
        let source = self.file.source.get(line.saturating_sub(1));
        self.failure = Some(ChatFailure {
            line,
            source: source.cloned().unwrap_or_default(),
            error,
        });
    }

    /// Notes what the bot sent instead; `false` where that can't be.
    fn mend(&mut self, step: &Step, error: &PlayError) -> bool {
        let Action::Deed(user, Deed::Expects(..)) = &step.action else {
            return false;
        };
        if error.kind != FailureKind::Different {
            return false;
        }
        let Some(line) = self.take_line(*user) else {
            return false;
        };
        self.edits.push((step.first, step.last, line));
        true
    }

    /// Notes what the bot sent after the end.
    fn append(&mut self) -> bool {
        let end = self.file.source.len();
        let mut lines = Vec::new();
        for user in 0..self.players.len() {
            lines.extend(std::iter::from_fn(|| self.take_line(user)));
        }
        if lines.is_empty() {
            return false;
        }
        self.edits.push((end + 1, end, lines.join("\n")));
        true
    }

    /// The next message of the bot as the file would have it; it is expected from now on.
    fn take_line(&self, user: usize) -> Option<String> {
        let player = &self.players[user];
        let mut conversations = self.sim.core.state.conversations();
        let (entry, message) = conversations.next_unseen(&player.conversation)?;
        conversations.seen(&player.conversation, entry);
        drop(conversations);
        Some(business_line(&self.sim.core, &message, &self.file.business))
    }

    fn updated(&self) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        let mut lines = self.file.source.clone();
        for (first, last, text) in self.edits.iter().rev() {
            let range = first - 1..*last;
            lines.splice(range, text.lines().map(str::to_owned));
        }
        Some(lines.join("\n") + "\n")
    }

    fn hits(&self) -> Vec<String> {
        let is_hit = |entry: &Entry| matches!(entry.fact, Fact::FaultHit { .. });
        let hits = self.sim.core.journal.all_that(is_hit);
        let keys = hits.iter().filter_map(|entry| match &entry.fact {
            Fact::FaultHit { key, .. } => Some(key.clone()),
            _ => None,
        });
        keys.collect()
    }

    fn transcript(&self) -> String {
        let each = self.players.iter().map(|player| {
            let (user, business) = (&player.user_name, &player.business_name);
            dialogue(&self.sim.core, &player.conversation, user, business)
        });
        each.filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }
}
