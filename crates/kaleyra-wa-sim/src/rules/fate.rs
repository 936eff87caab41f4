//! Whether an accepted message gets through, and if not, why.

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::template::{TemplateCategory, TemplateDefinition};

use super::limits::first_violation;
use super::settings::{ServiceWindow, Strictness};
use super::templates;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::basis::Basis;
use crate::model::delivery_error::DeliveryError;
use crate::state::phones::Phone;
use crate::state::wrote::DAY;
use crate::time::duration;

/// All that a message's fate depends on.
pub(crate) struct Circumstances<'a> {
    pub(crate) message: &'a AcceptedMessage,
    pub(crate) strictness: Strictness,
    pub(crate) window: ServiceWindow,
    /// When the user wrote to this number last.
    pub(crate) last_wrote: Option<u64>,
    pub(crate) now: u64,
    /// Whether the business has blocked the user.
    pub(crate) is_blocked: bool,
    pub(crate) phone: &'a Phone,
    /// The definition of its template.
    pub(crate) template: Option<&'a TemplateDefinition>,
    /// Whether its template is known in other languages only.
    pub(crate) is_in_other_language: bool,
    /// Whether any templates are known, so that others don't exist where it is strict.
    pub(crate) are_templates_known: bool,
    /// Whether the uploaded file that it names has expired.
    pub(crate) has_media_expired: bool,
}

/// Why a message fails, and what that rests on.
pub(crate) type Failed = (DeliveryError, Basis);

const META: Basis = Basis::Documented("Meta's Error codes");

/// What becomes of it. What is the simulator's own question comes first, then Meta's checks in the order of likelihood.
pub(crate) fn judge(it: &Circumstances<'_>) -> Result<(), Failed> {
    let is_template = it.message.type_name() == Some("template");
    if it.is_blocked && it.strictness != Strictness::Lenient {
        let details = "the business has blocked this user";
        return fails("130403", "User is blocked", details);
    }
    if !it.phone.is_on_whatsapp {
        let details = "Message undeliverable: the number is not on WhatsApp";
        return fails("131026", "Message undeliverable", details);
    }
    // A template's definition says more exactly what is wrong than the limits of all templates do.
    if is_template {
        template(it)?;
    }
    if it.strictness == Strictness::Kaleyra
        && let Some(error) = first_violation(it.message.typed.as_ref())
    {
        let basis = Basis::Inferred(
            "limits of Meta's pages; that they come back as a failed status is likely, since Kaleyra responds before Meta",
        );
        return Err((error, basis));
    }
    if !is_template {
        service_window(it)?;
    }
    if it.has_media_expired {
        let basis = Basis::Inferred(
            "media ids live for 30 days, by Meta's page; which code says so is not documented",
        );
        let details = "the media id has expired: files are kept for 30 days";
        return Err((
            DeliveryError::new("131053", "Media upload error", details),
            basis,
        ));
    }
    Ok(())
}

fn template(it: &Circumstances<'_>) -> Result<(), Failed> {
    let sent = it.message.content();
    let is_marketing = it.template.is_none_or(|known| {
        !matches!(
            known.category,
            Some(TemplateCategory::Utility | TemplateCategory::Authentication)
        )
    });
    match it.template {
        Some(known) => templates::check(known, sent).map_err(|error| (error, META))?,
        None if it.is_in_other_language
            || (it.are_templates_known && it.strictness != Strictness::Lenient) =>
        {
            return Err((templates::unknown(), META));
        }
        None => {}
    }
    if is_marketing && !it.phone.wants_marketing {
        let details = "the user has stopped marketing messages from this business";
        return fails("131050", "User stopped marketing messages", details);
    }
    Ok(())
}

