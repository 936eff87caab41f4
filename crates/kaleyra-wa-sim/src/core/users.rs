//! What users do: they write, and set their phones.

use std::sync::Arc;

use serde_json::Value;

use kaleyra_wa_types::inbound::StatusName;

use super::Core;
use super::callbacks::{NewCallback, Queued};
use crate::callback::{EndUser, UserMessage};
use crate::delivery::webhook::CallbackError;
use crate::journal::{AS_GIVEN, About, Fact, NOTICE, USER_MESSAGE};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::account::without_plus;
use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;
use crate::rules::taps::{Tap, taps};
use crate::state::conversations::Line;
use crate::state::phones::{Phone, Switch};

/// What each kind of message rests on.
fn basis(type_name: &str) -> Basis {
    match type_name {
        "reaction" => Basis::Documented("Reaction Message (Reacted to some message)"),
        "button" => Basis::Documented("Interactive - Template Message"),
        "image" => Basis::Documented("Reply - Media Message"),
        "document" => Basis::Documented("Document Message"),
        "sticker" => Basis::Documented("Sticker Message"),
        "location" => Basis::Documented("Current Location Message, Address Location Message"),
        "contacts" => Basis::Documented("Contact Message"),
        "order" => Basis::Documented("Interactive - Catalogue Message"),
        "interactive" => Basis::Documented(
            "Interactive - List Reply Message, Interactive - Address Message; others are Meta's",
        ),
        "text" | "audio" | "video" => Basis::Inferred(
            "Kaleyra lists a page for it whose content is not public; the shape is Meta's in the envelope of its siblings",
        ),
        _ => Basis::Inferred("no page of Kaleyra's is known for it; the shape is Meta's"),
    }
}

impl Core {
    /// A user who writes to a business number. A name that is given is the profile's from now on.
    pub(crate) fn end_user(&self, business: &str, user: &str, name: Option<&str>) -> EndUser {
        let phone = self.state.phones().change(user, |phone| {
            if let Some(name) = name {
                phone.name = name.to_owned();
            }
        });
        EndUser::new(phone.name, user)
            .writing_to(self.number(business).business.clone())
            .with_sources(&self.sources)
    }

    /// A user writes: it is called back, unless the business has blocked the user.
    pub(crate) fn user_writes(&self, message: UserMessage, is_once: bool) -> Queued {
        let callback = message.callback();
        self.user_writes_as(message, callback, is_once)
    }

    /// The same, where the callback's body is made already.
    pub(crate) fn user_writes_as(
        &self,
        message: UserMessage,
        body: Value,
        is_once: bool,
    ) -> Queued {
        let conversation = message.conversation();
        let (user, now) = (message.from().to_owned(), self.clock().unix_seconds());
        let is_blocked = self.state.with_lists(&conversation.business, |lists| {
            let is_blocked = lists.blocked.has(&user);
            if !is_blocked {
                lists.wrote.wrote(&user, message.written_at(), now);
            }
            is_blocked
        });
        let fact = Fact::UserWrote {
            message_id: message.id().clone(),
            type_name: message.type_name().to_owned(),
        };
        let about = About::default().of(conversation.clone());
        let entry = self.journal.write(about, fact);
        if is_blocked {
            return self.withheld(USER_MESSAGE, Some(entry), Some(conversation));
        }
        let message = Arc::new(message);
        self.state.phones().change(&user, |phone| {
            phone.name = message.profile_name().to_owned();
        });
        let line = Line::User {
            message: message.clone(),
            entry,
        };
        self.state.conversations().push(conversation.clone(), line);
        self.call_back(NewCallback {
            kind: USER_MESSAGE,
            event: message.type_name().to_owned(),
            about: Some(message.id().clone()),
            conversation: Some(conversation),
            cause: Some(entry),
            basis: Some(basis(message.type_name())),
            type_name: message.type_name().to_owned(),
            reference: message.reference().to_owned(),
            body,
            is_once,
        })
    }

    /// Posts any JSON. Whose messages are in it are now known to have written; it is withheld where all of them are blocked.
    pub(crate) fn post_as_given(&self, callback: &Value) -> Queued {
        let value = &callback["meta_object"]["value"];
        let business = value["metadata"]["display_phone_number"].as_str();
        let business = business.and_then(|text| self.accounts.find_number(text));
        let business = business.map_or_else(
            || self.default_business(),
            |number| without_plus(&number.sender).to_owned(),
        );
        let now = self.clock().unix_seconds();
        let messages = value["messages"].as_array().into_iter().flatten();
        let writers: Vec<(&str, u64)> = messages
            .filter_map(|message| {
                let from = message["from"].as_str()?;
                Some((from, unix_seconds(&message["timestamp"]).unwrap_or(now)))
            })
            .collect();
        let is_withheld = self.state.with_lists(&business, |lists| {
            let mut all = writers.iter();
            if !writers.is_empty() && all.all(|(from, _)| lists.blocked.has(from)) {
                return true;
            }
            for (from, at) in &writers {
                lists.wrote.wrote(from, *at, now);
            }
            false
        });
        let conversation = writers
            .first()
            .map(|(from, _)| ConversationId::new(&business, from));
        if is_withheld {
            return self.withheld(AS_GIVEN, None, conversation);
        }
        let first = &value["messages"][0];
        self.call_back(NewCallback {
            kind: AS_GIVEN,
            event: first["type"].as_str().unwrap_or_default().to_owned(),
            about: first["id"].as_str().map(Into::into),
            conversation,
            cause: None,
            basis: None,
            type_name: first["type"].as_str().unwrap_or_default().to_owned(),
            reference: String::new(),
            body: callback.clone(),
            is_once: true,
        })
    }

