//! The webhook: its address, its secret, its manners; and media behind a link.

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::finding::{Check, Finding, Verdict};
use crate::commands::post::{Poster, WebhookResponse, why};
use crate::exit::Exit;
use crate::settings::CallbackSecret;
use crate::settings::layers::Layers;

const ADDRESS: Check = Check(10, "address");
const SECRET: Check = Check(11, "secret");
const MANNERS: Check = Check(12, "manners");
const MEDIA: Check = Check(13, "media");

/// A callback that changes nothing for anybody: a status of a message that nobody sent.
const HARMLESS: &str = r#"{"meta_object":{"field":"messages","value":{"messaging_product":"whatsapp","statuses":[{"id":"doctor","status":"sent","timestamp":"1767225600","recipient_id":"10000000000"}]}},"extra_info":{"ref":"kaleyra-wa-doctor"}}"#;
const UNKNOWN: &str = r#"{"meta_object":{"field":"kaleyra_wa_doctor","value":{"anything":1}}}"#;
const JUNK: &str = r#"{"meta_object":"#;
const QUALITY: &str = "display_phone_number=10000000000&event=ONBOARDING&current_limit=TIER_1K";

/// Looks at a webhook, as Kaleyra would find it; each request carries the header, too.
pub(super) async fn examine(
    url: &str,
    secret: &CallbackSecret,
    layers: &Layers,
    header: Option<(&str, &str)>,
) -> Result<Vec<Finding>, Exit> {
    let poster = || {
        let poster = Poster::new("--webhook", url)?;
        match header {
            Some((name, value)) => poster.header(name, value),
            None => Ok(poster),
        }
    };
    let bare = match poster() {
        Ok(poster) => poster,
        Err(exit) => {
            let why = exit.message().unwrap_or_default();
            let finding = ADDRESS.finds(Verdict::Wrong, "the address", why);
            return Ok(vec![
                finding.advice("give the address that the callback profile has"),
            ]);
        }
    };
    let mut findings = Vec::new();
    let asked = format!("POST {} without the secret", bare.shown());
    let first = match bare.post(HARMLESS).await {
        Ok(answer) => answer,
        Err(error) => {
            return Ok(vec![
                ADDRESS
                    .finds(Verdict::Wrong, asked, "the webhook is not reached")
                    .came(why(&error))
                    .advice(
                        "start it; check its address, its certificate and what is in front of it",
                    ),
            ]);
        }
    };
    findings.push(address(&bare, &first));
    if (300..400).contains(&first.status) {
        return Ok(findings);
    }
    let Some(value) = secret.read(layers)? else {
        findings.push(without_secret(&first, asked));
        return Ok(findings);
    };
    let with = poster()?.header(&secret.header(layers), &value)?;
    if first.is_taken() {
        findings.push(open(&first, asked));
    }
    let asked = "the same with the secret";
    let answer = with.post(HARMLESS).await;
    let takes = match answer {
        Ok(answer) if answer.is_taken() && answer.took.as_millis() < 1000 => {
            findings.push(SECRET.finds(
                Verdict::Ok,
                asked,
                format!("{} in {} ms", answer.status, answer.took.as_millis()),
            ));
            true
        }
        Ok(answer) if answer.is_taken() => {
            findings.push(
                SECRET
                    .finds(Verdict::Warning, asked, "it takes its time")
                    .came(format!("{} ms", answer.took.as_millis()))
                    .advice("keep the callback, respond at once, and do the work afterwards"),
            );
            true
        }
        Ok(answer) => {
            let finding = beside_the_secret(&answer, asked).unwrap_or_else(|| {
                SECRET
                    .finds(Verdict::Wrong, asked, "it refuses what Kaleyra would post")
                    .came(told(&answer))
                    .advice("compare header and secret with those that the webhook expects")
            });
            findings.push(finding);
            false
        }
        Err(error) => {
            findings.push(
                SECRET
                    .finds(Verdict::Wrong, asked, "it does not respond")
                    .came(why(&error))
                    .advice("look into its log"),
            );
            false
        }
    };
    if takes {
        findings.extend(manners(&with).await);
    }
    Ok(findings)
}

/// Whether the address is one to give to Kaleyra.
fn address(poster: &Poster, answer: &WebhookResponse) -> Finding {
    let asked = "the address";
    if (300..400).contains(&answer.status) {
        let to = answer.location.clone().unwrap_or_default();
        let to = to.split('?').next().unwrap_or_default().to_owned();
        return ADDRESS
            .finds(
                Verdict::Wrong,
                asked,
                "it redirects, and clients that follow a redirect drop the body or the secret",
            )
            .came(format!("{} {to}", answer.status))
            .advice("give the callback profile the address that it leads to");
    }
    if poster.is_https() {
        return ADDRESS.finds(
            Verdict::Ok,
            asked,
            "https, with a certificate that is trusted",
        );
    }
    ADDRESS
        .finds(
            Verdict::Warning,
            asked,
            "http: secret and messages can be read on their way",
        )
        .advice(
            "give Kaleyra an https address; on this machine http is fine behind a proxy or tunnel",
        )
}

