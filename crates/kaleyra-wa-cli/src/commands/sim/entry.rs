//! An entry of the simulator's log, as a line for people.

use serde_json::Value;

use super::remote::tell;
use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;

/// Says it: for people, or as JSON.
pub(super) fn entry(entry: &Value) -> Result<(), Exit> {
    match global::settings().json {
        true => tell(entry),
        false => say(line(entry)),
    }
}

/// The fields that are shown, in this order; and whether their values tell by themselves what they are.
const SHOWN: [(&str, bool); 24] = [
    ("method", true),
    ("path", true),
    ("status", true),
    ("kind", true),
    ("event", true),
    ("type", true),
    ("thing", true),
    ("change", true),
    ("code", true),
    ("why", true),
    ("fault", true),
    ("rule", true),
    ("message", true),
    ("media", true),
    ("error", true),
    ("added", false),
    ("failed", false),
    ("removed", false),
    ("typing", false),
    ("attempt", false),
    ("attempts", false),
    ("bytes", true),
    ("ms", true),
    ("message_id", true),
];

fn line(entry: &Value) -> Line {
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    let at = time_of(entry);
    let what = text("what");
    let number = entry["number"].as_u64().unwrap_or_default();
    let is_bad = matches!(
        what,
        "rejected" | "unanswered" | "callback_failed" | "key_leaked"
    ) || entry["status"]
        .as_u64()
        .is_some_and(|status| !(200..300).contains(&status));
    let tone = if is_bad { Tone::Bad } else { Tone::Title };
    let mut line = Line::toned(Tone::Quiet, format!("{number:>5}  {at:<12}  "))
        .then_toned(tone, format!("{what:<16}"))
        .then(fact(entry));
    if let Some(user) = entry["user"].as_str() {
        line = line.then_toned(Tone::Quiet, format!("  +{user}"));
    }
    match entry["cause"].as_u64() {
        Some(cause) => line.then_toned(Tone::Quiet, format!("  because of {cause}")),
        None => line,
    }
}

/// The time of the day: the date is the clock's.
fn time_of(entry: &Value) -> String {
    let at = entry["at"].as_str().unwrap_or_default();
    let at = at.split('T').nth(1).unwrap_or_default();
    at.split(['Z', '+']).next().unwrap_or_default().to_owned()
}

/// What is special about it, in words.
fn fact(entry: &Value) -> String {
    let words = SHOWN.iter().filter_map(|(name, tells)| {
        let value = &entry[name];
        let text = match (*name, value) {
            (_, Value::Null | Value::Bool(false)) => return None,
            ("message", message) => message_words(message),
            ("media", media) => text_of(&media["id"]),
            ("error", error) => format!("error {}", text_of(&error["code"])),
            ("bytes", value) => format!("{value} bytes"),
            ("ms", value) => format!("{value} ms"),
            (_, value) if value.is_object() || value.is_array() => return None,
            (_, value) => text_of(value),
        };
        Some(match tells {
            true => text,
            false => format!("{name} {text}"),
        })
    });
    words.collect::<Vec<_>>().join("  ")
}

/// A string without its quotation marks, and anything else as it is.
fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn message_words(message: &Value) -> String {
    let id = text_of(&message["message_id"]);
    let object = &message["request"]["messaging_object"];
    let type_name = object["type"].as_str().unwrap_or("read");
    let reference = message["request"]["extra_info"]["ref"].as_str();
    let reference = reference.map_or_else(String::new, |it| format!("  reference {it}"));
    format!("{type_name}  {id}{reference}")
}

/// Why something went as it did, for people: the verdict, what to do, and the steps that led there.
pub(super) fn explanation(why: &Value) -> Result<(), Exit> {
    let text = |name: &str| why[name].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![Line::toned(Tone::Title, text("verdict"))];
    let advice = text("advice");
    if !advice.is_empty() {
        lines.push(Line::toned(Tone::Quiet, "  do      ").then(advice));
    }
    for step in why["steps"].as_array().into_iter().flatten() {
        let number = step["entry"].as_u64().unwrap_or_default();
        let mut line = Line::toned(Tone::Quiet, format!("{number:>5}  {:<12}  ", time_of(step)))
            .then(text_of(&step["what"]));
        if step["basis"] == "inferred" {
            line = line.then_toned(Tone::Quiet, "  (inferred: documented nowhere)");
        }
        lines.push(line);
    }
    say_all(lines)
}
