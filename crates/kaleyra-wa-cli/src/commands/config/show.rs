//! Each value, and where it comes from.

use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::settings::layers::{Found, Layers, Origin};
use crate::settings::secret::{Secret, SecretFlags};
use crate::settings::variable;
use crate::show::line::Line;
use crate::show::output::{say, say_all};
use crate::show::style::Tone;

/// The values that are no secrets, with their variables.
const VALUES: [(&str, Option<&str>); 8] = [
    ("sid", Some("KALEYRA_SID")),
    ("sender", Some("KALEYRA_SENDER")),
    ("pod", Some("KALEYRA_POD")),
    ("base_url", Some("KALEYRA_BASE_URL")),
    ("waba_id", Some("KALEYRA_WABA_ID")),
    ("callback_secret_header", None),
    ("listen_port", None),
    ("sim_port", None),
];

/// Prints all.
pub(super) fn show() -> Result<(), Exit> {
    let layers = Layers::load()?;
    let mut rows = vec![(
        "profile",
        Some(layers.profile_name.value.clone()),
        Some(layers.profile_name.origin.clone()),
    )];
    for (name, _) in VALUES {
        let found = value(&layers, name);
        let (value, origin) = found.map(|found| (found.value, found.origin)).unzip();
        rows.push((name, value, origin));
    }
    let mut secrets = Vec::new();
    for secret in [Secret::ApiKey, Secret::CallbackSecret] {
        let flags = SecretFlags {
            secret,
            text: None,
            file: None,
        };
        secrets.push((secret.member(), flags.origin(&layers)?));
    }
    if global::settings().json {
        let values = rows.into_iter().map(|(name, value, origin)| {
            json!({"name": name, "value": value, "set": origin.is_some(), "from": origin.map(|it| it.to_string())})
        });
        let secrets = secrets.into_iter().map(|(name, origin)| {
            json!({"name": name, "value": null, "set": origin.is_some(), "from": origin.map(|it| it.to_string())})
        });
        for line in values.chain(secrets) {
            say(Line::json(&line).map_err(Exit::failed)?)?;
        }
        return Ok(());
    }
    let named = |name: &str| Line::toned(Tone::Quiet, format!("{name:<24}"));
    let values = rows
        .into_iter()
        .map(|(name, value, origin)| match (value, origin) {
            (Some(value), Some(origin)) => named(name)
                .then(value)
                .then_toned(Tone::Quiet, format!("  ({origin})")),
            _ => named(name).then_toned(Tone::Quiet, "not set"),
        });
    let secrets = secrets.into_iter().map(|(name, origin)| match origin {
        Some(origin) => named(name)
            .then("there")
            .then_toned(Tone::Quiet, format!("  ({}{origin})", stored(&origin))),
        None => named(name).then_toned(Tone::Quiet, "not set"),
    });
    say_all(values.chain(secrets).collect::<Vec<_>>())
}

/// A value that is no secret, and who gives it.
pub(super) fn value(layers: &Layers, name: &str) -> Option<Found> {
    let named = VALUES.iter().find(|(known, _)| *known == name);
    let from_environment = named.and_then(|(_, name)| *name).and_then(|name| {
        let value = variable(name)?;
        Some(Found::new(value, Origin::Variable(name)))
    });
    from_environment
        .or_else(|| layers.project(name))
        .or_else(|| layers.profile(name))
        .or_else(|| (name == "pod").then(|| Found::new("in", Origin::Default)))
}

/// How a secret is stored.
fn stored(origin: &Origin) -> &'static str {
    match origin {
        Origin::Credentials(_) => "in plain text, ",
        _ => "",
    }
}
