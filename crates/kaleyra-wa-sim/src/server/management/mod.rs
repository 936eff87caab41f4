//! An account beside its messages: templates, samples, numbers, flows, callback profiles, call permissions.
//!
//! Where Kaleyra's pages show a response it is theirs; else it is Meta's in Kaleyra's envelope. The log, and with
//! [`Builder::why_header`](crate::Builder::why_header) the header `x-sim-basis`, tell which.

mod analytics;
mod call_permissions;
mod flows;
mod numbers;
mod profiles;
mod read_back;
mod route;
mod samples;
mod templates;

use bytes::Bytes;
use http::StatusCode;
use hyper::body::Incoming;
use kaleyra_wa_types::response::{ApiFailure, Code};
use serde_json::{Value, json};

use super::NoResponse;
use super::body::{BODY_MAX, read};
use super::query::Query;
use super::response::{self, HttpResponse, Success};
use super::v2::form::{self, Form, Unread};
use super::v2::outcome::outcome;
use super::v2::{Arrived, Call, reject_at, reject_payload};
use crate::core::{Core, RefusedTemplate};
use crate::journal::{About, Fact};
use crate::model::account::Number;
use crate::rules::payload;
use crate::state::records::{Full, Kind, Records};
pub(super) use route::Managed;
use route::Operation as Do;

/// A request about an account that may ask for it.
struct Asked<'a> {
    call: Call<'a>,
    sid: &'a str,
    subject: &'a str,
    destination: &'a str,
    operation: Do,
    query: Query,
}

/// What is wrong with a request: it is answered with the documented `WA400`.
struct Wrong(String);

/// Checks whose request it is, and does what it asks for or lets it meet the fault that is due.
pub(super) async fn answer(
    mut arrived: Arrived<'_>,
    managed: Managed,
    body: Incoming,
) -> Result<HttpResponse, NoResponse> {
    let core = arrived.core;
    let operation = managed.operation;
    let is_form = matches!(operation, Do::UploadSample | Do::UpdateFlowJson);
    let (request, content) = if is_form {
        let request = arrived.note(Bytes::new());
        if number(core, &arrived, &managed).is_err() {
            return match form::discard(body).await {
                Err(Unread::BrokenOff) => Err(NoResponse),
                _ => Ok(refuse_account(core, &arrived, &managed, request)),
            };
        }
        match form::read(&arrived.head.headers, body, &core.state.in_flight).await {
            Ok(form) => (request, Content::Form(form)),
            Err(Unread::Wrong(why)) => (request, Content::Wrong(why)),
            Err(Unread::BrokenOff) => return Err(NoResponse),
            Err(Unread::TooSlow) => {
                let why = "the form stopped arriving for 10 seconds";
                core.rejected(About::cause(request), 408, None, why);
                return Ok(response::refused(StatusCode::REQUEST_TIMEOUT, why));
            }
        }
    } else {
        match read(body, BODY_MAX).await {
            Ok(body) => {
                let body = Bytes::from(body);
                (arrived.note(body.clone()), Content::Body(body))
            }
            Err(unread) => {
                let request = arrived.note(Bytes::new());
                return unread.answer(core, About::cause(request));
            }
        }
    };
    let number = match number(core, &arrived, &managed) {
        Ok(number) => number,
        Err(_) => return Ok(refuse_account(core, &arrived, &managed, request)),
    };
    let query = Query::parse(arrived.head.uri.query());
    let mut call = arrived.call(request, number, operation.name());
    call.basis = Some(operation.basis());
    let asked = Asked {
        call,
        sid: &managed.sid,
        subject: &managed.subject,
        destination: &managed.destination,
        operation,
        query,
    };
    let mut answer = asked.answer(content).await?;
    if core.tells_why && answer.status().is_success() {
        response::tell_basis(&mut answer, operation.basis());
    }
    Ok(answer)
}

/// What a request carries.
enum Content {
    Body(Bytes),
    Form(Form),
    /// No form, and why.
    Wrong(String),
}

