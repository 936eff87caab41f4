//! `kaleyra-wa template check`.

use std::path::{Path, PathBuf};

use clap::Args;
use kaleyra_wa_types::outbound::MessagingObject;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::{Mismatch, TemplateDefinition};
use kaleyra_wa_types::{Recipient, Rule, SendRequest, Violation};
use serde::Serialize;

use super::account::{TemplateAccount, named};
use super::files::{definitions, file_or_named, is_path, message};
use crate::exit::Exit;
use crate::global;
use crate::show::line::Line;
use crate::show::output::{note, say, say_all};
use crate::show::style::Tone;

#[derive(Args)]
pub(super) struct Check {
    /// Files and folders with definitions, or names of templates of the account
    #[arg(required = true, value_name = "WHAT")]
    what: Vec<String>,
    /// File with a message for the one definition: its template, or the whole; - reads standard input
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// Only the templates in this language
    #[arg(long)]
    language: Option<String>,
    /// Take values that this version does not know, such as a new language, for right
    #[arg(long)]
    allow_unknown: bool,
    #[command(flatten)]
    account: TemplateAccount,
}

/// A definition, or a file without one, and what is wrong with it. The order is the documented one.
#[derive(Serialize)]
struct Checked {
    file: Option<PathBuf>,
    name: Option<String>,
    language: Option<String>,
    findings: Vec<Finding>,
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
const UNKNOWN: &str = "unknown";
const UNREADABLE: &str = "unreadable";
const WARNING: &str = "warning";

impl Check {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let all = match &self.with {
            Some(path) => {
                let [what] = self.what.as_slice() else {
                    return Err(Exit::usage(
                        "--with: a message is checked against one definition; give only one",
                    ));
                };
                let language = self.language.as_deref();
                let definition = file_or_named(what, language, &self.account).await?;
                let file = is_path(what).then(|| PathBuf::from(what));
                let findings = of_message(&definition, &message(path)?);
                vec![Checked::of(file, &definition, findings)]
            }
            None => self.definitions().await?,
        };
        for checked in &all {
            if global::settings().json {
                say(Line::json(checked).map_err(Exit::failed)?)?;
                continue;
            }
            if all.len() > 1 && !checked.findings.is_empty() {
                say(checked.head())?;
            }
            for finding in &checked.findings {
                say_all(finding.lines())?;
            }
        }
        self.end(&all)
    }

    /// The definitions that are meant, with what is wrong with each.
    async fn definitions(&self) -> Result<Vec<Checked>, Exit> {
        let mut all = Vec::new();
        for what in &self.what {
            if !is_path(what) {
                let waba = self.account.waba().await?;
                for definition in named(&waba, what, self.language.as_deref()).await? {
                    all.push(Checked::of(None, &definition, of_definition(&definition)));
                }
                continue;
            }
            let read = match definitions(Path::new(what)) {
                Ok(read) => read,
                Err(exit) if self.what.len() == 1 => return Err(exit),
                Err(exit) => {
                    let why = exit.message().unwrap_or_default().to_owned();
                    all.push(Checked::unreadable(PathBuf::from(what), why));
                    continue;
                }
            };
            if let ([], [(_, why)]) = (&*read.found, &*read.unread)
                && self.what.len() == 1
            {
                return Err(Exit::bad_input(why));
            }
            let language = self.language.as_deref();
            let is_meant =
                |it: &TemplateDefinition| language.is_none_or(|language| it.is(&it.name, language));
            let found = read.found.into_iter().filter(|(_, it)| is_meant(it));
            all.extend(found.map(|(file, it)| {
                let findings = of_definition(&it);
                Checked::of(Some(file), &it, findings)
            }));
            let unread = read.unread.into_iter();
            all.extend(unread.map(|(file, why)| Checked::unreadable(file, why)));
        }
        if all.is_empty() {
            return Err(Exit::bad_input("there is no template in this language"));
        }
        Ok(all)
    }

