//! Why something went as it did: the chain of the journal's entries, as text, each with what it rests on.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::error_code;
use kaleyra_wa_types::inbound::{ErrorCode, StatusName};
use serde_json::{Value, json};

use crate::core::Core;
use crate::journal::{Entry, Fact};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::basis::Basis;
use crate::model::delivery_error::DeliveryError;
use crate::state::conversations::Line;
use crate::time::moment;

/// What became of a message, a request or a callback, and why.
///
/// ```
/// # use kaleyra_wa_sim::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let written = sim.end_user("Asha Example", "919800000001").text("Hi");
/// let id = written.id().clone();
/// let _ = sim.post(written).await;
/// let why = sim.why(id.as_str()).unwrap();
/// assert_eq!(why.verdict, "the webhook was not notified: there is no webhook: give the simulator a callback URL");
/// println!("{why}");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// `Display` writes a line each.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// What became of it, in a sentence.
    pub verdict: String,
    /// What to do about it; empty where there is nothing to do.
    pub advice: String,
    /// The steps that led to it, in order.
    pub steps: Vec<WhyStep>,
}

/// A step on the way.
///
/// For an example see [`Explanation`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WhyStep {
    /// The journal's entry.
    pub entry: u64,
    /// When, by the simulator's clock.
    pub at: SystemTime,
    /// What happened.
    pub what: String,
    /// What that rests on, where it is a question.
    pub basis: Option<Basis>,
}

/// Explains what an id stands for: Kaleyra's or WhatsApp's id of a message, its reference, or the number of an entry of the journal. `None` where
/// nothing that is kept has it.
pub(crate) fn explain(core: &Core, id: &str) -> Option<Explanation> {
    let root = root(core, id)?;
    let mut thread: HashSet<u64> = HashSet::from([root]);
    let entries: Vec<Arc<Entry>> = core
        .journal
        .from(root, usize::MAX)
        .into_iter()
        .filter(|entry| {
            let is_part =
                entry.number == root || entry.cause.is_some_and(|cause| thread.contains(&cause));
            if is_part {
                thread.insert(entry.number);
            }
            is_part
        })
        .collect();
    let (verdict, advice) = verdict(core, &entries);
    let steps = entries.iter().filter_map(|entry| {
        Some(WhyStep {
            entry: entry.number,
            at: entry.at,
            what: what(entry)?,
            basis: entry.basis,
        })
    });
    Some(Explanation {
        verdict,
        advice,
        steps: steps.collect(),
    })
}

/// The entry that everything about it follows from. A reference may be any text, so that ids go first, and of numbers those of entries.
fn root(core: &Core, id: &str) -> Option<u64> {
    let by_number = match id.parse::<u64>() {
        // A media id has digits only, too, but sixteen of them.
        Ok(number) if id.len() < 16 => core.journal.get(number).map(|entry| entry.number),
        _ => None,
    };
    let mut number = by_number.or_else(|| entry_of(core, id))?;
    // As far up as it is kept.
    while let Some(cause) = core.journal.get(number).and_then(|entry| entry.cause) {
        if core.journal.get(cause).is_none() {
            break;
        }
        number = cause;
    }
    Some(number)
}

fn entry_of(core: &Core, id: &str) -> Option<u64> {
    let entry_about = |message: &AcceptedMessage| {
        let is_it = |entry: &Entry| matches!(&entry.fact, Fact::Accepted(other) if other.wamid == message.wamid);
        Some(core.journal.all_that(is_it).first()?.number)
    };
    let (of_id, of_reference) = {
        let messages = core.state.messages();
        (messages.find(id), messages.find_reference(id))
    };
    if let Some(message) = of_id {
        return entry_about(&message);
    }
    let wrote = |entry: &Entry| matches!(&entry.fact, Fact::UserWrote { message_id, .. } if message_id.as_str() == id);
    if let Some(entry) = core.journal.all_that(wrote).first() {
        return Some(entry.number);
    }
    entry_about(of_reference.as_deref()?)
}

