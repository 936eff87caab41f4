//! The limits of a definition.

mod buttons;
mod carousel;
mod texts;

use super::{
    ComponentDefinition, ComponentKind, HeaderFormat, OfferDefinition, ParameterFormat,
    TemplateCategory, TemplateDefinition,
};
use crate::validate::{Check, Rule, Validate};

/// What a component is checked against: the template that it is part of.
#[derive(Clone, Copy)]
struct Whole<'a> {
    definition: &'a TemplateDefinition,
    /// Whether the rules for new templates count.
    is_new: bool,
    /// Whether variables have names.
    is_named: bool,
}

impl Validate for TemplateDefinition {
    fn check(&self, check: &mut Check<'_>) {
        let whole = Whole {
            definition: self,
            is_new: !self.is_submitted(),
            is_named: self.is_named(),
        };
        self.check_head(check);
        let is_of_library = self.library_template_name.is_some();
        if self.part(&ComponentKind::Body).is_none() && !is_of_library {
            check
                .member("components")
                .report(Rule::Required("a template has a body"));
        }
        let mut components = check.member("components");
        if whole.is_new {
            check_unique(&self.components, &mut components);
        }
        for (at, component) in self.components.iter().enumerate() {
            component.check_in(whole, &mut components.element(at));
        }
        self.check_offer(&mut components);
    }
}

impl TemplateDefinition {
    fn check_head(&self, check: &mut Check<'_>) {
        let mut name = check.member("name");
        name.length(&self.name, 1, Self::NAME_MAX);
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !self.name.bytes().all(is_plain) {
            name.report(Rule::Format("lower case letters, digits and underscores"));
        }
        if !is_language(&self.language_code())
            || (!self.is_submitted() && self.language.contains('-'))
        {
            let form = "a language, or a language and a region: en, en_US";
            check.member("language").report(Rule::Format(form));
        }
        if self.category.is_none() && !self.is_submitted() {
            let why = "AUTHENTICATION, MARKETING or UTILITY";
            check.member("category").report(Rule::Required(why));
        }
        self.check_ttl(check);
    }

    fn check_ttl(&self, check: &mut Check<'_>) {
        let (Some(seconds), Some(category)) =
            (&self.message_send_ttl_seconds, self.category.as_ref())
        else {
            return;
        };
        let mut check = check.member("message_send_ttl_seconds");
        let Some(seconds) = seconds.as_i64() else {
            return check.report(Rule::Format("a whole number of seconds"));
        };
        let (min, max) = match category {
            TemplateCategory::Authentication => (30, 900),
            TemplateCategory::Utility => (30, 43_200),
            TemplateCategory::Marketing => (43_200, 2_592_000),
            TemplateCategory::Unknown(_) => return,
        };
        if seconds != -1 || *category == TemplateCategory::Marketing {
            check.range(seconds, min, max);
        }
    }

    /// An offer that ends, and what may stand beside it.
    fn check_offer(&self, check: &mut Check<'_>) {
        let kind = ComponentKind::LimitedTimeOffer;
        let Some(at) = self.components.iter().position(|part| part.kind == kind) else {
            return;
        };
        let mut check = check.element(at);
        if self
            .category
            .as_ref()
            .is_some_and(|category| *category != TemplateCategory::Marketing)
        {
            check.report(Rule::Forbidden("only a marketing template has an offer"));
        }
        let header = self.part(&ComponentKind::Header);
        let has_picture = |header: &ComponentDefinition| {
            header.has_format(&HeaderFormat::Image) || header.has_format(&HeaderFormat::Video)
        };
        if header.is_some_and(|header| !has_picture(header)) {
            let why = "beside an offer a header is an image or a video";
            check.report(Rule::Forbidden(why));
        }
        if self.part(&ComponentKind::Footer).is_some() {
            check.report(Rule::Forbidden("beside an offer there is no footer"));
        }
    }
}

/// Reports parts that are there twice.
fn check_unique(components: &[ComponentDefinition], check: &mut Check<'_>) {
    for (at, component) in components.iter().enumerate() {
        let is_known = !matches!(component.kind, ComponentKind::Unknown(_));
        let mut before = components[..at].iter();
        if is_known && before.any(|earlier| earlier.kind == component.kind) {
            check.element(at).member("type").report(Rule::Unique);
        }
    }
}

