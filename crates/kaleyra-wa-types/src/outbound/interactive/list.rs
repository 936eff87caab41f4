//! Lists: a menu behind a button.

use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// A menu of one to ten rows, behind a button.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::{List, Row, Section};
    ///
    /// let plain = List::new("How can we help?", "Choose")
    ///     .header("The corner shop")
    ///     .row(Row::new("repair", "Repair"))
    ///     .row(Row::new("return", "Return").description("Within 30 days"));
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(plain))?["action"],
    ///     serde_json::json!({
    ///         "button": "Choose",
    ///         "sections": [{"rows": [
    ///             {"id": "repair", "title": "Repair"},
    ///             {"id": "return", "title": "Return", "description": "Within 30 days"},
    ///         ]}],
    ///     }),
    /// );
    ///
    /// let in_sections = List::new("When shall we come?", "Choose a time")
    ///     .section(Section::new("Monday").row(Row::new("mon-9", "9 am")))
    ///     .section(Section::new("Tuesday").rows([("tue-9", "9 am"), ("tue-14", "2 pm")]));
    /// let action = &serde_json::to_value(Interactive::from(in_sections))?["action"];
    /// assert_eq!(action["sections"][1]["rows"][1]["id"], "tue-14");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Interactive List Messages*; Meta's *Interactive list messages*.
    pub struct List(ListAction) { text_header, footer }
}

/// The action of `list`.
///
/// For an example see [`List`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ListAction {
    /// The label of the button that opens the menu, 1 to 20 characters.
    pub button: String,
    /// The parts of the menu, 1 to 10, with 1 to 10 rows in total.
    pub sections: Vec<Section>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A part of the menu.
///
/// For an example see [`List`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Section {
    /// What is shown above its rows, at most 24 characters; mandatory where there are several sections. Meta's page of
    /// 2026 wants one always, but takes a single section without.
    pub title: Option<String>,
    /// What there is to choose.
    pub rows: Vec<Row>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A row of the menu.
///
/// For an example see [`List`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Row {
    /// What comes back when it is chosen, 1 to 200 characters, unique in the message. The user does not see it.
    pub id: String,
    /// What the row says, 1 to 24 characters.
    pub title: String,
    /// A second line, at most 72 characters.
    pub description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl List {
    /// The maximum number of characters in the body. Meta's page on lists says 4096, its published schema 1024 as for all other kinds.
    /// Meta refuses what is longer than 1024.
    pub const BODY_MAX: usize = 1024;
    /// The maximum number of characters on the button.
    pub const BUTTON_MAX: usize = 20;
    /// The maximum number of sections.
    pub const SECTIONS_MAX: usize = 10;
    /// The maximum number of rows in all sections together, by Meta's page. Kaleyra's page says ten in each section; Meta's figure is
    /// checked, at the path `action.sections[*].rows`.
    pub const ROWS_MAX: usize = 10;

    /// What the message says, 1 to 1024 characters, and the label of the button that opens the menu.
    pub fn new(body: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: ListAction {
                button: button.into(),
                sections: Vec::new(),
                unknown: Default::default(),
            },
        }
    }

    /// Adds a row to the last section, or to one without a title where there is none.
    ///
    /// For an example see [`List`].
    pub fn row(mut self, row: Row) -> Self {
        match self.action.sections.last_mut() {
            Some(section) => section.rows.push(row),
            None => self.action.sections.push(Section::untitled().row(row)),
        }
        self
    }

    /// Adds rows to the last section, or to one without a title where there is none: [`Row`]s, or their ids and titles.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::MessagingObject;
    /// use kaleyra_wa_types::outbound::interactive::List;
    ///
    /// let cups = [("SKU-1", "Blue cup"), ("SKU-2", "Green cup")];
    /// let list = List::new("Which one?", "Choose").rows(cups);
    /// let message = MessagingObject::new(Recipient::try_from("+919800000001")?, list.clone());
    /// assert!(message.violations().is_empty());
    ///
    /// let eleven = (3..=11).map(|cup| (format!("SKU-{cup}"), format!("Cup {cup}")));
    /// let message = MessagingObject::new(Recipient::try_from("+919800000001")?, list.rows(eleven));
    /// assert_eq!(message.violations()[0].to_string(), "interactive.action.sections[*].rows: at most 10, found 11");
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
    pub fn rows(self, rows: impl IntoIterator<Item = impl Into<Row>>) -> Self {
        rows.into_iter()
            .fold(self, |list, row| list.row(row.into()))
    }

    /// Adds a section.
    ///
    /// For an example see [`List`].
    pub fn section(mut self, section: Section) -> Self {
        self.action.sections.push(section);
        self
    }
}

