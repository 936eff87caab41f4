//! What the suite found.

use std::fmt;

/// How each check went. `Display` has a line for each, and below the broken ones what was found.
///
/// For an example see [the module](crate::conformance).
#[derive(Clone, Debug)]
#[must_use = "look at it, or have it `assert_passed`"]
pub struct Report(Vec<Outcome>);

impl Report {
    pub(super) const fn new(outcomes: Vec<Outcome>) -> Self {
        Self(outcomes)
    }

    /// The outcomes, in the order of the checks.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.0
    }

    /// The checks that found something.
    pub fn broken(&self) -> impl Iterator<Item = &Outcome> {
        let is_broken = |outcome: &&Outcome| outcome.verdict != Verdict::Kept;
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
/// For an example see [the module](crate::conformance).
#[derive(Clone, Debug)]
pub struct Outcome {
    check: &'static str,
    promise: &'static str,
    verdict: Verdict,
}

impl Outcome {
    pub(super) const fn new(check: &'static str, promise: &'static str, verdict: Verdict) -> Self {
        Self {
            check,
            promise,
            verdict,
        }
    }

    /// The check's name.
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What a store promises here.
    pub const fn promise(&self) -> &'static str {
        self.promise
    }

    /// Whether it was kept.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Kept => writeln!(f, "kept     {}", self.check),
            Verdict::Broken { finding } => {
                writeln!(f, "BROKEN   {}: {}", self.check, self.promise)?;
                writeln!(f, "         - {finding}")
            }
        }
    }
}

/// Whether a promise was kept.
///
/// For an example see [the module](crate::conformance).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It was.
    Kept,
    /// It was not.
    Broken {
        /// What was found first.
        finding: String,
    },
}

impl Verdict {
    pub(super) fn of(outcome: Result<(), String>) -> Self {
        match outcome {
            Ok(()) => Self::Kept,
            Err(finding) => Self::Broken { finding },
        }
    }
}
