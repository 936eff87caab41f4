//! The templates of a running simulator.

use std::sync::Arc;

use kaleyra_wa_types::template::TemplateDefinition;

use super::Simulator;
use crate::model::template_change::TemplateChange;

impl Simulator {
    /// All templates of the first account that are not deleted, by name and language: those that were created here, and those of
    /// [`Builder::templates`](crate::Builder::templates).
    ///
    /// For an example see [`Templates`](crate::Templates).
    pub fn templates(&self) -> Vec<Arc<TemplateDefinition>> {
        let all = self.core.templates(self.core.accounts.first().waba());
        all.into_iter().map(|(definition, _)| definition).collect()
    }

    /// A template of the first account as it stands, also when it is deleted: then its status says so.
    ///
    /// For an example see [`Templates`](crate::Templates).
    pub fn template(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
        let waba = self.core.accounts.first().waba();
        self.core.template(waba, name, language)
    }

    /// Does to a template of the first account what Meta does: reviews it, pauses it, puts it into another category. The webhook
    /// is told, and sends are checked against it from then on. `false` where there is no such template.
    ///
    /// ```
    /// use kaleyra_wa_sim::{Simulator, TemplateChange, TemplateFolder};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("kaleyra-wa-sim-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// std::fs::write(folder.join("parcel.json"), r#"{"name": "parcel", "language": "en_US", "category": "UTILITY",
    ///     "components": [{"type": "BODY", "text": "Hello {{1}}, it is here."}]}"#)?;
    /// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
    ///     .templates(TemplateFolder::open(&folder)?)
    ///     .bind("127.0.0.1:0")
    ///     .await?;
    ///
    /// // Every send of it fails with 132015 from now on.
    /// assert!(sim.change_template("parcel", "en_US", TemplateChange::paused()));
    /// # std::fs::remove_dir_all(&folder)?;
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn change_template(&self, name: &str, language: &str, change: TemplateChange) -> bool {
        let waba = self.core.accounts.first().waba();
        self.core
            .change_template(waba, name, language, change, None)
    }
}
