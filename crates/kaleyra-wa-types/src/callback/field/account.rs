//! `account_update`: something became of the account.

use super::view::View;
use super::{AppId, BusinessId, SolutionId};
use crate::OneOrMany;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Timestamp, WabaId};

wire_object! {
    /// Something became of the account. The event says what; each member belongs to some events.
    ///
    /// Source: Meta's `account_update` webhook reference.
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
    }
}

open_set! {
    /// What became of an account.
    pub enum AccountEvent {
        /// The account was deleted.
        AccountDeleted = "ACCOUNT_DELETED",
        /// The account left the platform.
        AccountOffboarded = "ACCOUNT_OFFBOARDED",
        /// The account is back on the platform.
        AccountReconnected = "ACCOUNT_RECONNECTED",
        /// The account may not do everything for a while: `restriction_info`.
        AccountRestriction = "ACCOUNT_RESTRICTION",
        /// The account broke a rule: `violation_info`.
        AccountViolation = "ACCOUNT_VIOLATION",
        /// A partner may use the ad accounts: `waba_info`.
        AdAccountLinked = "AD_ACCOUNT_LINKED",
        /// International authentication rates will count: `auth_international_rate_eligibility`.
        AuthIntlPriceEligibilityUpdate = "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
        /// The country of the business is set: `country`.
        BusinessPrimaryLocationCountryUpdate = "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
        /// The account is banned, will be, or is so no more: `ban_info`.
        DisabledUpdate = "DISABLED_UPDATE",
        /// The terms for marketing messages are signed.
        MmLiteTermsSigned = "MM_LITE_TERMS_SIGNED",
        /// The account was shared with a partner: `waba_info`.
        PartnerAdded = "PARTNER_ADDED",
        /// A customer gave the app a permission.
        PartnerAppInstalled = "PARTNER_APP_INSTALLED",
        /// A customer took the app's permissions back.
        PartnerAppUninstalled = "PARTNER_APP_UNINSTALLED",
        /// A verification by a partner is needed.
        PartnerClientCertificationNeeded = "PARTNER_CLIENT_CERTIFICATION_NEEDED",
        /// A verification by a partner was decided on: `partner_client_certification_info`.
        PartnerClientCertificationStatusUpdate = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
        /// The account is no longer shared with a partner.
        PartnerRemoved = "PARTNER_REMOVED",
        /// The account is verified.
        VerifiedAccount = "VERIFIED_ACCOUNT",
        /// The account reached another price tier: `volume_tier_info`.
        VolumeBasedPricingTierUpdate = "VOLUME_BASED_PRICING_TIER_UPDATE",
    }
}

wire_object! {
    /// A ban, or its end.
    pub struct BanInfo {
        /// What is the case now. A text, or in one sample an array of texts.
        pub waba_ban_state: OneOrMany<WabaBanState>,
        /// Since when, in words such as `April 17, 2025`.
        pub waba_ban_date: Option<String>,
    }
}

open_set! {
    /// Whether an account is banned.
    pub enum WabaBanState {
        /// It is banned.
        Disable = "DISABLE",
        /// It is no longer banned.
        Reinstate = "REINSTATE",
        /// It will be banned.
        ScheduleForDisable = "SCHEDULE_FOR_DISABLE",
    }
}

wire_object! {
    /// The rule that an account broke.
    pub struct ViolationInfo {
        /// Which, such as `ADULT` or `SCAM`.
        pub violation_type: Option<String>,
        /// What to do about it.
        pub remediation: Option<String>,
    }
}

wire_object! {
    /// What an account may not do.
    pub struct RestrictionInfo {
        /// Which, such as `RESTRICTED_BIZ_INITIATED_MESSAGING`.
        pub restriction_type: Option<String>,
        /// Until when; missing where it has no end.
        pub expiration: Option<Timestamp>,
        /// What to do about it.
        pub remediation: Option<String>,
    }
}

wire_object! {
    /// An account, and whom it belongs to.
    pub struct WabaInfo {
        /// The account.
        pub waba_id: Option<WabaId>,
        /// The business that it belongs to.
        pub owner_business_id: Option<BusinessId>,
        /// The ad account that was linked to it.
        pub ad_account_linked: Option<String>,
        /// The partner's app.
        pub partner_app_id: Option<AppId>,
        /// The solution that it was onboarded through.
        pub solution_id: Option<SolutionId>,
        /// The partners of that solution.
        pub solution_partner_business_ids: Vec<BusinessId>,
    }
}

wire_object! {
    /// Why app and account are no longer connected.
    pub struct DisconnectionInfo {
        /// Why.
        pub reason: Option<String>,
        /// By whom.
        pub initiated_by: Option<String>,
    }
}

wire_object! {
    /// From when on the rates for international authentication messages count.
    pub struct AuthInternationalRateEligibility {
        /// For all countries but the exceptions.
        pub start_time: Option<Timestamp>,
        /// The countries where it is another moment.
        pub exception_countries: Vec<ExceptionCountry>,
    }
}

wire_object! {
    /// A country where the rates for international authentication messages begin at another moment.
    pub struct ExceptionCountry {
        /// The country, two letters.
        pub country_code: Option<String>,
        /// From when on.
        pub start_time: Option<Timestamp>,
    }
}

wire_object! {
    /// The price tier that an account reached.
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
    }
}

wire_object! {
    /// What became of a verification that a partner handed in for a customer.
    pub struct PartnerClientCertificationInfo {
        /// The customer.
        pub client_business_id: Option<BusinessId>,
        /// What became of it: `APPROVED`, `DISCARDED`, `FAILED`, `PENDING`, `REVOKED`.
        pub status: Option<String>,
        /// Why it failed; `NONE` where it did not.
        pub rejection_reasons: OneOrMany<String>,
    }
}

deserialize_object!(
    AccountUpdate,
    AuthInternationalRateEligibility,
    BanInfo,
    DisconnectionInfo,
    ExceptionCountry,
    PartnerClientCertificationInfo,
    RestrictionInfo,
    ViolationInfo,
    VolumeTierInfo,
    WabaInfo,
);

impl View for AccountUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(AccountEvent::Unknown(_)))
    }
}
