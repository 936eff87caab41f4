//! How the command ends when it does not end well: one line for people, one number for scripts.

use std::process::ExitCode;

use kaleyra_wa_client::Delivery;

use crate::show::output::note;

/// Why the command stops.
#[derive(Debug)]
pub(crate) struct Exit {
    code: u8,
    message: Option<String>,
}

impl Exit {
    /// Something on this machine went wrong: a port in use, a closed pipe, a failed check.
    pub(crate) fn failed(message: impl ToString) -> Self {
        Self {
            code: 1,
            message: Some(message.to_string()),
        }
    }

    /// What was asked for makes no sense.
    pub(crate) fn bad_input(message: impl ToString) -> Self {
        Self {
            code: 2,
            message: Some(message.to_string()),
        }
    }

    /// A send that did not go well, by what became of the message.
    pub(crate) fn send(delivery: Delivery, message: impl ToString) -> Self {
        let code = match delivery {
            Delivery::Accepted => 0,
            Delivery::Rejected => 3,
            Delivery::NotSent => 4,
            _ => 5,
        };
        Self {
            code,
            message: Some(message.to_string()),
        }
    }

    /// Whether what was asked for makes no sense.
    pub(crate) fn is_bad_input(&self) -> bool {
        self.code == 2
    }

    /// Why, if that is not said already.
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Everything is said already.
    pub(crate) fn quiet(self) -> Self {
        Self {
            message: None,
            ..self
        }
    }

    /// Says why, on standard error.
    pub(crate) fn report(self) -> ExitCode {
        if let Some(message) = self.message {
            let word = if self.code == 0 { "warning" } else { "error" };
            note(format!("{word}: {message}"));
        }
        ExitCode::from(self.code)
    }
}
