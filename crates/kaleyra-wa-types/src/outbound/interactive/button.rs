//! Reply buttons.

use super::builder::{Frame, interactive_builder};
use crate::UnknownBody;
use crate::UnknownFields;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// A question with one to three reply buttons.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::ReplyButtons;
    /// use kaleyra_wa_types::outbound::{Image, Interactive};
    ///
    /// let question = ReplyButtons::new("Shall we book this table?")
    ///     .header(Image::link("https://example.com/table.png"))
    ///     .button("yes", "Yes")
    ///     .button("no", "No")
    ///     .footer("Free until Friday");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(question))?,
    ///     serde_json::json!({
    ///         "type": "button",
    ///         "header": {"type": "image", "image": {"link": "https://example.com/table.png"}},
    ///         "body": {"text": "Shall we book this table?"},
    ///         "footer": {"text": "Free until Friday"},
    ///         "action": {"buttons": [
    ///             {"type": "reply", "reply": {"id": "yes", "title": "Yes"}},
    ///             {"type": "reply", "reply": {"id": "no", "title": "No"}},
    ///         ]},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send an Interactive Reply Button Message*; Meta's *Interactive reply buttons messages*.
    pub struct ReplyButtons(ButtonAction) { header, footer }
}

/// The action of `button`.
///
/// For an example see [`ReplyButtons`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ButtonAction {
    /// The buttons, 1 to 3.
    pub buttons: Vec<ReplyButton>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One button.
///
/// For an example see [`ReplyButtons`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ReplyButton {
    /// `type`, and the field that it names.
    #[wire(flatten)]
    pub kind: ReplyButtonKind,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a button does: `type`, and the field that it names.
///
/// For an example see [`ReplyButtons`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum ReplyButtonKind {
    /// Sends a reply.
    Reply(Reply),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// The reply that a button sends.
///
/// For an example see [`ReplyButtons`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Reply {
    /// What comes back when it is tapped, 1 to 256 characters, unique in the message, without leading or trailing whitespace. The
    /// user does not see it.
    pub id: String,
    /// The button's label, 1 to 20 characters, unique in the message, without leading or trailing whitespace.
    pub title: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl ReplyButtons {
    /// The maximum number of buttons.
    pub const COUNT_MAX: usize = 3;

    /// A question, 1 to 1024 characters. It needs at least one [`button`](Self::button).
    ///
    /// For an example see [`ReplyButtons`].
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: ButtonAction {
                buttons: Vec::new(),
                unknown: Default::default(),
            },
        }
    }

    /// Adds a button: the id that comes back when it is tapped, and its label.
    ///
    /// For an example see [`ReplyButtons`].
    pub fn button(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.action.buttons.push(ReplyButton {
            kind: ReplyButtonKind::Reply(Reply::new(id, title)),
            unknown: Default::default(),
        });
        self
    }
}

impl Reply {
    /// The maximum number of characters in an id.
    pub const ID_MAX: usize = 256;
    /// The maximum number of characters in a title.
    pub const TITLE_MAX: usize = 20;

    /// The reply with this id; the title is the button's label.
    ///
    /// For an example see [`ReplyButton::reply`].
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            unknown: Default::default(),
        }
    }
}

impl ReplyButton {
    /// The reply that it sends; `None` where it does something that this version does not know.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::{Action, Reply, ReplyButtons};
    ///
    /// let question = Interactive::from(ReplyButtons::new("Shall we book it?").button("yes", "Yes"));
    /// let Action::Button(action) = &question.action else { unreachable!() };
    /// assert_eq!(action.buttons[0].reply(), Some(&Reply::new("yes", "Yes")));
    /// ```
    pub fn reply(&self) -> Option<&Reply> {
        match &self.kind {
            ReplyButtonKind::Reply(reply) => Some(reply),
            ReplyButtonKind::Unknown(_) => None,
        }
    }
}

impl Validate for ButtonAction {
    fn check(&self, check: &mut Check<'_>) {
        let mut check = check.member("buttons");
        check.count(self.buttons.len(), 1, ReplyButtons::COUNT_MAX);
        let mut ids = Vec::new();
        let mut titles = Vec::new();
        for (index, button) in self.buttons.iter().enumerate() {
            let Some(reply) = button.reply() else {
                continue;
            };
            let mut check = check.element(index);
            let mut check = check.member("reply");
            check_text(&reply.id, Reply::ID_MAX, &mut ids, &mut check.member("id"));
            check_text(
                &reply.title,
                Reply::TITLE_MAX,
                &mut titles,
                &mut check.member("title"),
            );
        }
    }
}

/// Checks an id or title of a button against its limit and those `seen` before.
pub(super) fn check_text<'a>(
    text: &'a str,
    max: usize,
    seen: &mut Vec<&'a str>,
    check: &mut Check<'_>,
) {
    check.length(text, 1, max);
    if text.trim() != text {
        check.report(Rule::Format("free of leading and trailing whitespace"));
    }
    if seen.contains(&text) {
        check.report(Rule::Unique);
    }
    seen.push(text);
}
