//! Samples for the headers of templates: uploaded, and polled until their handle is ready.

use std::fmt;
use std::time::Duration;

use kaleyra_wa_types::response::Response;
use serde_json::Value;

use super::Waba;
use super::draft::{Draft, awaited, overridable};
use crate::decoded_response::find;
use crate::endpoint::endpoints;
use crate::error::{Cause, UnsendableFile};
use crate::media::Form;
use crate::{Error, MediaFile};

endpoints! {
    /// Stores a sample.
    UPLOAD_SAMPLE = "upload_sample", Upload POST "/v2/{sid}/whatsapp/{waba}/resumable_media";

    /// Reads the state of a sample.
    SAMPLE = "sample", Read GET "/v2/{sid}/whatsapp/{waba}/resumable_media";
}

/// The maximum number of bytes in a sample.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// A sample that is uploaded when this is awaited; made by [`Waba::upload_sample`].
///
/// The type is told by the extension; of a file without one, it is given:
///
/// ```
/// use kaleyra_wa_client::{Client, MediaFile};
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"639"}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let waba = client.waba("102000000000001");
/// let uploaded = waba.upload_sample(MediaFile::bytes("banner", "PNG…")).mime_type("image/png").await?;
/// assert_eq!(uploaded.id().as_deref(), Some("639"));
///
/// let error = waba.upload_sample(MediaFile::bytes("banner.gif", "GIF…")).await.unwrap_err();
/// assert_eq!(error.attempts(), 0); // refused here: a sample is a .pdf, .jpeg, .jpg, .png or .mp4
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is uploaded until it is awaited"]
#[derive(Clone, Debug)]
pub struct UploadSample {
    draft: Draft,
    file: MediaFile,
    mime_type: Option<String>,
}

/// A sample was uploaded; its handle may follow.
///
/// ```
/// use kaleyra_wa_client::MediaFile;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"639","status":"IN_PROGRESS"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let uploaded = client.waba("102000000000001").upload_sample(MediaFile::bytes("banner.png", "PNG…")).await?;
/// assert_eq!(uploaded.id().as_deref(), Some("639"));
/// assert_eq!(uploaded.sample().status(), Some("IN_PROGRESS"));
/// assert!(uploaded.sample().handle().is_none()); // it follows: see `Waba::sample`
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct UploadedSample {
    sample: Sample,
}

/// A sample that is read when this is awaited; made by [`Waba::sample`].
///
/// ```
/// use std::time::Duration;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let pending = r#"{"code":"WA200","data":{"status":"IN_PROGRESS"}}"#;
/// # let ready = r#"{"code":"WA200","data":{"status":"UPLOADED","uploaded_file_handle":"4::aW1h"}}"#;
/// # let kaleyra = Scripted::new().respond(200, pending).respond(200, ready);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let polling = client.waba("102000000000001").sample("639");
/// let sample = polling.until_ready(Duration::from_secs(60)).every(Duration::from_millis(1)).await?;
/// assert_eq!(sample.handle(), Some("4::aW1h"));
/// assert_eq!(kaleyra.requests().len(), 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked until it is awaited"]
#[derive(Clone, Debug)]
pub struct ReadSample {
    draft: Draft,
    patience: Option<(Duration, Duration)>,
}

/// What is known of a sample, by a response or by a callback. `Debug` shows its state only.
///
/// ```
/// use kaleyra_wa_client::Sample;
///
/// // What Kaleyra posts to a callback profile once the file is at Meta.
/// let body = serde_json::json!({
///     "resumable_media_id": "639", "file_name": "banner.png", "status": "UPLOADED", "uploaded_file_handle": "4::aW1h"
/// });
/// let sample = Sample::of_callback(&body).unwrap();
/// assert_eq!(sample.id().as_deref(), Some("639"));
/// assert_eq!((sample.status(), sample.file_name()), (Some("UPLOADED"), Some("banner.png")));
/// assert_eq!(sample.handle(), Some("4::aW1h"));
/// assert_eq!(sample.value(), &body);
/// ```
#[derive(Clone)]
pub struct Sample {
    value: Value,
}

