//! The task that hears of events that others keep.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::failure::Outcome;
use crate::inbox::lane;
use crate::record::{State, read};
use crate::store::Inner;
use crate::takeover::{id_of, place_of};

/// How long to wait before it is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long nothing may be heard before it is asked for anew.
const SILENCE: Duration = Duration::from_secs(5);

/// Follows the stream of events, from the one after this on, by their headers.
pub(crate) async fn follow(inner: Arc<Inner>, mut known: i64) {
    loop {
        if let Err(failure) = listen(&inner, &mut known).await {
            let error = kaleyra_wa_store::StoreError::from(failure);
            tracing::warn!(%error, "events that others keep can't be followed for now");
            sleep(PAUSE).await;
        }
    }
}

async fn listen(inner: &Inner, known: &mut i64) -> Outcome<()> {
    let names = &inner.link.names;
    let filter = vec![names.all_events()];
    let stream = names.events();
    let mut scan = inner.link.scan(&stream, filter, *known + 1, true).await?;
    loop {
        // Where the network was cut, a reader may wait for what nobody sends it any more.
        let Ok(next) = timeout(SILENCE, scan.follow()).await else {
            return Ok(());
        };
        let (event, _) = next?;
        let id = id_of(&event);
        let Some(partition) = place_of(names, &event) else {
            continue;
        };
        // What is being kept here is told of by the one who keeps it.
        let order = inner.order.lock().await;
        // Of another store, it may have been tried or settled there.
        let moved = event.moved.as_deref();
        let moved = moved.map(|it| read::<State>(it.as_bytes())).transpose()?;
        let event = (id, lane(&event)?);
        let is_ours = inner.index().heard(partition, event, moved.as_ref());
        drop(order);
        *known = id;
        if is_ours {
            inner.signals.moved();
        }
    }
}
