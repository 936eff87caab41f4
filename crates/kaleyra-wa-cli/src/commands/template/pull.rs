//! `kaleyra-wa template pull`.

use std::path::PathBuf;

use clap::Args;
use kaleyra_wa_client::TemplateStore;
use serde_json::{Value, json};

use super::account::TemplateAccount;
use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::show::line::Line;
use crate::show::output::{note, say, say_all};

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
        let store = match self.folder.is_dir() {
            true => TemplateStore::open(&self.folder).map_err(Exit::bad_input)?,
            false => TemplateStore::new(),
        };
        let refreshed = or_stopped(store.refresh(&waba)).await?;
        let refreshed = refreshed.map_err(|error| Exit::of_read(&error))?;
        store.save(&self.folder).map_err(Exit::failed)?;
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
            });
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        let mut lines = Vec::new();
        for (word, names) in [("added", &refreshed.added), ("changed", &refreshed.changed)] {
            let names = names.iter();
            lines.extend(
                names.map(|(name, language)| Line::new(format!("{word:<8} {name} in {language}"))),
            );
        }
        lines.push(Line::new(format!(
            "{} templates are in {at}",
            refreshed.listed
        )));
        say_all(lines)?;
        for (name, language) in &refreshed.missing {
            note(format!(
                "{name} in {language} is not listed any more, or not yet; its file stays"
            ));
        }
        Ok(())
    }
}
