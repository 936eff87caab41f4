//! `kaleyra-wa sim`: a simulated Kaleyra on this machine.

mod callbacks;
mod deeds;
mod entry;
mod remote;
mod session;

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use kaleyra_wa_sim::{
    AcceptedMessage, Account, Fault, FaultSpec, ReviewRules, ServiceWindow, SimEvent, Simulator,
    StatusLadder, Strictness, TemplateFolder,
};
use kaleyra_wa_types::PhoneNumber;

use super::{bind, host, stop_signal};
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::settings::Credentials;
use crate::settings::layers::Layers;
use crate::show::event::clock;
use crate::show::line::Line;
use crate::show::output::{note, say};
use crate::show::sent::sent_says;
use crate::show::style::Tone;
use crate::values::{one_of, suggested};

/// Run a simulated Kaleyra on this machine: nothing that is sent to it leaves the machine
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
It responds to POST /v2/<SID>/whatsapp/<SENDER>/messages as Kaleyra's pages document: 202 with a new id, 401 RBC001 for a \
wrong SID or key, 401 WA401 for a foreign sender, 400 WA400 for a bad payload. Beside it are …/media, …/block_users and \
…/phone_number_details. Make it fail in other ways with --fail, or \
while it runs: `curl http://127.0.0.1:8090/` explains how, and how to let a user write.

With --json all that happens is a line of JSON, as `kaleyra-wa sim log` has them.

Try it in three terminals:
  kaleyra-wa listen --port 8080 --secret s3cret
  kaleyra-wa sim --sid HX1 --api-key A1 --sender +918000000001 \\
    --callback-url http://127.0.0.1:8080/ --callback-secret s3cret
  kaleyra-wa send --base-url http://127.0.0.1:8090 --sid HX1 --api-key A1 \\
    --sender +918000000001 --to +919800000001 --text Hello"
)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Sim {
    #[command(subcommand)]
    ask: Option<remote::Ask>,
    /// Address of a running simulator, for the commands above; http://127.0.0.1:8090 by default
    /// [env: KALEYRA_SIM_URL]
    #[arg(long, global = true, value_name = "URL")]
    sim: Option<String>,
    /// Seed for ids and faults; random by default
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Let things go wrong: rules, the name of a preset, or @FILE; by default the project file's `faults`
    #[arg(long, value_name = "SPEC|@FILE", hide_possible_values = true, value_parser = suggested(presets()))]
    faults: Option<String>,
    /// What the clock shows at the start, such as 2026-11-28T12:00:00+05:30
    #[arg(long, value_name = "MOMENT")]
    clock: Option<jiff::Timestamp>,
    /// Stop the clock until `kaleyra-wa sim clock` advances it
    #[arg(long, conflicts_with = "speed")]
    frozen: bool,
    /// How many seconds go by on the clock in a second, 3600 at most
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = remote::speed)]
    speed: f64,
    /// How strict it is
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = one_of::<Strictness>(["lenient", "kaleyra", "meta"]))]
    strictness: Strictness,
    /// Whether free-form messages may go to users who have not written for 24 hours
    #[arg(long, value_name = "WINDOW", value_parser = one_of::<ServiceWindow>(["off", "known", "strict"]))]
    window: Option<ServiceWindow>,
    /// Which statuses messages get, and when, such as sent:0,delivered:800ms,read:manual
    #[arg(long, value_name = "LADDER", conflicts_with = "no_statuses")]
    statuses: Option<StatusLadder>,
    /// Folder with the definitions of templates, as JSON; changes in it apply at once
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    templates: Option<PathBuf>,
    /// What becomes of templates that are created, by name: approve, reject:REASON or hold, and @DELAY, such as
    /// 'promo_*=reject:PROMOTIONAL@10m,draft_*=hold'; approved at once if nothing is said
    #[arg(long, value_name = "RULES")]
    reviews: Option<ReviewRules>,
    /// Another number of the account; may be given several times
    #[arg(long, value_name = "NUMBER")]
    number: Vec<PhoneNumber>,
    /// Another account, such as HXEU0000000000DE:A-key:+4930000001, with more numbers behind commas; may be given several times
    #[arg(long, value_name = "SID:KEY:NUMBER,…", value_parser = account)]
    account: Vec<Account>,
    #[command(flatten)]
    session: session::Session,
    /// Take this state in at the start, if the file is there, and write it at the end
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Port to listen on; 0 picks a free one; 8090 by default
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// Also accept requests for this host, beside localhost, loopback addresses and the address listened on; may be
    /// given several times. Others are refused, so that no web page can reach the simulator under its own name
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    #[command(flatten)]
    credentials: Credentials,
    #[command(flatten)]
    callbacks: callbacks::CallbackFlags,
    /// Post no `sent` status for what it accepts
    #[arg(long)]
    no_statuses: bool,
    #[arg(
        long,
        value_name = "FAULT",
        hide_possible_values = true,
        value_parser = suggested(Fault::ALL.map(Fault::name)).read::<Fault>(),
        help = "Let every send fail: E110, WA500, hang, cut-body, …",
        long_help = fault_help(),
    )]
    fail: Option<Fault>,
    /// Make only this many sends fail, 1000 at most
    #[arg(long, value_name = "N", requires = "fail", value_parser = clap::value_parser!(u32).range(1..=1000))]
    fail_times: Option<u32>,
}

