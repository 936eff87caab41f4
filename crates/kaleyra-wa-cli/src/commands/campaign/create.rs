//! `kaleyra-wa campaign create`.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use kaleyra_wa_outbox::{Outbox, Purpose, QuietHours, Recipients};
use kaleyra_wa_store::{SqliteStore, StoreErrorKind};
use kaleyra_wa_types::outbound::template::Template;
use serde_json::{Value, json};

use crate::commands::inbox::unusable;
use crate::commands::outbox::{StoreFile, or_exit};
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::words::counted;
use crate::values::one_of;

/// How many bad lines are shown.
const SHOWN: usize = 20;

#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct Create {
    /// Its name, without blanks and slashes, such as spring-sale
    #[arg(value_parser = name)]
    name: String,
    /// CSV, or JSON lines where the name ends in .jsonl: a line for each recipient
    #[arg(long, value_name = "FILE")]
    recipients: PathBuf,
    /// The column that has the phone numbers; `to` and other usual names are found without
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Treat numbers without + as complete
    #[arg(long)]
    assume_plus: bool,
    /// The template's name
    #[arg(long, value_name = "NAME", required_unless_present = "template_file")]
    template: Option<String>,
    /// The template's language
    #[arg(long, default_value = "en")]
    language: String,
    /// Values for the placeholders of the template's text, in order; {{name}} is filled from the column `name`
    #[arg(long, value_name = "TEXT")]
    body: Vec<String>,
    /// The whole template as JSON, as it is sent, in place of the three above
    #[arg(long, value_name = "FILE", conflicts_with_all = ["template", "body"])]
    template_file: Option<PathBuf>,
    /// What it is for
    #[arg(long, value_name = "PURPOSE", default_value = "marketing", value_parser = one_of::<Purpose>(Purpose::ALL.map(Purpose::as_str)))]
    purpose: Purpose,
    /// Maximum number of messages a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: Option<u32>,
    /// When nothing is sent, such as '21:00-09:00 Asia/Kolkata'
    #[arg(long, value_name = "HOURS")]
    quiet_hours: Option<QuietHours>,
    #[command(flatten)]
    account: AccountSettings,
}

impl Create {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let template = self.template()?;
        let path = file.path()?;
        // Beside an application that has the file open as well.
        let store = match SqliteStore::open(&path) {
            Err(error) if error.kind() == StoreErrorKind::Owned => SqliteStore::attach(&path),
            opened => opened,
        };
        let store = store.map_err(|error| unusable(&path, &error))?;
        let client = self.account.client()?;
        let outbox = Outbox::builder(client, store.clone()).build();
        let mut recipients = Recipients::file(&self.recipients);
        if let Some(column) = self.column {
            recipients = recipients.column(column);
        }
        if self.assume_plus {
            recipients = recipients.assume_plus();
        }
        let mut new = outbox.new_campaign(self.name).purpose(self.purpose);
        if let Some(rate) = self.rate {
            new = new.rate(rate);
        }
        if let Some(quiet) = self.quiet_hours {
            new = new.quiet_hours(quiet);
        }
        // It goes to standard error, and only to a terminal.
        let bar = ProgressBar::new_spinner();
        if global::settings().quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let progress = |line| bar.set_message(format!("{line} lines"));
        let imported = new.import_with(template, recipients, progress).await;
        bar.finish_and_clear();
        let (campaign, import) = or_exit(imported)?;
        let bad = or_exit(campaign.bad_lines(0, SHOWN).await)?;
        store.close().await;
        if json {
            let lines: Vec<_> = bad
                .iter()
                .map(|bad| json!({"line": bad.line, "why": bad.why}))
                .collect();
            let value = json!({
                "campaign": campaign.name(),
                "recipients": import.recipients,
                "bad": import.bad,
                "duplicates": import.duplicates,
                "bad_lines": lines,
            });
            return say(Line::json(&value).map_err(Exit::failed)?);
        }
        let mut lines = vec![Line::new(format!(
            "{}: {}, {}{}",
            campaign.name(),
            counted(import.recipients, "recipient"),
            counted(import.bad, "bad line"),
            match import.duplicates {
                0 => String::new(),
                1 => ", of which 1 repeats a recipient".to_owned(),
                many => format!(", of which {many} repeat a recipient"),
            }
        ))];
        lines.extend(
            bad.iter()
                .map(|bad| Line::new(format!("  line {}: {}", bad.line, bad.why))),
        );
        if import.bad > bad.len() as u64 {
            lines.push(Line::new("  … the rest is in the report"));
        }
        say_all(lines)
    }

    fn template(&self) -> Result<Template, Exit> {
        if let Some(file) = &self.template_file {
            let value = input::json("--template-file", file)?;
            return read_template(value).map_err(|why| input::wrong("--template-file", file, why));
        }
        let name = self.template.clone().unwrap_or_default();
        // As Meta has them; a template of another name can't be there.
        let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if !name.bytes().all(is_sign) || name.is_empty() || name.len() > 512 {
            return Err(Exit::bad_input(
                "--template: no template has this name: names have lower-case letters, digits and _, 512 at most",
            ));
        }
        let template = Template::new(name, self.language.as_str());
        Ok(if self.body.is_empty() {
            template
        } else {
            template.body(self.body.clone())
        })
    }
}

/// A name that a shell takes as it stands, and that can be part of a file's name.
fn name(text: &str) -> Result<String, &'static str> {
    let is_sign =
        |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.' | ':' | '+');
    let is_one = text.starts_with(char::is_alphanumeric) && text.chars().all(is_sign);
    is_one
        .then(|| text.to_owned())
        .ok_or("a name has letters, digits, - and _, and no blanks or slashes: write spring-sale")
}

/// The template of a file: alone, in a message, or in a whole request.
fn read_template(value: Value) -> Result<Template, String> {
    let message = value.get("messaging_object").unwrap_or(&value);
    let template = message.get("template").unwrap_or(message);
    if template.get("name").is_none() || template.get("category").is_some() {
        return Err(
            "it holds no template message: give one with `name`, `language` and `components`"
                .to_owned(),
        );
    }
    serde_json::from_value(template.clone()).map_err(|error| input::plain(&error))
}
