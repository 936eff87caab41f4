//! Reads the recipients and freezes them in the store, batch by batch.

use kaleyra_wa_client::types::Violation;
use kaleyra_wa_store::campaign::{BadLine, CampaignRecord, CampaignRow, CampaignState};
use tokio::sync::mpsc;

use super::recipients::{Line, Row};
use super::{Recipients, Template};
use crate::address::{conversation_of, name_of};
use crate::{Outbox, OutboxError};

/// How many batches may be read ahead.
const AHEAD: usize = 4;

/// The result of an import.
///
/// For an example see [`NewCampaign`](crate::NewCampaign).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// How many recipients the campaign has.
    pub recipients: u64,
    /// How many lines are not a recipient, including those that repeat one.
    pub bad: u64,
    /// How many lines of this run repeat a recipient.
    pub duplicates: u64,
    /// Whether an interrupted import was resumed.
    pub is_resumed: bool,
}

/// The recipients with what tells them from others; read on a thread of its own.
pub(super) async fn hashed(recipients: Recipients) -> Result<(Recipients, [u8; 32]), OutboxError> {
    let read = tokio::task::spawn_blocking(move || {
        let sha256 = recipients.sha256();
        (recipients, sha256)
    });
    let (recipients, sha256) = read.await.map_err(|_| ended())?;
    let sha256 = sha256
        .map_err(|error| OutboxError::File(format!("the recipients can't be read: {error}")))?;
    Ok((recipients, sha256))
}

/// The recipients, once it is sure that the file can be read, has the columns of the template, and has a recipient. It is
/// read up to the first.
pub(super) async fn checked(
    template: &Template,
    recipients: Recipients,
) -> Result<Recipients, OutboxError> {
    let template = template.clone();
    let read = tokio::task::spawn_blocking(move || {
        let (mut has_one, mut first_bad) = (false, None);
        let outcome = recipients.read(template.columns(), &mut |line: Line| {
            let row = line.row;
            // References of imported lines are no longer than this.
            match row.and_then(|row| frozen(&template, "00000000", line.number, row)) {
                Ok(_) => {
                    has_one = true;
                    // Ends the reading.
                    Err(String::new())
                }
                Err(why) => {
                    first_bad.get_or_insert((line.number, why));
                    Ok(())
                }
            }
        });
        match (has_one, outcome) {
            (true, _) => Ok(recipients),
            (false, Err(why)) => Err(why),
            (false, Ok(())) => Err(match first_bad {
                Some((line, why)) => {
                    format!("no line of the recipients can be used; line {line}: {why}")
                }
                None => "the file has no recipients: it needs a line for each".to_owned(),
            }),
        }
    });
    let checked = read.await.map_err(|_| ended())?;
    checked.map_err(OutboxError::File)
}

fn ended() -> OutboxError {
    OutboxError::Campaign("the import ended early".to_owned())
}

#[derive(Default)]
struct Batch {
    rows: Vec<CampaignRow>,
    bad: Vec<BadLine>,
    /// The last line.
    read: u64,
}

/// Imports what is not imported yet, and makes the campaign ready.
pub(super) async fn run(
    outbox: &Outbox,
    record: &CampaignRecord,
    template: Template,
    recipients: Recipients,
    batch_size: usize,
    mut progress: impl FnMut(u64) + Send,
) -> Result<Import, OutboxError> {
    let store = &outbox.parts.store;
    let mut import = Import {
        is_resumed: record.source_rows > 0 && record.state == CampaignState::Importing,
        ..Import::default()
    };
    if record.state == CampaignState::Importing {
        let (sender, mut batches) = mpsc::channel(AHEAD);
        let (after, token) = (record.source_rows, record.token.clone());
        let reading = tokio::task::spawn_blocking(move || {
            read(&template, &recipients, after, &token, batch_size, &sender)
        });
        let mut read = record.source_rows;
        while let Some(Batch {
            rows,
            bad,
            read: to,
        }) = batches.recv().await
        {
            let imported = store.import(record.id, read, to, rows, bad).await?;
            import.duplicates += imported.duplicates;
            read = to;
            progress(read);
        }
        let outcome = reading.await.map_err(|_| ended())?;
        outcome.map_err(OutboxError::File)?;
        let from = [CampaignState::Importing];
        store
            .move_campaign(record.id, &from, CampaignState::Ready, None)
            .await?;
    }
    if let Some(record) = store.campaign(&record.name).await? {
        import.recipients = record.recipients();
        import.bad = record.bad;
    }
    Ok(import)
}

fn read(
    template: &Template,
    recipients: &Recipients,
    after: u64,
    token: &str,
    batch_size: usize,
    batches: &mpsc::Sender<Batch>,
) -> Result<(), String> {
    let mut batch = Batch::default();
    let send = |batch: Batch| {
        // Whoever waited for it went away, with a reason of their own.
        batches.blocking_send(batch).map_err(|_| String::new())
    };
    let outcome = recipients.read(template.columns(), &mut |line: Line| {
        if line.number <= after {
            return Ok(());
        }
        batch.read = line.number;
        match line
            .row
            .and_then(|row| frozen(template, token, line.number, row))
        {
            Ok(row) => batch.rows.push(row),
            Err(why) => batch.bad.push(BadLine::new(line.number, why)),
        }
        if batch.rows.len() + batch.bad.len() >= batch_size {
            send(std::mem::take(&mut batch))?;
        }
        Ok(())
    });
    if let Err(why) = outcome {
        return if why.is_empty() { Ok(()) } else { Err(why) };
    }
    if !batch.rows.is_empty() || !batch.bad.is_empty() {
        let _ = send(batch);
    }
    Ok(())
}

/// A recipient as it is kept, once it is sure that a message can be made of it.
fn frozen(template: &Template, token: &str, line: u64, row: Row) -> Result<CampaignRow, String> {
    for (column, value) in template.columns().iter().zip(&row.values) {
        if value.trim().is_empty() {
            return Err(format!("`{column}` is empty"));
        }
        // WhatsApp refuses these in a template's parameters.
        if value.contains(['\n', '\r', '\t']) {
            return Err(format!("`{column}` has a line break or a tab"));
        }
        if value.contains("     ") {
            return Err(format!("`{column}` has more than four spaces in a row"));
        }
    }
    let (recipient, conversation) = (name_of(&row.recipient), conversation_of(&row.recipient));
    let reference = format!("{token}-{line}");
    let request = template.request(row.recipient, &reference, &row.values)?;
    let violations = request.violations();
    if !violations.is_empty() {
        let told: Vec<String> = violations.iter().map(Violation::to_string).collect();
        return Err(told.join("; "));
    }
    let params =
        serde_json::to_string(&row.values).map_err(|_| "its values can't be written".to_owned())?;
    Ok(CampaignRow {
        line,
        recipient,
        conversation,
        params,
    })
}
