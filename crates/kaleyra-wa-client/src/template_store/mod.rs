//! The definitions of templates that a program sends, and the check of a send against them.

mod callbacks;
mod files;
mod marks;
mod status_names;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::{Mismatch, TemplateDefinition};

pub use self::files::{StoreError, TemplateFile};
use self::marks::Marks;
pub use self::status_names::StatusNames;
use crate::{Client, Error, UnreadableTemplate, Waba};

/// The definitions of templates that a program sends: read from files, [refreshed](Self::refresh) from the API, kept up to
/// date by [callbacks](Self::apply), and asked before each send of a template.
///
/// Kaleyra takes a send before Meta judges it, so a send that does not fit its template is lost silently unless it is noticed
/// here. A template that is not in the store is never held up: one made in Meta's own manager is not listed and can be sent
/// all the same.
///
/// Cheap to clone; clones share the definitions.
///
/// ```
/// use kaleyra_wa_client::types::outbound::template::Template;
/// use kaleyra_wa_client::types::template::TemplateDefinition;
/// use kaleyra_wa_client::{TemplateCheck, TemplateStore};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let store = TemplateStore::new();
/// assert!(store.is_empty());
/// store.insert(TemplateDefinition::utility("parcel_ready", "en_US").body("Hello {{1}}, it is here.", ["Anna"]));
/// assert_eq!(store.definitions().len(), store.len());
///
/// let client = client.with_templates(store.clone(), TemplateCheck::Refuse);
/// let error = client.send("+14155550123", Template::new("parcel_ready", "en_US")).await.unwrap_err();
/// assert_eq!(error.mismatches()[0].code, 132000); // the name is missing
///
/// // Clones share the definitions; what is not there is not checked.
/// assert!(store.get("parcel_ready", "en_US").is_some());
/// assert!(store.remove("parcel_ready", "en_US").is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct TemplateStore {
    shared: Arc<RwLock<State>>,
}

#[derive(Default)]
struct State {
    /// By name and language.
    definitions: BTreeMap<(String, String), TemplateDefinition>,
    marks: Marks,
}

/// What becomes of a send whose template is in the store, and which does not fit it.
///
/// ```
/// use kaleyra_wa_client::types::outbound::template::Template;
/// use kaleyra_wa_client::types::template::TemplateDefinition;
/// use kaleyra_wa_client::{TemplateCheck, TemplateStore};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let store: TemplateStore =
///     [TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"])].into_iter().collect();
/// let dayless = Template::new("closed", "en");
///
/// let strict = client.clone().with_templates(store.clone(), TemplateCheck::Refuse);
/// assert!(strict.send("+14155550123", dayless.clone()).await.is_err());
///
/// // By default it goes out, with a warning in the log.
/// let lenient = client.with_templates(store, TemplateCheck::default());
/// assert!(lenient.send("+14155550123", dayless).await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemplateCheck {
    /// It is sent.
    Off,
    /// It is sent, and the log has a warning with all that does not fit.
    #[default]
    Warn,
    /// It is not sent: [`Error::mismatches`] has all that does not fit.
    Refuse,
}

/// What a store says about a send.
///
/// For an example see [`TemplateStore::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateVerdict {
    /// Whether the template is in the store, in this language.
    pub is_known: bool,
    /// All that Meta would refuse.
    pub mismatches: Vec<Mismatch>,
    /// What it may refuse.
    pub warnings: Vec<Mismatch>,
}

/// What a refresh changed.
///
/// For an example see [`TemplateStore::refresh`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refreshed {
    /// How many templates are listed; one that is listed twice counts once.
    pub listed: usize,
    /// Names and languages of those that are new.
    pub added: Vec<(String, String)>,
    /// Names and languages of those that have changed.
    pub changed: Vec<(String, String)>,
    /// Names and languages of those that are in the store and not listed: deleted, made in Meta's own manager, or not
    /// submitted yet. They stay.
    pub missing: Vec<(String, String)>,
    /// Entries of the list that are no definitions, with their places in the whole list. They are not in the store.
    pub unreadable: Vec<UnreadableTemplate>,
}

