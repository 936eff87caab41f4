//! `kaleyra-wa trigger`: posts a documented callback to a webhook.

mod events;
mod set;

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use kaleyra_wa_sim::callback::encode;
use serde_json::{Value, json};

use self::events::{EVENTS, Event, Parties};
use super::post::{Poster, why};
use crate::exit::Exit;
use crate::global;
use crate::settings::CallbackSecret;
use crate::settings::layers::Layers;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;
use crate::values::number;

/// Post a documented callback to a webhook, as Kaleyra would
#[derive(Args)]
#[command(after_help = "\
Fields are set by their path; what is not JSON is a string. The body is written as Kaleyra writes it: / and everything \
beyond ASCII escaped.

Examples:
  kaleyra-wa trigger --list
  kaleyra-wa trigger text --to http://127.0.0.1:8080/ --set messages.0.text.body='Are you open?'
  kaleyra-wa trigger failed --to http://127.0.0.1:8080/ --set statuses.0.errors.0.code=131026
  kaleyra-wa trigger delivered --to http://127.0.0.1:8080/ --set extra_info.ref=booking-17
  kaleyra-wa trigger number-quality --to http://127.0.0.1:8080/
  kaleyra-wa trigger image --dry-run

With --json the output is one line: event, status, milliseconds, answer (its first line).
Exit codes: 0 the webhook responded with 2xx, 3 it refused, 4 it was not reached.")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Trigger {
    /// What happens; --list shows all
    #[arg(required_unless_present_any = ["list", "raw"], value_name = "EVENT", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(EVENTS.map(|event| PossibleValue::new(event.name).help(event.what))))]
    event: Option<String>,
    /// The webhook
    #[arg(long, value_name = "URL", required_unless_present_any = ["list", "dry_run"])]
    to: Option<String>,
    /// Set a field, by its path from the root, or from meta_object.value; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Remove a field
    #[arg(long, value_name = "PATH")]
    remove: Vec<String>,
    /// Post this file's bytes in place of an event
    #[arg(long, value_name = "FILE", conflicts_with_all = ["event", "set", "remove"])]
    raw: Option<PathBuf>,
    /// Who writes, or is written to
    #[arg(long, value_name = "NUMBER", default_value = "919800000001", value_parser = number)]
    user: String,
    /// The business's number
    #[arg(long, value_name = "NUMBER", default_value = "918000000001", value_parser = number)]
    business: String,
    /// Post it this many times, byte for byte the same: duplicates are possible
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    times: u32,
    /// Show every event
    #[arg(long)]
    list: bool,
    /// Print the body, and post nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    secret: CallbackSecret,
}

impl Trigger {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        if self.list {
            return list();
        }
        let (name, what) = self.what()?;
        // Looked at where nothing is posted, too: the next time something is.
        let to = self.to.as_deref().map(|to| Poster::new("--to", to));
        let poster = to.transpose()?;
        if self.dry_run {
            return match &what {
                What::Query(query) => say(format!("GET ?{query}")),
                What::Body(value) => say(Line::json(value).map_err(Exit::failed)?),
                What::Bytes(bytes) => say(String::from_utf8_lossy(bytes)),
            };
        }
        let layers = Layers::load()?;
        let Some(mut poster) = poster else {
            return Err(Exit::bad_input(
                "--to is missing: give the webhook's address",
            ));
        };
        if let Some(secret) = self.secret.read(&layers)? {
            poster = poster.header(&self.secret.header(&layers), &secret)?;
        }
        let mut refused = None;
        for _ in 0..self.times {
            let answer = match &what {
                What::Query(query) => {
                    let (method, headers) = (http::Method::GET, http::HeaderMap::new());
                    poster
                        .send(method, Some(query), &headers, bytes::Bytes::new())
                        .await
                }
                What::Body(value) => poster.post(encode(value)).await,
                What::Bytes(bytes) => poster.post(bytes.clone()).await,
            };
            let answer = answer.map_err(|error| {
                Exit::unreached(format!(
                    "{} is not reached: {}; start the webhook, or check --to",
                    poster.shown(),
                    why(&error)
                ))
            })?;
            let milliseconds = u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX);
            if global::settings().json {
                let line = json!({
                    "event": name, "status": answer.status, "milliseconds": milliseconds, "answer": answer.says(),
                });
                say(Line::json(&line).map_err(Exit::failed)?)?;
            } else {
                let tone = if answer.is_taken() {
                    Tone::Good
                } else {
                    Tone::Bad
                };
                say(Line::toned(tone, answer.status)
                    .then(format!("  {name}  {milliseconds} ms  {}", answer.says())))?;
            }
            if !answer.is_taken() {
                refused = Some(answer.status);
            }
        }
        match refused {
            None => Ok(()),
            Some(401 | 403) => Err(Exit::refused(
                "the webhook refused it; give its secret with --secret-file or KALEYRA_CALLBACK_SECRET",
            )),
            Some(status) => Err(Exit::refused(format!(
                "the webhook responded with {status}; look into its log"
            ))),
        }
    }

    /// What is posted, and its name.
    fn what(&self) -> Result<(&str, What), Exit> {
        if let Some(path) = &self.raw {
            let bytes = std::fs::read(path).map_err(|error| {
                Exit::bad_input(format!(
                    "--raw: {}: {}",
                    path.display(),
                    crate::input::why_unreadable(&error)
                ))
            })?;
            return Ok(("raw", What::Bytes(bytes)));
        }
        let name = self.event.as_deref().unwrap_or_default();
        let event = EVENTS.iter().find(|event| event.name == name);
        let event = event.ok_or_else(|| {
            Exit::bad_input(format!(
                "no event {name:?}; choose one of: {}",
                EVENTS.map(|event| event.name).join(", ")
            ))
        })?;
        let parties = Parties {
            user: &self.user,
            business: &self.business,
        };
        let mut body = (event.make)(&parties);
        for path in &self.remove {
            set::remove(&mut body, path)?;
        }
        for pair in &self.set {
            set::set(&mut body, pair)?;
        }
        Ok((
            event.name,
            if event.by_get {
                What::Query(set::query(&body))
            } else {
                What::Body(body)
            },
        ))
    }
}

/// What goes over the wire.
enum What {
    Body(Value),
    Bytes(Vec<u8>),
    /// Some callbacks come by GET.
    Query(String),
}

fn list() -> Result<(), Exit> {
    let shown = |event: &Event| {
        Line::new(format!("{:<20}", event.name)).then_toned(Tone::Quiet, event.what)
    };
    if global::settings().json {
        for event in EVENTS {
            let line = json!({"event": event.name, "what": event.what, "method": if event.by_get { "GET" } else { "POST" }});
            say(Line::json(&line).map_err(Exit::failed)?)?;
        }
        return Ok(());
    }
    say_all(EVENTS.iter().map(shown))
}
