//! One message on the wire.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_client::Client;
use kaleyra_wa_client::types::SendRequest;
use kaleyra_wa_store::CampaignStore;
use kaleyra_wa_store::campaign::CampaignId;
use kaleyra_wa_store::outbox::{Cargo, Flight, Landing, Purpose};
use tracing::Instrument;

use super::observe;
use super::verdict::{Sign, Verdict, verdict};
use crate::builder::Settings;
use crate::campaign::Template;

/// What a flight needs.
pub(super) struct Pilot {
    pub(super) client: Client,
    pub(super) store: Arc<dyn CampaignStore>,
    pub(super) settings: Settings,
    pub(super) sender: String,
}

/// A flight that has landed.
pub(super) struct Landed {
    pub(super) conversation: String,
    pub(super) campaign: Option<CampaignId>,
    pub(super) sign: Sign,
}

impl Pilot {
    /// Hands a message to the client, once, and records what became of it.
    pub(super) async fn fly(
        self: Arc<Self>,
        flight: Flight,
        campaign: Option<(CampaignId, Arc<Template>)>,
    ) -> Landed {
        let span = tracing::info_span!(
            "kaleyra_wa.outbox.send",
            send = flight.id.get(),
            attempt = flight.attempt,
            outcome = tracing::field::Empty,
        );
        async {
            let template = campaign.as_ref().map(|(_, template)| &**template);
            let Verdict { landing, sign } = self.send(&flight, template).await;
            tracing::Span::current().record("outcome", observe::outcome(&landing));
            let campaign = campaign.map(|(id, _)| id);
            self.note(&flight, campaign, &sign).await;
            self.land(&flight, landing).await;
            Landed {
                conversation: flight.conversation,
                campaign,
                sign,
            }
        }
        .instrument(span)
        .await
    }

    async fn send(&self, flight: &Flight, template: Option<&Template>) -> Verdict {
        let request = match (&flight.cargo, template) {
            (Cargo::Body(body), _) => {
                SendRequest::from_slice(body).map_err(|_| "its request can't be read".to_owned())
            }
            (Cargo::Params(params), Some(template)) => {
                template.fill(&flight.recipient, &flight.reference, params)
            }
            _ => Err("its template is gone".to_owned()),
        };
        match request {
            Ok(request) => {
                // Its limits were checked when it was queued.
                let outcome = self.client.send_request(request).unchecked().await;
                let now = self.store.time();
                verdict(&outcome, (flight, template.is_some()), now, &self.settings)
            }
            Err(reason) => Verdict {
                landing: Landing::Skipped { reason },
                sign: Sign::Silent,
            },
        }
    }

    /// What the outcome says about the user, or about all messages, is noted before it lands, so that the next attempt goes by it.
    async fn note(&self, flight: &Flight, campaign: Option<CampaignId>, sign: &Sign) {
        let noted = match sign {
            Sign::WindowClosed => {
                self.store
                    .close_window(&self.sender, &flight.conversation)
                    .await
            }
            Sign::OptedOut => {
                let (purpose, conversation) = (Purpose::Marketing, &flight.conversation);
                let source = "131050";
                self.store
                    .set_opt_out(&self.sender, conversation, purpose, true, source)
                    .await
            }
            Sign::Trouble { scope, why, wait } => {
                self.pause(campaign, *scope, why, *wait).await;
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "what a response says about a user could not be noted");
        }
    }

    /// The outcome is known: it is recorded, however long the store takes to be writable again.
    async fn land(&self, flight: &Flight, landing: Landing) {
        const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
        let mut pause = PAUSES.0;
        loop {
            let landed = self
                .store
                .land(flight.id, flight.attempt, landing.clone())
                .await;
            match landed {
                Ok(_) => return observe::landed(&landing),
                Err(error) if error.is_temporary() => {
                    tracing::warn!(%error, "an outcome could not be recorded yet");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
                Err(error) => {
                    tracing::error!(%error, "an outcome could not be recorded: the message is uncertain at the next start");
                    return;
                }
            }
        }
    }
}
