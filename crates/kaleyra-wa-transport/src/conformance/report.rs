//! What the suite found.

use std::fmt;

/// How each check went. `Display` has a line for each, and below the broken ones what was found and what to do.
///
/// ```
/// use kaleyra_wa_transport::conformance::{Suite, Verdict};
/// use kaleyra_wa_transport::{Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait};
///
/// /// Takes every response for a failure.
/// struct Gloomy;
///
/// #[async_trait]
/// impl Transport for Gloomy {
///     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
///         Err(TransportError::new(Phase::InFlight, TransportErrorKind::Other))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let report = Suite::new().only(["statuses"]).run(Gloomy).await;
/// assert!(!report.passed());
/// assert_eq!(report.outcomes().len(), 1);
///
/// let broken = report.broken().next().unwrap();
/// assert_eq!(broken.check(), "statuses");
/// assert!(matches!(broken.verdict(), Verdict::Broken { findings } if !findings.is_empty()));
/// assert!(report.to_string().contains(broken.promise())); // with each finding, and what to do
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "look at it, or have it `assert_passed`"]
pub struct Report(Vec<CheckOutcome>);

impl Report {
    pub(super) const fn new(outcomes: Vec<CheckOutcome>) -> Self {
        Self(outcomes)
    }

    /// The outcomes, in the order of the checks.
    pub fn outcomes(&self) -> &[CheckOutcome] {
        &self.0
    }

    /// The checks that found something.
    pub fn broken(&self) -> impl Iterator<Item = &CheckOutcome> {
        let is_broken = |outcome: &&CheckOutcome| matches!(outcome.verdict, Verdict::Broken { .. });
        self.0.iter().filter(is_broken)
    }

    /// Whether no check found anything.
    pub fn passed(&self) -> bool {
        self.broken().next().is_none()
    }

    /// For tests.
    ///
    /// # Panics
    ///
    /// With the whole report, if a check found something.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.passed(), "{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let broken = self.broken().count();
        writeln!(f, "{} checks, {broken} broken", self.0.len())?;
        for outcome in &self.0 {
            write!(f, "{outcome}")?;
        }
        Ok(())
    }
}

/// How one check went.
///
/// For an example see [`Report`].
#[derive(Clone, Debug)]
pub struct CheckOutcome {
    check: &'static str,
    promise: &'static str,
    verdict: Verdict,
}

impl CheckOutcome {
    pub(super) const fn new(check: &'static str, promise: &'static str, verdict: Verdict) -> Self {
        Self {
            check,
            promise,
            verdict,
        }
    }

    /// The check's name, by which it can be [skipped](super::Suite::skip).
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What a transport promises here.
    pub const fn promise(&self) -> &'static str {
        self.promise
    }

    /// Whether it was kept.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl fmt::Display for CheckOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            check,
            promise,
            verdict,
        } = self;
        match verdict {
            Verdict::Kept => writeln!(f, "kept     {check}"),
            Verdict::Skipped { reason } => writeln!(f, "skipped  {check}: {reason}"),
            Verdict::Broken { findings } => {
                writeln!(f, "BROKEN   {check}: {promise}")?;
                for finding in findings {
                    writeln!(f, "         - {finding}")?;
                }
                Ok(())
            }
        }
    }
}

/// Whether a promise was kept.
///
/// For an example see [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It was.
    Kept,
    /// There was none.
    Broken {
        /// What was found, and what to do, a sentence each.
        findings: Vec<String>,
    },
    /// The check was skipped.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Verdict {
    pub(super) fn of(outcome: Result<(), Vec<String>>) -> Self {
        match outcome {
            Ok(()) => Self::Kept,
            Err(findings) => Self::Broken { findings },
        }
    }
}