/// What became of it, and what to do: by the last entry that decides it.
fn verdict(core: &Core, thread: &[Arc<Entry>]) -> (String, String) {
    let mut found = ("nothing came of it yet".to_owned(), String::new());
    let mut is_over = false;
    for entry in thread {
        let next = match &entry.fact {
            Fact::Rejected { status, why, .. } => (
                format!("it got {status}: {why}"),
                after_refusal(*status, why).to_owned(),
            ),
            Fact::Unanswered { fault } => (
                format!("it was left without a response, as the fault `{fault}` asks for"),
                String::new(),
            ),
            Fact::Accepted(message) if message.type_name().is_none() => {
                ("the read receipt was accepted".to_owned(), String::new())
            }
            Fact::Accepted(_) => (
                "it was accepted, and nothing more is known".to_owned(),
                "accepted is not delivered: wait for the statuses".to_owned(),
            ),
            Fact::Phone { what } if entry.cause.is_some() => (
                format!("it is not delivered yet: {what}"),
                "set the phone's switch back, and it is delivered".to_owned(),
            ),
            Fact::Status(change) => match &change.error {
                Some(error) => {
                    is_over = true;
                    (
                        format!(
                            "it was not delivered: {} {}: {}",
                            error.code, error.title, error.details
                        ),
                        advice(error),
                    )
                }
                None => (reached(&change.status), String::new()),
            },
            // A status's own callback says nothing of the message.
            Fact::CallbackFailed { kind, why, .. } if *kind != crate::journal::STATUS => (
                format!("the webhook was not notified: {why}"),
                "see that the webhook listens, and send it again with redeliver".to_owned(),
            ),
            Fact::CallbackPosted { kind, status, .. } if *kind != crate::journal::STATUS => {
                match status {
                    200..=299 => answered(core, entry),
                    _ => (
                        format!("the webhook refused it with {status}"),
                        "look into the webhook's log; it got the body that the log shows"
                            .to_owned(),
                    ),
                }
            }
            _ => continue,
        };
        if !is_over || matches!(&entry.fact, Fact::Status(change) if change.error.is_some()) {
            found = next;
        }
    }
    found
}

/// What to do about a request that was refused.
fn after_refusal(status: u16, why: &str) -> &'static str {
    match why {
        _ if why.starts_with("the fault `") => {
            "a fault was asked for: take it back with heal, or let the client bear it"
        }
        _ if why.contains("api-key header is not") => {
            "compare the API key with the simulator's --api-key"
        }
        _ if why.contains("no api-key header") => "send the header api-key with the API key",
        _ if why.contains("SID in the path") => {
            "put the account's SID into the path; the simulator's --sid sets it"
        }
        _ if why.contains("number in the path") => {
            "send from a number of the account's; the simulator's --sender sets it"
        }
        _ if why.starts_with("Content-Type:") => "set the header Content-Type as it says",
        _ if why.contains("not JSON") || why.contains("not a JSON") => {
            "send one JSON object as the body"
        }
        _ if why.contains("missing") => "add the field that is missing",
        _ if why.contains("at most")
            || why.contains("more than")
            || why.contains("longer")
            || why.contains("may have") =>
        {
            "shorten it: it is over a limit"
        }
        _ if status == 404 || status == 405 => {
            "check the path and the method; GET / lists what there is"
        }
        _ if status == 429 => "wait, and send fewer requests a second",
        _ if why
            .split(':')
            .next()
            .is_some_and(|field| !field.contains(' '))
            && why.contains(": ") =>
        {
            "correct the field that is named"
        }
        _ => "correct the request by what is said there, and send it again",
    }
}

/// The webhook took a user's message: did the bot reply to it?
fn answered(core: &Core, entry: &Entry) -> (String, String) {
    let callback = entry.cause.and_then(|cause| core.journal.get(cause));
    let about = callback.as_ref().and_then(|callback| match &callback.fact {
        Fact::Callback(made) => made.about.clone(),
        _ => None,
    });
    let (Some(about), Some(conversation)) = (about, &entry.conversation) else {
        return ("the webhook took it".to_owned(), String::new());
    };
    let lines = core.state.conversations().lines(conversation);
    let answers = lines.iter().filter(
        |line| matches!(line, Line::Business { answers: Some(id), .. } if id == about.as_str()),
    );
    match answers.count() {
        0 => (
            "the webhook took it, and sent nothing afterwards".to_owned(),
            "a 2xx only says that it was received: see whether the bot sends, and to which number"
                .to_owned(),
        ),
        1 => (
            "the webhook took it, and sent one message".to_owned(),
            String::new(),
        ),
        count => (
            format!("the webhook took it, and sent {count} messages"),
            String::new(),
        ),
    }
}

