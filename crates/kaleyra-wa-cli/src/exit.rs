//! How the command ends when it fails: one line for people, one object for programs, one number for both.

use std::process::ExitCode;

use kaleyra_wa_client::{Delivery, Error, ErrorKind};
use serde::Serialize;

use crate::show::failure;
use crate::show::line::Line;
use crate::show::output::{complain, line, note};
use crate::show::words::quoted;

/// What each exit code means, for `--help` and the man page.
pub(crate) const TABLE: &str = "\
Exit codes:
  0    done
  1    something on this machine failed, or a check, test or doctor found something
  2    bad usage or bad input; nothing was sent
  3    rejected by Kaleyra
  4    not done and safe to repeat: the server was not reached, or did not answer a question as it should
  5    unknown whether it was done; look for the reference in the callbacks before sending again
  130  interrupted before anything was sent";

/// Why the command stops.
#[derive(Debug)]
pub(crate) struct Exit {
    code: u8,
    message: Option<String>,
    /// Boxed, as nearly every function may return one.
    failure: Box<Failure>,
    /// Whether a program is told in a document of its own, behind the lines of what was found.
    is_concluded: bool,
}

/// The same for programs. The order is the documented one.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Failure {
    pub(crate) kind: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    #[serde(rename = "do")]
    pub(crate) advice: Option<String>,
    pub(crate) source: Option<&'static str>,
}

#[derive(Serialize)]
struct Document<'a> {
    error: &'a Failure,
}

impl Exit {
    fn new(code: u8, kind: &'static str, message: impl ToString) -> Self {
        let message = message.to_string();
        let (what, advice) = failure::split(&message);
        let failure = Failure {
            kind,
            message: Some(what.to_owned()),
            advice: advice.map(str::to_owned),
            ..Failure::default()
        };
        Self {
            code,
            message: Some(message),
            failure: Box::new(failure),
            is_concluded: false,
        }
    }

    /// Nobody reads standard output any more, as behind `| head`: that is no failure to speak of. The number is the one that
    /// a shell gives a program that ended for this.
    pub(crate) fn unread() -> Self {
        Self::new(141, "machine", "standard output is closed").quiet()
    }

    /// Something on this machine went wrong: a port in use, a closed pipe.
    pub(crate) fn failed(message: impl ToString) -> Self {
        Self::new(1, "machine", message)
    }

    /// A check found something, which was already reported.
    pub(crate) fn found(message: impl ToString) -> Self {
        Self::new(1, "found", message)
    }

    /// The request makes no sense.
    pub(crate) fn bad_input(message: impl ToString) -> Self {
        Self::new(2, ErrorKind::InvalidRequest.as_str(), message)
    }

    /// The arguments can't be read.
    pub(crate) fn usage(message: impl ToString) -> Self {
        Self::new(2, "usage", message)
    }

    /// A server that is not Kaleyra's was not reached, so nothing was done.
    pub(crate) fn unreached(message: impl ToString) -> Self {
        Self::new(4, ErrorKind::Transport.as_str(), message)
    }

    /// A server that is not Kaleyra's refused.
    pub(crate) fn refused(message: impl ToString) -> Self {
        Self::new(3, ErrorKind::Rejected.as_str(), message)
    }

    /// It is unknown whether something was sent; what, is told already.
    pub(crate) fn in_doubt(message: impl ToString) -> Self {
        Self::new(5, "found", message)
    }

    /// The user pressed Ctrl-C before anything was sent.
    pub(crate) fn interrupted() -> Self {
        Self::new(130, "interrupted", "interrupted: nothing was sent")
    }

    /// A send that did not go well, by what became of the message.
    pub(crate) fn send(delivery: Delivery, message: impl ToString) -> Self {
        let code = match delivery {
            Delivery::Accepted => 0,
            Delivery::Rejected => 3,
            Delivery::NotSent => 4,
            _ => 5,
        };
        Self::new(code, "interrupted", message)
    }

