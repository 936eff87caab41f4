//! Whether Kaleyra has a callback profile that leads to the webhook.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::account::Known;
use super::finding::{Check, Finding, Verdict};
use crate::commands::post::{Poster, why};

const PROFILE: Check = Check(9, "profile");
const SOURCE: &str = "Get Callback Profiles: GET /v1/<SID>/callback/profiles";

/// What can be said of the callback profiles. Their answer holds keys in clear text, so nothing of it is shown but what is
/// named here.
pub(super) async fn examine(known: &Known, webhook: Option<&str>) -> Finding {
    let asked = "GET …/v1/<SID>/callback/profiles";
    let url = format!("{}/v1/{}/callback/profiles", known.server, known.sid);
    let poster =
        Poster::new("--base-url", &url).and_then(|it| it.header("api-key", &known.api_key));
    let Ok(poster) = poster else {
        return PROFILE.finds(Verdict::Unknown, asked, "the address can't be asked");
    };
    let response = poster
        .send(Method::GET, None, &HeaderMap::new(), Bytes::new())
        .await;
    let response = match response {
        Ok(response) if response.is_taken() => response,
        Ok(response) => {
            return PROFILE
                .finds(
                    Verdict::Unknown,
                    asked,
                    "the server does not tell its callback profiles",
                )
                .came(response.status.to_string())
                .advice("look at them in the console: Settings, Callback Profiles")
                .source(SOURCE);
        }
        Err(error) => {
            return PROFILE
                .finds(Verdict::Unknown, asked, "there was no response")
                .came(why(&error));
        }
    };
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let profiles = find(&body["data"]);
    let Some(webhook) = webhook else {
        let means = format!(
            "{} callback profiles; name one by --webhook URL",
            profiles.len()
        );
        return PROFILE.finds(Verdict::Unknown, asked, means).source(SOURCE);
    };
    let same = |profile: &&&Value| {
        let url = profile["url"].as_str().unwrap_or_default();
        url.trim_end_matches('/') == webhook.trim_end_matches('/')
    };
    let Some(profile) = profiles.iter().find(same) else {
        return PROFILE
            .finds(Verdict::Wrong, asked, "no callback profile leads to this webhook")
            .came(format!("{} profiles", profiles.len()))
            .advice("make one in the console: Settings, Callback Profiles; then attach it to the number's WhatsApp channel")
            .source(SOURCE);
    };
    let title = profile["title"].as_str().unwrap_or_default();
    if profile["status"].as_i64().is_some_and(|status| status != 1) {
        let how = match profile["status"].as_i64() {
            Some(2) => "Kaleyra has switched it off by itself, after failures",
            _ => "it is switched off",
        };
        return PROFILE
            .finds(
                Verdict::Wrong,
                asked,
                format!("the callback profile {title:?} is not active: {how}"),
            )
            .advice("mend the webhook, then switch the profile on in the console")
            .source(SOURCE);
    }
    let headers = match &profile["headers"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    if headers.as_object().is_none_or(serde_json::Map::is_empty) {
        return PROFILE
            .finds(
                Verdict::Warning,
                asked,
                format!("the callback profile {title:?} sends no header of its own"),
            )
            .advice("add one with a secret: it is all that tells Kaleyra's callbacks from others")
            .source(SOURCE);
    }
    PROFILE
        .finds(
            Verdict::Ok,
            asked,
            format!("the callback profile {title:?} leads here, and sends a header"),
        )
        .source(SOURCE)
}

/// The profiles of a response: a list, wherever in `data` it is.
fn find(data: &Value) -> Vec<&Value> {
    let list = data.as_array().or_else(|| {
        let members = data.as_object()?;
        members.values().find_map(Value::as_array)
    });
    match list {
        Some(list) => list.iter().collect(),
        None if data["url"].is_string() => vec![data],
        None => Vec::new(),
    }
}
