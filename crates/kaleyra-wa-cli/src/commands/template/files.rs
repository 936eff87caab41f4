//! Definitions and messages in files, and the question before something is changed.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use kaleyra_wa_client::TemplateStore;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;

use super::account::{TemplateAccount, one_named};
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::show::output::ask;

/// The definitions of a file, or of all files of a folder.
pub(super) fn definitions(path: &Path) -> Result<Vec<TemplateDefinition>, Exit> {
    let store = TemplateStore::open(path).map_err(Exit::bad_input)?;
    match store.definitions() {
        none if none.is_empty() => Err(Exit::bad_input(format!(
            "{}: there is no template's definition in it",
            path.display()
        ))),
        definitions => Ok(definitions),
    }
}

/// The definition of a file, or of the account, by its name.
pub(super) async fn file_or_named(
    what: &str,
    language: Option<&str>,
    account: &TemplateAccount,
) -> Result<TemplateDefinition, Exit> {
    let path = Path::new(what);
    if !path.exists() && !what.contains(['/', '\\', '.']) {
        return one_named(&account.waba().await?, what, language).await;
    }
    let mut found = definitions(path)?;
    found.retain(|it| language.is_none_or(|language| it.is(&it.name, language)));
    match (found.len(), found.pop()) {
        (1, Some(one)) => Ok(one),
        (0, _) => Err(Exit::bad_input(format!(
            "{what}: it has no template in this language"
        ))),
        _ => Err(Exit::bad_input(format!(
            "{what}: it has several templates; give a file with one, or choose by --language"
        ))),
    }
}

/// The message of a file: a whole request, a message, or its template alone.
pub(super) fn message(path: &Path) -> Result<Template, Exit> {
    let at = path.display();
    let value: Value = input::json("--with", path)?;
    let message = value.get("messaging_object").unwrap_or(&value);
    let template = message.get("template").unwrap_or(message);
    if template.get("name").is_none() {
        return Err(Exit::bad_input(format!(
            "--with: {at}: it holds no template message; give one with `name`, `language` and `components`"
        )));
    }
    serde_json::from_value(template.clone())
        .map_err(|error| Exit::bad_input(format!("--with: {at}: {error}")))
}

/// Asks whether to go on; without a terminal nobody can be asked, so that it has to be said before.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), Exit> {
    if yes {
        return Ok(());
    }
    if global::settings().no_input || !io::stdin().is_terminal() {
        return Err(Exit::bad_input(
            "nothing was changed; say --yes to do it, or --dry-run to see only what would change",
        ));
    }
    ask(format!("{question} [y/N]"));
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Exit::failed(format!("standard input can't be read: {error}")))?;
    match line.trim().eq_ignore_ascii_case("y") {
        true => Ok(()),
        false => Err(Exit::bad_input("nothing was changed")),
    }
}
