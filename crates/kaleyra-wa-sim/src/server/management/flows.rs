//! Flows: made, changed, published, and the key that their data is encrypted with.

use serde_json::{Value, json};

use super::route::Operation as Do;
use super::{Asked, Wrong, or_refuse, required};
use crate::core::Core;
use crate::server::NoResponse;
use crate::server::query::Query;
use crate::server::response::{HttpResponse, Success};
use crate::server::v2::form::Form;
use crate::state::records::{Full, Kind};

/// The fields of a flow where none are asked for: *Get Flow Details*.
const FIELDS: [&str; 5] = ["categories", "id", "name", "status", "validation_errors"];
/// The longest JSON of a flow, by Meta's page.
const JSON_MAX: u64 = 10 << 20;

/// The WABA that a flow belongs to.
pub(super) fn owner(core: &Core, flow: &str) -> Option<String> {
    let records = core.state.records();
    let (owner, _) = records.find(Kind::Flow, flow)?;
    Some(owner.to_owned())
}

impl Asked<'_> {
    pub(super) async fn create_flow(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let name = or_refuse!(self, required(&json, "name"));
        if json["categories"].as_array().is_none_or(Vec::is_empty) {
            return Ok(self.refuse(Wrong("categories: must name one at least".to_owned())));
        }
        if self
            .flows(self.subject)
            .iter()
            .any(|flow| flow["name"] == name.as_str())
        {
            return Ok(self.refuse(Wrong("name: another flow of the WABA has it".to_owned())));
        }
        let cloned = match json["clone_flow_id"].as_str() {
            None => None,
            Some(id) => match self
                .core()
                .state
                .records()
                .get(Kind::Flow, self.subject, id)
            {
                Some(flow) => Some(flow["json"].clone()),
                None => {
                    return Ok(
                        self.refuse(Wrong("clone_flow_id: there is no such flow".to_owned()))
                    );
                }
            },
        };
        or_refuse!(self, self.room(1));
        self.done(|| {
            let id = self.core().sources.ids.digits16("flow");
            let flow = json!({
                "id": id,
                "name": name,
                "status": "DRAFT",
                "categories": json["categories"],
                "validation_errors": [],
                "endpoint_uri": json["endpoint_uri"],
                "json": cloned,
            });
            let done = Success::processed(json!({"id": id}));
            self.keep(Kind::Flow, self.subject, &id, flow, done)
        })
        .await
    }

    pub(super) async fn list_flows(self) -> Result<HttpResponse, NoResponse> {
        let flows = self.flows(self.subject);
        let flows: Vec<Value> = flows
            .iter()
            .map(|flow| with_fields(flow, &self.query))
            .collect();
        self.done(|| Success::processed(Value::Array(flows))).await
    }

    /// A flow, or what it is made of.
    pub(super) async fn read_flow(self) -> Result<HttpResponse, NoResponse> {
        let flow = self.flow();
        let data = match self.operation {
            Do::FlowAssets => {
                let file = json!({
                    "name": "flow.json",
                    "asset_type": "FLOW_JSON",
                    "download_url": format!("{}/media/flow-{}", self.core().base_url, self.subject),
                });
                match flow["json"].is_null() {
                    true => json!([]),
                    false => json!([file]),
                }
            }
            _ => with_fields(&flow, &self.query),
        };
        self.done(|| Success::processed(data)).await
    }

    /// Changes it, publishes it, withdraws it or deletes it, as far as its status allows.
    pub(super) async fn change_flow(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let mut flow = self.flow();
        let status = flow["status"].as_str().unwrap_or_default().to_owned();
        let wanted = match self.operation {
            Do::PublishFlow => ("DRAFT", "only a draft can be published"),
            Do::DeprecateFlow => ("PUBLISHED", "only a published flow can be deprecated"),
            Do::DeleteFlow => ("DRAFT", "only a draft can be deleted"),
            _ => (status.as_str(), ""),
        };
        if status != wanted.0 {
            return Ok(self.refuse(Wrong(wanted.1.to_owned())));
        }
        if self.operation == Do::PublishFlow && flow["json"].is_null() {
            return Ok(self.refuse(Wrong("the flow has no JSON yet".to_owned())));
        }
        if self.operation == Do::UpdateFlow {
            let json = or_refuse!(self, self.json(body));
            for name in ["name", "categories", "endpoint_uri"] {
                if let Some(value) = json.get(name) {
                    flow[name] = value.clone();
                }
            }
        }
        match self.operation {
            Do::PublishFlow => flow["status"] = "PUBLISHED".into(),
            Do::DeprecateFlow => flow["status"] = "DEPRECATED".into(),
            _ => {}
        }
        let waba = self.call.number.business.waba_id.clone();
        self.done(|| {
            let done = Success::processed(json!({"success": true}));
            if self.operation == Do::DeleteFlow {
                let mut records = self.core().state.records();
                records.remove(Kind::Flow, &waba, self.subject);
                return done;
            }
            self.keep(Kind::Flow, &waba, self.subject, flow, done)
        })
        .await
    }

    /// Takes over the JSON of a flow; one that was published is a draft again. Whether it is a right flow is not looked at.
    pub(super) async fn update_flow_json(self, form: Form) -> Result<HttpResponse, NoResponse> {
        let file = match form.file {
            Some(file) if file.size <= JSON_MAX => file,
            Some(_) => return Ok(self.refuse(Wrong("file: longer than 10 MB".to_owned()))),
            None => return Ok(self.refuse(Wrong("file: missing".to_owned()))),
        };
        let json = file.bytes.as_deref().map(serde_json::from_slice::<Value>);
        let errors = match &json {
            Some(Err(error)) => json!([{
                "error": "INVALID_JSON",
                "error_type": "JSON_SCHEMA_ERROR",
                "message": "The file is not JSON.",
                "line_start": error.line(),
                "column_start": error.column(),
            }]),
            _ => json!([]),
        };
        let mut flow = self.flow();
        let waba = self.call.number.business.waba_id.clone();
        self.done(|| {
            flow["validation_errors"] = errors.clone();
            if let Some(Ok(json)) = json {
                flow["json"] = json;
                flow["status"] = "DRAFT".into();
            }
            let is_right = errors.as_array().is_some_and(Vec::is_empty);
            let data = json!({"success": is_right, "validation_errors": errors});
            self.keep(
                Kind::Flow,
                &waba,
                self.subject,
                flow,
                Success::processed(data),
            )
        })
        .await
    }

    /// Copies flows to another WABA; one whose name is there already is reported as failed.
    pub(super) async fn migrate_flows(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = match body.is_empty() {
            true => json!({}),
            false => or_refuse!(self, self.json(body)),
        };
        let accounts = self.core().accounts.all();
        if !accounts
            .iter()
            .any(|account| account.waba() == self.destination)
        {
            return Ok(self.refuse(Wrong("the WABA that they go to is unknown".to_owned())));
        }
        let names = json["source_flow_names"].as_array();
        let mut flows = self.flows(self.subject);
        flows.retain(|flow| names.is_none_or(|names| names.contains(&flow["name"])));
        let there = self.flows(self.destination);
        or_refuse!(self, self.room(flows.len()));
        self.done(|| {
            let (mut migrated, mut failed) = (Vec::new(), Vec::new());
            for flow in &flows {
                let name = &flow["name"];
                if there.iter().any(|known| known["name"] == *name) {
                    failed.push(json!({
                        "source_name": name,
                        "error_code": "4233041",
                        "error_message": "A flow of this name exists.",
                    }));
                    continue;
                }
                let id = self.core().sources.ids.digits16("flow");
                let mut copy = flow.clone();
                copy["id"] = id.as_str().into();
                let mut records = self.core().state.records();
                if let Err(Full) = records.put(Kind::Flow, self.destination, &id, copy) {
                    return Success::full();
                }
                migrated
                    .push(json!({"source_name": name, "source_id": flow["id"], "migrated_id": id}));
            }
            Success::processed(json!({"migrated_flows": migrated, "failed_flows": failed}))
        })
        .await
    }

    pub(super) async fn set_flow_key(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let form = String::from_utf8_lossy(body);
        let form = Query::parse(Some(&form));
        let Some(key) = form.text("business_public_key") else {
            return Ok(self.refuse(Wrong("business_public_key: missing".to_owned())));
        };
        if !key.contains("BEGIN PUBLIC KEY") {
            let why = "business_public_key: must be a public key in PEM";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        let business = self.call.business();
        let is_new = {
            let records = self.core().state.records();
            records.get(Kind::FlowKey, &business, "key").is_none()
        };
        or_refuse!(self, self.room(usize::from(is_new)));
        self.done(|| {
            let value = json!({
                "business_public_key": key,
                "business_public_key_signature_status": "VALID",
            });
            let done = Success::processed(json!({"success": true}));
            self.keep(Kind::FlowKey, &business, "key", value, done)
        })
        .await
    }

    pub(super) async fn flow_key(self) -> Result<HttpResponse, NoResponse> {
        let business = self.call.business();
        let key = self
            .core()
            .state
            .records()
            .get(Kind::FlowKey, &business, "key")
            .cloned();
        self.done(|| Success::processed(key.unwrap_or_else(|| json!({}))))
            .await
    }

    fn flows(&self, waba: &str) -> Vec<Value> {
        let records = self.core().state.records();
        records
            .of(Kind::Flow, waba)
            .map(|(_, flow)| flow.clone())
            .collect()
    }

    /// The flow of the path, which is there: it was looked for before.
    fn flow(&self) -> Value {
        let records = self.core().state.records();
        let found = records.find(Kind::Flow, self.subject);
        found.map_or_else(Value::default, |(_, flow)| flow.clone())
    }
}

/// A flow, with the fields that are asked for.
fn with_fields(flow: &Value, query: &Query) -> Value {
    let asked: Vec<&str> = match query.text("fields") {
        Some(fields) => fields.split(',').map(str::trim).collect(),
        None => FIELDS.to_vec(),
    };
    let mut shown = json!({});
    for name in asked {
        let own = match name {
            "validation_error" => "validation_errors",
            "json" => continue,
            name => name,
        };
        if let Some(value) = flow.get(own) {
            shown[name] = value.clone();
        }
    }
    shown
}
