//! What became of a message.

use std::fmt;

use kaleyra_wa_client::types::SendRequest;
use kaleyra_wa_client::types::error_code;
use kaleyra_wa_client::types::inbound::ErrorCode;
use kaleyra_wa_client::types::response::Code;
use kaleyra_wa_store::CampaignStore;
use kaleyra_wa_store::outbox::{SendRecord, SendState};
use kaleyra_wa_store::tracking::MessageRecord;
use kaleyra_wa_store::types::inbound::Stage;

use crate::OutboxError;
use crate::campaign::Template;
use crate::text::text_of;

/// What became of a message: what the outbox knows of the send, and what callbacks said.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_outbox::types::inbound::Callback;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-trackexample-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
/// let failed = Callback::from_slice(br#"{
///     "meta_object": {"field": "messages", "value": {"statuses": [{
///         "id": "wamid.A", "status": "failed", "recipient_id": "919800000001", "errors": [{"code": 131047}]
///     }]}},
///     "extra_info": {"ref": "order-17"}
/// }"#)?;
/// outbox.observe(&failed).await?;
///
/// let order = outbox.track("order-17").await?.expect("it was queued");
/// assert_eq!((order.state(), order.code()), ("failed", Some("131047")));
/// assert_eq!(order.text().as_deref(), Some("Your order is on its way."));
/// assert!(order.advice().is_some());
/// assert!(order.send().is_some() && order.message().is_some() && order.request().is_some());
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Track {
    send: Option<SendRecord>,
    message: Option<MessageRecord>,
    request: Option<SendRequest>,
}

pub(crate) async fn track(
    store: &dyn CampaignStore,
    name: &str,
) -> Result<Option<Track>, OutboxError> {
    let Some(send) = store.find_send(name).await? else {
        let message = store.message(name).await?;
        return Ok(message.map(|message| Track {
            send: None,
            message: Some(message),
            request: None,
        }));
    };
    let request = request_of(store, &send).await?;
    Ok(Some(Track {
        message: send.message.clone(),
        send: Some(send),
        request,
    }))
}

/// What went out, or is going to.
pub(crate) async fn request_of(
    store: &dyn CampaignStore,
    send: &SendRecord,
) -> Result<Option<SendRequest>, OutboxError> {
    if let (Some(id), Some(params)) = (send.campaign, &send.params) {
        let campaigns = store.campaigns().await?;
        let campaign = campaigns.iter().find(|campaign| campaign.id == id);
        return Ok(campaign.and_then(|campaign| {
            let template = Template::from_stored(&campaign.template).ok()?;
            template.fill(&send.recipient, &send.reference, params).ok()
        }));
    }
    let body = if send.as_fallback {
        &send.fallback
    } else {
        &send.body
    };
    Ok(body
        .as_ref()
        .and_then(|body| SendRequest::from_slice(body).ok()))
}

impl Track {
    /// What became of the message with this key or reference: for processes that have the store and send nothing.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Track;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-find-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    ///
    /// let order = Track::find(&store, "order-17").await?.expect("it was queued"); // without a client
    /// assert_eq!(order.state(), "queued");
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    pub async fn find(store: &dyn CampaignStore, name: &str) -> Result<Option<Self>, OutboxError> {
        track(store, name).await
    }

    /// What the outbox knows; `None` for a message that was sent in another way, and that callbacks were about.
    pub fn send(&self) -> Option<&SendRecord> {
        self.send.as_ref()
    }

    /// What callbacks said; `None` where there were none.
    pub fn message(&self) -> Option<&MessageRecord> {
        self.message.as_ref()
    }

    /// The request that went out, or is going to: the fallback where that was sent.
    pub fn request(&self) -> Option<&SendRequest> {
        self.request.as_ref()
    }

    /// The text that was sent, or a substitute: a caption, a template's name with what was put into it.
    pub fn text(&self) -> Option<String> {
        text_of(self.request.as_ref()?)
    }

    /// The state of the message as a word: the furthest that callbacks reported, else the state of the send.
    ///
    /// For an example see [`Outbox::track`](crate::Outbox::track).
    pub fn state(&self) -> &'static str {
        let stage = self.message.as_ref().and_then(MessageRecord::stage);
        match (stage, self.send.as_ref().map(|send| send.state)) {
            (Some(Stage::Accepted) | None, Some(state)) => state.as_str(),
            (Some(stage), _) => stage.as_str(),
            (None, None) => "unknown",
        }
    }

    /// The code of the failure, Kaleyra's or Meta's.
    pub fn code(&self) -> Option<&str> {
        let told = self.message.as_ref().and_then(|it| it.code.as_deref());
        told.or_else(|| self.send.as_ref()?.code.as_deref())
    }

    /// What to do about it, in a line without a full stop; `None` where nothing has to be done.
    ///
    /// For an example see [`Outbox::track`](crate::Outbox::track).
    pub fn advice(&self) -> Option<String> {
        let is_delivered = self
            .message
            .as_ref()
            .is_some_and(|it| it.reached >= Some(Stage::Delivered));
        if is_delivered {
            return None;
        }
        if let Some(code) = self.code() {
            return Some(advice_of(code));
        }
        let state = self.send.as_ref()?.state;
        let advice = match state {
            SendState::Uncertain => {
                "wait for a callback with its reference: until then nobody knows whether it was sent"
            }
            SendState::Unresolved => {
                "look for it in Kaleyra's reports; have it sent again only if a second copy does no harm"
            }
            SendState::Expired => "queue it again under a new key, with more time",
            SendState::Skipped => "nothing was sent: the reason says why",
            _ => return None,
        };
        Some(advice.to_owned())
    }
}

/// What a code means, and when the same may work.
pub(crate) fn advice_of(code: &str) -> String {
    let info = error_code::lookup(&ErrorCode::from(code)).or_else(|| Code::from(code).info());
    let Some(info) = info else {
        return format!("{code}: no page names this code");
    };
    let when = match info.class {
        error_code::ErrorClass::Transient => "it may work soon".to_owned(),
        error_code::ErrorClass::Wait(time) => {
            format!("it may work in {} minutes", time.as_secs().div_ceil(60))
        }
        error_code::ErrorClass::FixFirst => "mend that first".to_owned(),
        _ => "not as it is".to_owned(),
    };
    format!("{code}: {}; {when}", info.meaning)
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("state", &self.state())
            .field("code", &self.code())
            .finish_non_exhaustive()
    }
}
