//! `kaleyra-wa why`: what an error code means, and what to do about it.

use std::path::Path;

use clap::Args;
use kaleyra_wa_types::error_code::{CodeInfo, judge};
use kaleyra_wa_types::inbound::ErrorCode;
use kaleyra_wa_types::response::Code;
use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::show::failure::KALEYRAS_CODES;
use crate::show::line::Line;
use crate::show::message::advice_in_words;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;

/// More than any callback has.
const MAX: u64 = 16 << 20;
const METAS_CODES: &str =
    "Meta, Error codes: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes";

/// Explain an error code, or the codes in a callback or a response
#[derive(Args)]
#[command(after_help = "\
Codes are Meta's, such as 131047, or Kaleyra's, such as E110. In a file every code is looked for, with its details: \
some codes mean several things. Nothing leaves this machine.

Examples:
  kaleyra-wa why 131047
  kaleyra-wa why E110 131026
  kaleyra-wa why failed.json
  kaleyra-wa why - < failed.json

With --json each code is a line: code, meaning, class (transient, wait, fix_first, never, unclear), do, details, source.
Exit codes: 0 explained, 1 a code that no page names, 2 no code at all.")]
pub(crate) struct Why {
    /// Codes, files, or - for standard input
    #[arg(required = true, value_name = "CODE|FILE")]
    what: Vec<String>,
}

/// A code, explained.
#[derive(Serialize)]
struct Explained {
    code: String,
    meaning: Option<&'static str>,
    class: Option<&'static str>,
    #[serde(rename = "do")]
    advice: Option<String>,
    details: Option<String>,
    source: Option<&'static str>,
}

impl Why {
    pub(crate) fn run(self) -> Result<(), Exit> {
        let mut codes = Vec::new();
        for what in &self.what {
            codes.extend(named(what)?);
        }
        let mut is_known = true;
        for (code, details) in codes {
            let explained = Explained::of(code, details);
            is_known &= explained.meaning.is_some();
            if global::settings().json {
                say(Line::json(&explained).map_err(Exit::failed)?)?;
            } else {
                say_all(explained.lines())?;
            }
        }
        if is_known {
            Ok(())
        } else {
            Err(Exit::found(
                "no page named this code when this version was made; look at developers.kaleyra.io and at Meta's error codes",
            )
            .concluded())
        }
    }
}

impl Explained {
    fn of(code: String, details: Option<String>) -> Self {
        let of_kaleyra = Code::from(code.as_str());
        let of_meta = ErrorCode::from(code.as_str());
        let (info, source): (Option<&CodeInfo>, _) = match of_kaleyra.info() {
            Some(info) => (Some(info), KALEYRAS_CODES),
            // A success of Kaleyra's has no advice, but a meaning.
            None if of_kaleyra.meaning().is_some() => (None, KALEYRAS_CODES),
            None => (judge(&of_meta, details.as_deref()), METAS_CODES),
        };
        // A success has no advice.
        let meaning = info.map(|info| info.meaning).or(of_kaleyra.meaning());
        Self {
            meaning,
            class: info.map(class),
            advice: info
                .map(advice_in_words)
                .filter(|advice| !advice.is_empty()),
            source: meaning.map(|_| source),
            code,
            details,
        }
    }

    fn lines(&self) -> Vec<Line> {
        let meaning = self.meaning.unwrap_or("not in the tables of this version");
        let mut lines = vec![
            Line::toned(Tone::Title, &self.code)
                .then("  ")
                .then(meaning),
        ];
        let more = [
            ("details", self.details.as_deref()),
            ("do", self.advice.as_deref()),
            ("source", self.source),
        ];
        lines.extend(more.into_iter().filter_map(|(name, text)| {
            Some(Line::toned(Tone::Quiet, format!("  {name:<8}")).then(text?))
        }));
        lines
    }
}

fn class(info: &CodeInfo) -> &'static str {
    use kaleyra_wa_types::error_code::ErrorClass;

    match info.class {
        ErrorClass::Transient => "transient",
        ErrorClass::Wait(_) => "wait",
        ErrorClass::FixFirst => "fix_first",
        ErrorClass::Never => "never",
        _ => "unclear",
    }
}

/// The codes that an argument names: a file's, or the argument itself.
fn named(what: &str) -> Result<Codes, Exit> {
    let path = Path::new(what);
    if what == "-" || path.is_file() {
        let codes = read(path)?;
        if codes.is_empty() {
            return Err(Exit::bad_input(format!(
                "{what}: there is no error code in it; `kaleyra-wa check` tells what it is"
            )));
        }
        return Ok(codes);
    }
    if what.contains(['/', '\\', '.']) {
        return Err(Exit::bad_input(format!(
            "{what}: there is no such file; check the path, or give a code such as 131047"
        )));
    }
    let codes: Codes = words(what).map(|word| (written(word), None)).collect();
    if codes.is_empty() {
        return Err(Exit::bad_input(
            "there is no code: give one, such as 131047 or E110",
        ));
    }
    Ok(codes)
}

/// Codes, each with its details.
type Codes = Vec<(String, Option<String>)>;

/// A file's codes: those of its JSON, or the codes themselves.
fn read(path: &Path) -> Result<Codes, Exit> {
    let bytes = input::bytes_up_to(MAX, "", path)?;
    let mut codes = Vec::new();
    let text = match serde_json::from_slice::<Value>(&bytes) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => {
            find(&value, &mut codes);
            codes.dedup();
            return Ok(codes);
        }
        Ok(value) => Ok(value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)),
        Err(error) => String::from_utf8(bytes).map_err(|_| error),
    };
    let wrong = |error: &serde_json::Error| input::wrong("", path, input::not_json(error));
    let text = text.map_err(|error| wrong(&error))?;
    let looks_like_code = |word: &str| {
        word.len() <= 12
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !words(&text).all(looks_like_code) {
        return match serde_json::from_str::<Value>(&text) {
            Ok(_) => Ok(codes),
            Err(error) => Err(wrong(&error)),
        };
    }
    codes.extend(words(&text).map(|word| (written(word), None)));
    Ok(codes)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | ';'))
        .filter(|word| !word.is_empty())
}

/// A code as it is printed: with large letters.
fn written(word: &str) -> String {
    word.to_ascii_uppercase()
}

/// Every code in it, with its details: what `code` or `error_code` names.
fn find(value: &Value, codes: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(members) => {
            let code = members.get("code").or_else(|| members.get("error_code"));
            let code = code.and_then(|code| match code {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            });
            // A language, too, has a code: one of an error has a digit.
            if let Some(code) = code.filter(|code| code.bytes().any(|byte| byte.is_ascii_digit())) {
                let details = (members.get("error_data"))
                    .and_then(|data| data.get("details"))
                    .or_else(|| members.get("details"))
                    .or_else(|| members.get("reason"))
                    .and_then(Value::as_str);
                codes.push((code, details.map(str::to_owned)));
            }
            members.values().for_each(|value| find(value, codes));
        }
        Value::Array(values) => values.iter().for_each(|value| find(value, codes)),
        // What was kept as text, such as a log's field.
        Value::String(text) if text.starts_with('{') => {
            if let Ok(value) = serde_json::from_str(text) {
                find(&value, codes);
            }
        }
        _ => {}
    }
}
