//! What became of each recipient, as CSV.

use std::io::Write;

use jiff::Timestamp;
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::campaign::{BadLine, CampaignRecord, CampaignState};
use kaleyra_wa_store::outbox::{SendId, SendQuery, SendRecord, SendState};
use kaleyra_wa_store::tracking::MessageRecord;

use crate::{Outbox, OutboxError};

/// How many rows are read at once.
const PAGE: usize = 2_000;

/// What a report has.
///
/// For an example see [`NewCampaign`](crate::NewCampaign).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Rows about recipients.
    pub recipients: u64,
    /// Rows about lines that are none.
    pub bad: u64,
    /// Rows about copies that a person had sent again.
    pub copies: u64,
}

const HEADER: [&str; 14] = [
    "line",
    "recipient",
    "state",
    "stage",
    "reference",
    "message_id",
    "http",
    "code",
    "reason",
    "flown_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "failed_at",
];

pub(super) async fn write(
    outbox: &Outbox,
    campaign: &CampaignRecord,
    to: impl Write + Send,
) -> Result<Report, OutboxError> {
    let unwritten =
        |error: csv::Error| OutboxError::File(format!("the report can't be written: {error}"));
    let store = &outbox.parts.store;
    let now = store.campaign(&campaign.name).await?;
    let is_cancelled = now.is_some_and(|now| now.state == CampaignState::Cancelled);
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(HEADER).map_err(unwritten)?;
    let mut report = Report::default();
    let mut bad = BadLines::default();
    let mut after = SendId::default();
    loop {
        let query = SendQuery::new()
            .campaign(campaign.id)
            .after(after)
            .limit(PAGE);
        let page = store.sends(query).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.id;
        for send in &page {
            let line = send.line.unwrap_or(u64::MAX);
            if send.retry_of.is_none() {
                while let Some(bad) = bad.before(outbox, campaign, line).await? {
                    csv.write_record(bad_row(&bad)).map_err(unwritten)?;
                    report.bad += 1;
                }
                report.recipients += 1;
            } else {
                report.copies += 1;
            }
            csv.write_record(row(send, is_cancelled))
                .map_err(unwritten)?;
        }
    }
    while let Some(bad) = bad.before(outbox, campaign, u64::MAX).await? {
        csv.write_record(bad_row(&bad)).map_err(unwritten)?;
        report.bad += 1;
    }
    csv.flush()
        .map_err(|error| OutboxError::File(format!("the report can't be written: {error}")))?;
    Ok(report)
}

/// The bad lines in their order, a page at a time.
#[derive(Default)]
struct BadLines {
    page: std::collections::VecDeque<BadLine>,
    last: u64,
    is_over: bool,
}

impl BadLines {
    /// The next, if it stands before this line.
    async fn before(
        &mut self,
        outbox: &Outbox,
        campaign: &CampaignRecord,
        line: u64,
    ) -> Result<Option<BadLine>, OutboxError> {
        if self.page.is_empty() && !self.is_over {
            let store = &outbox.parts.store;
            self.page = store.bad_lines(campaign.id, self.last, PAGE).await?.into();
            match self.page.back() {
                Some(last) => self.last = last.line,
                None => self.is_over = true,
            }
        }
        let is_before = self.page.front().is_some_and(|bad| bad.line < line);
        Ok(if is_before {
            self.page.pop_front()
        } else {
            None
        })
    }
}

fn bad_row(bad: &BadLine) -> [String; 14] {
    let mut row: [String; 14] = Default::default();
    row[0] = bad.line.to_string();
    row[2] = "bad_line".to_owned();
    row[8] = harmless(&bad.why);
    row
}

fn row(send: &SendRecord, is_cancelled: bool) -> [String; 14] {
    let message = send.message.as_ref();
    let time = |moment: Option<Moment>| {
        let moment = moment.and_then(|at| Timestamp::from_millisecond(at.as_millis()).ok());
        moment.map_or_else(String::new, |at| at.to_string())
    };
    let state = match send.state {
        SendState::Queued if is_cancelled => SendState::Cancelled,
        state => state,
    };
    let text = |text: Option<&String>| text.map_or_else(String::new, |text| harmless(text));
    let told = |of: fn(&MessageRecord) -> Option<&String>| message.and_then(of);
    let stage = message.and_then(MessageRecord::stage);
    [
        send.line.map_or_else(String::new, |line| line.to_string()),
        send.recipient.clone(),
        state.to_string(),
        stage.map_or_else(String::new, |stage| stage.to_string()),
        send.reference.clone(),
        text(send.message_id.as_ref()),
        send.http.map_or_else(String::new, |http| http.to_string()),
        text(told(|it| it.code.as_ref()).or(send.code.as_ref())),
        text(told(|it| it.title.as_ref()).or(send.reason.as_ref())),
        time(send.flown_at),
        time(message.and_then(|it| it.sent_at)),
        time(message.and_then(|it| it.delivered_at)),
        time(message.and_then(|it| it.read_at)),
        time(message.and_then(|it| it.failed_at)),
    ]
}

/// What a server said must not become a formula where the report is opened in a spreadsheet.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
