//! What a response, or the lack of one, means for the message, and for all others.

use std::time::Duration;

use kaleyra_wa_client::types::error_code;
use kaleyra_wa_client::{Delivery, Error, ErrorKind, Sent};
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::outbox::{Landing, Scope, Trouble};

use crate::builder::Settings;

/// What became of a message, and what it means for the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) landing: Landing,
    pub(super) sign: Sign,
}

/// What one message's outcome means for the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The way is clear.
    Clear,
    /// It says nothing of the others.
    Silent,
    /// The number sends too fast.
    TooFast {
        /// How long the server asks to wait.
        wait: Option<Duration>,
    },
    /// This user got too many.
    UserBusy,
    /// The server could not be reached.
    Unreachable,
    /// The response, or the lack of one, proves nothing.
    Unclear,
    /// Every other would fail as well.
    Trouble {
        scope: Scope,
        why: String,
        wait: Option<Duration>,
    },
    /// The 24-hour window of this user is closed.
    WindowClosed,
    /// This user wants no marketing.
    OptedOut,
}

/// The longest wait that is waited for one message.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What the client's outcome means at this attempt.
pub(super) fn verdict(
    outcome: &Result<Sent, Error>,
    attempt: u32,
    now: Moment,
    settings: &Settings,
) -> Verdict {
    let error = match outcome {
        Ok(sent) => {
            return Verdict {
                landing: Landing::Accepted {
                    http: Some(sent.status().as_u16()),
                    message_id: Some(sent.message_id().as_str().to_owned()),
                },
                sign: Sign::Clear,
            };
        }
        Err(error) => error,
    };
    let http = error.status().map(|status| status.as_u16());
    // A code that nobody knows could be any text.
    let code = error
        .code()
        .map(|code| code.as_str().chars().take(40).collect::<String>());
    let reason = error.to_string();
    let wait = backoff(attempt, settings);
    let again = |wait: Duration| Landing::Again {
        next_at: now + wait,
        http,
        code: code.clone(),
        reason: reason.clone(),
    };
    let verdict = |landing, sign| Verdict { landing, sign };
    match error.delivery() {
        Delivery::NotSent => match error.kind() {
            ErrorKind::InvalidRecipient | ErrorKind::InvalidRequest => {
                verdict(Landing::Skipped { reason }, Sign::Silent)
            }
            // Nobody's message is given up because the network is down: it is tried until it expires.
            _ => verdict(again(wait), Sign::Unreachable),
        },
        Delivery::Accepted => verdict(
            Landing::Accepted {
                http,
                message_id: None,
            },
            Sign::Clear,
        ),
        Delivery::Rejected => {
            let text = code.as_deref().unwrap_or_default();
            if let Some(sign) = trouble(error, text, http) {
                return verdict(again(wait), sign);
            }
            let is_last = attempt >= settings.attempts;
            let rejected = || Landing::Rejected {
                http,
                code: code.clone(),
                reason: reason.clone(),
            };
            let or_last = |landing| if is_last { rejected() } else { landing };
            // A limit of the number or of the pair says nothing against the message, however often it is met.
            if text == "131056" {
                return verdict(again(wait), Sign::UserBusy);
            }
            if http == Some(429) || Trouble::is_too_fast(text) {
                let asked = error.retry_after();
                let wait = wait.max(asked.unwrap_or_default());
                return verdict(again(wait), Sign::TooFast { wait: asked });
            }
            match text {
                // Its turn comes again, and then the window is known to be closed.
                "131047" | "470" | "130470" => verdict(or_last(again(wait)), Sign::WindowClosed),
                "131050" => verdict(rejected(), Sign::OptedOut),
                _ => match error.class() {
                    Some(error_code::ErrorClass::Transient) => {
                        verdict(or_last(again(wait)), Sign::Silent)
                    }
                    Some(error_code::ErrorClass::Wait(time)) if time <= LONGEST_WAIT => {
                        verdict(or_last(again(wait.max(time))), Sign::Silent)
                    }
                    _ => verdict(rejected(), Sign::Clear),
                },
            }
        }
        _ => verdict(Landing::Uncertain { http, code, reason }, Sign::Unclear),
    }
}

/// What stops every other message as well.
fn trouble(error: &Error, code: &str, http: Option<u16>) -> Option<Sign> {
    if let Some(trouble) = Trouble::of_code(code) {
        return Some(Sign::Trouble {
            scope: trouble.scope,
            why: format!("{code}: {}", trouble.meaning),
            wait: trouble.wait,
        });
    }
    // What has no code is not about the message: a key that is refused, or something else at the base URL.
    let is_redirect = error.kind() == ErrorKind::Redirect;
    let status = http.filter(|status| is_redirect || matches!(status, 401 | 403 | 404 | 405 | 407));
    let status = status.filter(|_| code.is_empty())?;
    Some(Sign::Trouble {
        scope: Scope::Sender,
        why: format!("HTTP {status}: {error}"),
        wait: None,
    })
}

/// The wait after this attempt: twice as long each time.
fn backoff(attempt: u32, settings: &Settings) -> Duration {
    let (first, longest) = settings.backoff;
    let doublings = attempt.saturating_sub(1).min(20);
    first.saturating_mul(1 << doublings).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_doubled_up_to_the_longest() {
        let settings = Settings::default();
        let seconds =
            [1, 2, 3, 10, 11, u32::MAX].map(|attempt| backoff(attempt, &settings).as_secs());
        assert_eq!(seconds, [1, 2, 4, 512, 600, 600]);
    }
}
