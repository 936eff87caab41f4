//! Talks to a running simulator, by its own endpoints.

use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Subcommand;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use kaleyra_wa_transport::{
    Body, Operation, OperationClass, Request, ReqwestTransport, Transport, read_whole,
};
use serde_json::{Map, Value, json};

use super::deeds::Deed;
use super::entry::{entry, explanation};
use super::presets;
use crate::commands::stop_signal;
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::settings::variable;
use crate::show::line::Line;
use crate::show::output::{note, say};
use crate::values::{number, suggested};

/// How long to wait before it is asked what happened since.
const PAUSE: Duration = Duration::from_millis(200);
/// A state with files inside is the longest response.
const MAX_RESPONSE: usize = 256 << 20;

/// What a running simulator is asked for.
#[derive(Subcommand)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) enum Ask {
    #[command(flatten)]
    Deed(Deed),
    /// Show a user's phone, or set its switches
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim user 919800000001\n  kaleyra-wa sim user 919800000001 airplane_mode=true name=Asha"
    )]
    User {
        /// The user's number
        #[arg(value_parser = number)]
        user: String,
        /// airplane_mode, lost, read_receipts, on_whatsapp, marketing, business_blocked, chat_open, each =true or =false;
        /// name=…; number=+91… for a change of the number
        settings: Vec<String>,
    },
    /// Show the clock, or change it: advance 25h, to 2026-11-28T12:00:00Z, freeze, run, speed 60
    #[command(
        after_help = "What falls due on the way happens in order. With a speed of 60 a minute goes by in a second; run sets it to 1.\n\nExamples:\n  kaleyra-wa sim clock\n  kaleyra-wa sim clock advance 25h\n  kaleyra-wa sim clock speed 60\n  kaleyra-wa sim clock run"
    )]
    Clock {
        /// What to do; without it, the clock is shown
        #[arg(value_parser = ["advance", "to", "freeze", "run", "speed"])]
        what: Option<String>,
        /// By how much, to when, or how many times as fast
        value: Option<String>,
    },
    /// Show the faults, add rules or a preset, or remove them: heal, heal NUMBER
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim fault\n  kaleyra-wa sim fault 'callback:duplicate next=2'\n  kaleyra-wa sim fault heal"
    )]
    Fault {
        /// Rules, the name of a preset, or heal
        #[arg(hide_possible_values = true, value_parser = suggested(std::iter::once("heal").chain(presets())))]
        spec: Option<String>,
        /// With heal: only the rule of this number
        number: Option<u64>,
    },
    /// Export the state to a file, import it, or reset it: export FILE, import FILE, reset
    #[command(
        after_help = "A conversation alone leaves the others as they are when it is imported.\n\nExamples:\n  kaleyra-wa sim state export state.json\n  kaleyra-wa sim state import state.json\n  kaleyra-wa sim state export asha.json --user 919800000001"
    )]
    State {
        /// What to do
        #[arg(value_parser = ["export", "import", "reset"])]
        what: String,
        /// The file
        #[arg(required_if_eq_any([("what", "export"), ("what", "import")]))]
        file: Option<PathBuf>,
        /// Export the conversation with this user only
        #[arg(long, value_name = "NUMBER")]
        user: Option<String>,
        /// The business's number in that conversation, where it has several; else the first
        #[arg(long, value_name = "NUMBER", requires = "user")]
        business: Option<String>,
    },
    /// Show what happened, newest last
    #[command(
        after_help = "With --json each entry is a line with all that is known of it: headers, bodies, durations.\n\nExamples:\n  kaleyra-wa sim log\n  kaleyra-wa sim log --from 1 --json\n\nUntil Ctrl-C: kaleyra-wa sim log --follow"
    )]
    Log {
        /// From the entry with this number on, 1000 at most
        #[arg(long, value_name = "NUMBER")]
        from: Option<u64>,
        /// Go on with what happens from now on, or from that entry on, until Ctrl-C
        #[arg(long, short)]
        follow: bool,
    },
    /// Explain why something went as it did
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim why 1\n\nOnce something was sent with this reference: kaleyra-wa sim why booking-17"
    )]
    Why {
        /// A message's id (Kaleyra's, or a wamid), its reference, or the number of an entry of the log
        id: String,
    },
    /// Wait until it is running
    #[command(after_help = "Examples:\n  kaleyra-wa sim wait --timeout 5")]
    Wait,
    /// Post a callback once more, by the number of its entry in the log
    #[command(
        after_help = "`kaleyra-wa sim log` has the numbers of callbacks.\n\nFor callback 7: kaleyra-wa sim redeliver 7"
    )]
    Redeliver {
        /// The number of the callback's entry
        number: u64,
    },
}

/// The simulator, by its address.
pub(super) struct Remote {
    base: String,
    transport: ReqwestTransport,
}

