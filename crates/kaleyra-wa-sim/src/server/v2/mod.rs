//! Kaleyra's endpoints: `/v2/{sid}/whatsapp/{sender}/…`.

mod block_users;
mod form;
mod media;
mod messages;
mod outcome;
mod phone_number_details;

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use hyper::body::Incoming;
use kaleyra_wa_types::response::ApiFailure;

use super::NoResponse;
use super::after_flush::AfterFlush;
use super::body::{BODY_MAX, read};
use super::query::Query;
use super::response::{self, HttpResponse};
use super::route::Endpoint;
use crate::core::Core;
use crate::delivery::webhook::shown;
use crate::fault::Subject;
use crate::journal::{About, Fact, HttpRequest};
use crate::model::account::{Number, without_plus};
use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;

pub(super) use media::answer as respond_to_upload;

/// Why a request is not right: what it is answered with, and what is wrong in more detail than the response tells.
type Refused = (ApiFailure, String);

/// The pages that document the failures.
const FAILURES: Basis =
    Basis::Documented("Send Reply to Messages and Send Media Messages, sample failure responses");

/// A request whose head has arrived.
pub(super) struct Arrived<'a> {
    pub(super) core: &'a Arc<Core>,
    pub(super) head: &'a Parts,
    pub(super) after_flush: &'a AfterFlush,
    /// Where the number of the journal's entry about it is left.
    pub(super) request: &'a mut Option<u64>,
}

/// A request of one of the accounts.
pub(super) struct Call<'a> {
    pub(super) core: &'a Arc<Core>,
    pub(super) head: &'a Parts,
    pub(super) after_flush: &'a AfterFlush,
    /// The journal's entry about it.
    pub(super) request: u64,
    pub(super) number: &'a Number,
    pub(super) basis: Option<Basis>,
    endpoint: &'static str,
    user: String,
    type_name: String,
    reference: String,
}

impl<'a> Arrived<'a> {
    /// Writes it into the journal.
    pub(super) fn note(&mut self, body: Bytes) -> u64 {
        let path = self.head.uri.path_and_query();
        let request = HttpRequest {
            method: self.head.method.to_string(),
            path: path.map_or(String::new(), |path| path.as_str().to_owned()),
            headers: shown(&self.head.headers),
            body,
        };
        let number = self
            .core
            .journal
            .write(About::default(), Fact::Request(request));
        *self.request = Some(number);
        number
    }

    fn call(self, request: u64, number: &'a Number, endpoint: &'static str) -> Call<'a> {
        Call {
            core: self.core,
            head: self.head,
            after_flush: self.after_flush,
            request,
            number,
            basis: None,
            endpoint,
            user: String::new(),
            type_name: String::new(),
            reference: String::new(),
        }
    }
}

impl Call<'_> {
    /// Says whom and what it is about.
    fn is_about(&mut self, user: &str, type_name: &str, reference: &str) {
        self.user = without_plus(user).to_owned();
        self.type_name = type_name.to_owned();
        self.reference = reference.to_owned();
    }

    /// The business number, without `+`.
    fn business(&self) -> String {
        without_plus(&self.number.sender).to_owned()
    }

    fn about(&self) -> About {
        let user = Some(&self.user).filter(|user| !user.is_empty());
        About {
            cause: Some(self.request),
            conversation: user.map(|user| ConversationId::new(&self.number.sender, user)),
            basis: self.basis,
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            endpoint: self.endpoint,
            user: &self.user,
            type_name: &self.type_name,
            reference: &self.reference,
            ..Subject::default()
        }
    }
}

/// Checks a request in Kaleyra's order, and does what it asks for or lets it meet the fault that is due.
pub(super) async fn answer(
    mut arrived: Arrived<'_>,
    sid: &str,
    sender: &str,
    endpoint: Endpoint,
    body: Incoming,
) -> Result<HttpResponse, NoResponse> {
    let core = arrived.core;
    let body = match read(body, BODY_MAX).await {
        Ok(body) => Bytes::from(body),
        Err(unread) => {
            let request = arrived.note(Bytes::new());
            return unread.answer(core, About::cause(request));
        }
    };
    let request = arrived.note(body.clone());
    let number = match check_account(core, &arrived.head.headers, sid, sender) {
        Ok(number) => number,
        Err((failure, why)) => return Ok(reject_at(core, request, failure, why)),
    };
    let query = Query::parse(arrived.head.uri.query());
    let call = arrived.call(request, number, endpoint.name());
    match endpoint {
        Endpoint::Messages => messages::answer(call, &body).await,
        Endpoint::Block => block_users::block(call, &body).await,
        Endpoint::Unblock => block_users::unblock(call, &body).await,
        Endpoint::Blocked => block_users::list(call, &query).await,
        Endpoint::PhoneNumberDetails => phone_number_details::answer(call).await,
    }
}

fn check_account<'a>(
    core: &'a Core,
    headers: &HeaderMap,
    sid: &str,
    sender: &str,
) -> Result<&'a Number, Refused> {
    let account = core
        .accounts
        .authorise(sid, headers)
        .map_err(|why| (ApiFailure::IncorrectCredentials, why.to_owned()))?;
    account.find(sender).ok_or_else(|| {
        let why = "the number in the path is not the simulator's sender".to_owned();
        (ApiFailure::SenderNotInAccount, why)
    })
}

fn reject_at(core: &Core, request: u64, failure: ApiFailure, why: String) -> HttpResponse {
    reject_about(core, About::cause(request), failure, why)
}

fn reject(call: &Call<'_>, failure: ApiFailure, why: String) -> HttpResponse {
    reject_about(call.core, call.about(), failure, why)
}

fn reject_about(core: &Core, about: About, failure: ApiFailure, why: String) -> HttpResponse {
    let about = About {
        basis: about.basis.or(Some(FAILURES)),
        ..about
    };
    let mut answer = response::failure(failure);
    if core.tells_why {
        response::tell_why(&mut answer, &why);
    }
    core.rejected(about, failure.status(), Some(failure.code()), why);
    answer
}

fn reject_payload(call: &Call<'_>, why: String) -> HttpResponse {
    reject(call, ApiFailure::IncorrectPayload, why)
}