    fn end(&self, all: &[Checked]) -> Result<(), Exit> {
        let findings = || all.iter().flat_map(|it| &it.findings);
        let count = |severity: &str| findings().filter(|it| it.severity == severity).count();
        let (refused, unknown, unreadable) = (count(REFUSED), count(UNKNOWN), count(UNREADABLE));
        if unreadable > 0 {
            let files = if unreadable == 1 { "file" } else { "files" };
            return Err(Exit::bad_input(format!(
                "{unreadable} {files} can't be read"
            )));
        }
        let what = match (self.with.is_some(), all.len()) {
            (true, _) => "the message",
            (false, 1) => "the definition",
            (false, _) => "definitions",
        };
        if refused > 0 {
            let reasons = if refused == 1 { "reason" } else { "reasons" };
            return Err(Exit::found(format!(
                "Meta would refuse {what}, for {refused} {reasons}"
            )));
        }
        if unknown > 0 && !self.allow_unknown {
            let values = if unknown == 1 { "value" } else { "values" };
            return Err(Exit::found(format!(
                "{unknown} {values} not known to this version; where they are right, say --allow-unknown"
            )));
        }
        note(match (self.with.is_some(), all.len()) {
            (true, _) => "the message fits the template".to_owned(),
            (false, 1) => "the definition keeps to the documented limits".to_owned(),
            (false, count) => format!("{count} definitions keep to the documented limits"),
        });
        Ok(())
    }
}

impl Checked {
    fn of(file: Option<PathBuf>, definition: &TemplateDefinition, findings: Vec<Finding>) -> Self {
        Self {
            file,
            name: Some(definition.name.clone()),
            language: Some(definition.language_code().into_owned()),
            findings,
        }
    }

    fn unreadable(file: PathBuf, why: String) -> Self {
        let finding = Finding {
            code: None,
            path: String::new(),
            reason: why,
            advice: None,
            severity: UNREADABLE,
        };
        Self {
            file: Some(file),
            name: None,
            language: None,
            findings: vec![finding],
        }
    }

    fn head(&self) -> Line {
        let file = self.file.as_ref();
        let file = file.map_or(String::new(), |file| file.display().to_string());
        let line = Line::toned(Tone::Title, file);
        match (&self.name, &self.language) {
            (Some(name), Some(language)) => line.then(format!("  {name} in {language}")),
            _ => line,
        }
    }
}

/// What does not fit of a message.
fn of_message(definition: &TemplateDefinition, message: &Template) -> Vec<Finding> {
    let refused = definition.check(message).into_iter();
    let mut findings: Vec<_> = refused.map(|it| Finding::of(it, REFUSED)).collect();
    let limits = limits_of(message);
    let is_new = |it: &Finding| !findings.iter().any(|found| found.path == it.path);
    let limits: Vec<_> = limits.into_iter().filter(is_new).collect();
    findings.extend(limits);
    let warnings = definition.warnings(message).into_iter();
    findings.extend(warnings.map(|it| Finding::of(it, WARNING)));
    findings
}

/// The limits of any template's message that this one breaks, which no definition knows.
fn limits_of(message: &Template) -> Vec<Finding> {
    let Ok(anybody) = Recipient::try_from("+919800000001") else {
        return Vec::new();
    };
    let request = SendRequest::new(MessagingObject::new(anybody, message.clone()));
    let of_template = |violation: Violation| Finding {
        code: code_of(&violation),
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

/// Meta's code for what is wrong with a message whatever its template is, where one is known.
fn code_of(violation: &Violation) -> Option<i64> {
    let is_part = violation.path.ends_with("].type");
    match &violation.rule {
        Rule::Unique if is_part => Some(132_018),
        _ if violation.path.contains(".action.sections") => Some(131_009),
        _ => None,
    }
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
    let broken = definition.validate();
    let mut unknown = definition.unknown_values();
    unknown.retain(|it| !broken.iter().any(|broken| broken.path == it.path));
    let broken = broken.into_iter().map(finding(REFUSED));
    let unknown = unknown.into_iter().map(finding(UNKNOWN));
    let advice = definition.advice().into_iter().map(finding(WARNING));
    broken.chain(unknown).chain(advice).collect()
}

impl Finding {
    fn of(mismatch: Mismatch, severity: &'static str) -> Self {
        Self {
            code: Some(mismatch.code),
            advice: mismatch.advice().map(str::to_owned),
            path: mismatch.path,
            reason: mismatch.reason.into_owned(),
            severity,
        }
    }

    fn lines(&self) -> Vec<Line> {
        let tone = match self.severity {
            WARNING => Tone::Quiet,
            _ => Tone::Bad,
        };
        let code = self
            .code
            .map_or(self.severity.to_owned(), |code| code.to_string());
        let mut line = Line::toned(tone, code).then("  ");
        if !self.path.is_empty() {
            line = line.then_toned(Tone::Title, &self.path).then(": ");
        }
        let mut lines = vec![line.then(&self.reason)];
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
