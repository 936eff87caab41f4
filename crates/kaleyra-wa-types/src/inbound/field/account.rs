//! `account_update`: something happened to the account.

use super::view::TypedView;
use super::{AppId, BusinessId, SolutionId};
use crate::UnknownFields;
use crate::UnknownText;
use crate::{Timestamp, WabaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Something happened to the account. The event says what; each field belongs to some events.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountEvent, AccountUpdate, WabaBanState};
///
/// let update: AccountUpdate = serde_json::from_str(r#"{"event": "DISABLED_UPDATE", "ban_info": {
///     "waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2026"
/// }}"#)?;
/// assert_eq!(update.event, Some(AccountEvent::DisabledUpdate));
/// let ban = update.ban_info.ok_or("no ban")?;
/// assert_eq!(ban.waba_ban_state, [WabaBanState::ScheduleForDisable]);
/// assert_eq!(ban.waba_ban_date.as_deref(), Some("April 17, 2026"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's `account_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AccountUpdate {
    /// What happened.
    pub event: Option<AccountEvent>,
    /// The business number that it happened to, where it is one.
    pub phone_number: Option<String>,
    /// The country (two letters) that Meta takes the business to be in.
    pub country: Option<String>,
    /// A ban, or its end.
    pub ban_info: Option<BanInfo>,
    /// The rule that the account broke.
    pub violation_info: Option<ViolationInfo>,
    /// What the account may not do, and until when.
    pub restriction_info: Vec<RestrictionInfo>,
    /// The account that was shared with a partner, linked or signed for.
    pub waba_info: Option<WabaInfo>,
    /// Why the app and the account are no longer connected.
    pub disconnection_info: Option<DisconnectionInfo>,
    /// From when on the rates for international authentication messages count.
    pub auth_international_rate_eligibility: Option<AuthInternationalRateEligibility>,
    /// The price tier that the account reached.
    pub volume_tier_info: Option<VolumeTierInfo>,
    /// What became of a verification that a partner handed in.
    pub partner_client_certification_info: Option<PartnerClientCertificationInfo>,
    /// Whose verification a partner has to hand in.
    pub partner_client_certification_needed_info: Option<PartnerClientCertificationNeededInfo>,
    /// Until when the account is locked.
    pub lock_info: Option<LockInfo>,
    /// Whether the business is verified.
    pub business_verification_status: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of an account.
///
/// For an example see [`AccountUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AccountEvent {
    /// `ACCOUNT_DELETED`. The account was deleted.
    #[wire(name = "ACCOUNT_DELETED")]
    AccountDeleted,
    /// `ACCOUNT_OFFBOARDED`. The account left the platform.
    #[wire(name = "ACCOUNT_OFFBOARDED")]
    AccountOffboarded,
    /// `ACCOUNT_RECONNECTED`. The account is back on the platform.
    #[wire(name = "ACCOUNT_RECONNECTED")]
    AccountReconnected,
    /// `ACCOUNT_RESTRICTION`. The account may not do everything for a while: `restriction_info`.
    #[wire(name = "ACCOUNT_RESTRICTION")]
    AccountRestriction,
    /// `ACCOUNT_VIOLATION`. The account broke a rule: `violation_info`.
    #[wire(name = "ACCOUNT_VIOLATION")]
    AccountViolation,
    /// `AD_ACCOUNT_LINKED`. A partner may use the ad accounts: `waba_info`.
    #[wire(name = "AD_ACCOUNT_LINKED")]
    AdAccountLinked,
    /// `AUTH_INTL_PRICE_ELIGIBILITY_UPDATE`. International authentication rates will count: `auth_international_rate_eligibility`.
    #[wire(name = "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE")]
    AuthIntlPriceEligibilityUpdate,
    /// `BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE`. The country of the business is set: `country`.
    #[wire(name = "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE")]
    BusinessPrimaryLocationCountryUpdate,
    /// `DISABLED_UPDATE`. The account is banned, will be, or no longer is: `ban_info`.
    #[wire(name = "DISABLED_UPDATE")]
    DisabledUpdate,
    /// `MM_LITE_TERMS_SIGNED`. The terms for marketing messages are signed.
    #[wire(name = "MM_LITE_TERMS_SIGNED")]
    MmLiteTermsSigned,
    /// `PARTNER_ADDED`. The account was shared with a partner: `waba_info`.
    #[wire(name = "PARTNER_ADDED")]
    PartnerAdded,
    /// `PARTNER_APP_INSTALLED`. A customer gave the app a permission.
    #[wire(name = "PARTNER_APP_INSTALLED")]
    PartnerAppInstalled,
    /// `PARTNER_APP_UNINSTALLED`. A customer took the app's permissions back.
    #[wire(name = "PARTNER_APP_UNINSTALLED")]
    PartnerAppUninstalled,
    /// `PARTNER_CLIENT_CERTIFICATION_NEEDED`. A verification by a partner is needed.
    #[wire(name = "PARTNER_CLIENT_CERTIFICATION_NEEDED")]
    PartnerClientCertificationNeeded,
    /// `PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE`. A verification by a partner was decided on: `partner_client_certification_info`.
    #[wire(name = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE")]
    PartnerClientCertificationStatusUpdate,
    /// `PARTNER_REMOVED`. The account is no longer shared with a partner.
    #[wire(name = "PARTNER_REMOVED")]
    PartnerRemoved,
    /// `VERIFIED_ACCOUNT`. The account is verified.
    #[wire(name = "VERIFIED_ACCOUNT")]
    VerifiedAccount,
    /// `VOLUME_BASED_PRICING_TIER_UPDATE`. The account reached another price tier: `volume_tier_info`.
    #[wire(name = "VOLUME_BASED_PRICING_TIER_UPDATE")]
    VolumeBasedPricingTierUpdate,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// A ban, or its end.
