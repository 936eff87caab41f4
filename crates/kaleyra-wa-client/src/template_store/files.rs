//! Definitions in files: one for each template, to be reviewed as any other source.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;

use super::TemplateStore;

/// A file of definitions can't be read or written. `Display` names the file.
#[derive(Debug)]
pub struct StoreError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Io(io::Error),
    Json(serde_json::Error),
    /// It has no definition.
    Empty,
    /// Two definitions are of one template.
    Twice(String),
}

impl TemplateStore {
    /// The definitions in a file, or in all files of a folder that end in `.json`.
    ///
    /// A file holds a definition, a list of them, or a response of Kaleyra's with one or more in `data`. Subfolders
    /// are not searched. It is read at once, on the thread that calls.
    ///
    /// # Errors
    ///
    /// When the file or folder can't be read, a file holds no definition, or two are of the same name and language.
    ///
    /// ```no_run
    /// use kaleyra_wa_client::TemplateStore;
    ///
    /// let store = TemplateStore::open("templates")?;
    /// println!("{} templates", store.len());
    /// # Ok::<(), kaleyra_wa_client::StoreError>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let store = Self::new();
        for file in files(path)? {
            for definition in read(&file)? {
                let name = format!("{} in {}", definition.name, definition.language);
                if store.insert(definition).is_some() {
                    return Err(StoreError {
                        path: file,
                        cause: Cause::Twice(name),
                    });
                }
            }
        }
        Ok(store)
    }

    /// Writes each definition to a file of its own, `<name>.<language>.json`, in a folder that is made if need be. Files
    /// that are there already are replaced as a whole; others stay.
    ///
    /// # Errors
    ///
    /// When a file can't be written, or when two names would be one file's.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::template::TemplateDefinition;
    ///
    /// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-doc-{}", std::process::id()));
    /// let store: TemplateStore = [TemplateDefinition::utility("parcel_ready", "en_US")].into_iter().collect();
    /// store.save(&folder)?;
    /// assert_eq!(TemplateStore::open(folder.join("parcel_ready.en_US.json"))?.len(), 1);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), kaleyra_wa_client::StoreError>(())
    /// ```
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<Vec<PathBuf>, StoreError> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(|error| StoreError::io(folder, error))?;
        let mut written: Vec<PathBuf> = Vec::new();
        for definition in self.definitions() {
            let file = folder.join(file_name(&definition));
            if written.contains(&file) {
                let name = format!("{} in {}", definition.name, definition.language);
                return Err(StoreError {
                    path: file,
                    cause: Cause::Twice(name),
                });
            }
            write(&file, &definition)?;
            written.push(file);
        }
        Ok(written)
    }
}

/// The file, or those of the folder, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|error| StoreError::io(path, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| StoreError::io(path, error))?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "json")
            && file.is_file()
        {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<TemplateDefinition>, StoreError> {
    let failed = |cause| StoreError {
        path: file.to_owned(),
        cause,
    };
    let bytes = std::fs::read(file).map_err(|error| StoreError::io(file, error))?;
    // Some editors put a byte order mark in front.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| failed(Cause::Json(error)))?;
    let value = match value {
        Value::Object(mut members) if !members.contains_key("name") => {
            members.remove("data").ok_or_else(|| failed(Cause::Empty))?
        }
        value => value,
    };
    let elements = match value {
        Value::Array(elements) => elements,
        value => vec![value],
    };
    let definitions = elements.into_iter().map(|element| {
        if element.get("name").is_none() {
            return Err(failed(Cause::Empty));
        }
        serde_json::from_value(element).map_err(|error| failed(Cause::Json(error)))
    });
    definitions.collect()
}

/// Writes beside the file and renames, so that nobody reads half of it.
fn write(file: &Path, definition: &TemplateDefinition) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec_pretty(definition).map_err(|error| StoreError {
        path: file.to_owned(),
        cause: Cause::Json(error),
    })?;
    text.push(b'\n');
    let beside = file.with_extension(format!("json.{}.tmp", std::process::id()));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        StoreError::io(file, error)
    })
}

/// The name of a definition's file: names come from a server, and lead nowhere else.
fn file_name(definition: &TemplateDefinition) -> String {
    let safe = |text: &str| -> String {
        let is_safe = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        text.chars()
            .map(|sign| if is_safe(sign) { sign } else { '_' })
            .collect()
    };
    format!(
        "{}.{}.json",
        safe(&definition.name),
        safe(&definition.language_code())
    )
}

impl StoreError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            cause: Cause::Io(error),
        }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            Cause::Io(error) => write!(f, "{path}: {error}"),
            Cause::Json(error) => write!(f, "{path}: no template's definition: {error}"),
            Cause::Empty => write!(f, "{path}: no template's definition: it has no name"),
            Cause::Twice(name) => write!(f, "{path}: the template {name} is there twice"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Io(error) => std::error::Error::source(error),
            Cause::Json(error) => std::error::Error::source(error),
            Cause::Empty | Cause::Twice(_) => None,
        }
    }
}