    /// An error of the client's, about something that changes what the server has.
    pub(crate) fn of(error: &Error) -> Self {
        let shown = failure::shown(error);
        let code = match error.kind() {
            ErrorKind::InvalidRecipient
            | ErrorKind::InvalidRequest
            | ErrorKind::FileTooLarge
            | ErrorKind::UnreadableFile
            | ErrorKind::UnsupportedFileType => 2,
            ErrorKind::UnwritableFile | ErrorKind::WrongDigest => 1,
            _ => match error.delivery() {
                Delivery::Accepted => 0,
                Delivery::Rejected => 3,
                Delivery::NotSent => 4,
                _ => 5,
            },
        };
        Self {
            code,
            message: Some(shown),
            failure: Box::new(failure::of(error)),
            is_concluded: false,
        }
        .doubting_the_server(error)
    }

    /// A success without a code of Kaleyra's may be another server's.
    fn doubting_the_server(mut self, error: &Error) -> Self {
        let is_success = error.status().is_some_and(|status| status.is_success());
        let says_so = |text: &str| text.contains("base URL");
        if is_success && error.code().is_none() && !self.message.as_deref().is_some_and(says_so) {
            let hint = "check the base URL: another server than Kaleyra's may have responded";
            let add = |text: Option<String>| text.map(|text| format!("{text}; {hint}"));
            self.message = add(self.message);
            self.failure.advice = add(self.failure.advice.take()).or_else(|| Some(hint.to_owned()));
        }
        self
    }

    /// An error of the client's, about something that only reads: whatever became of it, it may be asked again.
    pub(crate) fn of_read(error: &Error) -> Self {
        let exit = Self::of(error);
        match exit.code {
            0 | 5 => Self { code: 4, ..exit },
            _ => exit,
        }
    }

    /// The same in other words, also for programs.
    pub(crate) fn reworded(mut self, from: &str, to: &str) -> Self {
        let failure = &mut *self.failure;
        for text in [&mut self.message, &mut failure.message, &mut failure.advice] {
            *text = text.take().map(|text| text.replace(from, to));
        }
        self
    }

    /// Of what was found a program gets its lines, and then the failure as it gets any other.
    pub(crate) fn concluded(mut self) -> Self {
        self.is_concluded = true;
        self
    }

    /// With what to do about it.
    pub(crate) fn with_advice(mut self, advice: impl ToString) -> Self {
        self.failure.advice = Some(advice.to_string());
        self
    }

    /// With the server's code.
    pub(crate) fn with_code(mut self, code: &str) -> Self {
        self.failure.code = Some(code.to_owned());
        self
    }

    /// Whether it is about what was asked for and not about who was asked: something else may still succeed.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.code, 2 | 3)
    }

    /// Why, if that is not said already.
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The same for programs.
    pub(crate) fn failure(&self) -> &Failure {
        &self.failure
    }

    /// With this message, in place of the one that it has.
    pub(crate) fn with_message(self, message: impl ToString) -> Self {
        Self {
            message: Some(message.to_string()),
            ..self
        }
    }

    /// With the server's own words, where it has any: it says more than its code.
    pub(crate) fn with_servers_words(mut self, error: &Error) -> Self {
        if let Some(words) = failure::server_message(error) {
            let add = |text: Option<String>| {
                text.map(|text| format!("{text}; the server says {}", quoted(&words)))
            };
            self.message = add(self.message);
            self.failure.message = add(self.failure.message);
        }
        self
    }

    /// Everything is said already.
    pub(crate) fn quiet(self) -> Self {
        Self {
            message: None,
            ..self
        }
    }

    /// Says why: to programs on standard output, to people on standard error.
    pub(crate) fn report(self, json: bool) -> ExitCode {
        if json && self.code != 0 && (self.is_concluded || self.failure.kind != "found") {
            return self.report_json();
        }
        self.report_text()
    }

    /// Says why on standard output, as JSON.
    pub(crate) fn report_json(self) -> ExitCode {
        let document = Line::json(&Document {
            error: &self.failure,
        });
        let is_said = self.message.is_none()
            || document
                .map_err(std::io::Error::from)
                .and_then(line)
                .is_ok();
        if is_said {
            return ExitCode::from(self.code);
        }
        self.report_text()
    }

    fn report_text(self) -> ExitCode {
        if let Some(message) = self.message {
            if self.code == 0 {
                note(format!("warning: {message}"));
            } else {
                complain(format!("error: {message}"));
            }
        }
        ExitCode::from(self.code)
    }
}
