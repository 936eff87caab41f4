//! `kaleyra-wa template delete`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use kaleyra_wa_types::template::{TemplateDefinition, TemplateStatus};
use serde_json::{Value, json};

use super::account::{TemplateAccount, named};
use super::describe::head;
use super::files::confirm;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{note, note_all, say};

#[derive(Args)]
pub(super) struct Delete {
    /// Its name
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    name: String,
    /// Only in this language; in every language if nothing is said
    #[arg(long)]
    language: Option<String>,
    /// Do it without a question
    #[arg(long, short)]
    yes: bool,
    /// Show only what would be deleted
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: TemplateAccount,
}

impl Delete {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let waba = self.account.waba().await?;
        let listed = named(&waba, &self.name, self.language.as_deref()).await?;
        note_all(listed.iter().map(head));
        let is_disabled = |it: &TemplateDefinition| it.status == Some(TemplateStatus::Disabled);
        for disabled in listed.iter().filter(|it| is_disabled(it)) {
            note(format!(
                "warning: {} in {} is DISABLED: Meta's page says that such a template can't be deleted",
                disabled.name,
                disabled.language_code()
            ));
        }
        if !self.dry_run {
            confirm(
                "Delete it? Its name can't be used again for 30 days.",
                self.yes,
            )?;
            let mut delete = waba.delete_template(&self.name);
            if self.language.is_some() {
                let id = listed.first().and_then(|it| it.id.clone());
                let id = id.ok_or_else(|| {
                    Exit::failed("it is listed without an id, so only all languages can be deleted")
                })?;
                delete = delete.id(id);
            }
            let deleted = or_stopped(delete.into_future()).await?;
            deleted.map_err(|error| Exit::of(&error).with_servers_words(&error))?;
        }
        if self.dry_run {
            note("nothing was deleted");
        }
        let deleted: Value = match self.dry_run {
            true => json!([]),
            false => {
                let all = listed.iter();
                all.map(|it| json!({"language": it.language_code(), "id": it.id}))
                    .collect()
            }
        };
        if global::settings().json {
            let outcome = json!({"name": self.name, "deleted": deleted});
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        match self.dry_run {
            true => Ok(()),
            false => say(format!("deleted {}", self.name)),
        }
    }
}
