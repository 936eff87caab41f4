//! Templates that Meta has refused a send of, for a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use kaleyra_wa_types::inbound::Status;
use kaleyra_wa_types::outbound::template::Template;

use super::{TemplateStore, key};

/// The refusals of single templates. Bounded by the templates that a program sends.
#[derive(Default)]
pub(super) struct Marks(HashMap<(String, String), Mark>);

struct Mark {
    code: i64,
    since: Instant,
}

/// How long a refusal says something about the next send; `None` for a code that is not about the template itself,
/// `Some(None)` for one that counts until something else is known.
fn lifetime(code: i64) -> Option<Option<Duration>> {
    const MINUTE: Duration = Duration::from_secs(60);
    match code {
        // Not approved yet, or not known at every server yet.
        132_001 => Some(Some(10 * MINUTE)),
        // The first pause takes three hours, the second six.
        132_015 => Some(Some(180 * MINUTE)),
        132_016 => Some(None),
        _ => None,
    }
}

impl Marks {
    pub(super) fn code(&self, key: &(String, String)) -> Option<i64> {
        let mark = self.0.get(key)?;
        let counts = match lifetime(mark.code)? {
            Some(lifetime) => mark.since.elapsed() < lifetime,
            None => true,
        };
        counts.then_some(mark.code)
    }

    pub(super) fn forget(&mut self, key: &(String, String)) {
        self.0.remove(key);
    }
}

impl TemplateStore {
    /// Notes that Meta refused a send of this template: `true` where the code is about the template itself.
    ///
    /// | code | what it says | how long the mark counts |
    /// |---|---|---|
    /// | 132001 | not there, or not approved | 10 minutes |
    /// | 132015 | paused | 3 hours |
    /// | 132016 | disabled | until a refresh or a callback says otherwise |
    ///
    /// Whatever is read about the template afterwards, by [`refresh`](Self::refresh), [`insert`](Self::insert) or
    /// [`apply`](Self::apply), takes the mark away.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::outbound::template::Template;
    ///
    /// let store = TemplateStore::new();
    /// store.mark("parcel_ready", "en_US", 132015);
    /// let verdict = store.check(&Template::new("parcel_ready", "en_US"));
    /// assert_eq!(verdict.mismatches[0].code, 132015);
    /// ```
    pub fn mark(&self, name: &str, language: &str, code: i64) -> bool {
        let is_about_template = lifetime(code).is_some();
        if is_about_template {
            let mark = Mark {
                code,
                since: Instant::now(),
            };
            self.write().marks.0.insert(key(name, language), mark);
        }
        is_about_template
    }

    /// Notes what a status says about the template that was sent: `true` where it failed because of the template itself. The
    /// status does not name the template: keep it by the message's reference.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::inbound::{Callback, Event};
    /// use kaleyra_wa_client::types::outbound::template::Template;
    ///
    /// let store = TemplateStore::new();
    /// let sent = Template::new("parcel_ready", "en_US"); // kept by the reference of its message
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"statuses": [
    ///     {"id": "wamid.A", "status": "failed", "timestamp": "1722863329", "recipient_id": "14155550123", "errors": [{"code": 132015}]}
    /// ]}}}"#)?;
    /// for event in callback.events() {
    ///     if let Event::Status(status) = event {
    ///         assert!(store.mark_by_status(&sent, status)); // paused
    ///     }
    /// }
    /// assert_eq!(store.check(&sent).mismatches[0].code, 132015);
    /// # Ok::<(), kaleyra_wa_client::types::DecodeError>(())
    /// ```
    pub fn mark_by_status(&self, template: &Template, status: &Status) -> bool {
        let codes = status.errors.iter().filter_map(|error| error.code.as_ref());
        let mut codes = codes.filter_map(|code| code.as_str().parse().ok());
        codes.any(|code| self.mark(&template.name, &template.language.code, code))
    }
}
