//! `kaleyra-wa template edit`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::Waba;
use kaleyra_wa_types::template::{
    ButtonDefinition, ButtonKind, ComponentKind, Difference, TemplateDefinition, TemplateId,
};
use serde_json::json;

use super::account::{TemplateAccount, one_named};
use super::describe::{differences, differences_json, head, refuse_broken};
use super::files::{confirm, definitions};
use super::refusals::Refusals;
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
        let files = definitions(&self.file)?;
        let mut refusals = Refusals::of(files.count());
        for (_, why) in files.unread {
            refusals.add(None, Exit::bad_input(why))?;
        }
        let mut planned = Vec::new();
        for (_, definition) in files.found {
            match plan(&waba, &definition).await {
                Ok(plan) => planned.extend(plan),
                Err(exit) => refusals.add(Some(&definition), exit)?,
            }
        }
        if planned.is_empty() {
            return refusals.end();
        }
        if !self.dry_run {
            confirm("Change it so?", self.yes)?;
        }
        for plan in planned {
            let word = if self.dry_run { "would_edit" } else { "edited" };
            if !self.dry_run
                && let Err(exit) = plan.make(&waba).await
            {
                refusals.add(Some(&plan.definition), exit)?;
                continue;
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
        refusals.end()
    }
}

/// What is to be changed of a template; `None`, which is said, where there is nothing.
async fn plan(waba: &Waba, definition: &TemplateDefinition) -> Result<Option<Planned>, Exit> {
    let language = definition.language_code().into_owned();
    let listed = one_named(waba, &definition.name, Some(&language)).await?;
    let found = listed.differences(definition);
    warn_of_untold(&listed, definition);
    if found.is_empty() {
        if global::settings().json {
            say(outcome(definition, "unchanged", listed.id.as_ref(), &[])?)?;
        } else {
            note(format!(
                "{} in {language}: there is nothing to change",
                definition.name
            ));
        }
        return Ok(None);
    }
    refuse_others(definition, &found)?;
    refuse_locked(&listed, &found)?;
    let is_category = |it: &Difference| it.path == "category";
    if !found.iter().all(is_category) {
        refuse_broken(definition)?;
    }
    note_all([head(&listed)]);
    note_all(differences(&found)?);
    let Some(id) = listed.id.clone() else {
        return Err(Exit::bad_input(
            "it is listed without an id, so it can't be edited",
        ));
    };
    Ok(Some(Planned {
        id,
        definition: definition.clone(),
        differences: found,
    }))
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

/// What the server is sure to refuse of this template, whatever the edit is.
fn refuse_locked(listed: &TemplateDefinition, found: &[Difference]) -> Result<(), Exit> {
    let Some(status) = &listed.status else {
        return Ok(());
    };
    let why = if status.may_be_edited() == Some(false) {
        "only one that is approved, rejected or paused can be edited"
    } else if status.may_be_sent() == Some(true) && found.iter().any(|it| it.path == "category") {
        "the category of an approved one can't be changed"
    } else if listed
        .buttons()
        .iter()
        .any(|it| it.kind == ButtonKind::VoiceCall)
    {
        "one with a button for calls can't be edited"
    } else {
        return Ok(());
    };
    let language = listed.language_code();
    Err(Exit::bad_input(format!(
        "{} in {language}: the template is {status}, and {why}; nothing was changed",
        listed.name
    )))
}

/// Says which parts of the file were not compared, and are no part of what is submitted.
fn warn_of_untold(listed: &TemplateDefinition, definition: &TemplateDefinition) {
    if !definition.is_for_one_time_codes() {
        return;
    }
    let name = format!("{} in {}", definition.name, definition.language_code());
    let body = |it: &TemplateDefinition| {
        let mut parts = it.components.iter();
        parts
            .find(|it| it.kind == ComponentKind::Body)
            .and_then(|it| it.text.clone())
    };
    if body(definition).is_some_and(|text| Some(text) != body(listed)) {
        note(format!(
            "warning: {name}: the text of a template for one-time codes is WhatsApp's; the file's is not submitted"
        ));
    }
    let has_apps =
        |it: &ButtonDefinition| it.autofill_text.is_some() || !it.supported_apps.is_empty();
    let is_link = |it: &ButtonDefinition| it.kind == ButtonKind::Url;
    if definition.buttons().iter().any(has_apps) && listed.buttons().iter().any(is_link) {
        note(format!(
            "warning: {name}: the list does not tell supported_apps and autofill_text, so they are not compared"
        ));
    }
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
