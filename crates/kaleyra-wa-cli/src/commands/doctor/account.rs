//! Whether SID, key and number fit together, and what the number may do.

use std::sync::{Arc, Mutex, PoisonError};

use kaleyra_wa_client::{
    Account, Availability, BaseUrl, Client, Error, MediaFile, PhoneNumberDetails, Pod,
};
use kaleyra_wa_transport::{
    Request, ReqwestTransport, Response, Transport, TransportError, async_trait,
};
use kaleyra_wa_types::response::ApiFailure;

use super::finding::{Check, Finding, Verdict};
use super::{Doctor, Report, network, profiles};
use crate::exit::Exit;
use crate::global;
use crate::show::failure::{KALEYRAS_CODES, shown};
use crate::show::output::ask;

const ACCOUNT: Check = Check(5, "account");
const NUMBER: Check = Check(6, "number");
const BALANCE: Check = Check(7, "balance");
const UPLOAD: Check = Check(8, "upload");

/// One transparent pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\
\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";

/// What the account is made of; the key is read once, as a command may have to be run for it.
pub(super) struct Known {
    pub(super) server: BaseUrl,
    pub(super) sid: String,
    pub(super) api_key: String,
    pub(super) sender: String,
}

impl Known {
    /// The account on this server.
    fn on(&self, server: BaseUrl) -> Result<Account, Exit> {
        let (sid, key, sender) = (&*self.sid, &*self.api_key, &*self.sender);
        Account::new(server, sid, key, sender).map_err(Exit::bad_input)
    }

    /// The account, checked.
    pub(super) fn account(&self) -> Result<Account, Exit> {
        self.on(self.server.clone())
    }
}

/// A transport that notes what time the server has.
struct Dated {
    inner: ReqwestTransport,
    date: Arc<Mutex<Option<String>>>,
}

#[async_trait]
impl Transport for Dated {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let answer = self.inner.execute(request).await?;
        let date = answer.headers().get(http::header::DATE);
        if let Some(Ok(date)) = date.map(|date| date.to_str()) {
            *self.date.lock().unwrap_or_else(PoisonError::into_inner) = Some(date.to_owned());
        }
        Ok(answer)
    }
}

/// Asks the server about the account.
pub(super) async fn examine(
    doctor: &Doctor,
    known: &Known,
    report: &mut Report,
) -> Result<(), Exit> {
    let account = known.account()?;
    let date = Arc::<Mutex<Option<String>>>::default();
    let transport = Dated {
        inner: ReqwestTransport::builder()
            .timeout(global::settings().timeout())
            .build()
            .map_err(Exit::failed)?,
        date: Arc::clone(&date),
    };
    let client = Client::with_transport(account, transport);
    let details = client.phone_number_details().await;
    let told = date.lock().unwrap_or_else(PoisonError::into_inner).clone();
    report.tell(&network::clock(told.as_deref()))?;
    let asked = "GET …/phone_number_details";
    match details {
        Ok(details) => {
            report.tell(
                &ACCOUNT
                    .finds(Verdict::Ok, asked, "SID, key and number fit together")
                    .source("Fetch Phone Number Details API"),
            )?;
            report.tell_all(number(&details))?;
        }
        Err(error) => {
            report.tell(&refused(&error, asked))?;
            if doctor.try_hosts {
                report.tell_all(others(known).await)?;
            }
            return Ok(());
        }
    }
    report.tell(&balance(doctor, &client).await?)?;
    report.tell(&upload(doctor, &client).await?)?;
    // Only an address of this machine may be without TLS.
    let is_local = known.server.to_string().starts_with("http://");
    report.tell(&profiles::examine(&client, doctor.webhook.as_deref(), is_local).await)
}

