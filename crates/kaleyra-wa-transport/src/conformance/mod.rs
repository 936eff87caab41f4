//! A suite that runs any [`Transport`] through what the trait promises.
//!
//! It starts servers on this machine's loopback that refuse, hang, break off, redirect and more, sends requests to them
//! through the transport, and reports which promises were not kept. Nothing leaves the machine but the look-up of a
//! name that can't exist, `name.invalid`. It takes a few seconds, most of them waiting for time limits to pass.
//!
//! The suite runs on any runtime: its servers have threads of their own. They speak HTTP/1.1 without TLS, so the
//! transport has to speak `http` to `127.0.0.1`.
//!
//! # Examples
//!
//! ```
//! # #[cfg(feature = "reqwest")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use kaleyra_wa_transport::{ReqwestTransport, conformance};
//!
//! let report = conformance::run(ReqwestTransport::new()?).await;
//! println!("{report}");
//! report.assert_passed();
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "reqwest"))]
//! # fn main() {}
//! ```
//!
//! # Checks
//!
//! | Name | Promise |
//! |---|---|
//! | `refused-connection`, `unknown-name`, `tls-to-plain-server` | nothing was sent: [`Phase::Connect`](crate::Phase::Connect) |
//! | `closed-without-response`, `reset-mid-upload`, `not-http`, `hang` | it may have arrived: [`Phase::InFlight`](crate::Phase::InFlight), one copy, within the operation's time limit |
//! | `cut-response`, `hanging-response` | the headers arrived: [`Phase::Body`](crate::Phase::Body), with the status and what was read |
//! | `statuses`, `redirects` | every status is a response, no redirect is followed, one copy |
//! | `unchanged-request`, `whole-response` | method, URL, headers and body arrive as they are, in both directions |
//! | `unreadable-body` | a request whose body can't be read to its end does not arrive as if it were whole |
//! | `flat-upload`, `flat-response` | large bodies go through piece by piece, not through memory as a whole |
//! | `send-once` | of the copies of a request that share a [`SendOnce`](crate::SendOnce), one gets through; a failure to connect gives the permission back |
//! | `concurrency` | concurrent requests don't get each other's responses |
//! | `silence` | no key, URL or body in any text of an error |

mod checks;
mod exchange;
mod report;
mod server;

use std::time::Duration;

pub use self::report::{CheckOutcome, Report, Verdict};
use crate::Transport;
use crate::limit::Limit;

/// Runs every check on this transport.
///
/// Transports that can't do all of it skip checks with a [`Suite`].
///
/// For an example see the [module](self).
pub async fn run(transport: impl Transport) -> Report {
    Suite::new().run(transport).await
}

/// Which checks to run, and for how long.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "reqwest")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::ReqwestTransport;
/// use kaleyra_wa_transport::conformance::{Suite, Verdict};
///
/// let suite = Suite::new()
///     .only(["statuses", "refused-connection", "unknown-name"]) // while you work on these
///     .skip("unknown-name", "the build machine asks a captive name server")
///     .timeout(Duration::from_secs(30));
/// let report = suite.run(ReqwestTransport::new()?).await;
/// report.assert_passed();
/// let skipped = report.outcomes().iter().find(|outcome| outcome.check() == "unknown-name");
/// assert!(matches!(skipped.unwrap().verdict(), Verdict::Skipped { .. }));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "reqwest"))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Suite {
    only: Option<Vec<String>>,
    skipped: Vec<(String, String)>,
    timeout: Duration,
}

impl Suite {
    /// All checks.
    pub fn new() -> Self {
        Self {
            only: None,
            skipped: Vec::new(),
            timeout: Duration::from_secs(20),
        }
    }

    /// Runs only these checks, for example while you work on one.
    pub fn only<N: Into<String>>(mut self, checks: impl IntoIterator<Item = N>) -> Self {
        self.only = Some(checks.into_iter().map(Into::into).collect());
        self
    }

    /// Leaves a check out, and has the report say why. A name that no check has is reported as broken.
    pub fn skip(mut self, check: impl Into<String>, reason: impl Into<String>) -> Self {
        self.skipped.push((check.into(), reason.into()));
        self
    }

    /// The time limit of each check: without one, a transport without timeouts would block the suite forever. Default:
    /// 20 s.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Runs the checks, one after the other.
    pub async fn run(&self, transport: impl Transport) -> Report {
        let mut outcomes = Vec::new();
        for check in checks::ALL {
            let is_left_out = |only: &Vec<String>| !only.iter().any(|name| name == check.name);
            if self.only.as_ref().is_some_and(is_left_out) {
                continue;
            }
            let verdict = match self.reason_to_skip(check.name) {
                Some(reason) => Verdict::Skipped { reason },
                None => {
                    let run = Limit::of(self.timeout).run((check.run)(&transport)).await;
                    Verdict::of(run.unwrap_or_else(|| {
                        Err(vec![format!(
                            "it took longer than {:?}: respect the operation's timeout",
                            self.timeout
                        )])
                    }))
                }
            };
            outcomes.push(CheckOutcome::new(check.name, check.promise, verdict));
        }
        let skipped = self.skipped.iter().map(|(name, _)| name);
        for name in skipped.chain(self.only.iter().flatten()) {
            if !checks::ALL.iter().any(|check| check.name == name) {
                let finding = format!("there is no check `{name}`: correct its name");
                let verdict = Verdict::of(Err(vec![finding]));
                outcomes.push(CheckOutcome::new(
                    "names",
                    "each check that is named exists",
                    verdict,
                ));
            }
        }
        Report::new(outcomes)
    }

    fn reason_to_skip(&self, name: &str) -> Option<String> {
        let mut skipped = self.skipped.iter();
        let (_, reason) = skipped.find(|(check, _)| check == name)?;
        Some(reason.clone())
    }
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}
