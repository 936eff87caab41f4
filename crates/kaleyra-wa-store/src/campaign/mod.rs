//! Campaigns: one template to many recipients.
