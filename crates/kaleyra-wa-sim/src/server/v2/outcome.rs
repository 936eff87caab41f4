//! What becomes of a request that is right: it is done, or meets the fault that is due.

use kaleyra_wa_types::response::Code;

use super::reject;
use crate::event::SimEvent;
use crate::fault::Fault;
use crate::server::NoAnswer;
use crate::server::answer::{self, Answer, Success};
use crate::shared::{Shared, stopped};

/// Does it, unless the fault that is due prevents it.
pub(super) async fn outcome(
    shared: &Shared,
    act: impl FnOnce() -> Success,
) -> Result<Answer, NoAnswer> {
    let Some(fault) = shared.faults().take() else {
        return Ok(act().whole());
    };
    let why = format!("the fault `{fault}` was asked for");
    match fault {
        Fault::Documented(failure) => Ok(reject(shared, failure, why)),
        Fault::CutBody => Ok(act().cut()),
        Fault::DocumentedBody => Ok(act().documented()),
        Fault::Hang => {
            shared.events.emit(SimEvent::Unanswered { fault });
            stopped(&mut shared.stop.subscribe()).await;
            Err(NoAnswer)
        }
        Fault::Close => {
            shared.events.emit(SimEvent::Unanswered { fault });
            Err(NoAnswer)
        }
        Fault::TooManyRequests => {
            shared.rejected(429, Some(Code::TooManyRequests), why);
            Ok(answer::too_many_requests())
        }
        Fault::BadGateway => {
            shared.rejected(502, None, why);
            Ok(answer::bad_gateway())
        }
        Fault::ForeignPage => {
            shared.rejected(200, None, why);
            Ok(answer::foreign_page())
        }
        Fault::ForeignJson => {
            shared.rejected(200, None, why);
            Ok(answer::foreign_json())
        }
    }
}