fn reached(status: &StatusName) -> String {
    match status {
        StatusName::Accepted => "it was handed over to WhatsApp".to_owned(),
        StatusName::Sent => {
            "WhatsApp has it; that it reached the phone was not reported".to_owned()
        }
        StatusName::Delivered => "it reached the phone".to_owned(),
        StatusName::Read => "it was read".to_owned(),
        StatusName::Played => "it was played".to_owned(),
        other => format!("it came as far as `{}`", other.as_str()),
    }
}

fn advice(error: &DeliveryError) -> String {
    let info = error_code::lookup(&ErrorCode::from(error.code.as_str()));
    info.map_or_else(
        || "no page that is known explains this code".to_owned(),
        |info| info.meaning.to_owned(),
    )
}

/// What an entry says; `None` for what is only an echo of another.
fn what(entry: &Entry) -> Option<String> {
    Some(match &entry.fact {
        Fact::Request(it) => format!("{} {} came in, {} bytes", it.method, it.path, it.body.len()),
        Fact::Response(it) => match it.status {
            Some(status) => format!(
                "response {status} after {:.1} ms",
                it.took.as_secs_f64() * 1e3
            ),
            None => "the connection was closed without a response".to_owned(),
        },
        Fact::Accepted(message) => format!(
            "accepted as {} ({})",
            message.id,
            message.type_name().unwrap_or("read receipt")
        ),
        Fact::Uploaded(media) => format!("uploaded as {}", media.id),
        Fact::Blocked { added, failed } => format!("{added} users blocked, {failed} not"),
        Fact::Unblocked { removed } => format!("{removed} users unblocked"),
        Fact::Read { what } => format!("read: {what}"),
        Fact::Managed { what } => format!("done: {what}"),
        Fact::KeyLeaked => "the API key came along, where it has no business".to_owned(),
        Fact::Rejected { why, .. } => format!("refused: {why}"),
        Fact::Unanswered { fault } => format!("left without a response: {fault}"),
        Fact::MarkedRead { is_typing, .. } => match is_typing {
            true => "marked as read, and the business types".to_owned(),
            false => "marked as read".to_owned(),
        },
        Fact::UserWrote { type_name, .. } => format!("the user wrote: {type_name}"),
        Fact::Phone { what } => what.clone(),
        Fact::Status(change) => match &change.error {
            Some(error) => format!(
                "{}: {} {}",
                change.status.as_str(),
                error.code,
                error.details
            ),
            None => change.status.as_str().to_owned(),
        },
        Fact::Callback(made) => format!("a callback is due: {} {}", made.kind, made.event),
        Fact::Attempt(attempt) => match &attempt.result {
            Ok(status) => format!(
                "try {}: the webhook responded with {status}",
                attempt.attempt
            ),
            Err(why) => format!("try {}: {why}", attempt.attempt),
        },
        Fact::CallbackFailed { why, attempts, .. } => {
            format!("given up after {attempts} tries: {why}")
        }
        Fact::FaultHit { rule, .. } => format!("a fault takes place: {rule}"),
        Fact::Changed { what } => what.clone(),
        Fact::CallbackPosted { .. } => return None,
    })
}

impl Explanation {
    pub(crate) fn to_json(&self) -> Value {
        let steps: Vec<Value> = self
            .steps
            .iter()
            .map(|step| {
                json!({
                    "entry": step.entry,
                    "at": moment::format(step.at),
                    "what": step.what,
                    "basis": step.basis.map(Basis::as_str),
                    "source": step.basis.map(Basis::source),
                })
            })
            .collect();
        json!({"verdict": self.verdict, "advice": self.advice, "steps": steps})
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict)?;
        if !self.advice.is_empty() {
            writeln!(f, "  what to do: {}", self.advice)?;
        }
        for step in &self.steps {
            write!(
                f,
                "  {:>5}  {}  {}",
                step.entry,
                moment::format(step.at),
                step.what
            )?;
            match step.basis {
                Some(basis) => writeln!(f, "  [{basis}]")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}
