//! From the response to a send to the last of its statuses.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_types::inbound::StatusName;

use super::Core;
use super::callbacks::NewCallback;
use super::worker::Job;
use crate::callback::status;
use crate::fault::{MessageFault, Subject};
use crate::journal::{About, Fact, STATUS, StatusChange};
use crate::model::accepted_message::{AcceptedMessage, Payload};
use crate::model::basis::Basis;
use crate::model::delivery_error::DeliveryError;
use crate::rules::fate::{self, Circumstances};
use crate::rules::ladder::Step;
use crate::state::conversations::Line;
use crate::state::messages::MessageStatus;

/// For how long an uploaded file can be sent.
const MEDIA_LIFETIME: Duration = Duration::from_secs(30 * 86_400);

impl Core {
    /// Keeps a message. What becomes of it is for later: see [`deliver`](Self::deliver).
    pub(crate) fn accept(
        &self,
        sender: &str,
        payload: Payload,
        cause: Option<u64>,
    ) -> Arc<AcceptedMessage> {
        let media = payload
            .media_id()
            .and_then(|id| self.state.uploads().find(id));
        let message = AcceptedMessage::new(payload, sender, media, &self.sources);
        let message = Arc::new(message);
        let conversation = message.conversation();
        self.state.messages().push(message.clone());
        let about = About::cause(cause)
            .of(conversation.clone())
            .basis(Basis::Documented(
                "Send Reply to Messages, sample responses",
            ));
        let entry = self.journal.write(about, Fact::Accepted(message.clone()));
        self.state.messages().is_at(message.wamid.as_str(), entry);
        match conversation {
            Some(id) => {
                let mut conversations = self.state.conversations();
                let answers = conversations.answered_by(&id, message.quotes());
                let line = Line::Business {
                    message: message.clone(),
                    entry,
                    answers,
                };
                conversations.push(id, line);
            }
            None => self.marked_read(&message, entry),
        }
        self.total.send_modify(|total| *total += 1);
        message
    }

    fn marked_read(&self, receipt: &AcceptedMessage, cause: u64) {
        let receipt = &receipt.request["messaging_object"];
        let Some(id) = receipt["message_id"].as_str() else {
            return;
        };
        let conversation = self.state.conversations().mark_read(id);
        let fact = Fact::MarkedRead {
            message_id: id.into(),
            is_typing: receipt["typing_indicator"].is_object(),
        };
        self.journal
            .write(About::cause(cause).of(conversation), fact);
    }

    /// Decides what becomes of a message, and lets its statuses come when they are due.
    pub(crate) fn deliver(&self, message: &Arc<AcceptedMessage>) {
        self.decide(message);
        self.state.messages().has_left(message.wamid.as_str());
    }

    fn decide(&self, message: &Arc<AcceptedMessage>) {
        // What Kaleyra calls back about a read receipt is not known.
        let (Some(conversation), Some(type_name)) = (message.conversation(), message.type_name())
        else {
            return;
        };
        let subject = Subject {
            user: &conversation.user,
            type_name,
            reference: message.references.reference.as_deref().unwrap_or_default(),
            ..Subject::default()
        };
        let fault = self.faults().message(&subject, self.clock().now());
        if let Some((fault, hit)) = fault {
            let about = About::cause(self.entry_of(message))
                .of(conversation)
                .basis(Basis::Simulator);
            self.journal.write(about, hit.fact());
            let (status, code) = match fault {
                MessageFault::Fail { code } => (StatusName::Failed, code.to_string()),
                MessageFault::NotSent { code } => (StatusName::NotSent, code),
            };
            let details = match code.as_str() {
                "WAV2101" => "Account daily limit reached",
                _ => "as the fault asks for",
            };
            let error = DeliveryError::new(&code, "Message undeliverable", details);
            self.came(message, status, Some(error), Some(Basis::Simulator));
            return;
        }
        if let Err((error, basis)) = self.judge(message) {
            self.came(message, StatusName::Failed, Some(error), Some(basis));
            return;
        }
        self.schedule_steps(message, Duration::ZERO, |status| {
            // Meta tells of a reaction only that it was sent.
            type_name != "reaction" || matches!(status, StatusName::Sent | StatusName::Accepted)
        });
    }

    fn judge(&self, message: &AcceptedMessage) -> Result<(), fate::Failed> {
        let settings = self.settings();
        let user = message.user().unwrap_or_default();
        let (last_wrote, is_blocked) = self.state.with_lists(&message.sender, |lists| {
            (lists.wrote.last(user), lists.blocked.has(user))
        });
        let phone = self.state.phones().get(user);
        let has_media_expired = message.media.as_ref().is_some_and(|media| {
            let age = self.clock().now().duration_since(media.received_at);
            age.is_ok_and(|age| age > MEDIA_LIFETIME)
        });
        fate::judge(&Circumstances {
            message,
            strictness: settings.strictness,
            window: settings.window(),
            last_wrote,
            now: self.clock().unix_seconds(),
            is_blocked,
            phone: &phone,
            templates: self.templates.as_deref(),
            has_media_expired,
        })
    }