/// A number of the account that the request is about: of its WABA, where it names one.
fn number<'a>(
    core: &'a Core,
    arrived: &Arrived<'_>,
    managed: &Managed,
) -> Result<&'a Number, (ApiFailure, &'static str)> {
    let headers = &arrived.head.headers;
    let account = core.accounts.authorise(&managed.sid, headers);
    let account = account.map_err(|why| (ApiFailure::IncorrectCredentials, why))?;
    let first = &account.numbers()[0];
    let foreign = |why| (ApiFailure::SenderNotInAccount, why);
    match managed.operation {
        Do::CallPermissions
        | Do::ListProfiles
        | Do::CreateProfile
        | Do::ReadProfile
        | Do::EditProfile
        | Do::DeleteProfile => Ok(first),
        Do::SetFlowKey | Do::FlowKey => account
            .find(&managed.subject)
            .ok_or_else(|| foreign("the number in the path is not the simulator's sender")),
        Do::ReadFlow
        | Do::UpdateFlow
        | Do::DeleteFlow
        | Do::FlowAssets
        | Do::UpdateFlowJson
        | Do::PublishFlow
        | Do::DeprecateFlow => match flows::owner(core, &managed.subject) {
            Some(waba) if waba == account.waba() => Ok(first),
            _ => Err(foreign("the flow in the path is none of the account's")),
        },
        _ => account
            .find_waba(&managed.subject)
            .ok_or_else(|| foreign("the WABA in the path is not the account's")),
    }
}

fn refuse_account(
    core: &Core,
    arrived: &Arrived<'_>,
    managed: &Managed,
    request: u64,
) -> HttpResponse {
    let (failure, why) = match number(core, arrived, managed) {
        Err(refused) => refused,
        Ok(_) => (ApiFailure::Internal, "the account changed meanwhile"),
    };
    reject_at(core, request, failure, why.to_owned())
}