impl Waba {
    /// Uploads a sample for the header of a template. What comes back has an id; the *handle*, which goes into the
    /// definition, follows by callback, or is [read](Self::sample).
    ///
    /// - A `.pdf`, `.jpeg`, `.jpg`, `.png` or `.mp4` of at most 100 MB; the name has 1 to 255 characters, no space and none of
    ///   `\ / < @ %`.
    /// - 20 in an hour for a WABA. The handle is good for 24 hours. Meta refuses a URL in its place.
    ///
    /// *Inferred*: the response, as the page shows none. The id is looked for as `id` or `resumable_media_id`.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_client::MediaFile;
    /// use kaleyra_wa_client::types::template::TemplateDefinition;
    ///
    /// # async fn run(waba: &kaleyra_wa_client::Waba, image: Vec<u8>) -> Result<(), kaleyra_wa_client::Error> {
    /// let uploaded = waba.upload_sample(MediaFile::bytes("banner.png", image)).await?;
    /// let sample = waba.sample(uploaded.id().unwrap_or_default()).until_ready(Duration::from_secs(60)).await?;
    /// if let Some(handle) = sample.handle() {
    ///     let definition = TemplateDefinition::marketing("spring", "en")
    ///         .header_image(handle)
    ///         .body("Everything is new today.", [] as [&str; 0]);
    ///     waba.create_template(&definition).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Upload Resumable Media*.
    pub fn upload_sample(&self, file: impl Into<MediaFile>) -> UploadSample {
        UploadSample {
            draft: self.draft(&UPLOAD_SAMPLE),
            file: file.into(),
            mime_type: None,
        }
    }

    /// What became of a sample, by its id.
    ///
    /// *Inferred*: the response has the fields of the callback.
    ///
    /// For an example see [`Waba::upload_sample`].
    ///
    /// Source: *Get Resumable Media*.
    pub fn sample(&self, id: impl Into<String>) -> ReadSample {
        ReadSample {
            draft: self.draft(&SAMPLE).parameter("id", id),
            patience: None,
        }
    }
}

impl UploadSample {
    /// Says what the file is, where its extension does not.
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    async fn perform(self) -> Result<UploadedSample, Error> {
        let name = self.file.as_name().to_owned();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let mime_type = match (&self.mime_type, extension.to_ascii_lowercase().as_str()) {
            (Some(given), _) => given.clone(),
            (None, "pdf") => "application/pdf".to_owned(),
            (None, "jpg" | "jpeg") => "image/jpeg".to_owned(),
            (None, "png") => "image/png".to_owned(),
            (None, "mp4") => "video/mp4".to_owned(),
            _ => {
                return Err(self
                    .draft
                    .refuse("a sample is a .pdf, .jpeg, .jpg, .png or .mp4"));
            }
        };
        if mime_type.contains(['\r', '\n']) {
            return Err(self.draft.refuse("the type of the file has a line end"));
        }
        if !(1..=255).contains(&name.chars().count())
            || name.contains(['\\', '/', '<', '@', '%', ' ', '"'])
        {
            let reason = "the name of a sample has 1 to 255 characters, no space and none of \\ / < @ % and quotes: give another with MediaFile::name";
            return Err(self.draft.refuse(reason));
        }
        let opened = self.file.open().await.map_err(|error| {
            let cause = Cause::UnsendableFile(UnsendableFile::Unreadable(error));
            Error::new(cause, UPLOAD_SAMPLE.class, 0)
        })?;
        if !(1..=MAX_BYTES).contains(&opened.len()) {
            return Err(self
                .draft
                .refuse("a sample has at least one byte and at most 100 MB"));
        }
        let form = Form::of(&[("type", &mime_type)], &mime_type, &name, opened);
        let reply = self.draft.ask_with(form).await?;
        let response = reply.into_success()?;
        Ok(UploadedSample {
            sample: Sample::of_response(response),
        })
    }
}

