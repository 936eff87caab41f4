//! The files: `config.toml` with its profiles, `credentials.toml` beside it, and a project's `.kaleyra-wa.toml`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use toml_edit::{DocumentMut, Item, TableLike};

use super::variable;
use crate::exit::Exit;
use crate::global;
use crate::input::unmarked;

/// What a profile may have.
pub(crate) const PROFILE_MEMBERS: [&str; 12] = [
    "sid",
    "sender",
    "pod",
    "base_url",
    "api_key_file",
    "api_key_command",
    "callback_secret_file",
    "callback_secret_command",
    "callback_secret_header",
    "listen_port",
    "sim_port",
    "waba_id",
];

/// What a project file may have: nothing that says where a key goes, or what is run.
pub(crate) const PROJECT_MEMBERS: [&str; 8] = [
    "profile",
    "sid",
    "sender",
    "pod",
    "callback_secret_header",
    "listen_port",
    "sim_port",
    "faults",
];

const PROJECT_FILE: &str = ".kaleyra-wa.toml";

/// `config.toml`.
pub(crate) struct Config {
    pub(crate) path: PathBuf,
    pub(crate) document: DocumentMut,
}

/// A project's file.
pub(crate) struct Project {
    pub(crate) path: PathBuf,
    document: DocumentMut,
}

/// Where the configuration is, and whether somebody named the place.
pub(crate) fn config_path() -> (PathBuf, bool) {
    let named = global::settings().config.clone();
    if let Some(path) = named.or_else(|| variable("KALEYRA_CONFIG").map(PathBuf::from)) {
        return (path, true);
    }
    let folder = etcetera::choose_base_strategy().map(|dirs| dirs.config_dir());
    let folder = folder.unwrap_or_else(|_| PathBuf::from(".config"));
    (folder.join("kaleyra-wa").join("config.toml"), false)
}

/// Where secrets are kept in clear text, if somebody wants that: beside the configuration.
pub(crate) fn credentials_path(config: &Path) -> PathBuf {
    config.with_file_name("credentials.toml")
}

/// Where what a command remembers is kept, such as captures.
pub(crate) fn state_folder() -> Option<PathBuf> {
    let dirs = etcetera::choose_base_strategy().ok()?;
    let folder = dirs.state_dir().unwrap_or_else(|| dirs.data_dir());
    Some(folder.join("kaleyra-wa"))
}

impl Config {
    /// Reads it; where it may be missing, that is as good as empty.
    pub(crate) fn read(path: &Path, may_be_missing: bool) -> Result<Self, Exit> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && may_be_missing => None,
            Err(error) => return Err(unreadable(path, &error)),
        };
        let document = parse(path, text.as_deref().unwrap_or_default())?;
        let config = Self {
            path: path.to_owned(),
            document,
        };
        config.check()?;
        Ok(config)
    }

    /// What the profile says, as text.
    pub(crate) fn text(&self, profile: &str, member: &str) -> Option<String> {
        text_of(self.member(profile, member)?)
    }

    /// What the profile says.
    pub(crate) fn member(&self, profile: &str, member: &str) -> Option<&Item> {
        self.document.get("profiles")?.get(profile)?.get(member)
    }

    pub(crate) fn default_profile(&self) -> Option<String> {
        text_of(self.document.get("profile")?)
    }

    pub(crate) fn has_profile(&self, name: &str) -> bool {
        self.document
            .get("profiles")
            .is_some_and(|profiles| profiles.get(name).is_some())
    }

    pub(crate) fn profiles(&self) -> Vec<String> {
        let profiles = self.document.get("profiles").and_then(Item::as_table_like);
        profiles.map_or_else(Vec::new, |profiles| {
            profiles.iter().map(|(name, _)| name.to_owned()).collect()
        })
    }

    /// Refuses what is not known, and secrets above all.
    fn check(&self) -> Result<(), Exit> {
        let at = self.path.display();
        for (name, item) in self.document.iter() {
            match name {
                "profile" => {}
                "profiles" => {
                    let profiles = table(item, &format!("{at}: profiles"))?;
                    for (profile, item) in profiles.iter() {
                        let members = table(item, &format!("{at}: profiles.{profile}"))?;
                        check_members(
                            members,
                            &PROFILE_MEMBERS,
                            &format!("{at}: profiles.{profile}"),
                        )?;
                    }
                }
                _ => {
                    check_secret(name, &at.to_string())?;
                    return Err(Exit::bad_input(format!(
                        "{at}: {name:?} is not known here; put it below [profiles.NAME]"
                    )));
                }
            }
        }
        Ok(())
    }
}