/// Why the credential check failed, and where to look.
fn refused(error: &Error, asked: &str) -> Finding {
    let (means, advice) = match error.failure() {
        Some(ApiFailure::IncorrectCredentials) => (
            "the SID or the API key is wrong, or the account is in another region",
            "copy both anew from the console; try --pod in, sg, eu and na, or --try-hosts",
        ),
        Some(ApiFailure::SenderNotInAccount) => (
            "the sender's number is not one of this account's",
            "compare --sender with the numbers of the console's WhatsApp channel, country code first",
        ),
        Some(ApiFailure::ApiVersion) => (
            "the number's WABA is on the V1 API, so V2 refuses it",
            "ask Kaleyra's support to move the WABA to V2",
        ),
        Some(ApiFailure::AccountType) => (
            "this type of account may not use the API",
            "ask Kaleyra's support to open it: some calls are for postpaid accounts alone",
        ),
        Some(ApiFailure::LowBalance) => (
            "the balance of the account is too low",
            "top up the account in the console",
        ),
        Some(ApiFailure::Internal) => (
            "Kaleyra had an internal error",
            "try again in 5, 10 and 15 minutes; then ask Kaleyra's support",
        ),
        _ => match error.status().map(|status| status.as_u16()) {
            Some(429) => (
                "there were too many requests",
                "try again in 5, 10 and 15 minutes, and pace what sends",
            ),
            // Kaleyra's own failures come as JSON with a code.
            Some(status)
                if error.code().is_none() && !matches!(status, 401 | 403 | 407 | 502..=504) =>
            {
                (
                    "something else than Kaleyra responds at this address",
                    "check --base-url or KALEYRA_BASE_URL, and look for a proxy or firewall that responds by itself",
                )
            }
            Some(502..=504) => (
                "the server failed, or a gateway in front of it",
                "try again in 5, 10 and 15 minutes; if it stays, check --base-url, then ask Kaleyra's support",
            ),
            Some(500..) => (
                "the server failed",
                "try again in 5, 10 and 15 minutes; then ask Kaleyra's support",
            ),
            Some(200..300) => (
                "something else than Kaleyra responds at this address",
                "check --base-url, and look for a proxy or firewall that responds by itself",
            ),
            Some(_) => (
                "the server refused, for a reason that is not documented",
                "look at what came; check --base-url",
            ),
            None => (
                "there was no response",
                "check the network, and try again with a longer --timeout",
            ),
        },
    };
    ACCOUNT
        .finds(Verdict::Wrong, asked, means)
        .came(shown(error))
        .advice(advice)
        .source(KALEYRAS_CODES)
}

/// Kaleyra's other hosts, each asked with the key.
async fn others(known: &Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pod in [Pod::In, Pod::Sg, Pod::Eu, Pod::Na] {
        let server = BaseUrl::from(pod);
        if server.to_string() == known.server.to_string() {
            continue;
        }
        let account = known.on(server.clone());
        let Ok(Ok(client)) = account.map(Client::new) else {
            continue;
        };
        let asked = format!("GET {server}/…/phone_number_details");
        let name = pod.as_str();
        findings.push(match client.phone_number_details().await {
            Ok(_) => ACCOUNT
                .finds(
                    Verdict::Ok,
                    asked,
                    format!("the account is in the region {name}"),
                )
                .advice(format!("use --pod {name}")),
            Err(error) => ACCOUNT
                .finds(Verdict::Unknown, asked, format!("not in the region {name}"))
                .came(shown(&error)),
        });
    }
    findings
}

