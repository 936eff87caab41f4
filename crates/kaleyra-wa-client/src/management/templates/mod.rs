//! The templates of a WABA: create, list, get, edit, delete, count.

mod analytics;
mod create;
mod delete;
mod edit;
mod list;

pub use self::analytics::{ReadTemplateAnalytics, TemplateAnalytics, TemplatePoint};
pub use self::create::{CreateTemplate, CreatedTemplate};
pub use self::delete::{DeleteTemplate, DeleteTemplates};
pub use self::edit::EditTemplate;
pub use self::list::{GetTemplate, ListTemplates, TemplatePage, UnreadableTemplate};
use crate::endpoint::endpoints;

endpoints! {
    /// Submits a template.
    CREATE = "create_template", Send POST "/v2/{sid}/whatsapp/{waba}/message_templates";

    /// Lists templates.
    LIST = "templates", Read GET "/v2/{sid}/whatsapp/{waba}/message_templates";

    /// Reads one template, by listing those of its name.
    GET = "template", Read GET "/v2/{sid}/whatsapp/{waba}/message_templates";

    /// Changes a template.
    EDIT = "edit_template", Send PUT "/v2/{sid}/whatsapp/{waba}/message_templates";

    /// Deletes a template.
    DELETE = "delete_template", Send DELETE "/v2/{sid}/whatsapp/{waba}/message_templates";

    /// Deletes several templates.
    DELETE_MANY = "delete_templates", Send DELETE "/v2/{sid}/whatsapp/{waba}/message_templates/bulk";

    /// Counts what became of the messages of templates.
    ANALYTICS = "template_analytics", Read GET "/v2/{sid}/whatsapp/{waba}/template_analytics";
}
