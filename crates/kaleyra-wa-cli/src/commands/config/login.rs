//! `kaleyra-wa config login`: keeps a key in plain text, and says so before it does.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use toml_edit::{Item, Table, value};

use super::write::write_new;
use crate::exit::Exit;
use crate::global;
use crate::settings::file::{config_path, credentials_path, parse};
use crate::settings::layers::DEFAULT_PROFILE;
use crate::settings::secret::{Secret, kept};
use crate::settings::variable;
use crate::show::output::{ask, complain, note};

/// Store a key in plain text, after a warning
#[derive(Args)]
#[command(after_help = "\
The key is read from the terminal without showing it, or from standard input where that is not a terminal. The file is made \
for its owner alone (0600, in a folder 0700), and is refused later if others can read it.

Better than a file: api_key_command of a profile, which asks a password manager each time.

Examples:
  kaleyra-wa config login --profile shop
  kaleyra-wa config login --yes < key.txt
  kaleyra-wa config login --callback-secret --yes < secret.txt
  kaleyra-wa config login --forget")]
pub(super) struct Login {
    /// Don't ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Store the callback secret in place of the API key
    #[arg(long)]
    callback_secret: bool,
    /// Remove it from the file
    #[arg(long)]
    forget: bool,
}

impl Login {
    pub(super) fn run(self) -> Result<(), Exit> {
        let (config, _) = config_path();
        let path = credentials_path(&config);
        let secret = if self.callback_secret {
            Secret::CallbackSecret
        } else {
            Secret::ApiKey
        };
        let profile = global::settings()
            .profile
            .clone()
            .or_else(|| variable("KALEYRA_PROFILE"))
            .unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
        // Refuses a file that others can read, before anything is added to it.
        let is_kept = kept(&path, &profile, secret)?.is_some();
        if self.forget {
            if is_kept {
                change(&path, &profile, secret, None)?;
            }
            note(format!(
                "{} is not kept in {}",
                secret.member(),
                path.display()
            ));
            return Ok(());
        }
        complain(format!(
            "{} of the profile {profile:?} will be kept in {} in plain text: whoever can read your files can use it",
            secret.member(),
            path.display()
        ));
        let is_terminal = io::stdin().is_terminal();
        if !self.yes {
            if global::settings().no_input || !is_terminal {
                return Err(Exit::bad_input(
                    "nothing was written; say --yes to write it, or use api_key_command",
                ));
            }
            ask("Write it? [y/N]");
            if !read_line()?.eq_ignore_ascii_case("y") {
                return Err(Exit::bad_input("nothing was written"));
            }
        }
        let text = if is_terminal {
            ask(format!("{} (not shown):", secret.member()));
            rpassword::read_password()
                .map_err(|error| Exit::failed(format!("the terminal can't be read: {error}")))?
        } else {
            read_line()?
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(Exit::bad_input("nothing was written: no secret was given"));
        }
        if secret == Secret::ApiKey {
            kaleyra_wa_client::ApiKey::try_from(text).map_err(Exit::bad_input)?;
        }
        change(&path, &profile, secret, Some(text))?;
        note(format!("kept in {}", path.display()));
        Ok(())
    }
}

fn read_line() -> Result<String, Exit> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Exit::failed(format!("standard input can't be read: {error}")))?;
    Ok(line.trim().to_owned())
}

fn change(path: &PathBuf, profile: &str, secret: Secret, text: Option<&str>) -> Result<(), Exit> {
    let old = std::fs::read_to_string(path).unwrap_or_default();
    let mut document = parse(path, &old)?;
    let table = document
        .entry(profile)
        .or_insert_with(|| Item::Table(Table::new()));
    let table = table.as_table_mut().ok_or_else(|| {
        Exit::bad_input(format!("{}: [{profile}] must be a table", path.display()))
    })?;
    match text {
        Some(text) => table.insert(secret.member(), value(text)),
        None => table.remove(secret.member()),
    };
    write_new(path, &document.to_string())
}
