//! The API key and the webhook's secret: from a flag, a file, the environment, or a command that prints them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use toml_edit::{Item, Value};

use super::file::{credentials_path, parse, unreadable};
use super::layers::{Found, Layers, Origin};
use super::variable;
use crate::child;
use crate::exit::Exit;
use crate::input::unmarked;
use crate::values::header_name;

/// More than any secret has; what comes without end must not fill the memory.
const MAX: u64 = 64 * 1024;

/// Which secret it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    ApiKey,
    CallbackSecret,
}

/// The flags that name it.
pub(crate) struct SecretFlags<'a> {
    pub(crate) secret: Secret,
    pub(crate) text: Option<&'a str>,
    pub(crate) file: Option<&'a Path>,
}

/// The secret that callbacks carry in a header.
#[derive(Args, Clone)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct CallbackSecret {
    /// Secret that each callback carries in its header; better in a file or in the environment than here, where every
    /// user of the machine can see it [env: KALEYRA_CALLBACK_SECRET]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) secret: Option<String>,
    /// File that holds the secret; - reads it from standard input [env: KALEYRA_CALLBACK_SECRET_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "secret")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Name of that header; x-kaleyra-secret by default
    #[arg(long, value_name = "NAME", value_parser = header_name)]
    secret_header: Option<String>,
}

/// Where a secret is looked for, from what goes first.
enum Place {
    Text(String, Origin),
    File(PathBuf, Origin),
    Command(Vec<String>, Origin),
}

impl Secret {
    const fn variable(self) -> &'static str {
        match self {
            Self::ApiKey => "KALEYRA_API_KEY",
            Self::CallbackSecret => "KALEYRA_CALLBACK_SECRET",
        }
    }

    const fn file_variable(self) -> &'static str {
        match self {
            Self::ApiKey => "KALEYRA_API_KEY_FILE",
            Self::CallbackSecret => "KALEYRA_CALLBACK_SECRET_FILE",
        }
    }

    const fn flags(self) -> [&'static str; 2] {
        match self {
            Self::ApiKey => ["--api-key", "--api-key-file"],
            Self::CallbackSecret => ["--secret", "--secret-file"],
        }
    }

    /// Its name in files.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::CallbackSecret => "callback_secret",
        }
    }
}

impl SecretFlags<'_> {
    /// The secret, and who has it.
    pub(crate) fn read(&self, layers: &Layers) -> Result<Option<Found>, Exit> {
        match self.place(layers)? {
            None => Ok(None),
            Some(Place::Text(value, origin)) => Ok(Some(Found::new(value, origin))),
            Some(Place::File(path, origin)) => Ok(Some(Found::new(of_file(&path)?, origin))),
            Some(Place::Command(words, origin)) => {
                Ok(Some(Found::new(of_command(&words, &origin)?, origin)))
            }
        }
    }

    /// Who has it. Nothing is run, and nothing read from standard input.
    pub(crate) fn origin(&self, layers: &Layers) -> Result<Option<Origin>, Exit> {
        Ok(self.place(layers)?.map(|place| match place {
            Place::Text(_, origin) | Place::File(_, origin) | Place::Command(_, origin) => origin,
        }))
    }

    fn place(&self, layers: &Layers) -> Result<Option<Place>, Exit> {
        let secret = self.secret;
        let [text_flag, file_flag] = secret.flags();
        if let Some(text) = self.text {
            return Ok(Some(Place::Text(text.to_owned(), Origin::Flag(text_flag))));
        }
        if let Some(path) = self.file {
            return Ok(Some(Place::File(path.to_owned(), Origin::Flag(file_flag))));
        }
        if let Some(text) = variable(secret.variable()) {
            return Ok(Some(Place::Text(text, Origin::Variable(secret.variable()))));
        }
        if let Some(path) = variable(secret.file_variable()) {
            let origin = Origin::FileOf(secret.file_variable());
            return Ok(Some(Place::File(path.into(), origin)));
        }
        let member = format!("{}_file", secret.member());
        if let Some(found) = layers.profile(&member) {
            return Ok(Some(Place::File(found.value.into(), found.origin)));
        }
        let member = format!("{}_command", secret.member());
        let words = layers.config.member(&layers.profile_name.value, &member);
        if let Some(words) = words.and_then(Item::as_array) {
            let words = words
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            return Ok(Some(Place::Command(words, layers.in_profile(&member))));
        }
        let path = credentials_path(&layers.config.path);
        Ok(kept(&path, &layers.profile_name.value, secret)?
            .map(|value| Place::Text(value, Origin::Credentials(path))))
    }
}

