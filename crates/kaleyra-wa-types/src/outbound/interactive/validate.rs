//! Which parts may stand around which kind of action.

use super::{Action, Body, Interactive, List};
use crate::TextOrObject;
use crate::validate::{Check, Rule, Validate};

/// What a kind says about the parts around its action.
struct Parts {
    header: HeaderRule,
    is_body_optional: bool,
    body_max: usize,
    has_footer: bool,
}

enum HeaderRule {
    Any,
    TextOnly,
    TextRequired,
    None,
}

const ANY: Parts = Parts {
    header: HeaderRule::Any,
    is_body_optional: false,
    body_max: Body::TEXT_MAX,
    has_footer: true,
};

const BODY_ONLY: Parts = Parts {
    header: HeaderRule::None,
    has_footer: false,
    ..ANY
};

impl Parts {
    /// `None` for a kind that this version does not know.
    fn of(action: &Action) -> Option<Self> {
        Some(match action {
            Action::AddressMessage(_)
            | Action::Button(_)
            | Action::CatalogMessage(_)
            | Action::CtaUrl(_)
            | Action::Flow(_)
            | Action::OrderDetails(_)
            | Action::OrderStatus(_)
            | Action::VoiceCall(_) => ANY,
            Action::CallPermissionRequest(_) => Self {
                is_body_optional: true,
                ..BODY_ONLY
            },
            Action::Carousel(_)
            | Action::LocationRequestMessage(_)
            | Action::RequestContactInfo(_) => BODY_ONLY,
            Action::List(_) => Self {
                header: HeaderRule::TextOnly,
                body_max: List::BODY_MAX,
                ..ANY
            },
            Action::Product(_) => Self {
                header: HeaderRule::None,
                is_body_optional: true,
                ..ANY
            },
            Action::ProductList(_) => Self {
                header: HeaderRule::TextRequired,
                ..ANY
            },
            Action::Unknown(_) => return None,
        })
    }
}

impl Validate for Interactive {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(parts) = Parts::of(&self.action) {
            self.check_header(&parts.header, &mut check.member("header"));
            match &self.body {
                Some(body) => {
                    check
                        .member("body")
                        .member("text")
                        .length(&body.text, 1, parts.body_max);
                }
                None if parts.is_body_optional => {}
                None => check
                    .member("body")
                    .report(Rule::Required("this kind of message has a body")),
            }
            if let Some(footer) = &self.footer {
                let mut check = check.member("footer");
                if parts.has_footer {
                    footer.check(&mut check);
                } else {
                    check.report(Rule::Forbidden("this kind of message has no footer"));
                }
            }
        }
        self.action.check(&mut check.member("action"));
    }
}

impl Interactive {
    fn check_header(&self, rule: &HeaderRule, check: &mut Check<'_>) {
        match (&self.header, rule) {
            (None, HeaderRule::TextRequired) => {
                check.report(Rule::Required("this kind of message has a header"));
            }
            (None, _) => {}
            (Some(_), HeaderRule::None) => {
                check.report(Rule::Forbidden("this kind of message has no header"));
            }
            (Some(TextOrObject::Text(_)), _) => {
                check.report(Rule::Format("an object with `type`"));
            }
            (Some(TextOrObject::Object(header)), rule) => {
                if matches!(rule, HeaderRule::TextOnly | HeaderRule::TextRequired)
                    && !header.is_text()
                {
                    check.member("type").report(Rule::Format("text"));
                }
                header.check(check);
            }
        }
    }
}