    /// Lets the steps come that have a time; `skip` is how much of it has passed.
    fn schedule_steps(
        &self,
        message: &Arc<AcceptedMessage>,
        skip: Duration,
        is_wanted: impl Fn(&StatusName) -> bool,
    ) {
        let now = self.clock().now();
        for (status, step) in self.settings().ladder.steps() {
            let Step::After(after) = step else { continue };
            if !is_wanted(status) {
                continue;
            }
            let job = Job::Status(message.clone(), status.clone());
            let due = now + after.saturating_sub(skip);
            if self.schedule.push(due, job).is_err() {
                tracing::warn!("a status was dropped: too many wait");
            }
        }
    }

    /// A step is due: it happens, or waits until the phone can be reached.
    pub(super) fn step_is_due(&self, message: &Arc<AcceptedMessage>, status: StatusName) {
        let is_at_phone = matches!(
            status,
            StatusName::Delivered | StatusName::Read | StatusName::Played
        );
        if !is_at_phone {
            self.came(message, status, None, None);
            return;
        }
        let user = message.user().unwrap_or_default();
        let phone = self.state.phones().get(user);
        if let Some(why) = phone.unreachable() {
            // Only once, however many steps wait.
            if status == StatusName::Delivered {
                self.state.phones().hold(user, message.clone());
                let what = format!("{why}: a message waits");
                let about = About::cause(self.entry_of(message)).of(message.conversation());
                self.journal.write(about, Fact::Phone { what });
            }
            return;
        }
        match status {
            StatusName::Delivered if phone.is_chat_open && phone.has_read_receipts => {
                self.came(message, StatusName::Read, None, None);
            }
            StatusName::Read | StatusName::Played if !phone.has_read_receipts => {}
            status => self.came(message, status, None, None),
        }
    }

    /// Delivers what waited for a phone.
    pub(super) fn release_held(&self, user: &str) {
        let held = self.state.phones().take_held(user);
        for message in held {
            let steps = self.settings().ladder;
            let delivered = steps.steps().iter().find_map(|(status, step)| match step {
                Step::After(after) if *status == StatusName::Delivered => Some(*after),
                _ => None,
            });
            self.schedule_steps(&message, delivered.unwrap_or_default(), |status| {
                matches!(
                    status,
                    StatusName::Delivered | StatusName::Read | StatusName::Played
                )
            });
        }
    }

    /// A message came so far; once only. Tells the webhook.
    pub(crate) fn came(
        &self,
        message: &AcceptedMessage,
        status: StatusName,
        error: Option<DeliveryError>,
        basis: Option<Basis>,
    ) {
        let wamid = message.wamid.as_str();
        let has_price = error.is_none() && status != StatusName::Accepted;
        let step = MessageStatus {
            status: status.clone(),
            at: self.clock().now(),
            error: error.clone(),
            category: has_price.then(|| status::category(message)),
        };
        {
            let mut messages = self.state.messages();
            if messages.has_come(wamid, &status) {
                return;
            }
            messages.came(wamid, step);
        }
        let conversation = message.conversation();
        let about = About::cause(self.entry_of(message)).of(conversation.clone());
        let about = match basis {
            Some(basis) => about.basis(basis),
            None => about.basis(status::basis(&status)),
        };
        let fact = Fact::Status(StatusChange {
            wamid: message.wamid.clone(),
            status: status.clone(),
            error: error.clone(),
        });
        let cause = self.journal.write(about, fact);
        if !self.settings().tells_statuses || self.webhook().is_none() {
            return;
        }
        let business = &self.number(&message.sender).business;
        let body = status::status_because(business, &status, message, error.as_ref());
        let reference = message.references.reference.as_deref();
        self.call_back(NewCallback {
            kind: STATUS,
            event: status.as_str().to_owned(),
            about: Some(message.wamid.clone()),
            conversation,
            cause: Some(cause),
            basis: Some(status::basis(&status)),
            type_name: message.type_name().unwrap_or_default().to_owned(),
            reference: reference.unwrap_or_default().to_owned(),
            body,
            is_once: false,
        });
    }

    /// The journal's entry about a message.
    pub(crate) fn entry_of(&self, message: &AcceptedMessage) -> Option<u64> {
        self.state.messages().entry(message.wamid.as_str())
    }
}
