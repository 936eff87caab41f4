//! Which operation on an account a request asks for.

use http::Method;

use crate::model::basis::Basis;
use crate::server::query::decode;

/// A request about an account, with what its path says.
pub(in crate::server) struct Managed {
    pub(super) operation: Operation,
    pub(super) sid: String,
    /// The WABA, the flow, the number or the profile; empty where the path names none.
    pub(super) subject: String,
    /// Where flows are copied to.
    pub(super) destination: String,
}

/// An operation on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    CreateTemplate,
    ListTemplates,
    EditTemplate,
    DeleteTemplate,
    DeleteTemplates,
    Analytics,
    UploadSample,
    ReadSample,
    ListNumbers,
    AddNumber,
    VerifyNumber,
    RetryCode,
    UpdateNumber,
    CallPermissions,
    CreateFlow,
    ListFlows,
    MigrateFlows,
    ReadFlow,
    UpdateFlow,
    DeleteFlow,
    FlowAssets,
    UpdateFlowJson,
    PublishFlow,
    DeprecateFlow,
    SetFlowKey,
    FlowKey,
    ListProfiles,
    CreateProfile,
    ReadProfile,
    EditProfile,
    DeleteProfile,
}

use Operation as Do;

/// A page that has the request, and whose response could not be read.
macro_rules! inferred {
    ($page:literal) => {
        Basis::Inferred(concat!(
            $page,
            " has the request; the response is Meta's in Kaleyra's envelope"
        ))
    };
}

