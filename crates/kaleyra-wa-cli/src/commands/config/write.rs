//! Changes the configuration file; what else is in it stays as it is.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::exit::Exit;
use crate::global;
use crate::settings::file::{Config, PROFILE_MEMBERS, config_path};
use crate::settings::layers::DEFAULT_PROFILE;
use crate::settings::variable;
use crate::show::output::note;

/// Sets a value of the profile that is named, or that counts.
pub(super) fn set(name: &str, text: &str) -> Result<(), Exit> {
    if matches!(name, "api_key" | "callback_secret") {
        return Err(Exit::bad_input(format!(
            "{name}: a secret on a command line can be seen by every user of the machine, and stays in the shell's \
             history; use kaleyra-wa config login, or set {name}_command"
        )));
    }
    if !PROFILE_MEMBERS.contains(&name) {
        return Err(Exit::bad_input(format!(
            "{name} is not known; use one of: {}",
            PROFILE_MEMBERS.join(", ")
        )));
    }
    check(name, text)?;
    let (path, _) = config_path();
    let mut config = Config::read(&path, true)?;
    let profile = global::settings()
        .profile
        .clone()
        .or_else(|| variable("KALEYRA_PROFILE"))
        .or_else(|| config.default_profile())
        .unwrap_or_else(|| DEFAULT_PROFILE.to_owned());
    let table = table(&mut config.document, &profile, &path)?;
    if text.is_empty() {
        table.remove(name);
    } else if name.ends_with("_command") {
        table.insert(name, Item::Value(words(name, text)?.into()));
    } else {
        table.insert(name, value(text));
    }
    write_new(&path, &config.document.to_string())?;
    note(format!(
        "{name} of the profile {profile:?} is in {}",
        path.display()
    ));
    Ok(())
}

/// Chooses the profile that counts where none is named.
pub(super) fn choose(name: &str) -> Result<(), Exit> {
    let (path, _) = config_path();
    let mut config = Config::read(&path, true)?;
    if !config.has_profile(name) {
        return Err(Exit::bad_input(format!(
            "no profile {name:?} in {}; make it with: kaleyra-wa config set sid HX… --profile {name}",
            path.display()
        )));
    }
    config.document.insert("profile", value(name));
    write_new(&path, &config.document.to_string())?;
    note(format!("{name:?} counts from now on"));
    Ok(())
}

/// What can be known to be wrong before anything uses it.
fn check(name: &str, text: &str) -> Result<(), Exit> {
    if text.is_empty() {
        return Ok(());
    }
    let wrong = match name {
        "pod" => text
            .parse::<kaleyra_wa_client::Pod>()
            .err()
            .map(|error| error.to_string()),
        "base_url" => kaleyra_wa_client::BaseUrl::parse(text)
            .err()
            .map(|error| error.to_string()),
        "sender" => text
            .parse::<kaleyra_wa_types::PhoneNumber>()
            .err()
            .map(|error| format!("sender: {error}")),
        "listen_port" | "sim_port" => text
            .parse::<u16>()
            .err()
            .map(|_| format!("{name}: it must be a port, 0 to 65535")),
        _ => None,
    };
    wrong.map_or(Ok(()), |wrong| Err(Exit::bad_input(wrong)))
}

/// A command's words: a list, as it is written in the file.
fn words(name: &str, text: &str) -> Result<Array, Exit> {
    let document = format!("it = {text}").parse::<DocumentMut>().ok();
    let words = document.and_then(|it| it.get("it")?.as_array().cloned());
    words.filter(|words| !words.is_empty()).ok_or_else(|| {
        Exit::bad_input(format!(
            "{name}: give a list of words, such as '[\"pass\", \"show\", \"kaleyra\"]'"
        ))
    })
}

/// The table of a profile, made where there is none.
pub(super) fn table<'a>(
    document: &'a mut DocumentMut,
    profile: &str,
    path: &Path,
) -> Result<&'a mut Table, Exit> {
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let profiles = document.entry("profiles").or_insert_with(implicit);
    let table = profiles
        .as_table_mut()
        .map(|profiles| {
            profiles
                .entry(profile)
                .or_insert_with(|| Item::Table(Table::new()))
        })
        .and_then(Item::as_table_mut);
    table.ok_or_else(|| {
        Exit::bad_input(format!(
            "{}: write the profile as a table of its own, [profiles.{profile}]",
            path.display()
        ))
    })
}

/// Writes a file that only its owner can read, whole or not at all.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Exit> {
    let unwritable =
        |error: io::Error| Exit::failed(format!("{}: can't be written: {error}", path.display()));
    // Of a link, what it leads to is replaced, and not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder).map_err(unwritable)?;
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        unwritable(error)
    })
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
