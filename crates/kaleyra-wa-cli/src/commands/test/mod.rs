//! `kaleyra-wa test`: plays `.chat` files with a bot in any language.

mod bot;

use std::collections::VecDeque;
use std::fs;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use clap::{Args, ValueHint};
use kaleyra_wa_sim::{
    Account, Bot, ChatFile, ChatOutcome, ChatRun, ChatRunError, Reproduction, junit, tap,
};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::sim::{fault_spec, presets};
use super::{bind, stop_signal};
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::settings::Credentials;
use crate::settings::layers::Layers;
use crate::show::line::{Line, block};
use crate::show::output::{note, say, say_all};
use crate::values::suggested;

/// Play conversations from .chat files with a bot, and report the first difference
#[derive(Args)]
#[command(after_help = "\
The simulator runs inside this command, with its own clock, so a wait of days takes no time. A bot that is started by \
--exec gets PORT, where its webhook has to listen, and KALEYRA_BASE_URL, KALEYRA_SID, KALEYRA_API_KEY, KALEYRA_SENDER and \
KALEYRA_CALLBACK_SECRET, which each callback carries in the header x-kaleyra-secret. A running bot is named by --bot, \
and sends to http://127.0.0.1:8090, or to the port that --port names.

A conversation:
  user asha \"Asha Example\" +919800000001
  asha: Hi! Is the blue one in stock?
  shop: Which size do you need?
    buttons 41 | 42 | 43
  asha taps 42
  shop: ~ /in (two|2) days/

Examples:
  kaleyra-wa test shoes.chat --bot http://127.0.0.1:8080/ --port 0
  kaleyra-wa test shoes.chat --bot http://127.0.0.1:8080/ --port 0 --seeds 1..3 --faults monsoon
  kaleyra-wa test shoes.chat --bot http://127.0.0.1:8080/ --port 0 --junit report.xml

With a bot that is started, seeds are tried side by side: kaleyra-wa test shoes.chat --exec ./bot.sh --seeds 1..200 --jobs 4

The bot has 5 seconds for each thing that is expected, or what --timeout says; on a busy machine it gets longer.

Results are in the Test Anything Protocol; with --json each file is a line: file, ok, seed, tried, line, source, kind, \
expected, found, transcript, faults, reproduce.
Exit codes: 0 all went as expected, 1 some did not or could not be played, 2 a file that is not a conversation.")]
#[command(group(clap::ArgGroup::new("which").required(true)))]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Test {
    /// Files with conversations
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The webhook of a running bot
    #[arg(long, value_name = "URL", group = "which")]
    bot: Option<String>,
    /// Command line that starts the bot, anew for each run
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString, group = "which")]
    exec: Option<String>,
    /// Port of the simulator; by default 8090 with --bot, a free one with --exec
    #[arg(long)]
    port: Option<u16>,
    #[command(flatten)]
    credentials: Credentials,
    /// Secret that callbacks carry in the header x-kaleyra-secret [env: KALEYRA_CALLBACK_SECRET]
    #[arg(long, value_name = "SECRET")]
    secret: Option<String>,
    /// Seed for faults, in place of the one in the file
    #[arg(long, value_name = "N", conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Try one seed after the other until it goes wrong, and find the fewest faults that it takes; without --faults and \
    /// faults in the project's file nothing differs between seeds but the ids, and it is played once for each
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<RangeInclusive<u64>>,
    /// Let things go wrong: rules, the name of a preset, or @FILE; else what the project's file has as `faults`
    #[arg(long, value_name = "SPEC|@FILE", hide_possible_values = true, value_parser = suggested(presets()))]
    faults: Option<String>,
    /// Apply only this fault, by its key; may be given several times
    #[arg(long, value_name = "KEY", conflicts_with = "seeds")]
    only_fault: Vec<String>,
    /// Play so many side by side, with --exec: several files, or the seeds of one
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with_all = ["bot", "port"], value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Write the results to this file, as JUnit has them
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write what the bot sends into the files, in place of what was expected
    #[arg(long, conflicts_with = "seeds")]
    update: bool,
}