/// Every operation: its method, its path, its name as faults and the log have it, and what its response rests on.
/// A path that says more comes before one with a gap in its place.
const TABLE: [(&str, &str, Do, &str, Basis); 31] = [
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/message_templates",
        Do::CreateTemplate,
        "create_template",
        Basis::Documented(
            "Error codes for template, the response; the body of the request is Meta's",
        ),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/message_templates",
        Do::ListTemplates,
        "templates",
        Basis::Inferred("Get Templates shows a list in data; filters and paging are Meta's"),
    ),
    (
        "PUT",
        "/v2/{sid}/whatsapp/{subject}/message_templates",
        Do::EditTemplate,
        "edit_template",
        inferred!("Edit Template"),
    ),
    (
        "DELETE",
        "/v2/{sid}/whatsapp/{subject}/message_templates",
        Do::DeleteTemplate,
        "delete_template",
        inferred!("Delete Template"),
    ),
    (
        "DELETE",
        "/v2/{sid}/whatsapp/{subject}/message_templates/bulk",
        Do::DeleteTemplates,
        "delete_templates",
        Basis::Inferred("Delete Message Templates in Bulk names the filters; its path is cut off"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/template_analytics",
        Do::Analytics,
        "template_analytics",
        Basis::Inferred("Template Analytics says what is counted; path and response are Meta's"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/resumable_media",
        Do::UploadSample,
        "upload_sample",
        inferred!("Upload Resumable Media"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/resumable_media",
        Do::ReadSample,
        "sample",
        Basis::Inferred(
            "Get Resumable Media has the request; the fields are those of the callback",
        ),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/number",
        Do::ListNumbers,
        "phone_numbers",
        inferred!("Get Phone Number Details"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/number/add",
        Do::AddNumber,
        "add_phone_number",
        inferred!("Add Phone Number"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/number/verify",
        Do::VerifyNumber,
        "verify_phone_number",
        inferred!("Verify Phone Number"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/number/retry_otp",
        Do::RetryCode,
        "retry_phone_number_code",
        inferred!("Retry OTP for Phone Number"),
    ),
    (
        "PUT",
        "/v2/{sid}/whatsapp/{subject}/number/update",
        Do::UpdateNumber,
        "update_phone_number",
        inferred!("Update Phone Number Details"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/call_permissions",
        Do::CallPermissions,
        "call_permissions",
        inferred!("Get Call Consent Status"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/flows",
        Do::CreateFlow,
        "create_flow",
        Basis::Inferred("Create Flow is cut off before its path; path and response are Meta's"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/flows",
        Do::ListFlows,
        "flows",
        inferred!("Get Flows"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/migrate_flows/{destination}",
        Do::MigrateFlows,
        "migrate_flows",
        inferred!("Migrate Flows"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/flows_encryption",
        Do::SetFlowKey,
        "set_flow_key",
        inferred!("Set Encryption Key"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/flows_encryption",
        Do::FlowKey,
        "flow_key",
        Basis::Inferred("Get Encryption Key says POST without a body; this is Meta's"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}/assets",
        Do::FlowAssets,
        "flow_assets",
        inferred!("Get Flow Assets"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/assets",
        Do::UpdateFlowJson,
        "update_flow_json",
        inferred!("Update Flow JSON"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/publish",
        Do::PublishFlow,
        "publish_flow",
        inferred!("Publish Flow"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}/deprecate",
        Do::DeprecateFlow,
        "deprecate_flow",
        Basis::Inferred("Deprecate Flow is cut off before its path; path and response are Meta's"),
    ),
    (
        "GET",
        "/v2/{sid}/whatsapp/{subject}",
        Do::ReadFlow,
        "flow",
        inferred!("Get Flow Details"),
    ),
    (
        "POST",
        "/v2/{sid}/whatsapp/{subject}",
        Do::UpdateFlow,
        "update_flow",
        inferred!("Update Flow Metadata"),
    ),
    (
        "DELETE",
        "/v2/{sid}/whatsapp/{subject}",
        Do::DeleteFlow,
        "delete_flow",
        inferred!("Delete Flow"),
    ),
    (
        "GET",
        "/v1/{sid}/callback/profiles",
        Do::ListProfiles,
        "callback_profiles",
        Basis::Inferred(
            "Get Callback Profiles has the request, and the fields of one profile; the code is made up",
        ),
    ),
    (
        "POST",
        "/v1/{sid}/callback/profiles",
        Do::CreateProfile,
        "create_callback_profile",
        Basis::Inferred(
            "Create Callback Profiles has the request; the code of the response is made up",
        ),
    ),
    (
        "GET",
        "/v1/{sid}/callback/profiles/{subject}",
        Do::ReadProfile,
        "callback_profile",
        Basis::Documented("Get Callback Profile, sample responses; the code is made up"),
    ),
    (
        "PATCH",
        "/v1/{sid}/callback/profiles/{subject}",
        Do::EditProfile,
        "edit_callback_profile",
        Basis::Inferred(
            "Update Callback Profile has the request; the code of the response is made up",
        ),
    ),
    (
        "DELETE",
        "/v1/{sid}/callback/profiles/{subject}",
        Do::DeleteProfile,
        "delete_callback_profile",
        Basis::Documented("Delete Callback Profile, sample responses"),
    ),
];

impl Managed {
    /// The operation, or the methods that its path takes; `None` where the path is another's.
    pub(in crate::server) fn of(
        method: &Method,
        segments: &[&str],
    ) -> Option<Result<Self, String>> {
        let mut allowed = Vec::new();
        for (of_method, path, operation, ..) in TABLE {
            let Some([sid, subject, destination]) = read(path, segments) else {
                continue;
            };
            if of_method == method.as_str() {
                return Some(Ok(Self {
                    operation,
                    sid,
                    subject,
                    destination,
                }));
            }
            allowed.push(of_method);
        }
        (!allowed.is_empty()).then(|| Err(allowed.join(", ")))
    }
}

/// What stands in the gaps of a path: SID, subject and destination.
fn read(path: &str, segments: &[&str]) -> Option<[String; 3]> {
    let mut gaps = [const { String::new() }; 3];
    let mut expected = path.split('/').skip(1);
    for segment in segments {
        let gap = match expected.next()? {
            "{sid}" => &mut gaps[0],
            "{subject}" => &mut gaps[1],
            "{destination}" => &mut gaps[2],
            word if word == *segment => continue,
            _ => return None,
        };
        *gap = decode(segment);
    }
    expected.next().is_none().then_some(gaps)
}

impl Operation {
    /// Its name, as faults and the log have it.
    pub(super) fn name(self) -> &'static str {
        self.row().3
    }

    pub(super) fn basis(self) -> Basis {
        self.row().4
    }

    fn row(self) -> (&'static str, &'static str, Self, &'static str, Basis) {
        let row = TABLE
            .into_iter()
            .find(|(_, _, operation, ..)| *operation == self);
        row.unwrap_or(TABLE[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart() {
        let of = |method: Method, path: &str| {
            let segments: Vec<&str> = path.split('/').skip(1).collect();
            let found = Managed::of(&method, &segments)?;
            Some(found.map(|it| (it.operation, it.sid, it.subject, it.destination)))
        };
        let found = |operation, subject: &str, destination: &str| {
            Some(Ok((
                operation,
                "S".to_owned(),
                subject.to_owned(),
                destination.to_owned(),
            )))
        };
        let get = Method::GET;
        assert_eq!(
            of(get.clone(), "/v2/S/whatsapp/call_permissions"),
            found(Do::CallPermissions, "", "")
        );
        assert_eq!(
            of(get.clone(), "/v2/S/whatsapp/77"),
            found(Do::ReadFlow, "77", "")
        );
        assert_eq!(
            of(Method::POST, "/v2/S/whatsapp/1/migrate_flows/2"),
            found(Do::MigrateFlows, "1", "2")
        );
        assert_eq!(
            of(Method::DELETE, "/v2/S/whatsapp/1/message_templates/bulk"),
            found(Do::DeleteTemplates, "1", "")
        );
        assert_eq!(
            of(Method::PATCH, "/v1/S/callback/profiles/SG_1"),
            found(Do::EditProfile, "SG_1", "")
        );
        assert_eq!(
            of(Method::PATCH, "/v2/S/whatsapp/1/flows"),
            Some(Err("POST, GET".to_owned()))
        );
        for other in [
            "/v2/S/whatsapp/1/messages",
            "/v2/S/whatsapp",
            "/sim/messages",
            "/v1/S/callback",
        ] {
            assert_eq!(of(get.clone(), other), None, "{other}");
        }
        // Each is in the table, once.
        for (at, (_, _, operation, ..)) in TABLE.iter().enumerate() {
            assert_eq!(TABLE.iter().position(|it| it.2 == *operation), Some(at));
        }
    }
}