impl Project {
    /// The file of the project that this folder is in: looked for upwards, to the root of the repository. Outside of a
    /// repository only this folder's own counts, so that nobody slips one in above.
    pub(crate) fn find() -> Result<Option<Self>, Exit> {
        let Ok(here) = std::env::current_dir() else {
            return Ok(None);
        };
        let root = here.ancestors().find(|folder| folder.join(".git").exists());
        let folders = here
            .ancestors()
            .take_while(|folder| root.is_some_and(|root| folder.starts_with(root)));
        let mut candidates: Vec<&Path> = folders.collect();
        if candidates.is_empty() {
            candidates.push(&here);
        }
        for folder in candidates {
            let path = folder.join(PROJECT_FILE);
            match fs::read_to_string(&path) {
                Ok(text) => return Self::read(path, &text).map(Some),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(&path, &error)),
            }
        }
        Ok(None)
    }

    fn read(path: PathBuf, text: &str) -> Result<Self, Exit> {
        let document = parse(&path, text)?;
        check_members(
            document.as_table(),
            &PROJECT_MEMBERS,
            &path.display().to_string(),
        )?;
        Ok(Self { path, document })
    }

    /// What it says, as text.
    pub(crate) fn text(&self, member: &str) -> Option<String> {
        text_of(self.document.get(member)?)
    }
}

/// A value as text; a number is one as well.
pub(crate) fn text_of(item: &Item) -> Option<String> {
    let text = match item.as_integer() {
        Some(number) => number.to_string(),
        None => item.as_str()?.to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

pub(crate) fn parse(path: &Path, text: &str) -> Result<DocumentMut, Exit> {
    let text = unmarked(text);
    text.parse::<DocumentMut>().map_err(|error| {
        // Without the line that the parser would repeat: it may hold a key.
        let line = error
            .span()
            .map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let at = line.map(|line| format!(" line {line}")).unwrap_or_default();
        Exit::bad_input(format!(
            "{}{at}: it is not TOML: {}",
            path.display(),
            error.message()
        ))
    })
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Exit {
    let at = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            Exit::bad_input(format!("{at}: there is no such file; check the path"))
        }
        io::ErrorKind::IsADirectory => {
            Exit::bad_input(format!("{at}: it is a folder; give a file"))
        }
        _ => Exit::bad_input(format!("{at}: can't be read: {error}")),
    }
}

fn table<'a>(item: &'a Item, at: &str) -> Result<&'a dyn TableLike, Exit> {
    item.as_table_like()
        .ok_or_else(|| Exit::bad_input(format!("{at}: it must be a table")))
}

fn check_members(members: &dyn TableLike, known: &[&str], at: &str) -> Result<(), Exit> {
    for (name, item) in members.iter() {
        check_secret(name, at)?;
        if !known.contains(&name) {
            let why = if PROFILE_MEMBERS.contains(&name) {
                "a project's file may not say where a key goes or what is run; put it into your profile, see \
                 kaleyra-wa config path"
                    .to_owned()
            } else {
                format!("use one of: {}", known.join(", "))
            };
            return Err(Exit::bad_input(format!(
                "{at}: {name:?} is not allowed here; {why}"
            )));
        }
        let is_command = name.ends_with("_command");
        let fits = match item.as_array() {
            Some(words) => {
                is_command && !words.is_empty() && words.iter().all(toml_edit::Value::is_str)
            }
            None => !is_command && (item.is_str() || item.is_integer()),
        };
        if !fits {
            let right = if is_command {
                "it must be a list of words, such as [\"pass\", \"show\", \"kaleyra\"]"
            } else {
                "it must be a text or a number"
            };
            return Err(Exit::bad_input(format!("{at}: {name}: {right}")));
        }
    }
    Ok(())
}

/// A secret has no place in a file that is shown, shared and committed.
fn check_secret(name: &str, at: &str) -> Result<(), Exit> {
    if matches!(name, "api_key" | "callback_secret" | "api-key" | "key") {
        return Err(Exit::bad_input(format!(
            "{at}: a secret ({name}) may not be in this file; take it out, have it replaced if the file was shared, and \
             keep it with api_key_command, KALEYRA_API_KEY_FILE or: kaleyra-wa config login"
        )));
    }
    Ok(())
}
