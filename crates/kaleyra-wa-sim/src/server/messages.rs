//! `POST /v2/{sid}/whatsapp/{sender}/messages`.

use http::HeaderMap;
use kaleyra_wa_types::KaleyraMessageId;
use kaleyra_wa_types::response::{Code, Failure};

use super::NoAnswer;
use super::answer::{self, Answer};
use crate::event::SimEvent;
use crate::fault::Fault;
use crate::payload::{self, Payload};
use crate::shared::{Shared, stopped};

/// Checks a send in Kaleyra's order, and accepts it or lets it meet the fault that is due.
pub(super) async fn answer(
    shared: &Shared,
    headers: &HeaderMap,
    sid: &str,
    sender: &str,
    body: &[u8],
) -> Result<Answer, NoAnswer> {
    let request = match check(shared, headers, sid, sender, body) {
        Ok(request) => request,
        Err((failure, why)) => return Ok(reject(shared, failure, why)),
    };
    let fault = shared.faults().take();
    match fault {
        None => Ok(accept(shared, request, answer::accepted)),
        Some(fault) => fail(shared, fault, request).await,
    }
}

fn check(
    shared: &Shared,
    headers: &HeaderMap,
    sid: &str,
    sender: &str,
    body: &[u8],
) -> Result<Payload, (Failure, String)> {
    shared
        .account
        .authorise(sid, headers)
        .map_err(|why| (Failure::IncorrectCredentials, why.to_owned()))?;
    if !shared.account.owns(sender) {
        let why = "the number in the path is not the simulator's sender".to_owned();
        return Err((Failure::SenderNotInAccount, why));
    }
    payload::check(headers, body).map_err(|why| (Failure::IncorrectPayload, why))
}

async fn fail(shared: &Shared, fault: Fault, request: Payload) -> Result<Answer, NoAnswer> {
    let why = format!("the fault `{fault}` was asked for");
    match fault {
        Fault::Documented(failure) => Ok(reject(shared, failure, why)),
        Fault::CutBody => Ok(accept(shared, request, answer::accepted_but_cut)),
        Fault::DocumentedBody => Ok(accept(shared, request, answer::accepted_as_documented)),
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
    }
}

/// Keeps the message and puts it beside its answer: once that has been written, its status may be posted.
fn accept(
    shared: &Shared,
    request: Payload,
    answer: impl FnOnce(&KaleyraMessageId) -> Answer,
) -> Answer {
    let message = shared.accept(request);
    let mut answer = answer(&message.id);
    answer.extensions_mut().insert(message);
    answer
}

fn reject(shared: &Shared, failure: Failure, why: String) -> Answer {
    shared.rejected(failure.status(), Some(failure.code()), why);
    answer::failure(failure)
}
