//! Samples for the headers of templates: uploaded, and some time later their handle is there.

use serde_json::{Value, json};

use super::Core;
use super::callbacks::NewCallback;
use super::worker::Job;
use crate::base64;
use crate::callback::template::{COMPANY_ID, PROFILE_ID};
use crate::journal::TEMPLATE;
use crate::model::basis::Basis;
use crate::state::records::{Full, Kind};

impl Core {
    /// Keeps a sample, and gives its id, which is a number.
    pub(crate) fn upload_sample(
        &self,
        waba: &str,
        file_name: &str,
        sha256: &str,
        cause: u64,
    ) -> Result<u64, Full> {
        let mut records = self.state.records();
        let last = records
            .of(Kind::Sample, waba)
            .filter_map(|(id, _)| id.parse::<u64>().ok());
        let id = last.max().unwrap_or(638) + 1;
        let sample = json!({
            "resumable_media_id": id.to_string(),
            "waba_id": waba,
            "company_id": COMPANY_ID,
            "status": "PROCESSING",
            "file_name": file_name,
            "sha256": sha256,
            "time": self.clock().unix_seconds().to_string(),
        });
        records.put(Kind::Sample, waba, &id.to_string(), sample)?;
        drop(records);
        let job = Job::Sample(waba.to_owned(), id.to_string(), cause);
        if self.schedule.push(self.clock().now(), job).is_err() {
            tracing::warn!("a sample was dropped: too many jobs wait");
        }
        Ok(id)
    }

    /// A sample has been taken over: it has a handle, and the webhook is told.
    pub(super) fn sample_is_due(&self, waba: &str, id: &str, cause: u64) {
        let mut records = self.state.records();
        let Some(mut sample) = records.get(Kind::Sample, waba, id).cloned() else {
            return;
        };
        let digest = sample["sha256"].as_str().unwrap_or_default().to_owned();
        let name = sample["file_name"].as_str().unwrap_or_default();
        let handle = base64::encode(format!("{waba}:{id}:{name}").as_bytes());
        sample["status"] = "UPLOADED".into();
        sample["uploaded_file_handle"] = format!("4::{handle}:{digest}").into();
        sample["file_link"] = format!("{}/media/sample-{id}", self.base_url).into();
        sample["time"] = self.clock().unix_seconds().to_string().into();
        // It was there already, so that there is room.
        let _ = records.put(Kind::Sample, waba, id, sample.clone());
        drop(records);
        if self.webhook().is_none() {
            return;
        }
        let mut body = as_reported(&sample);
        body["callback_profile_id"] = PROFILE_ID.into();
        body["field"] = "resumable_media".into();
        self.call_back(NewCallback {
            kind: TEMPLATE,
            event: "sample UPLOADED".to_owned(),
            about: None,
            conversation: None,
            cause: Some(cause),
            basis: Some(Basis::Documented(
                "Callback Profile for WhatsApp Resumable Media Status Update",
            )),
            type_name: String::new(),
            reference: String::new(),
            body,
            is_once: false,
        });
    }
}

/// A sample without what is the simulator's own.
pub(crate) fn as_reported(sample: &Value) -> Value {
    let mut reported = sample.clone();
    if let Value::Object(fields) = &mut reported {
        fields.remove("sha256");
    }
    reported
}
