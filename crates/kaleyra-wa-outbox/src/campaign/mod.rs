//! One template to many: the recipients are frozen when they are imported.

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
