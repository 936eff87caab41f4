//! Definitions and messages in files, and the question before something is changed.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use kaleyra_wa_client::TemplateFile;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;

use super::account::{TemplateAccount, one_named};
use crate::exit::Exit;
use crate::global;
use crate::input;
use crate::show::output::ask;

/// What there is in a file, or in all files of a folder.
pub(super) struct Definitions {
    /// The definitions, each with its file.
    pub(super) found: Vec<(PathBuf, TemplateDefinition)>,
    /// Files that can't be read, or say again what another one has said, and why.
    pub(super) unread: Vec<(PathBuf, String)>,
}

impl Definitions {
    /// How many there are, those that can't be read included.
    pub(super) fn count(&self) -> usize {
        self.found.len() + self.unread.len()
    }
}

/// The definitions of a file, or of all files of a folder.
pub(super) fn definitions(path: &Path) -> Result<Definitions, Exit> {
    let files = TemplateFile::read_all(path).map_err(Exit::bad_input)?;
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for file in files {
        match file.definitions {
            Err(error) => unread.push((file.path, error.to_string())),
            Ok(definitions) => {
                for definition in definitions {
                    let language = definition.language_code().into_owned();
                    if names.insert((definition.name.clone(), language.clone())) {
                        found.push((file.path.clone(), definition));
                        continue;
                    }
                    let at = file.path.display();
                    let name = &definition.name;
                    let why = format!("{at}: the template {name} in {language} is there twice");
                    unread.push((file.path.clone(), why));
                }
            }
        }
    }
    if found.is_empty() && unread.is_empty() {
        return Err(Exit::bad_input(format!(
            "{}: there is no template's definition in it",
            path.display()
        )));
    }
    Ok(Definitions { found, unread })
}

/// Whether it can only be a file or folder, and no template's name.
pub(super) fn is_path(what: &str) -> bool {
    Path::new(what).exists() || what.contains(['/', '\\', '.'])
}

/// The definition of a file, or of the account, by its name.
pub(super) async fn file_or_named(
    what: &str,
    language: Option<&str>,
    account: &TemplateAccount,
) -> Result<TemplateDefinition, Exit> {
    if !is_path(what) {
        return one_named(&account.waba().await?, what, language).await;
    }
    let Definitions { mut found, unread } = definitions(Path::new(what))?;
    found.retain(|(_, it)| language.is_none_or(|language| it.is(&it.name, language)));
    match (found.len(), found.pop(), unread.into_iter().next()) {
        (1, Some((_, one)), _) => Ok(one),
        (0, _, Some((_, why))) => Err(Exit::bad_input(why)),
        (0, ..) => Err(Exit::bad_input(format!(
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