fn fault_help() -> String {
    let names = Fault::ALL.map(|fault| fault.to_string()).join(", ");
    format!("Let every send fail in this way: {names}; or by a documented code, such as E110")
}

impl Sim {
    pub(crate) async fn run(mut self) -> Result<(), Exit> {
        if let Some(ask) = self.ask.take() {
            // What goes on until Ctrl-C ends well by it.
            if !ask.goes_on() {
                crate::interrupt::guard();
            }
            return ask.run(self.sim).await;
        }
        let [sid, api_key, sender] = self.credentials.all()?;
        // As `send` writes it, which takes out spaces and hyphens. What is not a number, such as a mask, stays as it is.
        let sender = match sender.parse::<PhoneNumber>() {
            Ok(number) => number.as_str().to_owned(),
            Err(_) => sender,
        };
        let port = match self.port {
            Some(port) => port,
            None => Layers::load()?.number("sim_port")?.unwrap_or(8090),
        };
        if let Some(path) = &self.state {
            session::writable("--state", path)?;
        }
        self.session.check()?;
        let listener = bind(self.host, port, "--port").await?;
        let mut builder = Simulator::builder(sid, api_key, sender)
            .statuses(!self.no_statuses)
            .strictness(self.strictness)
            .faults(fault_spec(self.faults.as_deref(), &Layers::load()?)?)
            .why_header(true);
        for number in self.number {
            builder = builder.number(number.as_str());
        }
        for account in self.account {
            builder = builder.account(account);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(moment) = self.clock {
            builder = builder.clock(moment.into());
        }
        builder = builder.speed(self.speed);
        if self.frozen {
            builder = builder.frozen();
        }
        if let Some(window) = self.window {
            builder = builder.window(window);
        }
        if let Some(ladder) = self.statuses {
            builder = builder.ladder(ladder);
        }
        if let Some(folder) = &self.templates {
            let at = folder.display();
            if !folder.is_dir() {
                return Err(Exit::bad_input(format!(
                    "--templates {at}: there is no such folder; make it, and put a template's definition in"
                )));
            }
            let opened = TemplateFolder::open(folder).map_err(|error| {
                Exit::bad_input(format!(
                    "--templates {at}: {}",
                    input::why_unreadable(&error)
                ))
            })?;
            builder = builder.templates(opened);
        }
        if let Some(reviews) = self.reviews {
            builder = builder.reviews(reviews);
        }
        for host in self.allow_host {
            builder = builder.allow_host(host);
        }
        builder = self.callbacks.set_up(builder)?;
        let sim = builder.start(listener).await.map_err(Exit::bad_input)?;
        if let Some(path) = &self.state
            && path.exists()
        {
            let at = path.display();
            let wrong = |error: String| Exit::bad_input(format!("--state {at}: {error}"));
            let state = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
            let state = serde_json::from_str(input::unmarked(&state))
                .map_err(|error| wrong(input::not_json(&error)))?;
            sim.import(&state)
                .map_err(|error| wrong(error.to_string()))?;
        }
        match (self.fail, self.fail_times) {
            (Some(fault), Some(times)) => (0..times).for_each(|_| sim.fail_next(fault)),
            (Some(fault), None) => sim.fail_all(fault),
            (None, _) => {}
        }
        // Before anybody is told where it is, so that nothing is missed.
        let mut events = sim.observe();
        let mut entries = sim.journal_from(1);
        let json = global::settings().json;
        let mut stop = pin!(stop_signal());
        note(format!(
            "a simulated Kaleyra at {0} (a browser gets a phone there, curl {0}/ explains it); Ctrl-C stops",
            sim.base_url()
        ));
        let session = self.session.begin(&sim)?;

        let ended = loop {
            let said = tokio::select! {
                () = &mut stop => break Ok(()),
                error = session.failed() => break Err(error),
                entry = entries.next(), if json => match entry {
                    Some(entry) => {
                        let line = Line::json(&entry.to_json(false)).map_err(Exit::failed);
                        line.and_then(say)
                    }
                    None => break Ok(()),
                },
                event = events.next(), if !json => match event {
                    Some(event) => say(event_line(&event)),
                    None => break Ok(()),
                },
            };
            if said.is_err() {
                break said;
            }
        };
        // However it ended: what is kept is written, and what tells of it is gone.
        let saved = self.state.map(|path| {
            let at = path.display();
            session::write_at_once(&path, &sim.export().to_string())
                .map_err(|error| Exit::failed(format!("--state {at}: can't be written: {error}")))
        });
        sim.shutdown().await;
        let recorded = session.end().await;
        ended.and(saved.unwrap_or(Ok(()))).and(recorded)
    }
}

/// The names of the presets of faults.
pub(crate) fn presets() -> impl Iterator<Item = &'static str> {
    FaultSpec::presets().map(|(name, ..)| name)
}

