//! `kaleyra-wa template list` and `show`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_types::template::TemplateDefinition;

use super::account::{TemplateAccount, named};
use super::describe::{head, rendered};
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{complain, note, say, say_all};

/// Those that Meta's documentation names.
const STATUSES: [&str; 14] = [
    "APPROVED",
    "PENDING",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "DELETED",
    "LIMIT_EXCEEDED",
    "ARCHIVED",
    "UNARCHIVED",
    "FLAGGED",
    "LOCKED",
    "REINSTATED",
];

#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct List {
    /// Only those in this status
    #[arg(long, ignore_case = true, value_parser = STATUSES)]
    status: Option<String>,
    /// Only those of this category
    #[arg(long, ignore_case = true, value_parser = ["MARKETING", "UTILITY", "AUTHENTICATION"])]
    category: Option<String>,
    /// Only those in this language, such as en_US
    #[arg(long, value_parser = language)]
    language: Option<String>,
    #[command(flatten)]
    account: TemplateAccount,
}

/// A code that templates may have.
fn language(code: &str) -> Result<String, &'static str> {
    match TemplateDefinition::LANGUAGES.contains(&code) {
        true => Ok(code.to_owned()),
        false => Err("it is no language of a template; codes are such as en, en_US or pt_BR"),
    }
}

#[derive(Args)]
pub(super) struct Show {
    /// Its name
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    name: String,
    /// Its language; all of them if nothing is said
    #[arg(long)]
    language: Option<String>,
    #[command(flatten)]
    account: TemplateAccount,
}

impl List {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let waba = self.account.waba().await?;
        let mut list = waba.templates();
        if let Some(status) = &self.status {
            list = list.status(status.to_ascii_uppercase());
        }
        if let Some(category) = &self.category {
            list = list.category(category.to_ascii_uppercase());
        }
        if let Some(language) = &self.language {
            list = list.language(language);
        }
        let mut next = Some(list);
        let (mut count, mut unreadable) = (0, 0);
        while let Some(request) = next {
            let page = or_stopped(request.into_future()).await?;
            let page = page.map_err(|error| Exit::of_read(&error))?;
            for definition in page.templates() {
                say(line(definition)?)?;
            }
            let before = count + unreadable;
            for entry in page.unreadable() {
                let mut entry = entry.clone();
                entry.position += before;
                complain(format!("not shown: {entry}"));
            }
            count += page.templates().len();
            unreadable += page.unreadable().len();
            next = page.next_page();
        }
        if count == 0 {
            note("no template is listed");
        }
        match unreadable {
            0 => Ok(()),
            count => Err(Exit::found(format!(
                "{count} of the listed templates can't be read"
            ))),
        }
    }
}

impl Show {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let waba = self.account.waba().await?;
        for definition in named(&waba, &self.name, self.language.as_deref()).await? {
            say(line(&definition)?)?;
            if !global::settings().json {
                say_all(rendered(&definition, None))?;
            }
        }
        Ok(())
    }
}

fn line(definition: &TemplateDefinition) -> Result<Line, Exit> {
    match global::settings().json {
        true => Line::json(definition).map_err(Exit::failed),
        false => Ok(head(definition)),
    }
}
