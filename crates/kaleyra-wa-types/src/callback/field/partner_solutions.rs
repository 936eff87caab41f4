//! `partner_solutions`: something became of a solution that several partners offer.

use super::SolutionId;
use super::view::View;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// Something became of a solution that several partners offer.
    ///
    /// Source: Meta's `partner_solutions` webhook reference.
    pub struct PartnerSolutions {
        /// What happened.
        pub event: Option<SolutionEvent>,
        /// The solution.
        pub solution_id: Option<SolutionId>,
        /// What the solution is now.
        pub solution_status: Option<SolutionStatus>,
    }
}

deserialize_object!(PartnerSolutions);

open_set! {
    /// What happened to a solution.
    pub enum SolutionEvent {
        /// It was made.
        SolutionCreated = "SOLUTION_CREATED",
        /// It changed.
        SolutionUpdated = "SOLUTION_UPDATED",
    }
}

open_set! {
    /// What a solution is.
    pub enum SolutionStatus {
        /// It is in use.
        Active = "ACTIVE",
        /// It is in use until all partners agree to end it.
        PendingDeactivation = "PENDING_DEACTIVATION",
        /// It was made, and not yet sent to the partner.
        Draft = "DRAFT",
        /// The partner has been asked.
        Initiated = "INITIATED",
        /// The partner said no.
        Rejected = "REJECTED",
        /// It is no longer in use.
        Deactivated = "DEACTIVATED",
    }
}

impl View for PartnerSolutions {}