/// What there is to know about the number.
fn number(details: &PhoneNumberDetails) -> Vec<Finding> {
    let asked = "the response's details";
    let mut findings = Vec::new();
    let limit = details.messaging_limit();
    let facts = [
        ("quality", details.quality_rating()),
        ("limit", limit.as_ref().map(|limit| limit.as_str())),
        ("throughput", details.throughput_level()),
        ("status", details.status()),
    ];
    let facts = facts
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", (*value)?)));
    let facts = facts.collect::<Vec<_>>().join(", ");
    for problem in details.problems() {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        findings.push(
            NUMBER
                .finds(Verdict::Wrong, asked, text(problem.description))
                .came(format!(
                    "{} {}",
                    text(problem.entity_type),
                    problem.code.unwrap_or_default()
                ))
                .advice(text(problem.solution)),
        );
    }
    match details.can_send_message() {
        Some(Availability::Blocked) => findings.push(
            NUMBER
                .finds(Verdict::Wrong, asked, "the number may not send")
                .came(facts.clone())
                .advice("look at its quality and at the account's state in the console"),
        ),
        Some(Availability::Limited) => findings.push(
            NUMBER
                .finds(Verdict::Warning, asked, "the number sends with limits")
                .came(facts.clone())
                .advice("look at its quality and at the account's state in the console"),
        ),
        _ => {}
    }
    if details
        .quality_rating()
        .is_some_and(|it| it.eq_ignore_ascii_case("RED"))
    {
        findings.push(
            NUMBER
                .finds(
                    Verdict::Warning,
                    asked,
                    "users take its messages badly: quality RED",
                )
                .advice("send less, and only to those who asked for it; else the limit sinks"),
        );
    }
    if findings.is_empty() {
        let means = match facts.is_empty() {
            true => "nothing is said against it".to_owned(),
            false => facts,
        };
        findings.push(NUMBER.finds(Verdict::Ok, asked, means));
    }
    findings
}

/// One message, after a yes.
async fn balance(doctor: &Doctor, client: &Client) -> Result<Finding, Exit> {
    let Some(to) = &doctor.send_to else {
        return Ok(BALANCE
            .finds(
                Verdict::Unknown,
                "nothing",
                "it can't be asked; a send says E110 when it is used up",
            )
            .advice("see the console; or send one message with --send-to NUMBER"));
    };
    let asked = "one message to the number of --send-to";
    if !allowed(doctor, "Send one message, which may cost something?")? {
        return Ok(BALANCE.finds(Verdict::Unknown, asked, "not sent, as nobody said yes"));
    }
    let sent = client.send(
        to.as_str(),
        "kaleyra-wa doctor: this line was sent to see whether sending works.",
    );
    Ok(match sent.await {
        Ok(sent) => BALANCE
            .finds(Verdict::Ok, asked, "accepted")
            .came(sent.message_id().to_string()),
        Err(error) if error.failure() == Some(ApiFailure::LowBalance) => BALANCE
            .finds(
                Verdict::Wrong,
                asked,
                "the balance of the account is too low",
            )
            .came(shown(&error))
            .advice("top up the account in the console")
            .source(KALEYRAS_CODES),
        Err(error) => BALANCE
            .finds(Verdict::Wrong, asked, "the message was not accepted")
            .came(shown(&error))
            .advice("see what came; kaleyra-wa why CODE explains a code"),
    })
}

/// One pixel, after a yes.
async fn upload(doctor: &Doctor, client: &Client) -> Result<Finding, Exit> {
    if !doctor.with_upload {
        return Ok(UPLOAD
            .finds(
                Verdict::Unknown,
                "nothing",
                "not tried; only postpaid accounts may upload",
            )
            .advice("try it with --with-upload, or send media by public links"));
    }
    let asked = "POST …/media, a picture of one pixel";
    if !allowed(doctor, "Upload a picture of one pixel?")? {
        return Ok(UPLOAD.finds(Verdict::Unknown, asked, "not tried, as nobody said yes"));
    }
    Ok(
        match client.upload(MediaFile::bytes("pixel.png", PIXEL)).await {
            Ok(_) => UPLOAD.finds(Verdict::Ok, asked, "the account may upload"),
            Err(error) => UPLOAD
                .finds(Verdict::Wrong, asked, "the account may not upload")
                .came(shown(&error))
                .advice("send media by public links, or ask Kaleyra for a postpaid account")
                .source("Upload Media Files"),
        },
    )
}

/// Whether somebody says yes.
fn allowed(doctor: &Doctor, question: &str) -> Result<bool, Exit> {
    if doctor.yes {
        return Ok(true);
    }
    if global::settings().no_input || !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        return Ok(false);
    }
    ask(format!("{question} [y/N]"));
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(Exit::failed)?;
    Ok(line.trim().eq_ignore_ascii_case("y"))
}
