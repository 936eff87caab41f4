//! The templates that the simulator knows, and whether a message fits one.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::time::Instant;

use crate::model::delivery_error::DeliveryError;

/// Where templates are looked up: a folder of them, or what you have instead.
pub trait Templates: Send + Sync {
    /// The template of this name and language; `None` where there is none.
    fn find(&self, name: &str, language: &str) -> Option<Arc<KnownTemplate>>;
}

/// What is known of a template: where its parameters go, and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownTemplate {
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`; empty where the definition does not say it.
    pub category: String,
    /// Whether it may be sent: its status is `APPROVED`, or the definition names none.
    pub is_approved: bool,
    /// The header's format: `TEXT`, `IMAGE`, …
    pub header_format: Option<String>,
    /// The text of the header, with its placeholders.
    pub header: String,
    /// The text of the body, with its placeholders.
    pub body: String,
    /// The text of the footer.
    pub footer: String,
    /// Each button's type, label and URL (or `""`).
    pub buttons: Vec<(String, String, String)>,
    /// The cards of a carousel.
    pub cards: Vec<KnownCard>,
}

/// What is known of a card of a template's carousel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownCard {
    /// The text of the body, with its placeholders.
    pub body: String,
    /// Each button's type, label and URL (or `""`).
    pub buttons: Vec<(String, String, String)>,
}

impl KnownTemplate {
    /// Reads a definition as Meta and Kaleyra have it: `{"name", "language", "category", "components": […]}`. Gives its name and
    /// language, too; `None` where these are missing.
    pub fn from_json(definition: &Value) -> Option<(String, String, Self)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = definition["name"].as_str()?.to_owned();
        let language = definition["language"]
            .as_str()
            .or(definition["language"]["code"].as_str())?;
        let status = definition["status"].as_str().unwrap_or("APPROVED");
        let mut template = Self {
            category: text(&definition["category"]),
            is_approved: status.eq_ignore_ascii_case("approved"),
            ..Self::default()
        };
        for component in definition["components"].as_array().into_iter().flatten() {
            match text(&component["type"]).to_ascii_uppercase().as_str() {
                "HEADER" => {
                    let format = component["format"].as_str().unwrap_or("TEXT");
                    template.header_format = Some(format.to_ascii_uppercase());
                    template.header = text(&component["text"]);
                }
                "BODY" => template.body = text(&component["text"]),
                "FOOTER" => template.footer = text(&component["text"]),
                "BUTTONS" => template.buttons = buttons(component),
                "CAROUSEL" => {
                    let cards = component["cards"].as_array().into_iter().flatten();
                    template.cards = cards.map(KnownCard::from_json).collect();
                }
                _ => {}
            }
        }
        Some((name, language.to_owned(), template))
    }

    /// Whether the parameters of a message fit; if not, with Meta's code.
    pub(crate) fn check(&self, sent: &Value) -> Result<(), DeliveryError> {
        if !self.is_approved {
            let details = "the definition's status is not APPROVED";
            return Err(DeliveryError::new("132001", NO_TEMPLATE, details));
        }
        let parts = [
            ("header", self.header_parameters()),
            ("body", placeholders(&self.body).len()),
        ];
        for (part, expected) in parts {
            let found = parameters(sent, part).map_or(0, Vec::len);
            if found != expected {
                return Err(mismatch(format!(
                    "{part}: {found} parameters, where the template has {expected}"
                )));
            }
        }
        for (index, (kind, _, url)) in self.buttons.iter().enumerate() {
            let expected = match kind.as_str() {
                "URL" => placeholders(url).len(),
                "COPY_CODE" => 1,
                _ => continue,
            };
            let found = button_parameters(sent, index);
            if found != expected {
                return Err(mismatch(format!(
                    "button {index}: {found} parameters, where the template has {expected}"
                )));
            }
        }
        Ok(())
    }

    /// The body with its parameters filled in.
    pub(crate) fn render(&self, sent: &Value) -> String {
        fill(&self.body, parameters(sent, "body"))
    }

    /// The header with its parameter filled in.
    pub(crate) fn render_header(&self, sent: &Value) -> String {
        fill(&self.header, parameters(sent, "header"))
    }

    /// The body of each card that the message has, with its parameters filled in.
    pub(crate) fn render_cards(&self, sent: &Value) -> Vec<String> {
        let cards = components(sent, "carousel").flat_map(|it| it["cards"].as_array());
        let cards = cards.flatten().enumerate();
        cards
            .map(|(index, card)| {
                let body = self.cards.get(index).map_or("", |known| &known.body);
                fill(body, parameters(card, "body"))
            })
            .collect()
    }

    fn header_parameters(&self) -> usize {
        match self.header_format.as_deref() {
            None => 0,
            Some("TEXT") => placeholders(&self.header).len(),
            // A file or a place is always given with the message.
            Some(_) => 1,
        }
    }
}

impl KnownCard {
    fn from_json(card: &Value) -> Self {
        let components = card["components"].as_array().into_iter().flatten();
        let mut known = Self::default();
        for component in components {
            let kind = component["type"].as_str().unwrap_or_default();
            if kind.eq_ignore_ascii_case("body") {
                known.body = component["text"].as_str().unwrap_or_default().to_owned();
            } else if kind.eq_ignore_ascii_case("buttons") {
                known.buttons = buttons(component);
            }
        }
        known
    }
}

fn buttons(component: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let buttons = component["buttons"].as_array().into_iter().flatten();
    buttons
        .map(|button| {
            let kind = text(&button["type"]).to_ascii_uppercase();
            (kind, text(&button["text"]), text(&button["url"]))
        })
        .collect()
}

/// A text with what a message gives for its placeholders, by their names or in their order.
fn fill(text: &str, given: Option<&Vec<Value>>) -> String {
    let mut filled = text.to_owned();
    for (index, name) in placeholders(text).iter().enumerate() {
        let mut all = given.into_iter().flatten();
        let by_name = all.clone().find(|it| it["parameter_name"] == name.as_str());
        let value = by_name.or_else(|| all.nth(index)).map(parameter_text);
        filled = filled.replace(&format!("{{{{{name}}}}}"), &value.unwrap_or_default());
    }
    filled
}

const NO_TEMPLATE: &str = "Template does not exist";

/// There is no such template.
pub(crate) fn unknown() -> DeliveryError {
    let details =
        "template name does not exist in the translation, or the translation is not approved";
    DeliveryError::new("132001", NO_TEMPLATE, details)
}

fn mismatch(details: String) -> DeliveryError {
    DeliveryError::new("132000", "Template param count mismatch", details)
}

/// The names between double braces, each once, in order.
fn placeholders(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}") {
            let name = name.to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn components<'a>(sent: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = sent["components"].as_array().into_iter().flatten();
    all.filter(move |it| {
        it["type"]
            .as_str()
            .is_some_and(|found| found.eq_ignore_ascii_case(kind))
    })
}

fn parameters<'a>(sent: &'a Value, kind: &'a str) -> Option<&'a Vec<Value>> {
    components(sent, kind).next()?["parameters"].as_array()
}

fn button_parameters(sent: &Value, index: usize) -> usize {
    let is_it = |button: &&Value| match &button["index"] {
        Value::String(text) => text.parse() == Ok(index),
        number => number.as_u64() == Some(index as u64),
    };
    let button = components(sent, "button").find(is_it);
    button.map_or(0, |button| {
        button["parameters"].as_array().map_or(0, Vec::len)
    })
}

fn parameter_text(parameter: &Value) -> String {
    let kind = parameter["type"].as_str().unwrap_or("text");
    let fallback = parameter[kind]["fallback_value"].as_str();
    parameter["text"]
        .as_str()
        .or(fallback)
        .unwrap_or_default()
        .to_owned()
}

/// A folder of definitions, a JSON file each, or an array of several. It is reread when a file changes.
#[derive(Debug)]
pub struct TemplateFolder {
    folder: PathBuf,
    read: Mutex<Read>,
}

#[derive(Debug)]
struct Read {
    templates: BTreeMap<(String, String), Arc<KnownTemplate>>,
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
    /// When the folder can't be read. A file that is not a definition is left out, and reported in the log.
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
    fn find(&self, name: &str, language: &str) -> Option<Arc<KnownTemplate>> {
        let key = (name.to_owned(), language.to_owned());
        self.refreshed().templates.get(&key).cloned()
    }
}

fn files(folder: &Path) -> io::Result<Vec<(PathBuf, SystemTime, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, about) = (entry.path(), entry.metadata()?);
        if about.is_file() && path.extension().is_some_and(|it| it == "json") {
            files.push((path, about.modified()?, about.len()));
        }
    }
    files.sort();
    Ok(files)
}

fn read_all(
    files: &[(PathBuf, SystemTime, u64)],
) -> BTreeMap<(String, String), Arc<KnownTemplate>> {
    let mut templates = BTreeMap::new();
    for (path, _, length) in files {
        let json = (*length <= TemplateFolder::FILE_MAX)
            .then(|| fs::read(path).ok())
            .flatten()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(json) = json else {
            tracing::warn!("a template's file is no JSON, or longer than 4 MiB: left out");
            continue;
        };
        let several = json.as_array().or(json["data"].as_array());
        let definitions = several.map_or(std::slice::from_ref(&json), Vec::as_slice);
        for definition in definitions {
            match KnownTemplate::from_json(definition) {
                Some((name, language, template)) => {
                    templates.insert((name, language), Arc::new(template));
                }
                None => tracing::warn!("a template has no name or no language: left out"),
            }
        }
    }
    templates
}

impl fmt::Debug for dyn Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Templates")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn booking() -> Value {
        json!({
            "name": "booking", "language": "en", "category": "UTILITY",
            "components": [
                {"type": "HEADER", "format": "IMAGE"},
                {"type": "BODY", "text": "Hi {{1}}, see you at {{2}}, {{1}}."},
                {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Cancel"},
                    {"type": "URL", "text": "Open", "url": "https://example.com/{{1}}"},
                ]},
            ],
        })
    }

    fn sent(body: usize, url: usize) -> Value {
        let texts = |count| vec![json!({"type": "text", "text": "x"}); count];
        json!({"name": "booking", "language": {"code": "en"}, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]},
            {"type": "body", "parameters": texts(body)},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": texts(url)},
        ]})
    }

    #[test]
    fn parameters_are_counted() {
        let (name, language, template) = KnownTemplate::from_json(&booking()).unwrap();
        assert_eq!((&*name, &*language), ("booking", "en"));
        assert_eq!(template.check(&sent(2, 1)), Ok(()));
        let error = template.check(&sent(1, 1)).unwrap_err();
        assert_eq!(error.code, "132000");
        assert_eq!(
            error.details,
            "body: 1 parameters, where the template has 2"
        );
        assert!(
            template
                .check(&sent(2, 0))
                .unwrap_err()
                .details
                .starts_with("button 1: 0")
        );
        assert_eq!(template.render(&sent(2, 1)), "Hi x, see you at x, x.");

        let mut rejected = booking();
        rejected["status"] = "REJECTED".into();
        let (.., template) = KnownTemplate::from_json(&rejected).unwrap();
        assert_eq!(template.check(&sent(2, 1)).unwrap_err().code, "132001");
    }

    #[test]
    fn a_header_and_cards_are_filled_in() {
        let definition = json!({"name": "sale", "language": "en", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "For {{name}}"},
            {"type": "BODY", "text": "New this week"},
            {"type": "CAROUSEL", "cards": [
                {"components": [{"type": "BODY", "text": "{{1}} at {{2}}"},
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Take it"}]}]},
            ]},
        ]});
        let (.., template) = KnownTemplate::from_json(&definition).unwrap();
        let text = |text: &str| json!({"type": "text", "text": text});
        let sent = json!({"components": [
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "name", "text": "Asha"}]},
            {"type": "carousel", "cards": [
                {"components": [{"type": "body", "parameters": [text("Boot"), text("₹ 900")]}]},
                {"components": []},
            ]},
        ]});
        assert_eq!(template.render_header(&sent), "For Asha");
        assert_eq!(template.render_cards(&sent), ["Boot at ₹ 900", ""]);
        assert_eq!(template.cards[0].buttons[0].1, "Take it");
    }

    #[tokio::test(start_paused = true)]
    async fn a_folder_is_read_anew_when_it_changes() {
        let folder =
            std::env::temp_dir().join(format!("kaleyra-wa-templates-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.json"), booking().to_string()).unwrap();
        fs::write(folder.join("broken.json"), "{").unwrap();
        let templates = TemplateFolder::open(&folder).unwrap();
        assert!(templates.find("booking", "en").is_some());
        assert!(templates.find("booking", "de").is_none());

        let mut german = booking();
        german["language"] = "de".into();
        fs::write(folder.join("b.json"), json!([german]).to_string()).unwrap();
        tokio::time::advance(TemplateFolder::FRESH).await;
        assert!(templates.find("booking", "de").is_some());
        assert_eq!(templates.names().len(), 2);
        fs::remove_dir_all(&folder).unwrap();
        tokio::time::advance(TemplateFolder::FRESH).await;
        assert_eq!(templates.names().len(), 2);
    }
}
