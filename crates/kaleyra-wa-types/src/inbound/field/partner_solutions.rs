//! `partner_solutions`: something happened to a solution that several partners offer.

use super::SolutionId;
use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Something happened to a solution that several partners offer.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{PartnerSolutions, SolutionEvent, SolutionId, SolutionStatus};
///
/// let update: PartnerSolutions = serde_json::from_str(
///     r#"{"event": "SOLUTION_UPDATED", "solution_id": "400000000000001", "solution_status": "ACTIVE"}"#,
/// )?;
/// assert_eq!(update.event, Some(SolutionEvent::SolutionUpdated));
/// assert_eq!(update.solution_id, Some(SolutionId::from("400000000000001")));
/// assert_eq!(update.solution_status, Some(SolutionStatus::Active));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `partner_solutions` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PartnerSolutions {
    /// What happened.
    pub event: Option<SolutionEvent>,
    /// The solution.
    pub solution_id: Option<SolutionId>,
    /// What the solution is now.
    pub solution_status: Option<SolutionStatus>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to a solution.
///
/// For an example see [`PartnerSolutions`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum SolutionEvent {
    /// `SOLUTION_CREATED`. It was made.
    #[wire(name = "SOLUTION_CREATED")]
    SolutionCreated,
    /// `SOLUTION_UPDATED`. It changed.
    #[wire(name = "SOLUTION_UPDATED")]
    SolutionUpdated,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What a solution is.
///
/// For an example see [`PartnerSolutions`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum SolutionStatus {
    /// `ACTIVE`. It is in use.
    #[wire(name = "ACTIVE")]
    Active,
    /// `PENDING_DEACTIVATION`. It is in use until all partners agree to end it.
    #[wire(name = "PENDING_DEACTIVATION")]
    PendingDeactivation,
    /// `DRAFT`. It was made, and not yet sent to the partner.
    #[wire(name = "DRAFT")]
    Draft,
    /// `INITIATED`. The partner has been asked.
    #[wire(name = "INITIATED")]
    Initiated,
    /// `REJECTED`. The partner said no.
    #[wire(name = "REJECTED")]
    Rejected,
    /// `DEACTIVATED`. It is no longer in use.
    #[wire(name = "DEACTIVATED")]
    Deactivated,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for PartnerSolutions {}
