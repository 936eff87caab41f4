//! Kaleyra's endpoints: `/v2/{sid}/whatsapp/{sender}/…`.

mod block_users;
mod form;
mod media;
mod messages;
mod outcome;
mod phone_number_details;

use http::HeaderMap;
use http::request::Parts;
use hyper::body::Incoming;
use kaleyra_wa_types::response::Failure;

use super::NoAnswer;
use super::answer::{self, Answer};
use super::body::{BODY_MAX, read};
use super::query::Query;
use super::route::Endpoint;
use crate::shared::Shared;

pub(super) use media::answer as answer_upload;

/// Why a request is not right: what it is answered with, and what is wrong in more detail than the answer tells.
type Refused = (Failure, String);

/// Checks a request in Kaleyra's order, and does what it asks for or lets it meet the fault that is due.
pub(super) async fn answer(
    shared: &Shared,
    head: &Parts,
    sid: &str,
    sender: &str,
    endpoint: Endpoint,
    body: Incoming,
) -> Result<Answer, NoAnswer> {
    let body = match read(body, BODY_MAX).await {
        Ok(body) => body,
        Err(unread) => return unread.answer(shared),
    };
    if let Err((failure, why)) = check_account(shared, &head.headers, sid, sender) {
        return Ok(reject(shared, failure, why));
    }
    match endpoint {
        Endpoint::Messages => messages::answer(shared, &head.headers, &body).await,
        Endpoint::Block => block_users::block(shared, &head.headers, &body).await,
        Endpoint::Unblock => block_users::unblock(shared, &head.headers, &body).await,
        Endpoint::Blocked => block_users::list(shared, &Query::parse(head.uri.query())).await,
        Endpoint::PhoneNumberDetails => phone_number_details::answer(shared).await,
    }
}

fn check_account(
    shared: &Shared,
    headers: &HeaderMap,
    sid: &str,
    sender: &str,
) -> Result<(), Refused> {
    shared
        .account
        .authorise(sid, headers)
        .map_err(|why| (Failure::IncorrectCredentials, why.to_owned()))?;
    if !shared.account.owns(sender) {
        let why = "the number in the path is not the simulator's sender".to_owned();
        return Err((Failure::SenderNotInAccount, why));
    }
    Ok(())
}

fn reject(shared: &Shared, failure: Failure, why: String) -> Answer {
    shared.rejected(failure.status(), Some(failure.code()), why);
    answer::failure(failure)
}

fn reject_payload(shared: &Shared, why: String) -> Answer {
    reject(shared, Failure::IncorrectPayload, why)
}
