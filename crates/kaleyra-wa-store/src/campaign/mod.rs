//! Campaigns: one template to many recipients.

mod record;
mod store;

pub use record::{
    BadLine, CampaignId, CampaignRecord, CampaignRow, CampaignState, Imported, NewCampaign, Source,
    UnknownCampaignState,
};
pub use store::CampaignStore;
