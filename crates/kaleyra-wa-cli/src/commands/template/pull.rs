//! `kaleyra-wa template pull`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::{Refreshed, TemplateFile, TemplateStore};
use serde_json::{Value, json};

use super::account::TemplateAccount;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{complain, note, say, say_all};

#[derive(Args)]
pub(super) struct Pull {
    /// Folder that the files are written to; it is made if need be
    #[arg(default_value = "templates")]
    folder: PathBuf,
    #[command(flatten)]
    account: TemplateAccount,
}

impl Pull {
    pub(super) async fn run(self) -> Result<(), Exit> {
        let waba = self.account.waba().await?;
        // What is there already tells what is new, and what is not listed any more.
        let store = TemplateStore::new();
        if self.folder.is_dir() {
            for file in TemplateFile::read_all(&self.folder).map_err(Exit::bad_input)? {
                match file.definitions {
                    Ok(definitions) => definitions
                        .into_iter()
                        .for_each(|it| drop(store.insert(it))),
                    Err(error) => note(format!("warning: {error}")),
                }
            }
        }
        let refreshed = or_stopped(store.refresh(&waba)).await?;
        let refreshed = refreshed.map_err(|error| Exit::of_read(&error))?;
        if let Err(error) = store.save(&self.folder) {
            return Err(Exit::failed(format!("not written: {error}")));
        }
        let at = self.folder.display();
        if global::settings().json {
            let names = |names: &[(String, String)]| -> Value {
                let names = names.iter();
                names
                    .map(|(name, language)| json!({"name": name, "language": language}))
                    .collect()
            };
            let outcome = json!({
                "folder": self.folder,
                "listed": refreshed.listed,
                "added": names(&refreshed.added),
                "changed": names(&refreshed.changed),
                "missing": names(&refreshed.missing),
                "unreadable": unreadable(&refreshed),
            });
            say(Line::json(&outcome).map_err(Exit::failed)?)?;
            return end(&refreshed);
        }
        let mut lines = Vec::new();
        for (word, names) in [("added", &refreshed.added), ("changed", &refreshed.changed)] {
            let names = names.iter();
            lines.extend(
                names.map(|(name, language)| Line::new(format!("{word:<8} {name} in {language}"))),
            );
        }
        lines.push(Line::new(match refreshed.listed {
            1 => format!("1 template is in {at}"),
            count => format!("{count} templates are in {at}"),
        }));
        say_all(lines)?;
        for (name, language) in &refreshed.missing {
            note(format!(
                "{name} in {language} is not listed any more, or not yet; its file stays"
            ));
        }
        end(&refreshed)
    }
}

fn unreadable(refreshed: &Refreshed) -> Value {
    let entries = refreshed.unreadable.iter();
    entries
        .map(|it| json!({"entry": it.position + 1, "name": it.name, "reason": it.reason}))
        .collect()
}

/// Names what was not written. Everything else is.
fn end(refreshed: &Refreshed) -> Result<(), Exit> {
    for entry in &refreshed.unreadable {
        complain(format!("not written: {entry}"));
    }
    match refreshed.unreadable.len() {
        0 => Ok(()),
        count => Err(Exit::found(format!(
            "{count} of the listed templates can't be read; the others are written"
        ))),
    }
}
