//! `kaleyra-wa template create`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::Waba;
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::{Value, json};

use super::account::TemplateAccount;
use super::describe::{differences, differences_json, head, refuse_broken, rendered};
use super::files::{confirm, definitions};
use super::refusals::Refusals;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{note, note_all, say};

#[derive(Args)]
pub(super) struct Create {
    /// JSON file with one definition or several, or a folder of such files
    file: PathBuf,
    /// Do it without a question
    #[arg(long, short)]
    yes: bool,
    /// Show only what would be created
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: TemplateAccount,
}

impl Create {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let files = definitions(&self.file)?;
        let waba = self.account.waba().await?;
        let mut refusals = Refusals::of(files.count());
        for (_, why) in files.unread {
            refusals.add(None, Exit::bad_input(why))?;
        }
        let (mut new, mut differing) = (Vec::new(), 0);
        for (_, definition) in files.found {
            let definition = definition.for_submission();
            match look(&waba, &definition).await {
                Ok(Look::New) => new.push(definition),
                Ok(Look::Unchanged) => {}
                Ok(Look::Differs) => differing += 1,
                Err(exit) => refusals.add(Some(&definition), exit)?,
            }
        }
        if differing > 0 {
            let differ = if differing == 1 {
                "template differs"
            } else {
                "templates differ"
            };
            note(format!(
                "{differing} {differ} from what is there; change with `kaleyra-wa template edit`"
            ));
        }
        if new.is_empty() {
            note("there is nothing to create");
            return refusals.end();
        }
        if !self.dry_run {
            let question = format!("Submit {} for approval?", count(new.len()));
            confirm(&question, self.yes)?;
        }
        for definition in &new {
            if self.dry_run {
                if global::settings().json {
                    let none = (Value::Null, Value::Null, json!([]));
                    say(outcome_line(definition, "would_create", none)?)?;
                }
            } else if let Err(exit) = submit(&waba, definition).await {
                refusals.add(Some(definition), exit)?;
            }
        }
        if self.dry_run {
            note("nothing was created");
        }
        refusals.end()
    }
}

/// How a file's template stands to what is listed.
enum Look {
    New,
    Unchanged,
    Differs,
}

/// Whether a template is to be created; says what it is, and what differs where it is there.
async fn look(waba: &Waba, definition: &TemplateDefinition) -> Result<Look, Exit> {
    let name = (&*definition.name, definition.language_code());
    let listed = or_stopped(waba.template(name.0, name.1).into_future()).await?;
    let listed = listed.map_err(|error| Exit::of_read(&error))?;
    let Some(listed) = listed else {
        note_all([head(definition)]);
        refuse_broken(definition)?;
        note_all(rendered(definition, None));
        for advice in definition.advice() {
            note(format!("  advice: {advice}"));
        }
        return Ok(Look::New);
    };
    let found = listed.differences(definition);
    let (look, outcome) = match found.is_empty() {
        true => (Look::Unchanged, "unchanged"),
        false => (Look::Differs, "exists"),
    };
    if global::settings().json {
        let known = (
            json!(listed.id),
            json!(listed.status),
            differences_json(&found),
        );
        say(outcome_line(definition, outcome, known)?)?;
        return Ok(look);
    }
    note_all([head(&listed)]);
    note(match found.is_empty() {
        true => "  is there already, and says the same",
        false => "  is there already, and differs: change it with `kaleyra-wa template edit`",
    });
    note_all(differences(&found)?);
    Ok(look)
}

async fn submit(waba: &Waba, definition: &TemplateDefinition) -> Result<(), Exit> {
    let created = or_stopped(waba.create_template(definition).into_future()).await?;
    let created = created.map_err(|error| Exit::of(&error).with_servers_words(&error))?;
    if global::settings().json {
        let known = (json!(created.id()), json!(created.status()), json!([]));
        return say(outcome_line(definition, "created", known)?);
    }
    let id = created
        .id()
        .map_or(String::new(), |id| format!("  id {id}"));
    let status = created
        .status()
        .map_or(String::new(), |it| format!(", now {it}"));
    say(format!(
        "created {} in {}{status}{id}",
        definition.name,
        definition.language_code()
    ))?;
    let asked = &definition.category;
    if created.category().is_some() && created.category() != *asked {
        let category = created.category();
        let category = category.as_ref().map_or("", |it| it.as_str());
        note(format!(
            "warning: its category is {category}, which is another than the file's"
        ));
    }
    Ok(())
}

fn outcome_line(
    definition: &TemplateDefinition,
    outcome: &str,
    (id, status, differences): (Value, Value, Value),
) -> Result<Line, Exit> {
    Line::json(&json!({
        "name": definition.name,
        "language": definition.language_code(),
        "outcome": outcome,
        "id": id,
        "status": status,
        "category": definition.category,
        "differences": differences,
    }))
    .map_err(Exit::failed)
}

fn count(count: usize) -> String {
    match count {
        1 => "this template".to_owned(),
        count => format!("these {count} templates"),
    }
}