    /// Everything that can be tapped on a message.
    pub(crate) fn taps(&self, message: &AcceptedMessage) -> Vec<Tap> {
        taps(message, self.templates.as_deref())
    }

    /// The newest message that reached a user and has something with this label on it.
    pub(crate) fn newest_with_tap(
        &self,
        business: &str,
        user: &str,
        label: &str,
    ) -> Option<Arc<AcceptedMessage>> {
        self.messages_to(business, user)
            .into_iter()
            .rev()
            .find(|message| self.taps(message).iter().any(|tap| tap.label == label))
    }

    /// The newest message to a user.
    pub(crate) fn newest_to(&self, business: &str, user: &str) -> Option<Arc<AcceptedMessage>> {
        self.messages_to(business, user).pop()
    }

    /// What was sent to a user and did not fail, oldest first.
    pub(crate) fn messages_to(&self, business: &str, user: &str) -> Vec<Arc<AcceptedMessage>> {
        let id = ConversationId::new(business, user);
        let messages = self.state.messages();
        let mut all = messages.all();
        all.retain(|message| {
            message.conversation().as_ref() == Some(&id)
                && !messages.has_come(message.wamid.as_str(), &StatusName::Failed)
        });
        all
    }

    /// The id of the message that a user wrote last.
    pub(crate) fn last_of_user(&self, business: &str, user: &str) -> Option<String> {
        let id = ConversationId::new(business, user);
        self.state.conversations().answered_by(&id, None)
    }

    fn withheld(
        &self,
        kind: &'static str,
        cause: Option<u64>,
        conversation: Option<ConversationId>,
    ) -> Queued {
        let error = CallbackError::UserBlocked;
        let fact = Fact::CallbackFailed {
            kind,
            why: error.detail(),
            attempts: 0,
        };
        self.journal
            .write(About::cause(cause).of(conversation), fact);
        Queued::failed(error)
    }

    /// Sets a switch of a user's phone.
    pub(crate) fn switch(&self, business: &str, user: &str, switch: Switch) -> Phone {
        let before = self.state.phones().get(user);
        let phone = self.state.phones().change(user, |phone| phone.set(switch));
        let about = About::default()
            .of(ConversationId::new(business, user))
            .basis(Basis::Simulator);
        let what = switch.what().to_owned();
        let cause = self.journal.write(about, Fact::Phone { what });
        if before.unreachable().is_some() && phone.unreachable().is_none() {
            self.release_held(user);
        }
        if let (Switch::Marketing(wants), true) =
            (switch, before.wants_marketing != phone.wants_marketing)
        {
            let body = self
                .end_user(business, user, None)
                .marketing_preference(wants);
            self.notice("user_preferences", business, user, cause, body);
        }
        phone
    }

    /// A user changes the number: the business is told, and the old one is no longer on WhatsApp.
    pub(crate) fn change_number(&self, business: &str, old: &str, new: &str) -> Queued {
        let message = self.end_user(business, old, None).number_change(new);
        let phone = self.state.phones().get(old);
        self.state.phones().change(new, |it| {
            *it = Phone {
                number: it.number.clone(),
                ..phone.clone()
            };
        });
        self.switch(business, old, Switch::OnWhatsApp(false));
        self.user_writes(message, false)
    }

    fn notice(&self, event: &str, business: &str, user: &str, cause: u64, body: Value) {
        self.call_back(NewCallback {
            kind: NOTICE,
            event: event.to_owned(),
            about: None,
            conversation: Some(ConversationId::new(business, user)),
            cause: Some(cause),
            basis: Some(Basis::Inferred(
                "Meta's user_preferences webhook; no page of Kaleyra's says that it is passed on",
            )),
            type_name: String::new(),
            reference: String::new(),
            body,
            is_once: false,
        });
    }

    /// A user opens the chat: everything that was delivered is read. With `is_played`, voice notes are played, too.
    pub(crate) fn user_reads(&self, business: &str, user: &str, is_played: bool) -> usize {
        let phone = self.state.phones().get(user);
        if !phone.has_read_receipts || phone.unreachable().is_some() {
            return 0;
        }
        let conversation = ConversationId::new(business, user);
        let messages = self.state.messages().all();
        let mut count = 0;
        for message in messages
            .iter()
            .filter(|it| it.conversation().as_ref() == Some(&conversation))
        {
            let steps = self.state.messages().statuses(message.wamid.as_str());
            let has = |status: &StatusName| steps.iter().any(|step| step.status == *status);
            if has(&StatusName::Failed)
                || has(&StatusName::NotSent)
                || message.type_name() == Some("reaction")
            {
                continue;
            }
            let is_voice = message.content()["voice"] == true;
            let status = match is_played {
                true if is_voice => StatusName::Played,
                true => continue,
                false => StatusName::Read,
            };
            if !has(&status) {
                self.came(message, status, None, None);
                count += 1;
            }
        }
        count
    }
}

/// A moment as a text or as a number.
fn unix_seconds(timestamp: &Value) -> Option<u64> {
    match timestamp {
        Value::String(digits) => digits.parse().ok(),
        number => number.as_u64(),
    }
}
