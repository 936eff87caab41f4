//! `POST|DELETE|GET …/block_users`: blocks and unblocks users, and lists who is blocked.
//!
//! *Block WhatsApp User Numbers*, *Unblock …* and *Get List of …* tell the requests; their responses were not to be had. These
//! are Meta's within Kaleyra's envelope: an outcome for each user, and a page of the list with the cursors around it.

use http::HeaderMap;
use serde_json::{Value, json};

use super::outcome::outcome;
use super::{Call, reject_payload};
use crate::journal::Fact;
use crate::model::account::without_plus;
use crate::rules::payload;
use crate::server::NoResponse;
use crate::server::query::Query;
use crate::server::response::{HttpResponse, Success};
use crate::state::blocklist::{Cursor, Unblockable};

/// How many users one request may name, by Meta's *Block users*.
const USERS_MAX: usize = 1000;
/// The largest page of the list, and how many users it has where no limit is asked for. Both are made up.
const LIMIT_MAX: usize = 1000;
const LIMIT: usize = 100;

pub(super) async fn block(call: Call<'_>, body: &[u8]) -> Result<HttpResponse, NoResponse> {
    let users = match users(&call.head.headers, body) {
        Ok(users) => users,
        Err(why) => return Ok(reject_payload(&call, why)),
    };
    outcome(&call, || {
        let now = call.core.clock().unix_seconds();
        let (mut added, mut failed) = (Vec::new(), Vec::new());
        for user in &users {
            let verdict = call.core.state.with_lists(&call.business(), |lists| {
                lists.blocked.block(user, &lists.wrote, now)
            });
            match verdict {
                Ok(()) => added.push(outcome_of(user)),
                Err(why) => failed.push(failure_of(user, why)),
            }
        }
        let (added_count, failed_count) = (added.len(), failed.len());
        let fact = Fact::Blocked {
            added: added_count,
            failed: failed_count,
        };
        call.core.journal.write(call.about(), fact);
        let mut outcomes = json!({"added_users": added});
        if !failed.is_empty() {
            outcomes["failed_users"] = failed.into();
        }
        Success::processed(json!({"messaging_product": "whatsapp", "block_users": outcomes}))
    })
    .await
}

/// Unblocks them. Who is not blocked is none the less told as removed: that is what was asked for.
pub(super) async fn unblock(call: Call<'_>, body: &[u8]) -> Result<HttpResponse, NoResponse> {
    let users = match users(&call.head.headers, body) {
        Ok(users) => users,
        Err(why) => return Ok(reject_payload(&call, why)),
    };
    outcome(&call, || {
        call.core.state.with_lists(&call.business(), |lists| {
            users.iter().for_each(|user| lists.blocked.unblock(user));
        });
        let removed: Vec<Value> = users.iter().map(|user| outcome_of(user)).collect();
        let fact = Fact::Unblocked {
            removed: removed.len(),
        };
        call.core.journal.write(call.about(), fact);
        let outcomes = json!({"removed_users": removed});
        Success::processed(json!({"messaging_product": "whatsapp", "block_users": outcomes}))
    })
    .await
}

pub(super) async fn list(call: Call<'_>, query: &Query) -> Result<HttpResponse, NoResponse> {
    let (limit, before, after) = match page_asked_for(query) {
        Ok(page) => page,
        Err(why) => return Ok(reject_payload(&call, why)),
    };
    outcome(&call, || {
        let page = call.core.state.with_lists(&call.business(), |lists| {
            lists.blocked.page(limit, before, after)
        });
        let what = "blocked users";
        call.core.journal.write(call.about(), Fact::Read { what });
        let users: Vec<Value> = page
            .users
            .iter()
            .map(|wa_id| json!({"messaging_product": "whatsapp", "wa_id": wa_id}))
            .collect();
        let paging = page
            .cursors
            .map(|(before, after)| json!({"cursors": {"before": before, "after": after}}));
        Success::processed(Value::Array(users)).paging(paging)
    })
    .await
}

fn outcome_of(user: &str) -> Value {
    json!({"input": user, "wa_id": without_plus(user)})
}

fn failure_of(user: &str, why: Unblockable) -> Value {
    let (code, text, details) = match why {
        Unblockable::WroteNotLately => (
            131_047,
            "Re-engagement required",
            "The user has not messaged the business in the last 24 hours.",
        ),
        Unblockable::Full => (
            139_101,
            "Blocklist limit reached",
            "The list of blocked users has 64,000 entries.",
        ),
    };
    let mut outcome = outcome_of(user);
    outcome["errors"] = json!([
        {"message": text, "code": code, "error_data": {"details": details}}
    ]);
    outcome
}

/// The users that a request names, or what is wrong with it.
fn users(headers: &HeaderMap, body: &[u8]) -> Result<Vec<String>, String> {
    let json = payload::parse(headers, body)?;
    if json["messaging_product"] != "whatsapp" {
        return Err("messaging_product: must be `whatsapp`".to_owned());
    }
    let users = json["block_users"]
        .as_array()
        .ok_or("block_users: must be an array")?;
    if !(1..=USERS_MAX).contains(&users.len()) {
        return Err(format!("block_users: must name 1 to {USERS_MAX} users"));
    }
    let user = |(index, entry): (usize, &Value)| match entry["user"].as_str() {
        Some(user) if !user.is_empty() => Ok(user.to_owned()),
        _ => Err(format!(
            "block_users[{index}].user: must be a number in a string"
        )),
    };
    users.iter().enumerate().map(user).collect()
}

type Asked = (usize, Option<Cursor>, Option<Cursor>);

fn page_asked_for(query: &Query) -> Result<Asked, String> {
    let limit = match query.text("limit") {
        None => LIMIT,
        Some(digits) => digits
            .parse()
            .ok()
            .filter(|limit| (1..=LIMIT_MAX).contains(limit))
            .ok_or_else(|| format!("limit: must be from 1 to {LIMIT_MAX}"))?,
    };
    let cursor = |name: &str| match query.text(name) {
        None => Ok(None),
        Some(text) => match Cursor::parse(text) {
            Some(cursor) => Ok(Some(cursor)),
            None => Err(format!("{name}: is not a cursor of this list")),
        },
    };
    Ok((limit, cursor("before")?, cursor("after")?))
}