impl ReadSample {
    /// Polls every few seconds until the handle is ready, for at most this long; the outcome is then what is known, with
    /// or without a handle. It ends sooner where the state is a failure.
    pub fn until_ready(mut self, limit: Duration) -> Self {
        self.patience = Some((Duration::from_secs(3), limit));
        self
    }

    /// How long to wait between two requests. Default: 3 s.
    pub fn every(mut self, pause: Duration) -> Self {
        if let Some((known, _)) = &mut self.patience {
            *known = pause;
        }
        self
    }

    async fn perform(self) -> Result<Sample, Error> {
        let clock = &self.draft.client.settings.clock;
        let start = clock.now();
        loop {
            let sample = Sample::of_response(self.draft.succeed().await?);
            let Some((pause, limit)) = self.patience else {
                return Ok(sample);
            };
            let waited = clock.now().saturating_sub(start);
            if sample.handle().is_some() || sample.has_failed() || waited + pause > limit {
                return Ok(sample);
            }
            clock.sleep(pause).await;
        }
    }
}

awaited!(UploadSample => UploadedSample);
awaited!(ReadSample => Sample);
overridable!(ReadSample);

impl UploadedSample {
    /// The id to ask for it by.
    pub fn id(&self) -> Option<String> {
        self.sample.id()
    }

    /// All that is known of it already.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }
}

impl Sample {
    fn of_response(response: Response) -> Self {
        Self {
            value: response.data.unwrap_or_default(),
        }
    }

    /// What a callback says about a sample: Kaleyra posts it to the callback profile of the WABA, as a flat object of the
    /// variables that were chosen there. `None` for a callback about something else.
    ///
    /// ```
    /// use kaleyra_wa_client::Sample;
    ///
    /// let body = serde_json::json!({"status": "UPLOADED", "uploaded_file_handle": "4::aW1h", "resumable_media_id": "639"});
    /// let sample = Sample::of_callback(&body).unwrap();
    /// assert_eq!((sample.id().as_deref(), sample.handle()), (Some("639"), Some("4::aW1h")));
    /// ```
    ///
    /// Source: *Callback Profile for WhatsApp Resumable Media Status Update*.
    pub fn of_callback(body: &Value) -> Option<Self> {
        let is_one =
            body.get("resumable_media_id").is_some() || body.get("uploaded_file_handle").is_some();
        is_one.then(|| Self {
            value: body.clone(),
        })
    }

    /// Its id.
    pub fn id(&self) -> Option<String> {
        let id = find(&self.value, "resumable_media_id").or_else(|| find(&self.value, "id"))?;
        match id {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// Its state, such as `UPLOADED`.
    pub fn status(&self) -> Option<&str> {
        find(&self.value, "status").and_then(Value::as_str)
    }

    /// The handle, once it is there: what [`header_image`](kaleyra_wa_types::template::TemplateDefinition::header_image) and its like take.
    pub fn handle(&self) -> Option<&str> {
        let names = ["uploaded_file_handle", "file_handle", "handle"];
        let handle = names
            .iter()
            .find_map(|name| find(&self.value, name)?.as_str());
        handle.filter(|handle| !handle.is_empty())
    }

    /// Its name.
    pub fn file_name(&self) -> Option<&str> {
        find(&self.value, "file_name").and_then(Value::as_str)
    }

    /// All that is known of it.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether the state is one that no handle follows. Which there are, no page says.
    fn has_failed(&self) -> bool {
        let status = self.status().unwrap_or_default().to_ascii_uppercase();
        ["FAIL", "ERROR", "REJECT", "EXPIRED"]
            .iter()
            .any(|word| status.contains(word))
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("status", &self.status())
            .field("has_handle", &self.handle().is_some())
            .finish_non_exhaustive()
    }
}
