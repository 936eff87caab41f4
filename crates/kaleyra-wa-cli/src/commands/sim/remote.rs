//! Speaks to a simulator that runs already, by its own endpoints.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Subcommand;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use kaleyra_wa_transport::{
    Body, Operation, OperationClass, Request, ReqwestTransport, Transport, read_whole,
};
use serde_json::{Map, Value, json};

use crate::commands::post::why;
use crate::exit::Exit;
use crate::global;
use crate::settings::variable;
use crate::show::line::Line;
use crate::show::output::{note, say};

/// A state with files inside is the longest response.
const MAX_RESPONSE: usize = 256 << 20;

/// What a simulator that runs already is asked for.
#[derive(Subcommand)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) enum Ask {
    /// Let a user write text; the bot is told
    #[command(after_help = "Examples:\n  kaleyra-wa sim say 919800000001 'Are you open?'")]
    Say { user: String, text: String },
    /// Let a user tap a button or a row, by its label
    #[command(
        after_help = "The label is that of the newest message that has it.\n\nExamples:\n  kaleyra-wa sim tap 919800000001 42"
    )]
    Tap { user: String, label: String },
    /// Show a user's phone, or set its switches
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim user 919800000001\n  kaleyra-wa sim user 919800000001 airplane_mode=true name=Asha"
    )]
    User {
        user: String,
        /// airplane_mode, lost, read_receipts, on_whatsapp, marketing, business_blocked, chat_open, each =true or =false;
        /// name=…; number=+91… for a change of the number
        settings: Vec<String>,
    },
    /// Show the clock, or change it: advance 25h, to 2026-11-28T12:00:00Z, freeze, speed 60
    #[command(
        after_help = "What falls due on the way comes in its order.\n\nExamples:\n  kaleyra-wa sim clock\n  kaleyra-wa sim clock advance 25h\n  kaleyra-wa sim clock speed 60"
    )]
    Clock {
        #[arg(value_parser = ["advance", "to", "freeze", "speed"])]
        what: Option<String>,
        value: Option<String>,
    },
    /// Show the faults, add rules or a preset, or take them back: heal, heal NUMBER
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim fault\n  kaleyra-wa sim fault 'callback:duplicate next=2'\n  kaleyra-wa sim fault heal"
    )]
    Fault {
        spec: Option<String>,
        number: Option<u64>,
    },
    /// Write the state to a file, take it in, or forget it: export FILE, import FILE, reset
    #[command(
        after_help = "Examples:\n  kaleyra-wa sim state export state.json\n  kaleyra-wa sim state import state.json"
    )]
    State {
        #[arg(value_parser = ["export", "import", "reset"])]
        what: String,
        #[arg(required_if_eq_any([("what", "export"), ("what", "import")]))]
        file: Option<PathBuf>,
    },
    /// Show what happened, newest last
    #[command(after_help = "Examples:\n  kaleyra-wa sim log\n  kaleyra-wa sim log --from 1 --json")]
    Log {
        /// From the entry with this number on, 1000 at most
        #[arg(long, value_name = "NUMBER")]
        from: Option<u64>,
    },
    /// Tell why something went as it did: a message's id, or the number of an entry of the log
    #[command(after_help = "Examples:\n  kaleyra-wa sim why 1")]
    Why { id: String },
    /// Wait until it runs
    #[command(after_help = "Examples:\n  kaleyra-wa sim wait --timeout 5")]
    Wait,
    /// Post a callback once more, by the number of its entry in the log
    #[command(
        after_help = "`kaleyra-wa sim log` has the numbers of callbacks.\n\nFor callback 7: kaleyra-wa sim redeliver 7"
    )]
    Redeliver { number: u64 },
}

/// The simulator, by its address.
struct Remote {
    base: String,
    transport: ReqwestTransport,
}

impl Ask {
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
            Self::Say { user, text } => {
                let body = json!({"body": text});
                sim.ask(post, &path(&user, "/text"), Some(body)).await?
            }
            Self::Tap { user, label } => {
                let body = json!({"label": label});
                sim.ask(post, &path(&user, "/tap"), Some(body)).await?
            }
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
            Self::State { what, file } => return sim.state(&what, file).await,
            Self::Log { from } => {
                let query = from.map_or_else(String::new, |from| format!("?from={from}"));
                let entries = sim.ask(get, &format!("log{query}"), None).await?;
                return entries.as_array().into_iter().flatten().try_for_each(tell);
            }
            Self::Why { id } => sim.ask(get, &format!("why/{id}"), None).await?,
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
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Exit> {
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let bytes = self.bytes(method, &format!("/sim/{path}"), body).await?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Exit::failed("what answers there is no simulator; check --sim"))
    }

    async fn bytes(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Exit> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = url.parse().map_err(|_| {
            Exit::bad_input("--sim: give the simulator's address, such as http://127.0.0.1:8090")
        })?;
        let json = HeaderValue::from_static("application/json");
        *request.headers_mut() = HeaderMap::from_iter([(CONTENT_TYPE, json)]);
        let operation = Operation::new("sim", OperationClass::Read, 1);
        request.extensions_mut().insert(operation);
        let lost = |error| {
            let why = why(&error);
            Exit::unreached(format!(
                "no simulator responds: {why}; start one with `kaleyra-wa sim`, or name it by --sim"
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

    async fn state(&self, what: &str, file: Option<PathBuf>) -> Result<(), Exit> {
        let file = file.unwrap_or_default();
        let at = file.display();
        match what {
            "export" => {
                let state = self.bytes(Method::GET, "/sim/state", Bytes::new()).await?;
                std::fs::write(&file, &state)
                    .map_err(|error| Exit::failed(format!("{at}: can't be written: {error}")))?;
                note(format!("{at}: {} bytes", state.len()));
            }
            "import" => {
                let state = std::fs::read(&file)
                    .map_err(|error| Exit::bad_input(format!("{at}: can't be read: {error}")))?;
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
        "speed" => {
            let speed: f64 = value
                .and_then(|value| value.parse().ok())
                .ok_or_else(missing)?;
            json!({"speed": speed})
        }
        _ => json!({ what: value.ok_or_else(missing)? }),
    })
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

fn tell(value: &Value) -> Result<(), Exit> {
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
