//! Looks for a seed with which a conversation goes wrong, and for the fewest faults that it takes.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::ops::RangeInclusive;

use tokio::task::JoinHandle;

use super::file::ChatFile;
use super::outcome::{ChatOutcome, ChatRunError};
use super::run::ChatRun;
use crate::fault::FaultSpec;

/// How often a failing run is repeated, at most, to find the fewest faults.
const SHRINKING_RUNS: usize = 100;

/// The result of a search.
///
/// ```
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
/// let bot = Bot::started_by(|base_url| async { Ok(StartedBot::new(start_your_bot(base_url).await?, ())) });
/// let file = ChatFile::parse("user asha +919800000001\nasha: Hi\nshop: You said: Hi")?;
///
/// // It replies to each callback, and so twice to one that comes twice.
/// let run = ChatRun::new(bot).faults("callback:duplicate".parse()?);
/// let found = run.search(&file, 1..=100).await?;
/// assert_eq!(found.tried, 1);
/// let reproduction = found.reproduction.unwrap().with_arguments(["--exec", "./bot"]);
/// assert!(reproduction.command("hello.chat").starts_with("kaleyra-wa test hello.chat --seed 1 --exec ./bot --faults"));
///
/// // Where another run is to be the same, whatever came of it; and two runs at a time.
/// let outcome = found.outcome.unwrap();
/// assert_eq!(run.reproduction(&outcome).seed, 1);
/// assert_eq!(run.search_side_by_side(&file, 1..=100, 2).await?.reproduction.unwrap().seed, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SearchOutcome {
    /// How many seeds were tried.
    pub tried: u64,
    /// The outcome of the first run that went wrong, with the fewest faults; or of the last.
    pub outcome: Option<ChatOutcome>,
    /// How to reproduce it; `None` where nothing went wrong.
    pub reproduction: Option<Reproduction>,
}

/// How to reproduce a failure.
///
/// For an example see [`SearchOutcome`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reproduction {
    /// The seed.
    pub seed: u64,
    /// The rules besides those of the file.
    pub faults: FaultSpec,
    /// The faults that it takes, by their keys.
    pub only: Vec<String>,
    /// What else the command needs: see [`with_arguments`](Self::with_arguments).
    arguments: Vec<String>,
}

impl ChatRun {
    /// How to reproduce an outcome of this run: with its seed, its faults, and only those of them that were let through.
    ///
    /// For an example see [`SearchOutcome`].
    pub fn reproduction(&self, outcome: &ChatOutcome) -> Reproduction {
        Reproduction {
            seed: outcome.seed,
            faults: self.faults.clone(),
            only: self.only.iter().flatten().cloned().collect(),
            arguments: Vec::new(),
        }
    }

    /// Plays a conversation with one seed after the other until it goes wrong, and then finds the fewest faults that it takes.
    ///
    /// Where neither the file nor [`faults`](Self::faults) lets anything go wrong, the preset `monsoon` does.
    ///
    /// # Errors
    ///
    /// When it can't be played at all.
    ///
    /// For an example see [`SearchOutcome`].
    pub async fn search(
        &self,
        file: &ChatFile,
        seeds: RangeInclusive<u64>,
    ) -> Result<SearchOutcome, ChatRunError> {
        self.search_side_by_side(file, seeds, 1).await
    }

    /// The same with so many runs side by side. It finds the same seed: the first with which it goes wrong.
    ///
    /// Each run has a simulator and a bot of its own, so the bot must be one that is started for it, and
    /// [`listen`](Self::listen) must not name a port.
    ///
    /// # Errors
    ///
    /// When it can't be played at all.
    ///
    /// For an example see [`SearchOutcome`].
    pub async fn search_side_by_side(
        &self,
        file: &ChatFile,
        seeds: RangeInclusive<u64>,
        jobs: usize,
    ) -> Result<SearchOutcome, ChatRunError> {
        let mut run = self.clone();
        if run.faults.rules.is_empty() && !file.has_faults() {
            run.faults = "monsoon".parse().unwrap_or_default();
        }
        let mut found = SearchOutcome {
            tried: 0,
            outcome: None,
            reproduction: None,
        };
        let mut seeds = seeds;
        let mut running = VecDeque::new();
        loop {
            while running.len() < jobs.max(1)
                && let Some(seed) = seeds.next()
            {
                let (run, file) = (run.clone().seed(seed), file.clone());
                running.push_back((
                    seed,
                    Ended(tokio::spawn(async move { run.run(&file).await })),
                ));
            }
            // In their order, so that it is the first that goes wrong.
            let Some((seed, mut ended)) = running.pop_front() else {
                break;
            };
            found.tried += 1;
            let outcome = match (&mut ended.0).await {
                Ok(outcome) => outcome?,
                Err(error) => return Err(ChatRunError::Bot(io::Error::other(error))),
            };
            if outcome.failure.is_none() {
                found.outcome = Some(outcome);
                continue;
            }
            running.clear();
            let (outcome, only) = run.shrink(file, seed, outcome).await?;
            found.outcome = Some(outcome);
            found.reproduction = Some(Reproduction {
                seed,
                faults: run.faults,
                only,
                arguments: Vec::new(),
            });
            break;
        }
        Ok(found)
    }

