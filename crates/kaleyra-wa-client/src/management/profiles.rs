//! Callback profiles: where Kaleyra posts its callbacks to.

use std::fmt;

use kaleyra_wa_types::response::Response;
use serde_json::Value;

use super::draft::{Draft, awaited, overridable};
use super::pages::{Asking, Items, Page};
use crate::decoded_response::find;
use crate::endpoint::endpoints;
use crate::{Client, Error};

endpoints! {
    /// Makes a profile.
    CREATE = "create_callback_profile", Send POST "/v1/{sid}/callback/profiles";

    /// Lists profiles.
    LIST = "callback_profiles", Read GET "/v1/{sid}/callback/profiles";

    /// Reads a profile.
    READ = "callback_profile", Read GET "/v1/{sid}/callback/profiles/{profile}";

    /// Changes a profile.
    EDIT = "edit_callback_profile", Send PATCH "/v1/{sid}/callback/profiles/{profile}";

    /// Deletes a profile.
    DELETE = "delete_callback_profile", Send DELETE "/v1/{sid}/callback/profiles/{profile}";
}

/// How many profiles a page has by default.
const PAGE: usize = 25;

/// A page of profiles that is read when this is awaited; made by [`Client::callback_profiles`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"RBC020","status":200,"data":[{"profile_id":"SG_1","title":"bot","status":1}],"error":{}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let page = client.callback_profiles().title("bot").limit(10).offset(20).await?;
/// assert_eq!(page.profiles()[0].id(), Some("SG_1"));
/// assert_eq!(kaleyra.requests()[0].uri().query(), Some("title=bot&limit=10&offset=20"));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ListCallbackProfiles {
    draft: Draft,
}

/// A profile that is read when this is awaited; made by [`Client::callback_profile`].
///
/// For an example see [`Client::callback_profile`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ReadCallbackProfile {
    draft: Draft,
}

/// A change of a profile that is made when this is awaited; made by [`Client::create_callback_profile`] and its like.
///
/// For an example see [`Client::create_callback_profile`].
#[must_use = "nothing is changed until it is awaited"]
#[derive(Clone, Debug)]
pub struct ChangeCallbackProfile {
    draft: Draft,
}

/// A page of profiles.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let first = r#"{"code":"RBC020","status":200,"data":[{"profile_id":"SG_1","title":"bot","status":1}],"error":{}}"#;
/// # let last = r#"{"code":"RBC020","status":200,"data":[],"error":{}}"#;
/// # let kaleyra = Scripted::new().respond(200, first).respond(200, last);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let page = client.callback_profiles().limit(1).await?;
/// assert_eq!(page.profiles()[0].title(), Some("bot"));
/// assert_eq!(page.response().code.as_ref().unwrap().as_str(), "RBC020");
///
/// // A page that is full may have another after it; `items` asks for them as they are needed.
/// let last = page.next_page().ok_or("a full page")?.await?;
/// assert!(last.profiles().is_empty() && last.next_page().is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CallbackProfiles {
    request: ListCallbackProfiles,
    profiles: Vec<CallbackProfile>,
    response: Response,
}

/// A callback profile.
///
/// Kaleyra responds with the key that it encrypts callbacks with, in clear: it is in [`value`](Self::value), and `Debug` shows
/// neither it nor headers, URL or body.
///
/// ```
/// use kaleyra_wa_client::ProfileStatus;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "RBC020", "status": 200, "error": {}, "data": {
///     "profile_id": "SG_1", "title": "bot", "url": "https://hooks.example.com/", "status": 2,
///     "headers": {"x-kaleyra-secret": "a long random text"}
/// }}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let profile = client.callback_profile("SG_1").await?;
/// assert_eq!((profile.id(), profile.title()), (Some("SG_1"), Some("bot")));
/// assert_eq!(profile.url(), Some("https://hooks.example.com/"));
/// assert_eq!(profile.status(), Some(ProfileStatus::AutoDisabled));
/// assert!(profile.value()["headers"].is_object()); // secrets included
/// assert!(!format!("{profile:?}").contains("random"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CallbackProfile {
    value: Value,
}

