//! What became of one file.

use std::path::Path;

use kaleyra_wa_types::Recognition;
use kaleyra_wa_types::inbound::{Callback, Event};
use kaleyra_wa_types::outbound::decode;
use serde::Serialize;
use serde_json::Value;

use super::What;
use crate::exit::Exit;
use crate::show::line::Line;
use crate::show::style::Tone;

/// What became of one file.
pub(super) struct Report {
    file: String,
    pub(super) outcome: FileOutcome,
    pub(super) events: Vec<Part>,
    pub(super) unknown_fields: Vec<String>,
    pub(super) lossless: bool,
    pub(super) violations: Vec<String>,
    /// Why it is not a JSON object.
    error: Option<String>,
    /// What to try, where it looks like something other than it was read as.
    hint: Option<&'static str>,
    /// Whether it is a message, where a callback was asked for.
    is_to_be_sent: bool,
}

/// A report as JSON. The order is the documented one.
#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    outcome: &'static str,
    events: &'a [Part],
    unknown_fields: &'a [String],
    lossless: bool,
    violations: &'a [String],
    error: Option<&'a str>,
    hint: Option<&'static str>,
}

/// Whether a file could be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FileOutcome {
    Ok,
    Malformed,
    NotJson,
}

/// One thing inside a file.
#[derive(Serialize)]
pub(super) struct Part {
    pub(super) kind: &'static str,
    #[serde(rename = "type")]
    pub(super) type_name: String,
    pub(super) decoded: &'static str,
    pub(super) error: Option<String>,
}

impl Part {
    /// What it is, in words: what has no type is told by its kind alone.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.kind, self.type_name)
            .trim_end()
            .to_owned()
    }
}

impl Report {
    /// Reads a file's bytes as what they should be.
    pub(super) fn of(path: &Path, bytes: &[u8], what: What) -> Self {
        let read = match what {
            What::Callback => Self::of_callback(bytes),
            What::Message => Self::of_message(bytes),
        };
        let file = path.display().to_string();
        match read {
            Ok(report) => Self { file, ..report },
            Err(reason) => Self {
                file,
                outcome: FileOutcome::NotJson,
                events: Vec::new(),
                unknown_fields: Vec::new(),
                lossless: false,
                violations: Vec::new(),
                error: Some(reason),
                hint: None,
                is_to_be_sent: false,
            },
        }
    }

    fn of_callback(bytes: &[u8]) -> Result<Self, String> {
        let callback = Callback::from_slice(bytes).map_err(|error| error.to_string())?;
        let events = callback.events().map(|event| Part {
            kind: event.kind().as_str(),
            type_name: event.type_name().to_owned(),
            decoded: event.recognition().as_str(),
            error: error_of(&event),
        });
        let unknown_fields = callback.unknown_fields();
        let came: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let has = |name: &str| came.get(name).is_some();
        let is_callback = has("meta_object") || has("entry");
        let has_content = has("type")
            && ["to", "recipient", "messaging_product"]
                .map(has)
                .contains(&true);
        let is_to_be_sent = has("messaging_object") || (!is_callback && has_content);
        let hint = match () {
            () if is_to_be_sent => {
                Some("it looks like something to send: check it with --as message")
            }
            () if is_empty_of_metas(&came) => Some(
                "it has Meta's form, entry[].changes[], but no change in it: look at what recorded it",
            ),
            () => None,
        };
        let report = Self::new(
            events.collect(),
            unknown_fields,
            // What came twice is there once: no equal JSON tells that, for `Value` too keeps one of them.
            is_lossless(&callback, bytes) && callback.dropped_members().next().is_none(),
            Vec::new(),
        );
        Ok(Self {
            hint,
            is_to_be_sent,
            ..report
        })
    }

    fn of_message(bytes: &[u8]) -> Result<Self, String> {
        let message = decode(bytes).map_err(|error| error.to_string())?;
        let part = Part {
            kind: "outbound",
            type_name: message.type_name().to_owned(),
            decoded: message.recognition().as_str(),
            error: message.error().map(ToString::to_string),
        };
        let mut violations: Vec<_> = message
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect();
        // Of a recipient that is missing it is said once, and not also that it is no number.
        if let Some(missing) = violations
            .iter()
            .find(|it| it.contains("to|recipient: is missing"))
        {
            let missing = missing.clone();
            violations.retain(|it| *it == missing || !it.contains("to: not a phone number"));
        }
        let came = serde_json::from_slice::<Value>(bytes);
        let hint = (came.is_ok_and(|came| came.get("meta_object").is_some()))
            .then_some("it looks like a callback: check it without --as message");
        let report = Self::new(
            vec![part],
            message.unknown_fields(),
            is_lossless(&message, bytes) && message.dropped_members().next().is_none(),
            violations,
        );
        Ok(Self { hint, ..report })
    }

