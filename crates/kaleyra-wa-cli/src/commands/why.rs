//! `kaleyra-wa why`: what an error code means, and what to do about it.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use clap::Args;
use kaleyra_wa_types::error_code::{CodeInfo, judge};
use kaleyra_wa_types::inbound::ErrorCode;
use kaleyra_wa_types::response::Code;
use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;
use crate::global;
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
  kaleyra-wa why E110
  kaleyra-wa why failed.json
  kaleyra-wa why - < failed.json

With --json each code is a line: code, meaning, class (transient, wait, fix_first, never, unclear), do, details, source.
Exit codes: 0 explained, 1 a code that no page names, 2 no code at all.")]
pub(crate) struct Why {
    /// A code, a file, or - for standard input
    #[arg(value_name = "CODE|FILE")]
    what: String,
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
        let path = Path::new(&self.what);
        let is_file = self.what == "-" || path.is_file();
        let codes = if is_file {
            let value = read(path)?;
            let mut codes = Vec::new();
            find(&value, &mut codes);
            codes.dedup();
            if codes.is_empty() {
                return Err(Exit::bad_input(format!(
                    "{}: there is no error code in it; `kaleyra-wa check` tells what it is",
                    self.what
                )));
            }
            codes
        } else {
            if self.what.contains(['/', '\\', '.']) {
                return Err(Exit::bad_input(format!(
                    "{}: there is no such file; check the path, or give a code such as 131047",
                    self.what
                )));
            }
            vec![(self.what.trim().to_owned(), None)]
        };
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
            ))
        }
    }
}

impl Explained {
    fn of(code: String, details: Option<String>) -> Self {
        let of_kaleyra = Code::from(code.as_str());
        let of_meta = ErrorCode::from(code.as_str());
        let (info, source): (Option<&CodeInfo>, _) = match of_kaleyra.info() {
            Some(info) => (Some(info), KALEYRAS_CODES),
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

fn read(path: &Path) -> Result<Value, Exit> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX).read_to_end(&mut bytes))
    };
    let at = path.display();
    read.map_err(|error| Exit::bad_input(format!("{at}: can't be read: {error}")))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Exit::bad_input(format!("{at}: it is not JSON: {error}")))
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
