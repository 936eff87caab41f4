//! `kaleyra-wa template check`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_types::error_code;
use kaleyra_wa_types::inbound::ErrorCode;
use kaleyra_wa_types::outbound::MessagingObject;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::{Mismatch, TemplateDefinition};
use kaleyra_wa_types::{Recipient, SendRequest, Violation};
use serde::Serialize;

use super::account::TemplateAccount;
use super::files::{file_or_named, message};
use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::message::advice_in_words;
use crate::show::output::{note, say, say_all};
use crate::show::style::Tone;

#[derive(Args)]
pub(super) struct Check {
    /// File with the definition, or the name of a template of the account
    what: String,
    /// File with the message: its template, or the whole; - reads standard input
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// The template's language, where it has several
    #[arg(long)]
    language: Option<String>,
    #[command(flatten)]
    account: TemplateAccount,
}

/// Something that is wrong, or may be. The order is the documented one.
#[derive(Serialize)]
struct Finding {
    code: Option<i64>,
    path: String,
    reason: String,
    #[serde(rename = "do")]
    advice: Option<String>,
    severity: &'static str,
}

const REFUSED: &str = "refused";
const WARNING: &str = "warning";

impl Check {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let definition = file_or_named(&self.what, self.language.as_deref(), &self.account).await?;
        let findings = match &self.with {
            Some(path) => {
                let message = message(path)?;
                let refused = definition.check(&message).into_iter();
                let mut findings: Vec<_> = refused.map(|it| Finding::of(it, REFUSED)).collect();
                let limits = limits_of(&message);
                let is_new = |it: &Finding| !findings.iter().any(|found| found.path == it.path);
                let limits: Vec<_> = limits.into_iter().filter(is_new).collect();
                findings.extend(limits);
                let warnings = definition.warnings(&message).into_iter();
                findings.extend(warnings.map(|it| Finding::of(it, WARNING)));
                findings
            }
            None => of_definition(&definition),
        };
        for finding in &findings {
            if global::settings().json {
                say(Line::json(finding).map_err(Exit::failed)?)?;
            } else {
                say_all(finding.lines())?;
            }
        }
        let count = findings.iter().filter(|it| it.severity == REFUSED).count();
        if count == 0 {
            note(match self.with.is_some() {
                true => "the message fits the template",
                false => "the definition keeps to the documented limits",
            });
            return Ok(());
        }
        let what = match self.with.is_some() {
            true => "Meta would refuse the message",
            false => "Meta would refuse the definition",
        };
        let reasons = if count == 1 { "reason" } else { "reasons" };
        Err(Exit::found(format!("{what}, for {count} {reasons}")))
    }
}

/// The limits of any template's message that this one breaks, which no definition knows.
fn limits_of(message: &Template) -> Vec<Finding> {
    let Ok(anybody) = Recipient::try_from("+919800000001") else {
        return Vec::new();
    };
    let request = SendRequest::new(MessagingObject::new(anybody, message.clone()));
    let of_template = |violation: Violation| Finding {
        code: None,
        path: violation
            .path
            .trim_start_matches("messaging_object.")
            .trim_start_matches("template.")
            .to_owned(),
        reason: violation.rule.to_string(),
        advice: None,
        severity: REFUSED,
    };
    request.violations().into_iter().map(of_template).collect()
}

/// The limits that a definition breaks, and advice for its review.
fn of_definition(definition: &TemplateDefinition) -> Vec<Finding> {
    let finding = |severity| {
        move |violation: Violation| Finding {
            code: None,
            path: violation.path,
            reason: violation.rule.to_string(),
            advice: None,
            severity,
        }
    };
    let broken = definition.validate().into_iter().map(finding(REFUSED));
    let advice = definition.advice().into_iter().map(finding(WARNING));
    broken.chain(advice).collect()
}

impl Finding {
    fn of(mismatch: Mismatch, severity: &'static str) -> Self {
        let code = mismatch.code.to_string();
        let info = error_code::lookup(&ErrorCode::from(code.as_str()));
        let advice = info.map(|info| match info.advice {
            Some(advice) => advice.to_owned(),
            None => advice_in_words(info),
        });
        Self {
            code: Some(mismatch.code),
            path: mismatch.path,
            reason: mismatch.reason.into_owned(),
            advice: advice.filter(|advice| !advice.is_empty()),
            severity,
        }
    }

    fn lines(&self) -> Vec<Line> {
        let tone = if self.severity == REFUSED {
            Tone::Bad
        } else {
            Tone::Quiet
        };
        let code = self
            .code
            .map_or(self.severity.to_owned(), |code| code.to_string());
        let mut lines = vec![
            Line::toned(tone, code)
                .then("  ")
                .then_toned(Tone::Title, &self.path)
                .then(format!(": {}", self.reason)),
        ];
        if self.code.is_some() && self.severity == WARNING {
            lines.push(Line::toned(
                Tone::Quiet,
                "  it may be refused, which is not certain",
            ));
        }
        if let Some(advice) = &self.advice {
            lines.push(Line::toned(Tone::Quiet, "  do  ").then(advice));
        }
        lines
    }
}
