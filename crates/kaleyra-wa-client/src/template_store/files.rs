//! Definitions in files: one for each template, to be reviewed as any other source.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::TemplateStore;

/// Files of definitions can't be read or written. `Display` names each file, and what is wrong with it.
///
/// ```
/// use kaleyra_wa_client::TemplateStore;
///
/// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-doc-error-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let file = folder.join("closed.json");
/// std::fs::write(&file, r#"{"data": {}}"#)?;
/// let error = TemplateStore::open(&file).unwrap_err();
/// assert_eq!(error.path(), file);
/// assert!(error.to_string().ends_with("closed.json: no template's definition: it has no name"));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct StoreError {
    path: PathBuf,
    cause: Cause,
    others: Vec<Self>,
}

#[derive(Debug)]
enum Cause {
    Io(io::Error),
    Json(serde_json::Error),
    /// It is in an encoding that JSON never is in.
    Utf16,
    /// It has no definition.
    Empty,
    /// The same of one element of a list, counted from 1.
    Element(usize, Box<Self>),
    /// Two definitions are of one template.
    Twice(String),
}

/// A file of definitions, and what is in it.
///
/// ```
/// use kaleyra_wa_client::TemplateFile;
///
/// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-doc-files-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("closed.json"), r#"{"name": "closed", "language": "en", "category": "UTILITY"}"#)?;
/// std::fs::write(folder.join("open.json"), "not JSON")?;
///
/// let files = TemplateFile::read_all(&folder)?;
/// assert_eq!(files[0].definitions.as_ref().unwrap()[0].name, "closed");
/// assert!(files[1].definitions.as_ref().unwrap_err().to_string().contains("open.json")); // the other is read all the same
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct TemplateFile {
    /// Where it is.
    pub path: PathBuf,
    /// The definitions in it, or why they can't be read.
    pub definitions: Result<Vec<TemplateDefinition>, StoreError>,
}

impl TemplateFile {
    /// Reads a file, or all files of a folder that end in `.json`, each by itself: one that can't be read does not keep the
    /// others away, as it does in [`TemplateStore::open`].
    ///
    /// # Errors
    ///
    /// When the folder can't be read. Of a single file the error is in [`definitions`](Self::definitions).
    pub fn read_all(path: impl AsRef<Path>) -> Result<Vec<Self>, StoreError> {
        let files = files(path.as_ref())?.into_iter();
        let read = files.map(|path| Self {
            definitions: read(&path),
            path,
        });
        Ok(read.collect())
    }
}

impl TemplateStore {
    /// The definitions in a file, or in all files of a folder that end in `.json`.
    ///
    /// A file holds a definition, a list of them, or a response of Kaleyra's with one or more in `data`, in UTF-8 with a byte
    /// order mark or without. Subfolders are not searched. It is read at once, on the thread that calls.
    ///
    /// # Errors
    ///
    /// When the file or folder can't be read, a file holds no definition, or two are of the same name and language.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    ///
    /// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-doc-open-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// std::fs::write(folder.join("closed.json"), r#"[
    ///     {"name": "closed", "language": "en", "category": "UTILITY"},
    ///     {"name": "closed", "language": "de", "category": "UTILITY"}
    /// ]"#)?;
    /// let store = TemplateStore::open(&folder)?;
    /// assert_eq!(store.len(), 2);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let store = Self::new();
        for file in files(path)? {
            for definition in read(&file)? {
                let name = format!("{} in {}", definition.name, definition.language);
                if store.insert(definition).is_some() {
                    return Err(StoreError::new(&file, Cause::Twice(name)));
                }
            }
        }
        Ok(store)
    }

    /// Writes each definition to a file of its own, `<name>.<language>.json`, in a folder that is made if need be. Files
    /// that are there already are replaced as a whole; others stay. A name that is too long for a file, or has signs that no
    /// template's name has, is shortened and told apart by a digest.
    ///
    /// # Errors
    ///
    /// When the folder can't be made, or files can't be written: all of these are in the error, and the others are written.
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
        let mut failed: Option<StoreError> = None;
        for definition in self.definitions() {
            let file = folder.join(file_name(&definition));
            match (write(&file, &definition), &mut failed) {
                (Ok(()), _) => written.push(file),
                (Err(error), None) => failed = Some(error),
                (Err(error), Some(failed)) => failed.others.push(error),
            }
        }
        match failed {
            None => Ok(written),
            Some(failed) => Err(failed),
        }
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
    let bytes = std::fs::read(file).map_err(|error| StoreError::io(file, error))?;
    parse(&bytes).map_err(|cause| StoreError::new(file, cause))
}

