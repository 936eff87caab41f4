//! What becomes of a request that is right: it is done, or meets the fault that is due.

use kaleyra_wa_types::response::Code;
use tokio::time::sleep;

use super::{Call, reject};
use crate::core::stopped;
use crate::fault::{Fault, Hit};
use crate::journal::Fact;
use crate::model::basis::Basis;
use crate::server::NoResponse;
use crate::server::response::{self, HttpResponse, Success};

/// Does it, unless the fault that is due prevents it.
pub(super) async fn outcome(
    call: &Call<'_>,
    act: impl FnOnce() -> Success,
) -> Result<HttpResponse, NoResponse> {
    let core = call.core;
    let fault = core.faults().answer(&call.subject(), core.clock().now());
    let Some((fault, hit)) = fault else {
        return Ok(act().whole());
    };
    note(call, &hit);
    let why = format!("the fault `{fault}` was asked for");
    match fault {
        Fault::Documented(failure) => Ok(reject(call, failure, why)),
        Fault::CutBody => Ok(act().cut()),
        Fault::DocumentedBody => Ok(act().documented()),
        Fault::Slow(pause) => {
            let answer = act().whole();
            let mut stop = core.stop.subscribe();
            tokio::select! {
                () = sleep(pause) => Ok(answer),
                () = stopped(&mut stop) => Err(NoResponse),
            }
        }
        Fault::Trickle(pause) => Ok(act().trickled(pause)),
        Fault::LostResponse => {
            // Done, but nobody learns it.
            drop(act());
            unanswered(call, fault);
            Err(NoResponse)
        }
        Fault::Hang => {
            unanswered(call, fault);
            stopped(&mut core.stop.subscribe()).await;
            Err(NoResponse)
        }
        Fault::Close => {
            unanswered(call, fault);
            Err(NoResponse)
        }
        Fault::Reset => {
            call.after_flush.reset();
            unanswered(call, fault);
            Err(NoResponse)
        }
        Fault::TooManyRequests => {
            core.rejected(call.about(), 429, Some(Code::TooManyRequests), why);
            Ok(response::too_many_requests())
        }
        Fault::BadGateway => {
            core.rejected(call.about(), 502, None, why);
            Ok(response::bad_gateway())
        }
        Fault::ForeignPage => {
            core.rejected(call.about(), 200, None, why);
            Ok(response::foreign_page())
        }
        Fault::ForeignJson => {
            core.rejected(call.about(), 200, None, why);
            Ok(response::foreign_json())
        }
    }
}

fn note(call: &Call<'_>, hit: &Hit) {
    let about = call.about().basis(Basis::Simulator);
    call.core.journal.write(about, hit.fact());
}

fn unanswered(call: &Call<'_>, fault: Fault) {
    call.core
        .journal
        .write(call.about(), Fact::Unanswered { fault });
}
