//! `kaleyra-wa replay`: posts captured callbacks to a webhook again.

mod captured;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use self::captured::{Captured, read};
use super::post::{Poster, why};
use crate::exit::Exit;
use crate::global;
use crate::settings::CallbackSecret;
use crate::settings::layers::Layers;
use crate::show::line::Line;
use crate::show::output::{note, say};
use crate::show::style::Tone;

/// Post captured callbacks to a webhook again, byte for byte
#[derive(Args)]
#[command(after_help = "\
A source is a file with one callback, a .jsonl file with one per line, or a folder that `listen --save` filled. Method, \
query and headers are as they came; the secret was not kept, so give it again.

Examples:
  kaleyra-wa replay captures --to http://127.0.0.1:8080/
  kaleyra-wa replay captures --to http://127.0.0.1:8080/ --gaps original --only 1..20
  kaleyra-wa replay callback.json --to http://127.0.0.1:8080/ --times 2
  kaleyra-wa replay captures --to http://127.0.0.1:8080/ --dry-run

With --json each is a line: number, source, status, milliseconds, answer (its first line).
Exit codes: 0 all were answered 2xx, 3 some were refused, 4 the webhook was not reached; the rest was not posted.")]
pub(crate) struct Replay {
    /// Files or folders
    #[arg(required = true, value_name = "SRC")]
    sources: Vec<PathBuf>,
    /// The webhook
    #[arg(long, value_name = "URL")]
    to: String,
    /// Time between two: none, original (as they came), or a duration such as 500ms or 2s
    #[arg(long, value_name = "GAPS", default_value = "none", value_parser = gaps)]
    gaps: Gaps,
    /// Only these, by their place from 1: 3, 2..5, 10.. or ..4
    #[arg(long, value_name = "N..M", value_parser = range)]
    only: Option<(usize, usize)>,
    /// Post each so many times
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    times: u32,
    /// Show what would be posted, and post nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    secret: CallbackSecret,
}

/// The time between two callbacks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gaps {
    Original,
    Fixed(Duration),
}

impl Replay {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let mut all = Vec::new();
        for source in &self.sources {
            all.extend(read(source)?);
        }
        let (first, last) = self.only.unwrap_or((1, usize::MAX));
        let chosen: Vec<(usize, Captured)> = (1..)
            .zip(all)
            .filter(|(number, _)| (first..=last).contains(number))
            .collect();
        if chosen.is_empty() {
            return Err(Exit::bad_input(
                "there is no callback in that; check the folder, and --only",
            ));
        }
        let mut poster = Poster::new("--to", &self.to)?;
        if self.dry_run {
            for (number, captured) in &chosen {
                say(format!(
                    "{number}  {} {} bytes  {}",
                    captured.method,
                    captured.body.len(),
                    captured.source
                ))?;
            }
            return Ok(());
        }
        let layers = Layers::load()?;
        if let Some(secret) = self.secret.read(&layers)? {
            poster = poster.header(&self.secret.header(&layers), &secret)?;
        }
        let mut refused = 0;
        let mut before = None;
        for (number, captured) in &chosen {
            let gap = match (self.gaps, before, captured.received_at) {
                (Gaps::Original, Some(before), Some(now)) => {
                    Duration::try_from(now - before).unwrap_or_default()
                }
                (Gaps::Fixed(gap), Some(_), _) => gap,
                _ => Duration::ZERO,
            };
            before = captured
                .received_at
                .or(before)
                .or(Some(jiff::Timestamp::UNIX_EPOCH));
            if !gap.is_zero() {
                tokio::time::sleep(gap).await;
            }
            for _ in 0..self.times {
                refused += u32::from(!post(&poster, *number, captured).await?);
            }
        }
        if refused > 0 {
            return Err(Exit::refused(format!(
                "{refused} of {} were refused; look into the webhook's log",
                chosen.len() * self.times as usize
            )));
        }
        note(format!("{} posted to {}", chosen.len(), poster.shown()));
        Ok(())
    }
}

/// Posts one, and tells the response: whether it was taken.
async fn post(poster: &Poster, number: usize, captured: &Captured) -> Result<bool, Exit> {
    let answer = poster
        .send(
            captured.method.clone(),
            captured.query.as_deref(),
            &captured.headers,
            captured.body.clone(),
        )
        .await
        .map_err(|error| Exit::unreached(format!("{}: {}", captured.source, why(&error))))?;
    let milliseconds = u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX);
    if global::settings().json {
        let line = json!({
            "number": number, "source": captured.source, "status": answer.status,
            "milliseconds": milliseconds, "answer": answer.says(),
        });
        say(Line::json(&line).map_err(Exit::failed)?)?;
    } else {
        let tone = if answer.is_taken() {
            Tone::Good
        } else {
            Tone::Bad
        };
        say(Line::toned(tone, answer.status).then(format!(
            "  {number}  {milliseconds} ms  {}  {}",
            captured.source,
            answer.says()
        )))?;
    }
    Ok(answer.is_taken())
}

fn gaps(text: &str) -> Result<Gaps, String> {
    match text {
        "none" => Ok(Gaps::Fixed(Duration::ZERO)),
        "original" => Ok(Gaps::Original),
        text => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|gap| Duration::try_from(gap).ok())
            .map(Gaps::Fixed)
            .ok_or_else(|| "give none, original, or a duration such as 500ms or 2s".to_owned()),
    }
}

fn range(text: &str) -> Result<(usize, usize), String> {
    let wrong = || "give places from 1, such as 3, 2..5, 10.. or ..4".to_owned();
    let number = |text: &str, other| match text {
        "" => Ok(other),
        text => text.parse::<usize>().map_err(|_| wrong()),
    };
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (
            number(first, 1)?,
            number(last.trim_start_matches('='), usize::MAX)?,
        ),
        None => {
            let only = text.parse().map_err(|_| wrong())?;
            (only, only)
        }
    };
    if first == 0 || first > last {
        return Err(wrong());
    }
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_gaps_are_read() {
        assert_eq!(range("3"), Ok((3, 3)));
        assert_eq!(range("2..5"), Ok((2, 5)));
        assert_eq!(range("10.."), Ok((10, usize::MAX)));
        assert_eq!(range("..4"), Ok((1, 4)));
        assert!(range("0..3").is_err() && range("5..2").is_err() && range("a").is_err());
        assert_eq!(gaps("500ms"), Ok(Gaps::Fixed(Duration::from_millis(500))));
        assert_eq!(gaps("original"), Ok(Gaps::Original));
        assert!(gaps("-1s").is_err() && gaps("soon").is_err());
    }
}