impl TemplateStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a definition in, in place of one with its name and language.
    pub fn insert(&self, definition: TemplateDefinition) -> Option<TemplateDefinition> {
        let key = key(&definition.name, &definition.language);
        let mut state = self.write();
        state.marks.forget(&key);
        state.definitions.insert(key, definition)
    }

    /// Takes a definition out.
    pub fn remove(&self, name: &str, language: &str) -> Option<TemplateDefinition> {
        self.write().definitions.remove(&key(name, language))
    }

    /// The definition of this name in this language.
    pub fn get(&self, name: &str, language: &str) -> Option<TemplateDefinition> {
        self.read().definitions.get(&key(name, language)).cloned()
    }

    /// Every definition, by name and language.
    pub fn definitions(&self) -> Vec<TemplateDefinition> {
        self.read().definitions.values().cloned().collect()
    }

    /// How many definitions there are.
    pub fn len(&self) -> usize {
        self.read().definitions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads all templates of a WABA and puts them in. What can't be read is in [`Refreshed::unreadable`], and keeps nothing
    /// else away.
    ///
    /// # Errors
    ///
    /// When the list can't be read; what was read of it by then is in the store.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::template::TemplateDefinition;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"name":"closed","language":"en","status":"APPROVED"},{"name":"no_language"}]}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let store: TemplateStore = [TemplateDefinition::utility("not_submitted", "en")].into_iter().collect();
    /// let refreshed = store.refresh(&client.waba("102000000000001")).await?;
    /// assert_eq!(refreshed.added, [("closed".to_owned(), "en".to_owned())]);
    /// assert_eq!(refreshed.missing, [("not_submitted".to_owned(), "en".to_owned())]); // it stays
    /// assert_eq!(refreshed.unreadable[0].name.as_deref(), Some("no_language"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refresh(&self, waba: &Waba) -> Result<Refreshed, Error> {
        let mut refreshed = Refreshed::default();
        let mut seen = BTreeSet::new();
        let mut next = Some(waba.templates());
        let mut before = 0;
        while let Some(request) = next {
            let page = request.await?;
            for unreadable in page.unreadable() {
                let mut unreadable = unreadable.clone();
                unreadable.position += before;
                refreshed.unreadable.push(unreadable);
            }
            before += page.templates().len() + page.unreadable().len();
            for definition in page.templates() {
                let key = key(&definition.name, &definition.language);
                match self.insert(definition.clone()) {
                    None => refreshed.added.push(key.clone()),
                    // One that is listed twice is counted once.
                    Some(before) if before != *definition && !seen.contains(&key) => {
                        refreshed.changed.push(key.clone());
                    }
                    Some(_) => {}
                }
                seen.insert(key);
            }
            next = page.next_page();
        }
        refreshed.listed = seen.len();
        let state = self.read();
        let known = state.definitions.keys();
        let missing = known.filter(|key| !seen.contains(*key));
        refreshed.missing = missing.cloned().collect();
        Ok(refreshed)
    }

    /// What is known of a send of this template: whether it fits its definition, and whether Meta has refused one recently.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::outbound::template::Template;
    /// use kaleyra_wa_client::types::template::TemplateDefinition;
    ///
    /// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
    /// let store: TemplateStore = [closed].into_iter().collect();
    /// let verdict = store.check(&Template::new("closed", "en")); // the day is missing
    /// assert_eq!(verdict.mismatches[0].code, 132000);
    /// ```
    pub fn check(&self, template: &Template) -> TemplateVerdict {
        let key = key(&template.name, &template.language.code);
        let state = self.read();
        let definition = state.definitions.get(&key);
        let mut mismatches = definition.map_or_else(Vec::new, |found| found.check(template));
        if let Some(code) = state.marks.code(&key)
            && !mismatches.iter().any(|mismatch| mismatch.code == code)
        {
            let reason = "Meta has refused a send of this template with this code";
            mismatches.push(Mismatch::new("name", code, reason));
        }
        TemplateVerdict {
            is_known: definition.is_some(),
            mismatches,
            warnings: definition.map_or_else(Vec::new, |found| found.warnings(template)),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Nothing here panics half-way, so a poisoned lock holds whole definitions.
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.shared.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// Checks each send of a template against the definitions in this store. A template that is not there, or not in the
    /// language, is sent as usual; [`unchecked`](crate::SendMessage::unchecked) sends are not checked.
    ///
    /// A send that Meta refuses at once with 132001, 132015 or 132016 [marks](TemplateStore::mark) its template.
    ///
    /// For an example see [`TemplateStore`].
    #[must_use]
    pub fn with_templates(self, store: TemplateStore, check: TemplateCheck) -> Self {
        self.with(|settings| settings.templates = Some((store, check)))
    }
}

/// What a definition is found by.
fn key(name: &str, language: &str) -> (String, String) {
    (name.to_owned(), language.replace('-', "_"))
}

impl FromIterator<TemplateDefinition> for TemplateStore {
    fn from_iter<I: IntoIterator<Item = TemplateDefinition>>(definitions: I) -> Self {
        let store = Self::new();
        for definition in definitions {
            store.insert(definition);
        }
        store
    }
}

/// Shows how many there are.
impl fmt::Debug for TemplateStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateStore")
            .field("definitions", &self.len())
            .finish_non_exhaustive()
    }
}