fn service_window(it: &Circumstances<'_>) -> Result<(), Failed> {
    let since = it.last_wrote.map(|at| it.now.saturating_sub(at));
    let is_closed = match (it.window, since) {
        (ServiceWindow::Off, _) | (ServiceWindow::Known, None) => false,
        (ServiceWindow::Strict, None) => true,
        (_, Some(since)) => since > DAY,
    };
    if !is_closed {
        return Ok(());
    }
    let details = match since {
        Some(since) => format!(
            "the user wrote last {} ago, which is more than 24 hours: send a template",
            duration::format(std::time::Duration::from_secs(since))
        ),
        None => "the user never wrote to this number: send a template".to_owned(),
    };
    fails("131047", "Re-engagement message", details)
}

fn fails(code: &str, title: &'static str, details: impl Into<String>) -> Result<(), Failed> {
    Err((DeliveryError::new(code, title, details), META))
}

/// What is wrong with a request at once, with `meta`: the first limit that it breaks, with its path.
pub(crate) fn refused_at_once(
    strictness: Strictness,
    request: Option<&SendRequest>,
) -> Option<String> {
    let error = (strictness == Strictness::Meta)
        .then(|| first_violation(request))
        .flatten()?;
    Some(error.details)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::ids::Sources;
    use crate::model::accepted_message::Payload;

    fn message(mut content: Value) -> AcceptedMessage {
        content["messaging_product"] = "whatsapp".into();
        content["to"] = "+919800000001".into();
        let body = json!({"messaging_object": content});
        let payload = Payload {
            typed: SendRequest::from_slice(body.to_string().as_bytes()).ok(),
            json: body,
            bytes: 1,
        };
        AcceptedMessage::new(payload, "+918", None, &Sources::of_nobody())
    }

    fn code(change: impl FnOnce(&mut Circumstances<'_>, &mut Phone), content: Value) -> String {
        let message = message(content);
        let mut phone = Phone::new("919800000001");
        let unchanged = phone.clone();
        let mut it = Circumstances {
            message: &message,
            strictness: Strictness::Lenient,
            window: ServiceWindow::Known,
            last_wrote: None,
            now: 10 * DAY,
            is_blocked: false,
            phone: &unchanged,
            template: None,
            is_in_other_language: false,
            are_templates_known: false,
            has_media_expired: false,
        };
        change(&mut it, &mut phone);
        let it = Circumstances {
            phone: &phone,
            ..it
        };
        judge(&it)
            .err()
            .map_or("ok".to_owned(), |(error, _)| error.code)
    }

    #[test]
    fn each_cause_has_its_code() {
        let text = || json!({"type": "text", "text": {"body": "Hi"}});
        let template =
            || json!({"type": "template", "template": {"name": "a", "language": {"code": "en"}}});
        assert_eq!(code(|_, _| {}, text()), "ok");
        assert_eq!(code(|it, _| it.last_wrote = Some(9 * DAY), text()), "ok");
        assert_eq!(
            code(|it, _| it.last_wrote = Some(9 * DAY - 1), text()),
            "131047"
        );
        assert_eq!(
            code(|it, _| it.last_wrote = Some(9 * DAY - 1), template()),
            "ok"
        );
        assert_eq!(
            code(|it, _| it.window = ServiceWindow::Strict, text()),
            "131047"
        );
        assert_eq!(
            code(
                |it, _| (it.window, it.last_wrote) = (ServiceWindow::Off, Some(1)),
                text()
            ),
            "ok"
        );
        assert_eq!(
            code(|_, phone| phone.is_on_whatsapp = false, text()),
            "131026"
        );
        assert_eq!(
            code(|_, phone| phone.wants_marketing = false, template()),
            "131050"
        );
        assert_eq!(code(|_, phone| phone.wants_marketing = false, text()), "ok");
        assert_eq!(code(|it, _| it.is_blocked = true, text()), "ok");
        assert_eq!(
            code(
                |it, _| (it.is_blocked, it.strictness) = (true, Strictness::Kaleyra),
                text()
            ),
            "130403"
        );
        assert_eq!(code(|it, _| it.has_media_expired = true, text()), "131053");
        let empty = json!({"type": "text", "text": {"body": ""}});
        assert_eq!(code(|_, _| {}, empty.clone()), "ok");
        assert_eq!(
            code(|it, _| it.strictness = Strictness::Kaleyra, empty),
            "131008"
        );
    }
}