fn parse(bytes: &[u8]) -> Result<Vec<TemplateDefinition>, Cause> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Cause::Utf16);
    }
    // Editors on Windows put a mark before the text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(Cause::Json)?;
    let value = match value {
        Value::Object(mut members) if !members.contains_key("name") => {
            members.remove("data").ok_or(Cause::Empty)?
        }
        value => value,
    };
    let definition = |element: Value| {
        let name = element.get("name").and_then(Value::as_str);
        if name.is_none_or(str::is_empty) {
            return Err(Cause::Empty);
        }
        serde_json::from_value(element).map_err(Cause::Json)
    };
    let Value::Array(elements) = value else {
        return Ok(vec![definition(value)?]);
    };
    let elements = elements.into_iter().enumerate();
    let definitions = elements.map(|(at, element)| {
        definition(element).map_err(|cause| Cause::Element(at + 1, Box::new(cause)))
    });
    definitions.collect()
}

/// Writes beside the file and renames, so that nobody reads half of it.
fn write(file: &Path, definition: &TemplateDefinition) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec_pretty(definition)
        .map_err(|error| StoreError::new(file, Cause::Json(error)))?;
    text.push(b'\n');
    let beside = file.with_extension(format!("json.{}.tmp", std::process::id()));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        StoreError::io(file, error)
    })
}

/// The longest name and language that are a file's as they are: a file system has 255 bytes for a file, and one that is being
/// written has a longer name than it has later.
const PLAIN_MAX: usize = 200;

/// The name of a definition's file: names come from a server, and lead nowhere else.
fn file_name(definition: &TemplateDefinition) -> String {
    let safe = |text: &str, max: usize| -> String {
        let is_safe = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        let signs = text.chars().take(max);
        signs
            .map(|sign| if is_safe(sign) { sign } else { '_' })
            .collect()
    };
    let language = &*definition.language_code();
    let plain = format!(
        "{}.{}.json",
        safe(&definition.name, usize::MAX),
        safe(language, usize::MAX)
    );
    let as_it_is = format!("{}.{language}.json", definition.name);
    if plain == as_it_is && plain.len() <= PLAIN_MAX {
        return plain;
    }
    let digest = Sha256::digest(format!("{}\0{language}", definition.name));
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "{}-{digest}.{}.json",
        safe(&definition.name, 120),
        safe(language, 20)
    )
}

impl StoreError {
    fn new(path: &Path, cause: Cause) -> Self {
        Self {
            path: path.to_owned(),
            cause,
            others: Vec::new(),
        }
    }

    fn io(path: &Path, error: io::Error) -> Self {
        Self::new(path, Cause::Io(error))
    }

    /// The file or folder; of several the first.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.cause)?;
        for other in &self.others {
            write!(f, "; {other}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Json(error) => write!(f, "no template's definition: {error}"),
            Self::Utf16 => f.write_str("no template's definition: it is UTF-16, save it as UTF-8"),
            Self::Empty => f.write_str("no template's definition: it has no name"),
            Self::Element(at, cause) => write!(f, "element {at} of the list: {cause}"),
            Self::Twice(name) => write!(f, "the template {name} is there twice"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Io(error) => std::error::Error::source(error),
            Cause::Json(error) => std::error::Error::source(error),
            Cause::Utf16 | Cause::Empty | Cause::Element(..) | Cause::Twice(_) => None,
        }
    }
}