/// Whether callbacks are posted.
///
/// For an example see [`CallbackProfile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileStatus {
    /// They are: 1.
    Active,
    /// Kaleyra stopped them, after too many failures: 2. **Nothing arrives until it is made active again.**
    AutoDisabled,
    /// Somebody stopped them: 3.
    Disabled,
    /// A number that this version does not know.
    Unknown(i64),
}

impl Client {
    /// The callback profiles of the account, page by page. Kaleyra stops posting to one that fails too often,
    /// without notice: check from time to time.
    ///
    /// ```
    /// use kaleyra_wa_client::ProfileStatus;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"RBC020","status":200,"data":[{"profile_id":"SG_1","title":"bot","status":2}],"error":{}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let mut disabled = Vec::new();
    /// for profile in client.callback_profiles().items().collect().await? {
    ///     if profile.status() == Some(ProfileStatus::AutoDisabled) {
    ///         disabled.push(profile.title().unwrap_or_default().to_owned()); // no callbacks arrive by this one
    ///     }
    /// }
    /// assert_eq!(disabled, ["bot"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Platform APIs, Get Callback Profiles*.
    pub fn callback_profiles(&self) -> ListCallbackProfiles {
        ListCallbackProfiles {
            draft: Draft::new(self.clone(), &LIST),
        }
    }

    /// One callback profile, by its id such as `SG_…`.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// let profile = client.callback_profile("SG_00000000-0000-0000-0000-000000000000").await?;
    /// println!("{:?}: {:?}", profile.title(), profile.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Platform APIs, Get Callback Profile*.
    pub fn callback_profile(&self, id: impl Into<String>) -> ReadCallbackProfile {
        ReadCallbackProfile {
            draft: Draft::new(self.clone(), &READ).value("profile", id),
        }
    }

    /// Makes a callback profile: `title`, `url`, `http_method`, `headers`, `body` and what else its page shows.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// let profile = serde_json::json!({
    ///     "title": "bot",
    ///     "url": "https://hooks.example.com/",
    ///     "http_method": "POST",
    ///     "headers": {"x-kaleyra-secret": "a long random text"},
    /// });
    /// let made = client.create_callback_profile(profile).await?;
    /// println!("attach {:?} to the number", made.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Platform APIs, Create Callback Profiles*.
    pub fn create_callback_profile(&self, profile: impl Into<Value>) -> ChangeCallbackProfile {
        ChangeCallbackProfile {
            draft: Draft::new(self.clone(), &CREATE).json(profile.into()),
        }
    }

    /// Changes a callback profile: only what is given.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// let changes = serde_json::json!({"url": "https://example.com/kaleyra", "status": 1});
    /// client.edit_callback_profile("SG_00000000-0000-0000-0000-000000000000", changes).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Platform APIs, Update Callback Profile*.
    pub fn edit_callback_profile(
        &self,
        id: impl Into<String>,
        changes: impl Into<Value>,
    ) -> ChangeCallbackProfile {
        let draft = Draft::new(self.clone(), &EDIT).value("profile", id);
        ChangeCallbackProfile {
            draft: draft.json(changes.into()),
        }
    }

    /// Deletes a callback profile. What it was attached to posts no callbacks any more.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// client.delete_callback_profile("SG_00000000-0000-0000-0000-000000000000").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Platform APIs, Delete Callback Profile*.
    pub fn delete_callback_profile(&self, id: impl Into<String>) -> ChangeCallbackProfile {
        ChangeCallbackProfile {
            draft: Draft::new(self.clone(), &DELETE).value("profile", id),
        }
    }
}

impl ListCallbackProfiles {
    /// How many a page has at most. Default: 25.
    pub fn limit(mut self, limit: u32) -> Self {
        self.draft = self.draft.parameter("limit", limit.to_string());
        self
    }

    /// Leaves out the first ones.
    pub fn offset(mut self, offset: u32) -> Self {
        self.draft = self.draft.parameter("offset", offset.to_string());
        self
    }

