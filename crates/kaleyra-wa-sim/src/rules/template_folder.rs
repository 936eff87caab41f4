//! A folder of templates' definitions, read anew when it changes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::Value;
use tokio::time::Instant;

use super::templates::Templates;

/// A folder of definitions, a JSON file each, or an array of several. It is read anew when a file changes.
///
/// ```
/// use kaleyra_wa_sim::TemplateFolder;
///
/// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-sim-doc-folder-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("closed.json"), r#"{"name": "closed", "language": "en", "category": "UTILITY"}"#)?;
/// let templates = TemplateFolder::open(&folder)?; // for `Builder::templates`
/// assert_eq!(templates.names(), [("closed".to_owned(), "en".to_owned())]);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct TemplateFolder {
    folder: PathBuf,
    read: Mutex<Read>,
}

#[derive(Debug)]
struct Read {
    templates: BTreeMap<(String, String), Arc<TemplateDefinition>>,
    files: Vec<(PathBuf, SystemTime, u64)>,
    looked_at: Instant,
}

impl TemplateFolder {
    /// How long what was found is good without a look.
    const FRESH: Duration = Duration::from_millis(200);
    /// The longest file that is read.
    const FILE_MAX: u64 = 4 << 20;

    /// Reads the definitions in a folder.
    ///
    /// # Errors
    ///
    /// When the folder can't be read. A file that is no definition is left out, and told of in the log.
    pub fn open(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref().to_owned();
        let files = files(&folder)?;
        let read = Read {
            templates: read_all(&files),
            files,
            looked_at: Instant::now(),
        };
        Ok(Self {
            folder,
            read: Mutex::new(read),
        })
    }

    /// The names and languages of all of them.
    pub fn names(&self) -> Vec<(String, String)> {
        self.refreshed().templates.keys().cloned().collect()
    }

    fn refreshed(&self) -> std::sync::MutexGuard<'_, Read> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.looked_at.elapsed() >= Self::FRESH {
            read.looked_at = Instant::now();
            // A folder that is gone for a moment leaves what was read.
            if let Ok(files) =
                files(&self.folder).map_err(|error| tracing::warn!(%error, "templates"))
                && files != read.files
            {
                read.templates = read_all(&files);
                read.files = files;
            }
        }
        read
    }
}

impl Templates for TemplateFolder {
    fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
        let key = (name.to_owned(), language.replace('-', "_"));
        self.refreshed().templates.get(&key).cloned()
    }

    fn all(&self) -> Vec<Arc<TemplateDefinition>> {
        self.refreshed().templates.values().cloned().collect()
    }
}

fn files(folder: &Path) -> io::Result<Vec<(PathBuf, SystemTime, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Of what a link leads to, too: mounted folders are made of links.
        let Ok(about) = fs::metadata(&path) else {
            continue;
        };
        if about.is_file() && path.extension().is_some_and(|it| it == "json") {
            files.push((path, about.modified()?, about.len()));
        }
    }
    files.sort();
    Ok(files)
}

fn read_all(
    files: &[(PathBuf, SystemTime, u64)],
) -> BTreeMap<(String, String), Arc<TemplateDefinition>> {
    let mut templates = BTreeMap::new();
    for (path, _, length) in files {
        let json = (*length <= TemplateFolder::FILE_MAX)
            .then(|| fs::read(path).ok())
            .flatten()
            .and_then(|bytes| {
                // Editors on Windows put a mark before the text.
                let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                serde_json::from_slice::<Value>(text).ok()
            });
        let Some(json) = json else {
            tracing::warn!(file = %path.display(), "a template's file is not JSON, or longer than 4 MiB: left out");
            continue;
        };
        let several = json.as_array().or(json["data"].as_array());
        let definitions = several.map_or(std::slice::from_ref(&json), Vec::as_slice);
        for definition in definitions {
            match serde_json::from_value::<TemplateDefinition>(definition.clone()) {
                Ok(definition)
                    if !definition.name.is_empty() && !definition.language.is_empty() =>
                {
                    let key = (
                        definition.name.clone(),
                        definition.language_code().into_owned(),
                    );
                    templates.insert(key, Arc::new(definition));
                }
                _ => {
                    tracing::warn!(file = %path.display(), "a template has no name or no language: left out");
                }
            }
        }
    }
    templates
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn booking() -> Value {
        json!({
            "name": "booking", "language": "en-US", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Hi {{1}}, see you at {{2}}, {{1}}."}],
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_folder_is_read_anew_when_it_changes() {
        let folder =
            std::env::temp_dir().join(format!("kaleyra-wa-templates-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.json"), booking().to_string()).unwrap();
        fs::write(folder.join("broken.json"), "{").unwrap();
        let templates = TemplateFolder::open(&folder).unwrap();
        assert!(templates.find("booking", "en_US").is_some());
        assert!(templates.find("booking", "de").is_none());

        let mut german = booking();
        german["language"] = "de".into();
        let windows = format!("\u{feff}{}\r\n", json!([german]));
        fs::write(folder.join("b.json"), windows).unwrap();
        tokio::time::advance(TemplateFolder::FRESH).await;
        assert!(templates.find("booking", "de").is_some());
        assert_eq!(templates.names().len(), 2);
        fs::remove_dir_all(&folder).unwrap();
        tokio::time::advance(TemplateFolder::FRESH).await;
        assert_eq!(templates.names().len(), 2);
    }
}