    /// Leaves out faults as long as it goes wrong in the same way.
    async fn shrink(
        &self,
        file: &ChatFile,
        seed: u64,
        mut outcome: ChatOutcome,
    ) -> Result<(ChatOutcome, Vec<String>), ChatRunError> {
        let kind = |outcome: &ChatOutcome| outcome.failure.as_ref().map(|it| it.error.kind);
        let expected = kind(&outcome);
        let mut keys: Vec<String> = outcome.faults.clone();
        // Half of them at a time, then a quarter, … at last each on its own.
        let mut size = keys.len().div_ceil(2);
        let mut runs = 0;
        while size > 0 && runs < SHRINKING_RUNS {
            let mut start = 0;
            let mut is_shrunk = false;
            while start < keys.len() && runs < SHRINKING_RUNS {
                let end = (start + size).min(keys.len());
                let fewer: Vec<String> = [&keys[..start], &keys[end..]].concat();
                let only: BTreeSet<String> = fewer.iter().cloned().collect();
                let run = self.clone().seed(seed).only_faults(only);
                let next = run.run(file).await?;
                runs += 1;
                if kind(&next) == expected {
                    // What took place may be fewer still.
                    keys = fewer
                        .into_iter()
                        .filter(|it| next.faults.contains(it))
                        .collect();
                    outcome = next;
                    is_shrunk = true;
                } else {
                    start = end;
                }
            }
            size = match (size, is_shrunk) {
                (1, false) => 0,
                (1, true) => 1,
                (size, _) => size.div_ceil(2).min(size - 1),
            };
        }
        Ok((outcome, keys))
    }
}

/// A run that ends when nobody waits for it any more.
struct Ended(JoinHandle<Result<ChatOutcome, ChatRunError>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Reproduction {
    /// With further arguments, such as those that name the bot: `["--exec", "./bot.sh --quick"]`. They are quoted for a shell.
    #[must_use]
    pub fn with_arguments(
        mut self,
        arguments: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.arguments = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// The command that does it: `kaleyra-wa test shoes.chat --seed 7 …`.
    pub fn command(&self, path: &str) -> String {
        let seed = self.seed.to_string();
        // What begins with a hyphen would be an option.
        let path = match path.starts_with('-') {
            true => format!("./{path}"),
            false => path.to_owned(),
        };
        let mut words = vec!["kaleyra-wa", "test", &path, "--seed", &seed];
        words.extend(self.arguments.iter().map(String::as_str));
        let faults = self.faults.to_string();
        if !self.faults.rules.is_empty() {
            words.extend(["--faults", &faults]);
        }
        for key in &self.only {
            words.extend(["--only-fault", key]);
        }
        let words: Vec<_> = words.into_iter().map(shell_word).collect();
        words.join(" ")
    }
}

/// In quotes, where a shell would make something else of it.
fn shell_word(word: &str) -> Cow<'_, str> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "/._-".contains(sign);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_every_word_of_the_command_back() {
        let reproduction = Reproduction {
            seed: 7,
            faults: "callback:duplicate p=0.5".parse().unwrap(),
            only: vec!["it's a key".to_owned()],
            arguments: Vec::new(),
        };
        let reproduction = reproduction.with_arguments(["--exec", "./bot $HOME"]);
        assert_eq!(
            reproduction.command("--seed.chat"),
            "kaleyra-wa test ./--seed.chat --seed 7 --exec './bot $HOME' --faults 'callback:duplicate p=0.5' \
             --only-fault 'it'\\''s a key'"
        );
        let plain = reproduction.command("a b/-c.chat");
        assert!(
            plain.starts_with("kaleyra-wa test 'a b/-c.chat' "),
            "{plain}"
        );
    }
}