    fn new(
        events: Vec<Part>,
        unknown_fields: Vec<String>,
        lossless: bool,
        violations: Vec<String>,
    ) -> Self {
        let is_malformed = events
            .iter()
            .any(|part| part.decoded == Recognition::Malformed.as_str());
        let outcome = if is_malformed {
            FileOutcome::Malformed
        } else {
            FileOutcome::Ok
        };
        Self {
            file: String::new(),
            outcome,
            events,
            unknown_fields,
            lossless,
            violations,
            error: None,
            hint: None,
            is_to_be_sent: false,
        }
    }

    /// Whether nothing is lost, nothing could not be read, and no limit is broken.
    pub(super) fn is_ok(&self) -> bool {
        self.outcome == FileOutcome::Ok
            && self.lossless
            && self.violations.is_empty()
            && !self.is_to_be_sent
    }

    /// Whether a person should look at it.
    pub(super) fn has_something_to_tell(&self) -> bool {
        let is_unknown = |part: &Part| part.decoded != Recognition::Typed.as_str();
        !self.is_ok()
            || self.hint.is_some()
            || self.events.iter().any(is_unknown)
            || !self.unknown_fields.is_empty()
    }

    /// What became of it, in a word.
    fn word(&self) -> &'static str {
        match self.outcome {
            FileOutcome::Ok if !self.lossless => "lossy",
            FileOutcome::Ok if !self.violations.is_empty() || self.is_to_be_sent => "refused",
            FileOutcome::Ok => "ok",
            FileOutcome::Malformed => "malformed",
            FileOutcome::NotJson => "not JSON",
        }
    }

    /// The report as a line of JSON.
    pub(super) fn json(&self) -> Result<Line, Exit> {
        let document = Document {
            file: &self.file,
            outcome: match self.word() {
                "not JSON" => "not_json",
                word => word,
            },
            events: &self.events,
            unknown_fields: &self.unknown_fields,
            lossless: self.lossless,
            violations: &self.violations,
            error: self.error.as_deref(),
            hint: self.hint,
        };
        Line::json(&document).map_err(Exit::failed)
    }

    /// The report for people: the file's line, and one more for each thing to tell.
    pub(super) fn lines(&self) -> Vec<Line> {
        let word = self.word();
        let colour = if self.is_ok() { Tone::Good } else { Tone::Bad };
        let file = Line::toned(colour, format!("{word:<9}"))
            .then("  ")
            .then(&self.file);
        let parts = self.events.iter().map(|part| {
            let error = part.error.as_deref();
            let error = error.map(|error| format!(": {error}")).unwrap_or_default();
            format!("{} is {}{error}", part.name(), part.decoded)
        });
        let unknown = self.unknown_fields.iter();
        let unknown = unknown.map(|field| format!("unknown field {field}"));
        let violations = self.violations.iter();
        let violations = violations.map(|violation| format!("breaks a limit: {violation}"));
        let told = (self.error.clone().into_iter())
            .chain(parts)
            .chain(unknown)
            .chain(violations)
            .chain(self.hint.map(str::to_owned));
        let mut lines = vec![file];
        lines.extend(told.map(|text| Line::new("           ").then(text)));
        lines
    }
}

/// Whether it has Meta's own form, and nothing in its lists.
fn is_empty_of_metas(came: &Value) -> bool {
    let Some(entries) = came.get("entry").and_then(Value::as_array) else {
        return false;
    };
    let has_change = |entry: &Value| {
        let changes = entry.get("changes").and_then(Value::as_array);
        changes.is_none_or(|changes| !changes.is_empty())
    };
    !entries.iter().any(has_change)
}

/// What could not be read in an event.
fn error_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Malformed(part) => Some(format!("{}: {}", part.path, part.reason)),
        Event::Field(change) => change.change().faults().first().map(ToString::to_string),
        _ => None,
    }
}

/// Whether a model is written back equal to the bytes that it was read from.
fn is_lossless(model: &impl Serialize, bytes: &[u8]) -> bool {
    let came = serde_json::from_slice::<Value>(bytes);
    let written = serde_json::to_value(model);
    matches!((came, written), (Ok(came), Ok(written)) if came == written)
}