/// A file that is being played, until nobody waits for it any more.
struct Task(JoinHandle<Result<Played, Exit>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How one file went.
struct Played {
    name: String,
    outcome: ChatOutcome,
    reproduction: Option<Reproduction>,
    tried: u64,
}

impl Test {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let files = self.files.iter().map(|path| read(path));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        let run = self.chat_run().await?;
        let jobs = usize::from(self.jobs);
        // Seeds of one file, or several files: not both, or it would be jobs times jobs.
        let (at_once, seeds_at_once) = match files.len() {
            1 => (1, jobs),
            _ => (jobs, 1),
        };
        let mut to_play = self.files.iter().zip(files);
        let mut playing = VecDeque::new();
        let mut played = Vec::new();
        let stop = stop_signal();
        let mut stop = pin!(stop);
        loop {
            while playing.len() < at_once
                && let Some((path, file)) = to_play.next()
            {
                let play = self.play(&run, path.clone(), file, seeds_at_once);
                playing.push_back(Task(tokio::spawn(play)));
            }
            let Some(mut task) = playing.pop_front() else {
                break;
            };
            let one = tokio::select! {
                one = &mut task.0 => one.map_err(Exit::failed)??,
                () = &mut stop => return Err(Exit::failed("interrupted: the bot was stopped")),
            };
            if global::settings().json {
                say(Line::json(&one.to_json()).map_err(Exit::failed)?)?;
            }
            played.push(one);
        }
        let reports: Vec<_> = played
            .iter()
            .map(|it| (it.name.as_str(), &it.outcome, it.reproduction.as_ref()))
            .collect();
        if !global::settings().json {
            say_all(block(&tap(&reports)))?;
        }
        if let Some(path) = &self.junit {
            fs::write(path, junit(&reports)).map_err(|error| {
                Exit::failed(format!("{}: can't be written: {error}", path.display()))
            })?;
        }
        match reports.iter().filter(|it| it.1.failure.is_some()).count() {
            0 => Ok(()),
            failed => Err(Exit::found(format!(
                "{failed} of {} went another way than expected",
                reports.len()
            ))),
        }
    }

    async fn chat_run(&self) -> Result<ChatRun, Exit> {
        let [sid, api_key, sender] = self.credentials.made_up();
        let secret = self.secret.clone();
        let secret = secret.or_else(|| crate::settings::variable("KALEYRA_CALLBACK_SECRET"));
        let layers = Layers::load()?;
        let (bot, port, secret) = match (&self.bot, &self.exec) {
            (Some(url), _) => {
                reach(url).await?;
                let port = match self.port {
                    Some(port) => port,
                    None => layers.number("sim_port")?.unwrap_or(8090),
                };
                (Bot::at(url), port, secret)
            }
            (None, line) => {
                let secret = secret.unwrap_or_else(|| "s3cret-of-tests".to_owned());
                let line = line.clone().unwrap_or_default();
                let account = [sid.clone(), api_key.clone(), sender.clone()];
                let bot = bot::started_by(line, account, secret.clone());
                (bot, self.port.unwrap_or(0), Some(secret))
            }
        };
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        // Says in a line what is wrong with the port.
        drop(bind(listen.ip(), port, "--port").await?);
        // A bot is close by: nobody wants to wait as long as for a server.
        let timeout = global::settings().timeout.unwrap_or(5);
        let mut run = ChatRun::new(bot)
            .account(Account::new(sid, api_key, sender))
            .listen(listen)
            .faults(fault_spec(self.faults.as_deref(), &layers)?)
            .patience(Duration::from_secs(timeout))
            .updates(self.update);
        if let Some(secret) = secret {
            run = run.header("x-kaleyra-secret", secret);
        }
        if let Some(seed) = self.seed {
            run = run.seed(seed);
        }
        if !self.only_fault.is_empty() {
            run = run.only_faults(self.only_fault.clone());
        }
        Ok(run)
    }

    fn play(
        &self,
        run: &ChatRun,
        path: PathBuf,
        file: ChatFile,
        jobs: usize,
    ) -> impl Future<Output = Result<Played, Exit>> + Send + use<> {
        let (run, seeds, updates) = (run.clone(), self.seeds.clone(), self.update);
        let arguments = self.arguments();
        async move {
            let name = path.display().to_string();
            let failed = |error: ChatRunError| failed(&name, &error);
            let (outcome, reproduction, tried) = match seeds {
                Some(seeds) => {
                    let found = run.search_side_by_side(&file, seeds, jobs).await;
                    let found = found.map_err(failed)?;
                    let outcome = found.outcome;
                    let outcome =
                        outcome.ok_or_else(|| Exit::bad_input("--seeds: there is none"))?;
                    (outcome, found.reproduction, found.tried)
                }
                None => {
                    let outcome = run.run(&file).await.map_err(failed)?;
                    let reproduction = run.reproduction(&outcome);
                    (outcome, Some(reproduction), 1)
                }
            };
            if let Some(updated) = outcome.updated.as_ref().filter(|_| updates) {
                fs::write(&path, updated)
                    .map_err(|error| Exit::failed(format!("{name}: can't be written: {error}")))?;
                note(format!("{name}: updated; look through the differences"));
            }
            Ok(Played {
                reproduction: reproduction
                    .filter(|_| outcome.failure.is_some())
                    .map(|it| it.with_arguments(arguments)),
                name,
                outcome,
                tried,
            })
        }
    }

    /// What names the bot. Secrets are not repeated.
    fn arguments(&self) -> Vec<String> {
        let named = [
            ("--bot", self.bot.clone()),
            ("--exec", self.exec.clone()),
            ("--port", self.port.map(|port| port.to_string())),
            (
                "--timeout",
                global::settings().timeout.map(|it| it.to_string()),
            ),
        ];
        let named = named
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_owned(), value?]));
        named.flatten().collect()
    }
}