fn open(answer: &WebhookResponse, asked: String) -> Finding {
    SECRET
        .finds(
            Verdict::Wrong,
            asked,
            "it believes anybody: a callback without the secret is taken",
        )
        .came(told(answer))
        .advice("check the secret's header first, and respond with 401 without it")
}

/// What the first response shows where no secret is known.
fn without_secret(answer: &WebhookResponse, asked: String) -> Finding {
    if answer.is_taken() {
        return open(answer, asked);
    }
    if let Some(finding) = beside_the_secret(answer, &asked) {
        return finding;
    }
    SECRET
        .finds(
            Verdict::Unknown,
            asked,
            "it wants a secret, and none is known here",
        )
        .came(told(answer))
        .advice("give it with --secret-file or KALEYRA_CALLBACK_SECRET")
}

/// A refusal that has nothing to do with the secret.
fn beside_the_secret(answer: &WebhookResponse, asked: &str) -> Option<Finding> {
    let (what, advice) = match answer.status {
        404 | 405 | 410 => (
            "nothing takes callbacks there",
            "check the path of the address, and what is in front of the webhook",
        ),
        500.. => (
            "it fails, so that nothing is known of the secret",
            "look into its log; a 503 is right only while callbacks can't be kept",
        ),
        _ => return None,
    };
    let finding = SECRET.finds(Verdict::Wrong, asked, what);
    Some(finding.came(told(answer)).advice(advice))
}

/// What a webhook has to bear: none of it may end in a 5xx.
async fn manners(poster: &Poster) -> Vec<Finding> {
    let none = HeaderMap::new();
    let tries = [
        ("the same callback again", poster.post(HARMLESS).await, true),
        (
            "the number's quality, by GET",
            poster
                .send(Method::GET, Some(QUALITY), &none, Bytes::new())
                .await,
            false,
        ),
        ("half a JSON", poster.post(JUNK).await, false),
        ("a kind that nobody knows", poster.post(UNKNOWN).await, true),
    ];
    let mut findings = Vec::new();
    for (what, answer, must_take) in tries {
        match answer {
            Ok(answer) if answer.status >= 500 => findings.push(
                MANNERS
                    .finds(Verdict::Wrong, what, format!("{what} makes it fail"))
                    .came(told(&answer))
                    .advice("respond 2xx to what is kept, 4xx to what is not a callback: a 5xx may be repeated forever"),
            ),
            Ok(answer) if must_take && !answer.is_taken() => findings.push(
                MANNERS
                    .finds(Verdict::Warning, what, format!("{what} is refused"))
                    .came(told(&answer))
                    .advice("take it: duplicates are possible, and new kinds come without notice"),
            ),
            Ok(_) => {}
            Err(error) => findings.push(
                MANNERS
                    .finds(Verdict::Wrong, what, format!("{what} breaks the connection"))
                    .came(why(&error))
                    .advice("look into its log"),
            ),
        }
    }
    if findings.is_empty() {
        findings.push(MANNERS.finds(
            Verdict::Ok,
            "a duplicate, a GET, junk, an unknown kind",
            "it bears a duplicate, a GET, junk and something unknown",
        ));
    }
    findings
}

/// Whether a link can be sent as media.
pub(super) async fn media(url: &str) -> Finding {
    let poster = match Poster::new("--media", url) {
        Ok(poster) => poster,
        Err(exit) => {
            return MEDIA
                .finds(
                    Verdict::Wrong,
                    "the link",
                    exit.message().unwrap_or_default(),
                )
                .advice("give a public link that begins with https://");
        }
    };
    let asked = format!("HEAD {}", poster.shown());
    let query = url.split_once('?').map(|(_, query)| query);
    let answer = poster
        .send(Method::HEAD, query, &HeaderMap::new(), Bytes::new())
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            return MEDIA
                .finds(Verdict::Wrong, asked, "the link is not reached")
                .came(why(&error))
                .advice("check it in a browser that is logged in nowhere");
        }
    };
    if !answer.is_taken() {
        return MEDIA
            .finds(
                Verdict::Wrong,
                asked,
                "the link does not lead to a file for everybody",
            )
            .came(told(&answer))
            .advice("give one that needs no login and no redirect");
    }
    let kind = answer.content_type.clone().unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    match kaleyra_wa_sim::callback::MediaKind::of_mime_type(essence) {
        _ if essence.is_empty() => MEDIA
            .finds(Verdict::Wrong, asked, "the server does not say what type the file has")
            .advice("set its Content-Type: WhatsApp goes by it"),
        _ if matches!(essence, "text/html" | "application/json" | "application/octet-stream") => {
            MEDIA
                .finds(Verdict::Wrong, asked, "the type is not that of a picture, sound, video or document")
                .came(kind)
                .advice("link the file itself, and set its Content-Type, such as image/jpeg")
        }
        Some(found) => MEDIA
            .finds(Verdict::Ok, asked, format!("it can be sent as {}, up to {} bytes", found.as_str(), found.max_bytes()))
            .came(kind),
        None => MEDIA
            .finds(Verdict::Wrong, asked, "WhatsApp does not take this type")
            .came(kind)
            .advice("turn it into a type that the table at the library's MediaKind has, such as image/jpeg or video/mp4"),
    }
}

fn told(answer: &WebhookResponse) -> String {
    format!("{} {}", answer.status, answer.says())
        .trim_end()
        .to_owned()
}