impl Asked<'_> {
    async fn answer(self, content: Content) -> Result<HttpResponse, NoResponse> {
        match content {
            Content::Wrong(why) => Ok(self.refuse(Wrong(why))),
            Content::Form(form) => match self.operation {
                Do::UploadSample => self.upload_sample(form).await,
                _ => self.update_flow_json(form).await,
            },
            Content::Body(body) => self.answer_body(&body).await,
        }
    }

    async fn answer_body(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        match self.operation {
            Do::CreateTemplate => self.create_template(body).await,
            Do::ListTemplates => self.list_templates().await,
            Do::EditTemplate => self.edit_template(body).await,
            Do::DeleteTemplate => self.delete_template().await,
            Do::DeleteTemplates => self.delete_templates().await,
            Do::Analytics => self.analytics().await,
            Do::ReadSample => self.read_sample().await,
            Do::ListNumbers => self.list_numbers().await,
            Do::AddNumber => self.add_number(body).await,
            Do::VerifyNumber => self.verify_number(body).await,
            Do::RetryCode => self.retry_code(body).await,
            Do::UpdateNumber => self.update_number(body).await,
            Do::CallPermissions => self.call_permissions().await,
            Do::CreateFlow => self.create_flow(body).await,
            Do::ListFlows => self.list_flows().await,
            Do::MigrateFlows => self.migrate_flows(body).await,
            Do::SetFlowKey => self.set_flow_key(body).await,
            Do::FlowKey => self.flow_key().await,
            Do::ReadFlow | Do::FlowAssets => self.read_flow().await,
            Do::UpdateFlow | Do::PublishFlow | Do::DeprecateFlow | Do::DeleteFlow => {
                self.change_flow(body).await
            }
            Do::ListProfiles => self.list_profiles().await,
            Do::CreateProfile => self.create_profile(body).await,
            Do::ReadProfile => self.read_profile().await,
            Do::EditProfile => self.edit_profile(body).await,
            Do::DeleteProfile => self.delete_profile().await,
            // Answered before it came here.
            Do::UploadSample | Do::UpdateFlowJson => Ok(self.refuse(Wrong("no form".to_owned()))),
        }
    }

    fn core(&self) -> &Core {
        self.call.core
    }

    /// Does it, unless the fault that is due prevents it, and notes that it was done.
    async fn done(&self, act: impl FnOnce() -> Success) -> Result<HttpResponse, NoResponse> {
        outcome(&self.call, || {
            let what = self.operation.name();
            let journal = &self.core().journal;
            journal.write(self.call.about(), Fact::Managed { what });
            act()
        })
        .await
    }

    fn refuse(&self, Wrong(why): Wrong) -> HttpResponse {
        reject_payload(&self.call, why)
    }

    /// What Meta refuses: its error in Kaleyra's envelope. In which form Kaleyra passes it on, no page shows.
    fn refuse_as_meta(&self, refused: &RefusedTemplate) -> HttpResponse {
        let error = json!({
            "code": 100,
            "error_subcode": refused.subcode,
            "error_user_title": refused.title,
            "error_user_msg": refused.message,
        });
        let about = self.call.about();
        let code = Code::IncorrectPayload;
        let body = json!({"code": code, "message": refused.message, "data": {}, "error": error});
        let mut answer = response::json(StatusCode::BAD_REQUEST, &body);
        if self.core().tells_why {
            response::tell_why(&mut answer, &refused.message);
        }
        let why = refused.message.clone();
        self.core().rejected(about, 400, Some(code), why);
        answer
    }

    /// Notes one more call of this kind, unless there were too many in the last hour: then this is the response.
    fn over_quota(&self, max: usize) -> Option<HttpResponse> {
        let now = self.core().clock().now();
        let name = self.operation.name();
        let is_free = self.core().state.quota().take(self.subject, name, max, now);
        if is_free {
            return None;
        }
        let why = format!("the WABA has done this {max} times in the last hour");
        let code = Some(Code::TooManyRequests);
        self.core().rejected(self.call.about(), 429, code, why);
        Some(response::too_many_requests())
    }

    /// Whether so many more records can be kept.
    fn room(&self, count: usize) -> Result<(), Wrong> {
        match self.core().state.records().has_room(count) {
            true => Ok(()),
            false => Err(Wrong(format!(
                "the simulator keeps {} records (samples, flows, numbers, profiles) and no more: delete some, or reset it",
                Records::MAX
            ))),
        }
    }

    /// Keeps a record, and gives the response for that. That there is [room](Self::room) was looked for before, but another
    /// request may have taken it.
    fn keep(&self, kind: Kind, owner: &str, id: &str, value: Value, done: Success) -> Success {
        match self.core().state.records().put(kind, owner, id, value) {
            Ok(()) => done,
            Err(Full) => Success::full(),
        }
    }

    fn json(&self, body: &[u8]) -> Result<Value, Wrong> {
        payload::parse(&self.call.head.headers, body).map_err(Wrong)
    }

    /// A page of a list, by `limit` and `offset`.
    fn page<T>(&self, all: Vec<T>, default: usize) -> Result<Vec<T>, Wrong> {
        let number = |name: &str, default: usize| match self.query.text(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| Wrong(format!("{name}: must be a number"))),
        };
        let (limit, offset) = (number("limit", default)?, number("offset", 0)?);
        Ok(all.into_iter().skip(offset).take(limit).collect())
    }

    /// The values of a filter, which has commas between them; `None` where it is not given.
    fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = self.query.text(name)?;
        let values = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        Some(values.map(str::to_owned).collect())
    }
}

/// A string, or a number, in a JSON object.
fn text_of(json: &Value, name: &str) -> Option<String> {
    match &json[name] {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A string that has to be there.
fn required(json: &Value, name: &str) -> Result<String, Wrong> {
    text_of(json, name).ok_or_else(|| Wrong(format!("{name}: missing")))
}

/// Answers what is wrong at once.
macro_rules! or_refuse {
    ($asked:expr, $result:expr) => {
        match $result {
            Ok(value) => value,
            Err(wrong) => return Ok($asked.refuse(wrong)),
        }
    };
}
use or_refuse;
