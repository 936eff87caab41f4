//! `kaleyra-wa campaign create`.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use kaleyra_wa_outbox::{Outbox, Purpose, QuietHours, Recipients};
use kaleyra_wa_store::{SqliteStore, StoreErrorKind};
use kaleyra_wa_types::outbound::template::Template;
use serde_json::json;

use crate::commands::inbox::unusable;
use crate::commands::outbox::{StoreFile, or_exit};
use crate::exit::Exit;
use crate::global;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::{say, say_all};

/// How many bad lines are shown.
const SHOWN: usize = 20;

#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct Create {
    /// Its name
    name: String,
    /// CSV, or JSON lines where the name ends in .jsonl: a line for each recipient
    #[arg(long, value_name = "FILE")]
    recipients: PathBuf,
    /// The column that has the phone numbers; `to` and other usual names are found without
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Take numbers without + for complete ones
    #[arg(long)]
    assume_plus: bool,
    /// The template's name
    #[arg(long, value_name = "NAME", required_unless_present = "template_file")]
    template: Option<String>,
    /// The template's language
    #[arg(long, default_value = "en")]
    language: String,
    /// What is put into the places of the template's text, in their order; {{name}} is filled from the column `name`
    #[arg(long, value_name = "TEXT")]
    body: Vec<String>,
    /// The whole template as JSON, as it is sent, in place of the three above
    #[arg(long, value_name = "FILE", conflicts_with_all = ["template", "body"])]
    template_file: Option<PathBuf>,
    /// What it is for: marketing, utility, authentication or service
    #[arg(long, default_value = "marketing")]
    purpose: Purpose,
    /// So many a second at most
    #[arg(long)]
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
            "{}: {} recipients, {} bad lines, of which {} repeat a recipient",
            campaign.name(),
            import.recipients,
            import.bad,
            import.duplicates
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
            let text = std::fs::read(file)
                .map_err(|error| Exit::bad_input(format!("the template can't be read: {error}")))?;
            return serde_json::from_slice(&text)
                .map_err(|error| Exit::bad_input(format!("the template is no template: {error}")));
        }
        let name = self.template.clone().unwrap_or_default();
        let template = Template::new(name, self.language.as_str());
        Ok(if self.body.is_empty() {
            template
        } else {
            template.body(self.body.clone())
        })
    }
}
