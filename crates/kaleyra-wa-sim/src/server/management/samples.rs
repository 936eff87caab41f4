//! `…/resumable_media`: samples for the headers of templates.

use serde_json::{Value, json};

use super::{Asked, Wrong, or_refuse};
use crate::core::samples::as_reported;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};
use crate::server::v2::form::Form;
use crate::state::records::{Full, Kind};

/// How many samples a WABA can upload in an hour, and what they may be: *Upload Resumable Media*.
const PER_HOUR: usize = 20;
const MAX_BYTES: u64 = 100 << 20;
const TYPES: [&str; 4] = ["application/pdf", "image/jpeg", "image/png", "video/mp4"];

impl Asked<'_> {
    pub(super) async fn upload_sample(self, form: Form) -> Result<HttpResponse, NoResponse> {
        let (name, sha256) = or_refuse!(self, check(form));
        or_refuse!(self, self.room(1));
        if let Some(answer) = self.over_quota(PER_HOUR) {
            return Ok(answer);
        }
        self.done(|| {
            let request = self.call.request;
            match self
                .core()
                .upload_sample(self.subject, &name, &sha256, request)
            {
                Ok(id) => Success::processed(json!({"id": id, "status": "PROCESSING"})),
                Err(Full) => Success::full(),
            }
        })
        .await
    }

    /// One sample by its id, or a page of them.
    pub(super) async fn read_sample(self) -> Result<HttpResponse, NoResponse> {
        let data = or_refuse!(self, self.samples());
        let Some(data) = data else {
            return Ok(self.refuse(Wrong("id: there is no such sample".to_owned())));
        };
        self.done(|| Success::processed(data)).await
    }
}

impl Asked<'_> {
    /// What is asked for; `None` where there is no such sample.
    fn samples(&self) -> Result<Option<Value>, Wrong> {
        let records = self.core().state.records();
        if let Some(id) = self.query.text("id") {
            return Ok(records.get(Kind::Sample, self.subject, id).map(as_reported));
        }
        let all = records.of(Kind::Sample, self.subject);
        let all = all.map(|(_, sample)| as_reported(sample)).collect();
        self.page(all, 25).map(|page| Some(Value::Array(page)))
    }
}

/// The file's name and digest, or what is wrong.
fn check(form: Form) -> Result<(String, String), Wrong> {
    let wrong = |why: &str| Err(Wrong(why.to_owned()));
    let Some(file) = form.file else {
        return wrong("file: missing");
    };
    if !form.mime_type.is_some_and(|it| TYPES.contains(&&*it)) {
        return wrong("type: a sample is a PDF, a JPEG, a PNG or an MP4");
    }
    if !(1..=MAX_BYTES).contains(&file.size) {
        return wrong("file: must have 1 byte to 100 MB");
    }
    let name = file.name.unwrap_or_default();
    let is_long = !(1..=255).contains(&name.chars().count());
    if is_long || name.contains(['\\', '/', '<', '@', '%', ' ']) {
        return wrong(
            "file: its name must have 1 to 255 characters, and none of \\ / < @ % and blank",
        );
    }
    Ok((name, file.sha256))
}
