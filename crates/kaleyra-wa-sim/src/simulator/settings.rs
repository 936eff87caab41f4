//! What can be set on a running simulator, and its whole state.

use serde_json::Value;

use super::Simulator;
use crate::core::snapshot::StateError;
use crate::delivery::settings::Callbacks;
use crate::delivery::webhook::{InvalidWebhook, Webhook};
use crate::model::conversation::ConversationId;
use crate::rules::ladder::StatusLadder;
use crate::rules::reviews::ReviewRules;
use crate::rules::settings::{ServiceWindow, Strictness};

impl Simulator {
    /// Where callbacks are posted from now on, and a header that they carry, as with
    /// [`Builder::callbacks`](crate::Builder::callbacks): for a webhook that is started after the simulator.
    ///
    /// Messages that were accepted before it was known where to post have no status.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted there; then it stays as it was.
    pub fn post_callbacks_to<'a>(
        &self,
        url: &str,
        header: impl Into<Option<(&'a str, &'a str)>>,
    ) -> Result<(), InvalidWebhook> {
        let callbacks = Callbacks::to(url);
        self.set_callbacks(Some(&match header.into() {
            Some((name, value)) => callbacks.header(name, value),
            None => callbacks,
        }))
    }

    /// Has callbacks posted elsewhere from now on, or nowhere.
    ///
    /// # Errors
    ///
    /// When callbacks can't be posted as they are set up.
    pub fn set_callbacks(&self, callbacks: Option<&Callbacks>) -> Result<(), InvalidWebhook> {
        self.core
            .set_webhook(callbacks.map(Webhook::new).transpose()?);
        Ok(())
    }

    /// Has the callbacks of one number posted elsewhere from now on than those of the others; with `None`, where they are.
    ///
    /// # Errors
    ///
    /// When no account has the number, or callbacks can't be posted as they are set up.
    pub fn set_callbacks_of(
        &self,
        number: &str,
        callbacks: Option<&Callbacks>,
    ) -> Result<(), InvalidWebhook> {
        let webhook = callbacks.map(Webhook::new).transpose()?;
        self.core.set_webhook_of(number, webhook)
    }

    /// Changes which statuses messages get that are sent from now on.
    pub fn set_ladder(&self, ladder: StatusLadder) {
        self.core
            .change_settings(format!("statuses: {ladder}"), |it| it.ladder = ladder);
    }

    /// Changes how strict it is from now on.
    pub fn set_strictness(&self, strictness: Strictness) {
        self.core
            .change_settings(format!("strictness: {strictness}"), |it| {
                it.strictness = strictness;
            });
    }

    /// Changes who may be written to freely from now on.
    pub fn set_window(&self, window: ServiceWindow) {
        self.core
            .change_settings(format!("window: {}", window.as_str()), |it| {
                it.window = Some(window);
            });
    }

    /// Changes what becomes of templates that are created or edited from now on.
    pub fn set_reviews(&self, reviews: ReviewRules) {
        self.core
            .change_settings(format!("reviews: {reviews}"), |it| it.reviews = reviews);
    }

    /// Everything that it knows as one JSON, always in the same order, with the files inside; keys and secrets are not in it.
    pub fn export(&self) -> Value {
        self.core.export(None)
    }

    /// One conversation as JSON, with all that belongs to it: a fixture.
    pub fn export_conversation(&self, conversation: &ConversationId) -> Value {
        self.core.export(Some(conversation))
    }

    /// Takes a state in: in place of everything that is known, or of one conversation where it is one. What still waits to be
    /// posted is dropped.
    ///
    /// # Errors
    ///
    /// When it is no state of this version; then nothing is changed.
    pub fn import(&self, state: &Value) -> Result<(), StateError> {
        self.core.import(state).map(drop)
    }

    /// Forgets everything but accounts, settings and the journal.
    pub fn reset(&self) {
        self.core.reset();
    }
}
