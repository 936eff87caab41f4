//! `kaleyra-wa template edit`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::Waba;
use kaleyra_wa_types::template::{Difference, TemplateDefinition, TemplateId};
use serde_json::json;

use super::account::{TemplateAccount, one_named};
use super::files::{confirm, definitions};
use super::told::{differences, differences_json, head, refuse_broken};
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{note, note_all, say};

#[derive(Args)]
pub(super) struct Edit {
    /// JSON file with one definition or several, or a folder of such files
    file: PathBuf,
    /// Do it without a question
    #[arg(long, short)]
    yes: bool,
    /// Show only what would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: TemplateAccount,
}

/// What is changed of a template.
struct Planned {
    id: TemplateId,
    definition: TemplateDefinition,
    differences: Vec<Difference>,
}

impl Edit {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let json = global::settings().json;
        let waba = self.account.waba().await?;
        let mut planned = Vec::new();
        for definition in definitions(&self.file)? {
            let language = definition.language_code().into_owned();
            let listed = one_named(&waba, &definition.name, Some(&language)).await?;
            let found = listed.differences(&definition);
            if found.is_empty() {
                if json {
                    say(outcome(&definition, "unchanged", listed.id.as_ref(), &[])?)?;
                } else {
                    note(format!(
                        "{} in {language}: there is nothing to change",
                        definition.name
                    ));
                }
                continue;
            }
            refuse_others(&definition, &found)?;
            refuse_broken(&definition)?;
            note_all([head(&listed)]);
            note_all(differences(&found)?);
            planned.push(Planned {
                id: listed.id.clone().ok_or_else(|| {
                    Exit::failed(format!(
                        "{} is listed without an id, so it can't be edited",
                        definition.name
                    ))
                })?,
                definition,
                differences: found,
            });
        }
        if planned.is_empty() {
            return Ok(());
        }
        if !self.dry_run {
            confirm("Change it so?", self.yes)?;
        }
        for plan in planned {
            let word = if self.dry_run { "would_edit" } else { "edited" };
            if !self.dry_run {
                plan.make(&waba).await?;
            }
            if json {
                say(outcome(
                    &plan.definition,
                    word,
                    Some(&plan.id),
                    &plan.differences,
                )?)?;
            } else if !self.dry_run {
                let name = &plan.definition.name;
                say(format!(
                    "edited {name} in {}: it is reviewed again",
                    plan.definition.language_code()
                ))?;
            }
        }
        if self.dry_run {
            note("nothing was changed");
        }
        Ok(())
    }
}

impl Planned {
    /// It is either the category or components: see [`refuse_others`].
    async fn make(&self, waba: &Waba) -> Result<(), Exit> {
        let is_category = |it: &Difference| it.path == "category";
        if let Some(category) = self.definition.category.clone()
            && self.differences.iter().any(is_category)
        {
            let edit = waba.edit_template(self.id.clone()).category(category);
            let edited = or_stopped(edit.into_future()).await?;
            edited.map_err(|error| Exit::of(&error).with_servers_words(&error))?;
        }
        if self.differences.iter().any(|it| !is_category(it)) {
            let edit = waba
                .edit_template(self.id.clone())
                .components_of(&self.definition);
            let edited = or_stopped(edit.into_future()).await?;
            edited.map_err(|error| Exit::of(&error).with_servers_words(&error))?;
        }
        Ok(())
    }
}

/// Only category and components can be edited.
fn refuse_others(definition: &TemplateDefinition, found: &[Difference]) -> Result<(), Exit> {
    let is_editable = |it: &&Difference| it.path == "category" || it.path.starts_with("components");
    let other = found.iter().find(|it| !is_editable(it));
    let is_category = |it: &Difference| it.path == "category";
    if found.iter().any(is_category) && !found.iter().all(is_category) {
        // The first edit would put the template under review, where the second is refused.
        return Err(Exit::bad_input(format!(
            "{}: category and components can't be edited at once; edit one, and the other when it is approved again",
            definition.name
        )));
    }
    other.map_or(Ok(()), |other| {
        Err(Exit::bad_input(format!(
            "{}: {} can't be edited, only components and category; delete the template, or create one under another name",
            definition.name, other.path
        )))
    })
}

fn outcome(
    definition: &TemplateDefinition,
    outcome: &str,
    id: Option<&TemplateId>,
    found: &[Difference],
) -> Result<Line, Exit> {
    Line::json(&json!({
        "name": definition.name,
        "language": definition.language_code(),
        "outcome": outcome,
        "id": id,
        "differences": differences_json(found),
    }))
    .map_err(Exit::failed)
}
