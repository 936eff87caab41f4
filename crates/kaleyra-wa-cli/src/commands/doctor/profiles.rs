//! Whether Kaleyra has a callback profile that leads to the webhook.

use kaleyra_wa_client::{CallbackProfile, Client};
use serde_json::Value;

use super::finding::{Check, Finding, Verdict};
use crate::show::failure::shown;

const PROFILE: Check = Check(9, "profile");
const SOURCE: &str = "Get Callback Profiles: GET /v1/<SID>/callback/profiles";

/// What can be said of the callback profiles. Their response holds keys in clear text, so nothing of it is shown but what is
/// named here.
pub(super) async fn examine(client: &Client, webhook: Option<&str>, is_local: bool) -> Finding {
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
        plain(url) == plain(webhook)
    };
    let Some(profile) = profiles.iter().find(same) else {
        return PROFILE
            .finds(Verdict::Wrong, asked, "no callback profile leads to this webhook")
            .came(format!("{} profiles", profiles.len()))
            .advice(match is_local {
                // What responds on this machine is a simulator, which has no console.
                true => format!("start the simulator with --callback-url {webhook} and the same --callback-secret"),
                false => "make one in the console: Settings, Callback Profiles; then attach it to the number's WhatsApp \
                          channel".to_owned(),
            })
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

/// A URL in which only what differs differs: without a slash at the end or the scheme's own port, its host in lower case.
fn plain(url: &str) -> String {
    let Ok(uri) = url.parse::<http::Uri>() else {
        return url.to_owned();
    };
    let scheme = uri.scheme_str().unwrap_or_default();
    let own = if scheme == "https" { 443 } else { 80 };
    let port = uri.port_u16().unwrap_or(own);
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let path = uri.path().trim_end_matches('/');
    let query = uri.query().unwrap_or_default();
    format!("{scheme}://{host}:{port}{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn one_webhook_may_be_written_in_several_ways() {
        for (one, other, same) in [
            ("http://127.0.0.1:80", "http://127.0.0.1/", true),
            (
                "https://Shop.example/hook/",
                "https://shop.example:443/hook",
                true,
            ),
            (
                "https://shop.example/hook",
                "http://shop.example/hook",
                false,
            ),
            (
                "https://shop.example/hook",
                "https://shop.example/Hook",
                false,
            ),
            (
                "https://shop.example/hook?a=1",
                "https://shop.example/hook",
                false,
            ),
        ] {
            assert_eq!(plain(one) == plain(other), same, "{one} {other}");
        }
    }
}
