//! `GET …/phone_number_details`: how the sender's number stands.
//!
//! *Fetch Phone Number Details API* lists what is told, but the response was not to be had: names and values are those of Meta,
//! whose fields the list goes through one by one.

use serde_json::{Value, json};

use super::Call;
use super::outcome::outcome;
use crate::callback::Business;
use crate::journal::Fact;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};

pub(super) async fn answer(call: Call<'_>) -> Result<HttpResponse, NoResponse> {
    outcome(&call, || {
        let what = "phone number details";
        call.core.journal.write(call.about(), Fact::Read { what });
        Success::processed(details(&call.number.business))
    })
    .await
}

fn details(business: &Business) -> Value {
    json!({
        "id": business.phone_number_id,
        "display_phone_number": business.display_phone_number,
        "verified_name": "Example Shop",
        "name_status": "APPROVED",
        "status": "CONNECTED",
        "quality_rating": "GREEN",
        "quality_score": {"score": "GREEN"},
        "messaging_limit_tier": "TIER_1K",
        "throughput": {"level": "STANDARD"},
        "health_status": {
            "can_send_message": "AVAILABLE",
            "can_receive_call_sip": "AVAILABLE",
            "entities": [
                {
                    "entity_type": "PHONE_NUMBER",
                    "id": business.phone_number_id,
                    "can_send_message": "AVAILABLE",
                    "can_receive_call_sip": "AVAILABLE",
                },
                {
                    "entity_type": "WABA",
                    "id": business.waba_id,
                    "can_send_message": "AVAILABLE",
                },
            ],
        },
    })
}
