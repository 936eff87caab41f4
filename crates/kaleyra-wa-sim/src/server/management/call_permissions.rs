//! `/v2/{sid}/whatsapp/call_permissions`: which users may be called, by what they answered to the last request for it.

use serde_json::{Value, json};

use super::{Asked, Wrong, or_refuse};
use crate::core::Core;
use crate::model::account::without_plus;
use crate::model::conversation::ConversationId;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};
use crate::state::conversations::Line;

impl Asked<'_> {
    pub(super) async fn call_permissions(self) -> Result<HttpResponse, NoResponse> {
        let businesses = self.list("business_phone_number").unwrap_or_default();
        let users = self.list("user_phone_number").unwrap_or_default();
        if businesses.is_empty() || users.is_empty() {
            let why = "business_phone_number and user_phone_number: both are needed";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        if !businesses.iter().all(|number| self.is_of_account(number)) {
            let why = "business_phone_number: is none of the account's";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        let mut all = Vec::new();
        for business in &businesses {
            for user in &users {
                all.push(permission(
                    self.core(),
                    without_plus(business),
                    without_plus(user),
                ));
            }
        }
        let page = or_refuse!(self, self.page(all, 25));
        self.done(|| Success::processed(Value::Array(page))).await
    }
}

impl Asked<'_> {
    fn is_of_account(&self, number: &str) -> bool {
        let found = self.core().accounts.find_number(number);
        let waba = &self.call.number.business.waba_id;
        found.is_some_and(|found| found.business.waba_id == *waba)
    }
}

/// What a user allowed, in Meta's words.
fn permission(core: &Core, business: &str, user: &str) -> Value {
    let lines = core
        .state
        .conversations()
        .lines(&ConversationId::new(business, user));
    let mut replies = lines.iter().rev().filter_map(|line| match line {
        Line::User { message, .. } => message.content().get("call_permission_reply").cloned(),
        Line::Business { .. } => None,
    });
    let reply = replies.next().unwrap_or_default();
    let expiry = reply["expiration_timestamp"].as_u64();
    let is_open = expiry.is_none_or(|expiry| expiry > core.clock().unix_seconds());
    let status = match reply["response"].as_str() {
        Some("accept") if reply["is_permanent"] == true => "permanent",
        Some("accept") if is_open => "temporary",
        _ => "no_permission",
    };
    let mut permission = json!({"status": status});
    if status == "temporary" {
        permission["expiration_time"] = expiry.into();
    }
    let is_allowed = status != "no_permission";
    json!({
        "business_phone_number": business,
        "user_phone_number": user,
        "permission": permission,
        "actions": [
            {"action_name": "send_call_permission_request", "can_perform_action": !is_allowed},
            {"action_name": "start_call", "can_perform_action": is_allowed},
        ],
    })
}
