//! A look at this listener from outside, by the checks that `kaleyra-wa doctor --webhook` makes.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};

use http::HeaderMap;

use crate::commands::doctor;
use crate::exit::Exit;
use crate::global;
use crate::settings::CallbackSecret;
use crate::settings::layers::Layers;
use crate::show::output::{complain, note, note_all};

/// The header by which the listener knows these requests as its own.
const HEADER: &str = "x-kaleyra-wa-look";
/// How long to wait before the next look: a new tunnel takes a while until it leads somewhere.
const PAUSE: Duration = Duration::from_millis(500);

/// What marks the requests of this run's own look: they are neither shown, saved, forwarded nor kept.
#[derive(Clone)]
pub(super) struct Mark(String);

impl Mark {
    pub(super) fn new() -> Self {
        Self(format!(
            "{:016x}",
            RandomState::new().build_hasher().finish()
        ))
    }

    pub(super) fn is_on(&self, headers: &HeaderMap) -> bool {
        headers.get(HEADER).is_some_and(|it| it == self.0.as_str())
    }
}

/// Looks at the address until all is well, or for as long as a response may take, and tells what the last look found.
pub(super) async fn look(url: &str, mark: &Mark, secret: &CallbackSecret, layers: &Layers) {
    note(
        "checking it from outside; requests without the secret and with half a JSON are part of that",
    );
    if let Err(exit) = try_to_look(url, mark, secret, layers).await {
        complain(format!(
            "the check failed: {}",
            exit.message().unwrap_or_default()
        ));
    }
}

async fn try_to_look(
    url: &str,
    mark: &Mark,
    secret: &CallbackSecret,
    layers: &Layers,
) -> Result<(), Exit> {
    let deadline = Instant::now() + global::settings().timeout();
    loop {
        let found = doctor::look_at_webhook(url, secret, layers, (HEADER, &mark.0)).await?;
        if found.wrong == 0 || Instant::now() > deadline {
            note_all(found.lines);
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
