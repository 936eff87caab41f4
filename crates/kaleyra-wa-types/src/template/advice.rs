//! What breaks no limit, and is still better avoided.

use super::variables::{Piece, pieces};
use super::{ButtonKind, ComponentKind, TemplateDefinition, variables};
use crate::validate::{Check, Rule, Validate, Violation, reports};

/// Fewer words for each variable than this were refused as often as not.
const WORDS_PER_VARIABLE: usize = 4;

struct Advice<'a>(&'a TemplateDefinition);

impl TemplateDefinition {
    /// What may be refused in a review though no documented limit is broken, or what not every user will see. Nothing here
    /// is certain: each is Meta's recorded behaviour, or a remark on Kaleyra's pages.
    ///
    /// - Variables side by side, or only a punctuation mark such as `.` after the last one: recorded rejections.
    /// - Fewer than four words for each variable (2388293): Meta publishes no figure; refusals are recorded at up to 7.5.
    /// - Four buttons or more, or quick replies beside other buttons: WhatsApp on desktop shows no such template
    ///   (*Create Template*).
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::utility("code", "en").body("Your code: {{1}}.", ["17"]);
    /// assert!(definition.validate().is_empty());
    /// assert_eq!(definition.advice().len(), 2);
    /// ```
    pub fn advice(&self) -> Vec<Violation> {
        reports("", &Advice(self))
    }
}

impl Validate for Advice<'_> {
    fn check(&self, check: &mut Check<'_>) {
        let mut check = check.member("components");
        for (at, component) in self.0.components.iter().enumerate() {
            let mut check = check.element(at);
            if component.kind == ComponentKind::Body {
                body(
                    component.text.as_deref().unwrap_or_default(),
                    &mut check.member("text"),
                );
            }
            let replies = component.buttons.iter();
            let replies = replies.filter(|button| button.kind == ButtonKind::QuickReply);
            let (replies, all) = (replies.count(), component.buttons.len());
            if all > 3 || (replies > 0 && replies < all) {
                check.member("buttons").report(Rule::Format(
                    "three buttons at most, and no quick replies beside others, to be shown on desktops",
                ));
            }
        }
    }
}

fn body(text: &str, check: &mut Check<'_>) {
    let pieces: Vec<Piece<'_>> = pieces(text).collect();
    let neighbours = |pair: &[Piece<'_>]| matches!(pair, [Piece::Variable(_), Piece::Variable(_)]);
    let with_blanks = |three: &[Piece<'_>]| match three {
        [Piece::Variable(_), Piece::Text(between), Piece::Variable(_)] => between.trim().is_empty(),
        _ => false,
    };
    if pieces.windows(2).any(neighbours) || pieces.windows(3).any(with_blanks) {
        check.report(Rule::Format("a text with words between its variables"));
    }
    if let Some(Piece::Text(last)) = pieces.last()
        && pieces.len() > 1
        && !last.chars().any(char::is_alphanumeric)
    {
        check.report(Rule::Format("a text with a word after its last variable"));
    }
    let words = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.split_whitespace().count(),
        Piece::Variable(_) => 0,
    });
    let count = variables(text).len();
    if words.sum::<usize>() < count * WORDS_PER_VARIABLE {
        check.report(Rule::Format("a text with more words for so many variables"));
    }
}