/// `SID:KEY:NUMBER,NUMBER`.
fn account(text: &str) -> Result<Account, String> {
    let hint = "write SID:KEY:NUMBER, such as HXEU0000000000DE:A-key:+4930000001";
    let mut parts = text.splitn(3, ':');
    let parts = [parts.next(), parts.next(), parts.next()].map(|it| it.unwrap_or_default());
    let [sid, key, numbers] = parts;
    let mut numbers = numbers.split(',');
    let first = numbers.next().unwrap_or_default();
    if sid.is_empty() || key.is_empty() || first.is_empty() {
        return Err(hint.to_owned());
    }
    for number in parts[2].split(',') {
        number
            .parse::<PhoneNumber>()
            .map_err(|error| format!("{number}: {error}"))?;
    }
    let account = Account::new(sid, key, first);
    Ok(numbers.fold(account, |account, number| account.number(number)))
}

/// The rules of the flag, of the file that it names, or of the project's file.
pub(crate) fn fault_spec(flag: Option<&str>, layers: &Layers) -> Result<FaultSpec, Exit> {
    let (text, from) = match flag {
        Some(text) => (text.to_owned(), "--faults".to_owned()),
        None => match layers.project("faults") {
            Some(found) => (found.value, format!("faults in {}", found.origin)),
            None => return Ok(FaultSpec::default()),
        },
    };
    let text = match text.strip_prefix('@') {
        Some(path) => input::text(&from, Path::new(path))?,
        None => text,
    };
    text.parse()
        .map_err(|error| Exit::bad_input(format!("{from}: {error}")))
}

/// What the simulator did, in a line.
fn event_line(event: &SimEvent) -> Line {
    let colour = match event {
        SimEvent::Accepted(_)
        | SimEvent::Uploaded(_)
        | SimEvent::Blocked { .. }
        | SimEvent::Unblocked { .. } => Tone::Good,
        SimEvent::KeyLeaked
        | SimEvent::Rejected { .. }
        | SimEvent::Unanswered { .. }
        | SimEvent::CallbackFailed { .. } => Tone::Bad,
        SimEvent::CallbackPosted { status, .. } if !(200..300).contains(status) => Tone::Bad,
        _ => Tone::Quiet,
    };
    let what = match event {
        SimEvent::Accepted(message) => format!("202 {}  {}", message.id, accepted(message)),
        _ => event.to_string(),
    };
    Line::toned(Tone::Quiet, clock(SystemTime::now()))
        .then("  ")
        .then_toned(colour, what)
}

fn accepted(message: &AcceptedMessage) -> String {
    let cut = if message.truncated.is_empty() {
        String::new()
    } else {
        format!(
            "  (longer than 255 characters, so cut: {})",
            message.truncated.join(", ")
        )
    };
    sent_says(&message.request) + &cut
}
