//! What the store tells the loop.

use kaleyra_wa_store::{Change, Changes};
use tokio::sync::mpsc;

/// What changes in the store mean for the loop.
pub(super) enum Told {
    TooFast,
    Campaigns,
}

/// Listens to the store on a task of its own: most of what it tells is about messages that just landed here.
pub(super) fn listen(mut changes: Changes) -> mpsc::Receiver<Told> {
    let (sender, told) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            let change = tokio::select! {
                change = changes.next() => change,
                () = sender.closed() => return,
            };
            let told = match change {
                Some(Change::Message {
                    code: Some(code), ..
                }) if code == "130429" => Told::TooFast,
                Some(Change::Campaign { .. } | Change::Missed(_)) => Told::Campaigns,
                Some(_) => continue,
                None => return,
            };
            // Where several wait, one more says nothing new.
            let _ = sender.try_send(told);
        }
    });
    told
}
