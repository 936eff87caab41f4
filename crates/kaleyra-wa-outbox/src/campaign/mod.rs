//! One template to many: who gets it is frozen when it is imported.

mod handle;
mod import;
mod line_feeds;
mod new;
mod quiet;
mod recipients;
mod report;
mod template;

pub use handle::Campaign;
pub use import::Import;
pub use new::NewCampaign;
pub use quiet::{InvalidQuietHours, QuietHours};
pub use recipients::Recipients;
pub use report::Report;
pub(crate) use template::Template;