impl Ask {
    /// Whether it goes on until Ctrl-C.
    pub(crate) fn goes_on(&self) -> bool {
        matches!(self, Self::Log { follow: true, .. })
    }

    pub(crate) async fn run(self, url: Option<String>) -> Result<(), Exit> {
        let url = url.or_else(|| variable("KALEYRA_SIM_URL"));
        let url = url.unwrap_or_else(|| "http://127.0.0.1:8090".to_owned());
        let transport = ReqwestTransport::builder()
            .timeout(global::settings().timeout())
            .build()
            .map_err(Exit::failed)?;
        let base = url.trim_end_matches('/').to_owned();
        let sim = Remote { base, transport };
        let (get, post) = (Method::GET, Method::POST);
        let path = |user: &str, what: &str| format!("users/{}{what}", user.trim_start_matches('+'));
        let response = match self {
            Self::Deed(deed) => deed.run(&sim).await?,
            Self::User { user, settings } if settings.is_empty() => {
                sim.ask(get, &path(&user, ""), None).await?
            }
            Self::User { user, settings } => {
                let body = fields(&settings)?;
                sim.ask(Method::PATCH, &path(&user, ""), Some(body)).await?
            }
            Self::Clock { what: None, .. } => sim.ask(get, "clock", None).await?,
            Self::Clock {
                what: Some(what),
                value,
            } => {
                let body = clock(&what, value)?;
                sim.ask(post, "clock", Some(body)).await?
            }
            Self::Fault { spec: None, .. } => sim.ask(get, "faults", None).await?,
            Self::Fault {
                spec: Some(spec),
                number,
            } if spec == "heal" => {
                let number = number.map_or_else(String::new, |number| format!("/{number}"));
                sim.ask(Method::DELETE, &format!("faults{number}"), None)
                    .await?
            }
            Self::Fault {
                spec: Some(spec), ..
            } => sim.ask(post, "faults", Some(json!({"spec": spec}))).await?,
            Self::State {
                user: Some(_),
                what,
                ..
            } if what != "export" => {
                return Err(Exit::bad_input(
                    "--user: only an export can be of one conversation",
                ));
            }
            Self::State {
                what,
                file,
                user,
                business,
            } => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                for (name, number) in [("user", user), ("business", business)] {
                    if let Some(number) = number {
                        query.append_pair(name, number.trim_start_matches('+'));
                    }
                }
                return sim.state(&what, file, &query.finish()).await;
            }
            Self::Log { from, follow: true } => return sim.follow(from).await,
            Self::Log { from, .. } => {
                let query = from.map_or_else(String::new, |from| format!("?from={from}"));
                let entries = sim.ask(get, &format!("log{query}"), None).await?;
                return entries.as_array().into_iter().flatten().try_for_each(entry);
            }
            Self::Why { id } => {
                // A reference may be any text.
                let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
                let id = id.replace('+', "%20");
                let why = sim.ask(get, &format!("why/{id}"), None).await?;
                return match global::settings().json {
                    true => tell(&why),
                    false => explanation(&why),
                };
            }
            Self::Wait => return sim.wait().await,
            Self::Redeliver { number } => {
                sim.ask(post, &format!("callbacks/{number}/redeliver"), None)
                    .await?
            }
        };
        match global::settings().json {
            true => tell(&response),
            false => show(&response),
        }
    }
}