    /// Those with this title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.draft = self.draft.parameter("title", title);
        self
    }

    /// Every profile, with pages asked for as they are needed.
    ///
    /// For an example see [`Client::callback_profiles`].
    pub fn items(self) -> Items<CallbackProfile> {
        Items::of(self.into_future())
    }

    async fn perform(self) -> Result<CallbackProfiles, Error> {
        let response = self.draft.succeed_by_status().await?;
        let list = match &response.data {
            Some(Value::Array(elements)) => elements.clone(),
            Some(data) => ["data", "profiles", "callback_profiles"]
                .iter()
                .find_map(|name| data.get(name)?.as_array())
                .cloned()
                .unwrap_or_default(),
            None => Vec::new(),
        };
        let mut profiles: Vec<CallbackProfile> = list
            .into_iter()
            .map(|value| CallbackProfile { value })
            .collect();
        if self.draft.has_seen(&mark(&profiles)) {
            profiles.clear();
        }
        Ok(CallbackProfiles {
            request: self,
            profiles,
            response,
        })
    }
}

impl ReadCallbackProfile {
    async fn perform(self) -> Result<CallbackProfile, Error> {
        let response = self.draft.succeed_by_status().await?;
        Ok(CallbackProfile {
            value: response.data.unwrap_or_default(),
        })
    }
}

impl ChangeCallbackProfile {
    /// The profile's id is in its response, as `profileId` or `profile_id`: [`CallbackProfile::id`] finds it.
    async fn perform(self) -> Result<CallbackProfile, Error> {
        let response = self.draft.succeed_by_status().await?;
        Ok(CallbackProfile {
            value: response.data.unwrap_or_default(),
        })
    }
}

awaited!(ListCallbackProfiles => CallbackProfiles);
awaited!(ReadCallbackProfile => CallbackProfile);
awaited!(ChangeCallbackProfile => CallbackProfile);
overridable!(ListCallbackProfiles);
overridable!(ReadCallbackProfile);
overridable!(ChangeCallbackProfile);

impl CallbackProfiles {
    /// The profiles of this page.
    pub fn profiles(&self) -> &[CallbackProfile] {
        &self.profiles
    }

    /// The request for the next page; `None` after the last one.
    pub fn next_page(&self) -> Option<ListCallbackProfiles> {
        let draft = &self.request.draft;
        let number = |name| {
            draft
                .parameter_of(name)
                .and_then(|text| text.parse::<usize>().ok())
        };
        let limit = number("limit").unwrap_or(PAGE);
        if self.profiles.is_empty() || self.profiles.len() < limit {
            return None;
        }
        let offset = number("offset").unwrap_or(0).checked_add(limit)?;
        let draft = draft.clone().parameter("offset", offset.to_string());
        Some(ListCallbackProfiles {
            draft: draft.seen(mark(&self.profiles)),
        })
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

fn mark(profiles: &[CallbackProfile]) -> String {
    profiles
        .first()
        .and_then(CallbackProfile::id)
        .unwrap_or_default()
        .to_owned()
}

impl Page for CallbackProfiles {
    type Item = CallbackProfile;

    fn into_parts(self) -> (Vec<CallbackProfile>, Option<Asking<Self>>) {
        let next = self.next_page().map(IntoFuture::into_future);
        (self.profiles, next)
    }
}

impl CallbackProfile {
    /// Its id.
    pub fn id(&self) -> Option<&str> {
        let names = ["profile_id", "profileId", "id"];
        names
            .iter()
            .find_map(|name| find(&self.value, name)?.as_str())
    }

    /// Its title.
    pub fn title(&self) -> Option<&str> {
        find(&self.value, "title").and_then(Value::as_str)
    }

    /// Where callbacks are posted to. It may hold a secret of yours.
    pub fn url(&self) -> Option<&str> {
        find(&self.value, "url").and_then(Value::as_str)
    }

    /// Whether callbacks are posted.
    pub fn status(&self) -> Option<ProfileStatus> {
        let status = find(&self.value, "status")?;
        let number = status.as_i64().or_else(|| status.as_str()?.parse().ok())?;
        Some(match number {
            1 => ProfileStatus::Active,
            2 => ProfileStatus::AutoDisabled,
            3 => ProfileStatus::Disabled,
            other => ProfileStatus::Unknown(other),
        })
    }

    /// All that the response says, secrets included.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl fmt::Debug for CallbackProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackProfile")
            .field("id", &self.id())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallbackProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackProfiles")
            .field("profiles", &self.profiles.len())
            .finish_non_exhaustive()
    }
}