impl Section {
    /// The maximum number of characters in a title.
    pub const TITLE_MAX: usize = 24;

    /// A section with this title.
    ///
    /// For an example see [`List`].
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            ..Self::untitled()
        }
    }

    fn untitled() -> Self {
        Self {
            title: None,
            rows: Vec::new(),
            unknown: Default::default(),
        }
    }

    /// Adds a row.
    ///
    /// For an example see [`List`].
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Adds rows: [`Row`]s, or their ids and titles.
    ///
    /// For an example see [`List`].
    pub fn rows(mut self, rows: impl IntoIterator<Item = impl Into<Row>>) -> Self {
        self.rows.extend(rows.into_iter().map(Into::into));
        self
    }
}

impl Row {
    /// The maximum number of characters in an id.
    pub const ID_MAX: usize = 200;
    /// The maximum number of characters in a title.
    pub const TITLE_MAX: usize = 24;
    /// The maximum number of characters in a description.
    pub const DESCRIPTION_MAX: usize = 72;

    /// A row: the id that comes back when it is chosen, and what it says.
    ///
    /// For an example see [`List`].
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            description: None,
            unknown: Default::default(),
        }
    }
}

/// The id that comes back when the row is chosen, and what it says.
impl<I: Into<String>, T: Into<String>> From<(I, T)> for Row {
    fn from((id, title): (I, T)) -> Self {
        Self::new(id, title)
    }
}

setters!(Row {
    /// A second line, at most 72 characters.
    description: String,
});

impl Validate for ListAction {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("button")
            .length(&self.button, 1, List::BUTTON_MAX);
        check
            .member("sections")
            .count(self.sections.len(), 1, List::SECTIONS_MAX);
        let total = self.sections.iter().map(|section| section.rows.len()).sum();
        check
            .member("sections[*]")
            .member("rows")
            .count(total, 0, List::ROWS_MAX);
        let mut ids = Vec::new();
        for (index, section) in self.sections.iter().enumerate() {
            let mut check = check.member("sections");
            let mut check = check.element(index);
            check_title(
                section.title.as_deref(),
                self.sections.len(),
                &mut check.member("title"),
            );
            let mut check = check.member("rows");
            check.count(section.rows.len(), 1, usize::MAX);
            for (index, row) in section.rows.iter().enumerate() {
                let mut check = check.element(index);
                row.check(&mut check);
                if ids.contains(&&row.id) {
                    check.member("id").report(Rule::Unique);
                }
                ids.push(&row.id);
            }
        }
    }
}

/// Reports the title of a section, here or of a product list, that is too long, or missing where there are `sections`
/// beside it.
///
/// Source: Meta's *Interactive list messages* and *Multi-product messages*: at most 24 characters, "required if more than
/// one section".
pub(super) fn check_title(title: Option<&str>, sections: usize, check: &mut Check<'_>) {
    match title {
        Some(title) => check.length(title, 1, Section::TITLE_MAX),
        None if sections > 1 => {
            check.report(Rule::Required("each of several sections has a title"));
        }
        None => {}
    }
}

impl Validate for Row {
    fn check(&self, check: &mut Check<'_>) {
        check.member("id").length(&self.id, 1, Self::ID_MAX);
        check
            .member("title")
            .length(&self.title, 1, Self::TITLE_MAX);
        if let Some(description) = &self.description {
            check
                .member("description")
                .length(description, 0, Self::DESCRIPTION_MAX);
        }
    }
}