impl Played {
    fn to_json(&self) -> serde_json::Value {
        let failure = self.outcome.failure.as_ref();
        json!({
            "file": self.name, "ok": failure.is_none(), "seed": self.outcome.seed, "tried": self.tried,
            "line": failure.map(|it| it.line),
            "source": failure.map(|it| it.source.trim()),
            "kind": failure.map(|it| it.error.kind.as_str()),
            "expected": failure.map(|it| &it.error.expected),
            "found": failure.map(|it| &it.error.found),
            "transcript": self.outcome.transcript,
            "faults": self.outcome.faults,
            "reproduce": self.reproduction.as_ref().map(|it| it.command(&self.name)),
        })
    }
}

fn read(path: &Path) -> Result<ChatFile, Exit> {
    let at = path.display();
    let text = input::text("", path)?;
    let file = ChatFile::parse(&text).map_err(|error| Exit::bad_input(format!("{at}: {error}")))?;
    Ok(file.in_folder(path.parent().unwrap_or(Path::new(""))))
}

/// Whether something listens where the bot should.
async fn reach(url: &str) -> Result<(), Exit> {
    // What is no URL is told when it is posted to.
    let Ok(uri) = url.parse::<http::Uri>() else {
        return Ok(());
    };
    let Some(host) = uri.host() else {
        return Ok(());
    };
    let port = match uri.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    let address = (
        host.trim_matches(['[', ']']),
        uri.port_u16().unwrap_or(port),
    );
    let tried = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(address));
    match tried.await {
        Ok(Err(error)) => Err(Exit::failed(format!(
            "--bot: the bot can't be reached at {host}, port {} ({error}); start it, or let --exec start it",
            address.1
        ))),
        _ => Ok(()),
    }
}

fn failed(name: &str, error: &ChatRunError) -> Exit {
    let mut text = format!("{name}: {error}");
    if let Some(source) = std::error::Error::source(error) {
        text.push_str(&format!(": {source}"));
    }
    match error {
        ChatRunError::File { .. } | ChatRunError::Webhook(_) => Exit::bad_input(text),
        _ => Exit::failed(text),
    }
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let bounds = text.split_once("..").and_then(|(from, to)| {
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        (from <= to).then_some(from..=to)
    });
    bounds.ok_or_else(|| "write the first and the last, such as 1..200".to_owned())
}
