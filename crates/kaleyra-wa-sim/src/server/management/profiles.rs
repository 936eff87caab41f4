//! `/v1/{sid}/callback/profiles`: callback profiles. They are kept and given back. Where the simulator posts its callbacks to is its
//! own setting, which is shown as a profile that can only be read: `doctor` looks for one.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Asked, Wrong, or_refuse, required};
use crate::delivery::webhook::Webhook;
use crate::model::business::merge;
use crate::server::NoResponse;
use crate::server::response::{self, HttpResponse, Success};
use crate::state::records::Kind;
use crate::time::moment;

/// The codes beside the two that are documented: made up.
const DONE: &str = "RBC021";
/// *Delete Callback Profile*.
const DELETED: &str = "RBC024";

impl Asked<'_> {
    pub(super) async fn list_profiles(self) -> Result<HttpResponse, NoResponse> {
        let title = self.query.text("title").unwrap_or_default().to_lowercase();
        let mut all = self.own_profiles();
        all.extend(self.kept_profiles());
        all.retain(|it| {
            let its = it["title"].as_str().unwrap_or_default();
            its.to_lowercase().contains(&title)
        });
        let page = or_refuse!(self, self.page(all, 25));
        self.done(|| Success::processed(Value::Array(page)).of_platform(DONE))
            .await
    }

    pub(super) async fn create_profile(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        or_refuse!(self, required(&json, "title"));
        or_refuse!(self, required(&json, "url"));
        or_refuse!(self, self.room(1));
        self.done(|| {
            let id = format!("SG_{}", self.core().sources.ids.uuid("callback profile"));
            let now = moment::format(self.core().clock().now());
            let mut profile = json!({
                "http_method": "POST",
                "status": 1,
                "created_at": now,
            });
            merge(&mut profile, json);
            profile["profile_id"] = id.as_str().into();
            profile["modified_at"] = now.into();
            let done = Success::processed(profile.clone()).of_platform(DONE);
            self.keep(Kind::Profile, self.sid, &id, profile, done)
        })
        .await
    }

    pub(super) async fn read_profile(self) -> Result<HttpResponse, NoResponse> {
        let own = || {
            let mut own = self.own_profiles().into_iter();
            own.find(|it| it["profile_id"] == self.subject)
        };
        match self.profile().or_else(own) {
            Some(profile) => {
                self.done(|| Success::processed(profile).of_platform(DONE))
                    .await
            }
            None => Ok(self.no_profile()),
        }
    }

    pub(super) async fn edit_profile(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let Some(mut profile) = self.profile() else {
            return Ok(self.no_profile());
        };
        if json.get("profile_id").is_some() {
            return Ok(self.refuse(Wrong("profile_id: can't be changed".to_owned())));
        }
        self.done(|| {
            merge(&mut profile, json);
            profile["modified_at"] = moment::format(self.core().clock().now()).into();
            let done = Success::processed(profile.clone()).of_platform(DONE);
            self.keep(Kind::Profile, self.sid, self.subject, profile, done)
        })
        .await
    }

    pub(super) async fn delete_profile(self) -> Result<HttpResponse, NoResponse> {
        if self.profile().is_none() {
            return Ok(self.no_profile());
        }
        self.done(|| {
            let mut records = self.core().state.records();
            records.remove(Kind::Profile, self.sid, self.subject);
            Success::processed(json!({"profileId": self.subject})).of_platform(DELETED)
        })
        .await
    }

    fn kept_profiles(&self) -> Vec<Value> {
        let records = self.core().state.records();
        let all = records.of(Kind::Profile, self.sid);
        all.map(|(_, it)| it.clone()).collect()
    }

    /// Where the simulator posts the callbacks of this account's numbers to. The secret is not shown.
    fn own_profiles(&self) -> Vec<Value> {
        let core = self.core();
        let now = moment::format(core.started_at);
        let accounts = core.accounts.all().iter();
        let account = accounts.filter(|account| account.sid() == self.sid);
        let numbers = account.flat_map(|account| account.numbers());
        let webhooks = core.webhooks_of(numbers.map(|number| number.sender.as_str()));
        let profile = |(nth, webhook): (usize, &Arc<Webhook>)| {
            let mut headers = Map::new();
            if let Some(name) = webhook.header_name() {
                headers.insert(name.to_owned(), "(not shown)".into());
            }
            json!({
                "profile_id": format!("SIM_{}", nth + 1),
                "title": "Simulator",
                "url": webhook.url(),
                "http_method": "POST",
                "headers": headers,
                "status": 1,
                "created_at": now,
                "modified_at": now,
            })
        };
        webhooks.iter().enumerate().map(profile).collect()
    }

    fn profile(&self) -> Option<Value> {
        let records = self.core().state.records();
        records.get(Kind::Profile, self.sid, self.subject).cloned()
    }

    /// As *Get Callback Profile* has it: `error` is a list, and the status stands there once more.
    fn no_profile(&self) -> HttpResponse {
        let body = json!({
            "code": "RBC302",
            "message": "Profile not found",
            "data": {},
            "error": [{"params": "profile id is not valid"}],
            "status": 404,
        });
        let why = "no callback profile of the account has this id";
        let code = Some("RBC302".to_owned().into());
        self.core().rejected(self.call.about(), 404, code, why);
        response::json(StatusCode::NOT_FOUND, &body)
    }
}
