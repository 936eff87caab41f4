//! Whether Kaleyra has a callback profile that leads to the webhook.

use kaleyra_wa_client::{CallbackProfile, Client};
use serde_json::Value;

use super::finding::{Check, Finding, Verdict};
use crate::show::failure::shown;

const PROFILE: Check = Check(9, "profile");
const SOURCE: &str = "Get Callback Profiles: GET /v1/<SID>/callback/profiles";

/// What can be said of the callback profiles. Their response holds keys in clear text, so nothing of it is shown but what is
/// named here.
pub(super) async fn examine(client: &Client, webhook: Option<&str>) -> Finding {
    let asked = "GET …/v1/<SID>/callback/profiles";
    let profiles = match client.callback_profiles().items().collect().await {
        Ok(profiles) => profiles,
        Err(error) => {
            let came = match error.status() {
                Some(status) => status.as_u16().to_string(),
                None => shown(&error),
            };
            return PROFILE
                .finds(
                    Verdict::Unknown,
                    asked,
                    "the server does not tell its callback profiles",
                )
                .came(came)
                .advice("look at them in the console: Settings, Callback Profiles")
                .source(SOURCE);
        }
    };
    let profiles: Vec<&Value> = profiles.iter().map(CallbackProfile::value).collect();
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