impl Remote {
    /// What the simulator responds; an error where it refuses or is not there.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Exit> {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let bytes = self.bytes(method, &format!("/sim/{path}"), body).await?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Exit::failed("what responds there is not a simulator; check --sim"))
    }

    async fn bytes(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Exit> {
        self.bytes_as(method, path, body, "application/json").await
    }

    /// The same, where the body is of another type.
    pub(super) async fn bytes_as(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        content_type: &'static str,
    ) -> Result<Bytes, Exit> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = url.parse().map_err(|_| {
            Exit::bad_input("--sim: give the simulator's address, such as http://127.0.0.1:8090")
        })?;
        let content_type = HeaderValue::from_static(content_type);
        *request.headers_mut() = HeaderMap::from_iter([(CONTENT_TYPE, content_type)]);
        let operation = Operation::new("sim", OperationClass::Read, 1);
        request.extensions_mut().insert(operation);
        // What the transport advises is about Kaleyra's servers and proxies.
        let lost = |_| {
            Exit::unreached(format!(
                "no simulator responds at {}; start one with `kaleyra-wa sim`, or name it by --sim",
                self.shown()
            ))
        };
        let response = self.transport.execute(request).await.map_err(lost)?;
        let response = read_whole(response, MAX_RESPONSE).await.map_err(lost)?;
        let (status, bytes) = (response.status(), response.into_body());
        if status.is_success() {
            return Ok(bytes);
        }
        let told: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let told = told["message"].as_str().map(str::to_owned);
        let told = told.unwrap_or_else(|| String::from_utf8_lossy(&bytes).trim().to_owned());
        Err(match status.as_u16() {
            400 | 404 => Exit::bad_input(told),
            _ => Exit::refused(told),
        })
    }

    /// Tells what happens, until Ctrl-C. It asks anew each time, so that no connection is held for hours.
    async fn follow(&self, from: Option<u64>) -> Result<(), Exit> {
        let mut stop = pin!(stop_signal());
        let mut next = match from {
            Some(from) => from.max(1),
            None => {
                let entries = self.ask(Method::GET, "log", None).await?;
                let last = entries.as_array().and_then(|entries| entries.last());
                last.and_then(|entry| entry["number"].as_u64()).unwrap_or(0) + 1
            }
        };
        loop {
            let path = format!("log?from={next}");
            let entries = tokio::select! {
                entries = self.ask(Method::GET, &path, None) => entries?,
                () = &mut stop => return Ok(()),
            };
            let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
            for one in entries {
                entry(one)?;
                next = one["number"].as_u64().unwrap_or(next) + 1;
            }
            if entries.is_empty() {
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = &mut stop => return Ok(()),
                }
            }
        }
    }

    /// Its address without what may be secret in it.
    fn shown(&self) -> String {
        let (scheme, rest) = self.base.split_once("://").unwrap_or(("http", &self.base));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}")
    }

    async fn state(&self, what: &str, file: Option<PathBuf>, query: &str) -> Result<(), Exit> {
        let file = file.unwrap_or_default();
        let at = file.display();
        match what {
            "export" => {
                let path = format!("/sim/state?{query}");
                let state = self.bytes(Method::GET, &path, Bytes::new()).await?;
                std::fs::write(&file, &state)
                    .map_err(|error| Exit::failed(format!("{at}: can't be written: {error}")))?;
                note(format!("{at}: {} bytes", state.len()));
            }
            "import" => {
                let state = std::fs::read(&file).map_err(|error| {
                    Exit::bad_input(format!("{at}: {}", input::why_unreadable(&error)))
                })?;
                self.bytes(Method::PUT, "/sim/state", state.into()).await?;
            }
            _ => drop(self.ask(Method::DELETE, "state", None).await?),
        }
        Ok(())
    }

    async fn wait(&self) -> Result<(), Exit> {
        let deadline = Instant::now() + global::settings().timeout();
        loop {
            let response = self.bytes(Method::GET, "/healthz", Bytes::new()).await;
            match response {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

fn clock(what: &str, value: Option<String>) -> Result<Value, Exit> {
    let missing = || Exit::bad_input(format!("clock {what}: give a value, such as advance 25h"));
    Ok(match what {
        "freeze" => json!({"frozen": true}),
        "run" => json!({"speed": 1}),
        "speed" => {
            let given = value.ok_or_else(missing)?;
            let speed =
                speed(&given).map_err(|why| Exit::bad_input(format!("clock speed: {why}")))?;
            json!({"speed": speed})
        }
        _ => json!({ what: value.ok_or_else(missing)? }),
    })
}

/// How fast the clock runs.
pub(super) fn speed(text: &str) -> Result<f64, String> {
    let speed: Option<f64> = text.parse().ok();
    let speed = speed.filter(|speed| (0.0..=3600.0).contains(speed));
    speed.ok_or_else(|| "write a number from 0, which stops it, to 3600".to_owned())
}

/// `name=value` as a JSON object; `true` and `false` are flags.
fn fields(settings: &[String]) -> Result<Value, Exit> {
    let mut fields = Map::new();
    for setting in settings {
        let (name, value) = setting
            .split_once('=')
            .ok_or_else(|| Exit::bad_input("write NAME=VALUE, such as airplane_mode=true"))?;
        let value = match value {
            "true" | "on" if name != "name" => Value::Bool(true),
            "false" | "off" if name != "name" => Value::Bool(false),
            text => text.into(),
        };
        fields.insert(name.to_owned(), value);
    }
    Ok(Value::Object(fields))
}

pub(super) fn tell(value: &Value) -> Result<(), Exit> {
    say(Line::json(value).map_err(Exit::failed)?)
}

/// A field a line, and an element a line below it.
fn show(value: &Value) -> Result<(), Exit> {
    let Some(fields) = value.as_object() else {
        return tell(value);
    };
    for (name, value) in fields {
        match value {
            Value::Array(values) => {
                say(format!("{name}:"))?;
                for value in values {
                    say(Line::new("  ")
                        .then_json(None, value)
                        .map_err(Exit::failed)?)?;
                }
            }
            Value::String(text) => say(format!("{name}: {text}"))?,
            other => say(format!("{name}: {other}"))?,
        }
    }
    Ok(())
}