impl ComponentDefinition {
    fn check_in(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        match &self.kind {
            ComponentKind::Header => self.check_header(whole, check),
            ComponentKind::Body => self.check_body(whole, check),
            ComponentKind::Footer => self.check_footer(whole, check),
            ComponentKind::Buttons => buttons::check(
                &self.buttons,
                Self::BUTTONS_MAX,
                whole,
                &mut check.member("buttons"),
            ),
            ComponentKind::Carousel => carousel::check(&self.cards, whole, check),
            ComponentKind::LimitedTimeOffer => {
                let mut check = check.member("limited_time_offer");
                match &self.limited_time_offer {
                    Some(offer) => offer.check(&mut check),
                    None => check.report(Rule::Required("it says what is offered")),
                }
            }
            ComponentKind::CallPermissionRequest | ComponentKind::Unknown(_) => {}
        }
    }

    fn check_header(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let is_for_codes =
            whole.definition.category.as_ref() == Some(&TemplateCategory::Authentication);
        if whole.is_new && is_for_codes {
            let why = "a template for one-time codes has no header";
            return check.report(Rule::Forbidden(why));
        }
        match self.format.as_ref() {
            Some(HeaderFormat::Text) => {
                let text = self.text.as_deref().unwrap_or_default();
                texts::header(text, self.example.as_ref(), whole, check);
            }
            Some(
                HeaderFormat::Image
                | HeaderFormat::Video
                | HeaderFormat::Document
                | HeaderFormat::Gif,
            ) if whole.is_new => {
                let example = self.example.as_ref();
                if example.is_none_or(|example| example.header_handle.is_empty()) {
                    let why = "a sample of the file, by the handle of a resumable upload";
                    check
                        .member("example")
                        .member("header_handle")
                        .report(Rule::Required(why));
                }
            }
            None => check
                .member("format")
                .report(Rule::Required("it says what the header is")),
            _ => {}
        }
    }

    fn check_body(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let definition = whole.definition;
        let has_offer = definition.part(&ComponentKind::LimitedTimeOffer).is_some();
        let text = self.text.as_deref().unwrap_or_default();
        let is_for_codes = definition.category.as_ref() == Some(&TemplateCategory::Authentication);
        if whole.is_new && is_for_codes {
            if !text.is_empty() {
                let why = "the text of a template for one-time codes is WhatsApp's own";
                check.member("text").report(Rule::Forbidden(why));
            }
            return;
        }
        if self.add_security_recommendation.is_some() && !is_for_codes {
            let why = "only a template for one-time codes has it";
            check
                .member("add_security_recommendation")
                .report(Rule::Forbidden(why));
        }
        let max = match has_offer {
            true => Self::OFFER_BODY_MAX,
            false => Self::BODY_MAX,
        };
        texts::body(text, self.example.as_ref(), max, whole, check);
    }

    fn check_footer(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let is_for_codes = whole.definition.is_for_one_time_codes();
        if let Some(minutes) = &self.code_expiration_minutes {
            let mut check = check.member("code_expiration_minutes");
            match minutes.as_i64() {
                _ if !is_for_codes => {
                    check.report(Rule::Forbidden("only a template for one-time codes has it"));
                }
                Some(minutes) => check.range(minutes, 1, Self::CODE_EXPIRATION_MAX),
                None => check.report(Rule::Format("a whole number of minutes")),
            }
            if self.text.is_none() {
                return;
            }
        }
        let text = self.text.as_deref().unwrap_or_default();
        let mut check = check.member("text");
        check.length(text, 1, Self::FOOTER_MAX);
        if !super::variables(text).is_empty() {
            check.report(Rule::Forbidden("a footer has no variable"));
        }
    }
}

impl Validate for OfferDefinition {
    fn check(&self, check: &mut Check<'_>) {
        let text = self.text.as_deref().unwrap_or_default();
        check.member("text").length(text, 1, Self::TEXT_MAX);
    }
}

/// Whether it is a code such as `en`, `fil`, `pt_BR` or `zh_CN`.
fn is_language(code: &str) -> bool {
    let (language, region) = code.split_once('_').unwrap_or((code, "XX"));
    let is_language =
        matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
    let is_region =
        matches!(region.len(), 2..=4) && region.bytes().all(|b| b.is_ascii_alphanumeric());
    is_language && is_region
}

/// Whether the format was said, and is this.
fn says(definition: &TemplateDefinition, format: &ParameterFormat) -> bool {
    definition.parameter_format.as_ref() == Some(format)
}