///
/// For an example see [`AccountUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct BanInfo {
    /// The current state. A string, or in one sample an array of strings.
    pub waba_ban_state: Vec<WabaBanState>,
    /// Since when, as text such as `April 17, 2025`.
    pub waba_ban_date: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether an account is banned.
///
/// For an example see [`AccountUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum WabaBanState {
    /// `DISABLE`. It is banned.
    #[wire(name = "DISABLE")]
    Disable,
    /// `REINSTATE`. It is no longer banned.
    #[wire(name = "REINSTATE")]
    Reinstate,
    /// `SCHEDULE_FOR_DISABLE`. It will be banned.
    #[wire(name = "SCHEDULE_FOR_DISABLE")]
    ScheduleForDisable,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The rule that an account broke.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountEvent, AccountUpdate, ViolationInfo};
///
/// let update: AccountUpdate =
///     serde_json::from_str(r#"{"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}}"#)?;
/// assert_eq!(update.event, Some(AccountEvent::AccountViolation));
/// let rule = |info: &ViolationInfo| info.violation_type.clone();
/// assert_eq!(update.violation_info.as_ref().and_then(rule).as_deref(), Some("SCAM"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ViolationInfo {
    /// Which, such as `ADULT` or `SCAM`.
    pub violation_type: Option<String>,
    /// What to do about it.
    pub remediation: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What an account may not do.
///
/// ```
/// use kaleyra_wa_types::inbound::field::AccountUpdate;
///
/// let update: AccountUpdate = serde_json::from_str(r#"{"event": "ACCOUNT_RESTRICTION", "restriction_info": [
///     {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1767225600}
/// ]}"#)?;
/// for restriction in &update.restriction_info {
///     let ends = restriction.expiration.as_ref().and_then(|end| end.unix_seconds());
///     assert_eq!(ends, Some(1_767_225_600)); // `None` where it has no end
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct RestrictionInfo {
    /// Which, such as `RESTRICTED_BIZ_INITIATED_MESSAGING`.
    pub restriction_type: Option<String>,
    /// Until when; missing where it has no end.
    pub expiration: Option<Timestamp>,
    /// What to do about it.
    pub remediation: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An account, and whom it belongs to.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountEvent, AccountUpdate};
///
/// let update: AccountUpdate = serde_json::from_str(r#"{"event": "PARTNER_ADDED", "waba_info": {
///     "waba_id": "400000000000001", "owner_business_id": "400000000000002"
/// }}"#)?;
/// assert_eq!(update.event, Some(AccountEvent::PartnerAdded));
/// let account = update.waba_info.ok_or("no account")?;
/// assert_eq!(account.waba_id.as_ref().map(|id| id.as_str()), Some("400000000000001"));
/// assert_eq!(account.owner_business_id.as_ref().map(|id| id.as_str()), Some("400000000000002"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct WabaInfo {
    /// The account.
    pub waba_id: Option<WabaId>,
    /// The business that it belongs to.
    pub owner_business_id: Option<BusinessId>,
    /// The ad account that was linked to it.
    pub ad_account_linked: Option<String>,
    /// The same ad account, as Meta's page on marketing messages names it.
    pub ad_account_id: Option<String>,
    /// The partner's app.
    pub partner_app_id: Option<AppId>,
    /// The solution that it was onboarded through.
    pub solution_id: Option<SolutionId>,
    /// The partners of that solution.
    pub solution_partner_business_ids: Vec<BusinessId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Why app and account are no longer connected.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountUpdate, DisconnectionInfo};
