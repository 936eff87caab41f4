//! What becomes of a template by hand.

use kaleyra_wa_types::template::{
    ComponentDefinition, QualityScore, TemplateCategory, TemplateReason, TemplateStatus,
};

/// What Meta does to a template: a review, a pause, another category. See
/// [`Simulator::change_template`](crate::Simulator::change_template).
///
/// ```
/// use kaleyra_wa_sim::TemplateChange;
/// use kaleyra_wa_types::template::{TemplateReason, TemplateStatus};
///
/// let TemplateChange::Status(status, reason) = TemplateChange::rejected("INVALID_FORMAT") else { panic!("a status") };
/// assert_eq!((status, reason), (TemplateStatus::Rejected, Some(TemplateReason::from("INVALID_FORMAT"))));
/// for (change, expected) in [
///     (TemplateChange::approved(), TemplateStatus::Approved),
///     (TemplateChange::paused(), TemplateStatus::Paused),
///     (TemplateChange::disabled(), TemplateStatus::Disabled),
/// ] {
///     assert!(matches!(change, TemplateChange::Status(status, _) if status == expected));
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TemplateChange {
    /// Its status is another one, for a reason where there is one.
    Status(TemplateStatus, Option<TemplateReason>),
    /// Its quality is another one.
    Quality(QualityScore),
    /// It is put into another category.
    Category(TemplateCategory),
    /// It says something else.
    Components(Vec<ComponentDefinition>),
}

impl TemplateChange {
    /// It may be sent.
    pub fn approved() -> Self {
        Self::Status(TemplateStatus::Approved, Some(TemplateReason::None))
    }

    /// It may not be sent, for this reason.
    pub fn rejected(reason: impl Into<TemplateReason>) -> Self {
        Self::Status(TemplateStatus::Rejected, Some(reason.into()))
    }

    /// It may not be sent for a while, because users complained.
    pub fn paused() -> Self {
        Self::Status(TemplateStatus::Paused, Some(TemplateReason::None))
    }

    /// It may not be sent any more, because users complained again and again.
    pub fn disabled() -> Self {
        Self::Status(TemplateStatus::Disabled, Some(TemplateReason::None))
    }
}
