//! Deleting templates, one or many.

use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::{TemplateId, TemplateStatus};

use super::{DELETE, DELETE_MANY};
use crate::Error;
use crate::management::Waba;
use crate::management::draft::{Draft, awaited, overridable};

/// A template that is deleted when this is awaited; made by [`Waba::delete_template`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"success":true}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// client.waba("102000000000001").delete_template("parcel_ready").id("734500000000001").await?; // one language
/// assert_eq!(kaleyra.requests()[0].uri().query(), Some("name=parcel_ready&template_id=734500000000001"));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is deleted until it is awaited"]
#[derive(Clone, Debug)]
pub struct DeleteTemplate {
    draft: Draft,
}

/// Templates that are deleted when this is awaited; made by [`Waba::delete_templates_in_bulk`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
/// use kaleyra_wa_client::types::template::TemplateStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"success":true}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let waba = client.waba("102000000000001");
/// waba.delete_templates_in_bulk()
///     .names(["spring", "summer"])
///     .ids(["734500000000001"])
///     .statuses([TemplateStatus::Pending])
///     .languages(["en_US"])
///     .between("2026-11-01", "2026-11-30")
///     .await?;
/// assert!(kaleyra.requests()[0].uri().query().unwrap().starts_with("name=spring,summer&"));
///
/// // Without a filter it would be all of them.
/// let error = waba.delete_templates_in_bulk().await.unwrap_err();
/// assert_eq!(error.attempts(), 0);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is deleted until it is awaited"]
#[derive(Clone, Debug)]
pub struct DeleteTemplates {
    draft: Draft,
}

impl Waba {
    /// Deletes a template **in every language**; with [`id`](DeleteTemplate::id) only one of them.
    ///
    /// The name of an approved one can't be used again for 30 days. One that is disabled can't be deleted. Messages that are
    /// on their way keep it in `PENDING_DELETION` for up to 30 days.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let success = r#"{"code":"WA200","data":{"success":true}}"#;
    /// # let kaleyra = Scripted::new().respond(200, success).respond(200, success);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// waba.delete_template("parcel_ready").id("734500000000001").await?; // one language
    /// waba.delete_template("parcel_ready").await?; // all of them
    /// # kaleyra.assert_finished();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Delete Template*; Meta's page on managing templates.
    pub fn delete_template(&self, name: impl Into<String>) -> DeleteTemplate {
        DeleteTemplate {
            draft: self.draft(&DELETE).parameter("name", name),
        }
    }

    /// Deletes approved and pending templates, at Meta and at Kaleyra, that fit **all** filters. Without any it would delete all
    /// templates, so it is refused here.
    ///
    /// *Inferred*: the path and the names of the parameters; the page is cut off before them. It names the filters, says that
    /// each takes several values with commas between, and that an interval needs both ends; it spells one end `start_data`.
    /// Look at [`path`](DeleteTemplates::path) and [`parameter`](DeleteTemplates::parameter), and ask Kaleyra before the
    /// first use.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::TemplateStatus;
    ///
    /// # async fn run(waba: &kaleyra_wa_client::Waba) -> Result<(), kaleyra_wa_client::Error> {
    /// waba.delete_templates_in_bulk()
    ///     .statuses([TemplateStatus::Pending])
    ///     .between("2026-11-01", "2026-11-30")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Delete Message Templates in Bulk*.
    pub fn delete_templates_in_bulk(&self) -> DeleteTemplates {
        DeleteTemplates {
            draft: self.draft(&DELETE_MANY),
        }
    }
}

impl DeleteTemplate {
    /// Deletes the one with this id only, in its one language.
    pub fn id(mut self, id: impl Into<TemplateId>) -> Self {
        self.draft = self.draft.parameter("template_id", id.into().as_str());
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

impl DeleteTemplates {
    /// Those of these names.
    pub fn names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.list("name", names);
        self
    }

    /// Those with these ids.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<TemplateId>>) -> Self {
        let ids = ids.into_iter().map(|id| id.into().as_str().to_owned());
        self.draft = self.draft.list("template_id", ids);
        self
    }

    /// Those in these states.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = TemplateStatus>) -> Self {
        let statuses = statuses
            .into_iter()
            .map(|status| status.as_str().to_owned());
        self.draft = self.draft.list("status", statuses);
        self
    }

    /// Those in these languages.
    pub fn languages(mut self, languages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.list("language", languages);
        self
    }

    /// Those made between these days, such as `2026-11-01` and `2026-11-30`.
    pub fn between(mut self, start: impl Into<String>, end: impl Into<String>) -> Self {
        self.draft = self
            .draft
            .parameter("start_date", start)
            .parameter("end_date", end);
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        if !self.draft.has_parameters() {
            let reason = "no filter is given: it would delete every template";
            return Err(self.draft.refuse(reason));
        }
        self.draft.succeed().await
    }
}

awaited!(DeleteTemplate => Response);
awaited!(DeleteTemplates => Response);
overridable!(DeleteTemplate);
overridable!(DeleteTemplates);