///
/// let update: AccountUpdate = serde_json::from_str(r#"{"event": "PARTNER_REMOVED",
///     "disconnection_info": {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}}"#)?;
/// let by = |info: &DisconnectionInfo| info.initiated_by.clone();
/// assert_eq!(update.disconnection_info.as_ref().and_then(by).as_deref(), Some("SYSTEM"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct DisconnectionInfo {
    /// Why, such as `PRIMARY_INACTIVITY`.
    pub reason: Option<String>,
    /// By whom, such as `SYSTEM`.
    pub initiated_by: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// From when on the rates for international authentication messages count.
///
/// ```
/// use kaleyra_wa_types::Timestamp;
/// use kaleyra_wa_types::inbound::field::AuthInternationalRateEligibility;
///
/// let rates: AuthInternationalRateEligibility = serde_json::from_str(
///     r#"{"start_time": 1767225600, "exception_countries": [{"country_code": "IN", "start_time": 1769904000}]}"#,
/// )?;
/// let seconds = |start: &Option<Timestamp>| start.as_ref()?.unix_seconds();
/// assert_eq!(seconds(&rates.start_time), Some(1_767_225_600));
/// let india = &rates.exception_countries[0];
/// assert_eq!(india.country_code.as_deref(), Some("IN"));
/// assert_eq!(seconds(&india.start_time), Some(1_769_904_000));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AuthInternationalRateEligibility {
    /// For all countries but the exceptions.
    pub start_time: Option<Timestamp>,
    /// The countries where it is a different date.
    pub exception_countries: Vec<ExceptionCountry>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A country where the rates for international authentication messages begin at another moment.
///
/// For an example see [`AuthInternationalRateEligibility`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ExceptionCountry {
    /// The country, two letters.
    pub country_code: Option<String>,
    /// From when on.
    pub start_time: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The price tier that an account reached.
///
/// ```
/// use kaleyra_wa_types::inbound::field::VolumeTierInfo;
///
/// let tier: VolumeTierInfo = serde_json::from_str(r#"{"tier_update_time": 1767225600, "pricing_category": "UTILITY",
///     "tier": "25000001:50000000", "effective_month": "2026-01", "region": "India"}"#)?;
/// let bounds = tier.tier.as_deref().and_then(|tier| tier.split_once(':'));
/// assert_eq!(bounds, Some(("25000001", "50000000"))); // messages in the month
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct VolumeTierInfo {
    /// When it did.
    pub tier_update_time: Option<Timestamp>,
    /// For which messages, such as `UTILITY`.
    pub pricing_category: Option<String>,
    /// From how many messages to how many, such as `25000001:50000000`.
    pub tier: Option<String>,
    /// For which month, such as `2025-11`.
    pub effective_month: Option<String>,
    /// For which country or region.
    pub region: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a verification that a partner handed in for a customer.
///
/// ```
/// use kaleyra_wa_types::inbound::field::PartnerClientCertificationInfo;
///
/// let decided: PartnerClientCertificationInfo = serde_json::from_str(
///     r#"{"client_business_id": "400000000000001", "status": "FAILED", "rejection_reasons": ["ADDRESS NOT MATCHING"]}"#,
/// )?;
/// assert_eq!(decided.status.as_deref(), Some("FAILED"));
/// assert_eq!(decided.rejection_reasons, ["ADDRESS NOT MATCHING"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PartnerClientCertificationInfo {
    /// The customer.
    pub client_business_id: Option<BusinessId>,
    /// What became of it: `APPROVED`, `DISCARDED`, `FAILED`, `PENDING`, `REVOKED`.
    pub status: Option<String>,
    /// Why it failed, such as `ADDRESS NOT MATCHING`; `NONE` where it did not.
    pub rejection_reasons: Vec<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A customer whose verification a partner has to hand in.
///
/// ```
/// use kaleyra_wa_types::inbound::field::PartnerClientCertificationNeededInfo;
///
/// let needed: PartnerClientCertificationNeededInfo = serde_json::from_str(r#"{"client_business_id": "400000000000001"}"#)?;
/// assert_eq!(needed.client_business_id.as_ref().map(|id| id.as_str()), Some("400000000000001"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PartnerClientCertificationNeededInfo {
    /// The customer.
    pub client_business_id: Option<BusinessId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// That an account is locked.
///
/// ```
/// use kaleyra_wa_types::inbound::field::LockInfo;
///
/// let lock: LockInfo = serde_json::from_str(r#"{"expiration": 1767225600}"#)?;
/// assert_eq!(lock.expiration.and_then(|end| end.unix_seconds()), Some(1_767_225_600));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct LockInfo {
    /// Until when.
    pub expiration: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl TypedView for AccountUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(AccountEvent::Unknown(_)))
    }
}
