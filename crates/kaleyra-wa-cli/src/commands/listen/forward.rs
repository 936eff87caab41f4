//! Passes callbacks on to another webhook: the same bytes, the same headers.

use bytes::Bytes;
use http::{HeaderMap, Method};
use kaleyra_wa_webhook::SinkError;

use super::along::Head;
use super::save::is_of_connection;
use crate::commands::post::{Poster, why};
use crate::exit::Exit;
use crate::show::output::{complain, note};

/// A webhook that gets the same callbacks as this one.
pub(super) struct Forward(Poster);

impl Forward {
    pub(super) fn new(url: &str) -> Result<Self, Exit> {
        Ok(Self(Poster::new("--forward", url)?))
    }

    /// Posts it on; what was not taken is not acknowledged.
    pub(super) async fn post(&self, head: Option<&Head>, raw: &Bytes) -> Result<(), SinkError> {
        let mut headers = HeaderMap::new();
        for (name, value) in head.iter().flat_map(|head| &head.headers) {
            if !is_of_connection(name) {
                headers.append(name, value.clone());
            }
        }
        let method = head.map_or(Method::POST, |head| head.method.clone());
        let query = head.and_then(|head| head.query.as_deref());
        // What came by GET has all that it says in the query.
        let body = match method {
            Method::GET => Bytes::new(),
            _ => raw.clone(),
        };
        let to = self.0.shown();
        match self.0.send(method, query, &headers, body).await {
            Ok(answer) if answer.is_taken() => {
                note(format!(
                    "  → {to} {} in {} ms",
                    answer.status,
                    answer.took.as_millis()
                ));
                Ok(())
            }
            Ok(answer) => {
                complain(format!(
                    "  → {to} {}: {}; responded with 503, so that Kaleyra may try again",
                    answer.status,
                    answer.says()
                ));
                Err(SinkError::new("the webhook behind did not take it"))
            }
            Err(error) => {
                complain(format!(
                    "  → {to}: {}; responded with 503, so that Kaleyra may try again",
                    why(&error)
                ));
                Err(SinkError::new("the webhook behind was not reached"))
            }
        }
    }
}