impl CallbackSecret {
    /// The header's name.
    pub(crate) fn header(&self, layers: &Layers) -> String {
        let said = self.secret_header.clone();
        said.or_else(|| {
            let found = layers
                .project("callback_secret_header")
                .or_else(|| layers.profile("callback_secret_header"));
            Some(found?.value)
        })
        .unwrap_or_else(|| "x-kaleyra-secret".to_owned())
    }

    /// The secret, if there is one.
    pub(crate) fn read(&self, layers: &Layers) -> Result<Option<String>, Exit> {
        let flags = SecretFlags {
            secret: Secret::CallbackSecret,
            text: self.secret.as_deref(),
            file: self.secret_file.as_deref(),
        };
        Ok(flags.read(layers)?.map(|found| found.value))
    }
}

/// What is kept in clear text, in a file that only its owner can read.
pub(crate) fn kept(path: &Path, profile: &str, secret: Secret) -> Result<Option<String>, Exit> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    refuse_shared(path, &file)?;
    let mut text = String::new();
    file.read_to_string(&mut text)
        .map_err(|error| unreadable(path, &error))?;
    let document = parse(path, &text)?;
    let value = document
        .get(profile)
        .and_then(|profile| profile.get(secret.member()));
    Ok(value.and_then(Item::as_str).map(str::to_owned))
}

/// Why others could read a file, if they could: and what to do.
#[cfg(unix)]
pub(crate) fn shared(path: &Path, metadata: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode() & 0o777;
    // What an orchestrator mounts into a container is readable by all in it, and by nobody else.
    let is_mounted = ["/run/secrets/", "/var/run/secrets/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    (metadata.is_file() && mode & 0o077 != 0 && !is_mounted).then(|| {
        format!(
            "{}: others can read it (mode {mode:03o}); run: chmod 600 {}",
            path.display(),
            path.display()
        )
    })
}

/// Elsewhere than on Unix a file's mode says nothing.
#[cfg(not(unix))]
pub(crate) fn shared(_path: &Path, _metadata: &fs::Metadata) -> Option<String> {
    None
}

fn refuse_shared(path: &Path, file: &File) -> Result<(), Exit> {
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    match shared(path, &metadata) {
        Some(why) => Err(Exit::bad_input(why)),
        None => Ok(()),
    }
}

fn of_file(path: &Path) -> Result<String, Exit> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX).read_to_string(&mut text)
    } else {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        refuse_shared(path, &file)?;
        file.take(MAX).read_to_string(&mut text)
    };
    read.map_err(|error| unreadable(path, &error))?;
    first_line(&text).ok_or_else(|| {
        Exit::bad_input(format!(
            "{}: it is empty: put the secret on its first line",
            path.display()
        ))
    })
}

/// What a password manager prints.
fn of_command(words: &[String], origin: &Origin) -> Result<String, Exit> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Exit::bad_input(format!("{origin}: it is empty")));
    };
    let output = child::ask(program, arguments).map_err(|error| {
        Exit::failed(format!(
            "{origin}: {program} can't be run ({error}); check that it is installed, and try it by hand"
        ))
    })?;
    if !output.status.success() {
        return Err(Exit::failed(format!(
            "{origin}: {program} failed ({}); try it by hand",
            output.status
        )));
    }
    first_line(&child::printed(&output)).ok_or_else(|| {
        Exit::failed(format!(
            "{origin}: {program} printed nothing; it must print the secret on its first line"
        ))
    })
}

fn first_line(text: &str) -> Option<String> {
    let line = unmarked(text).lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
