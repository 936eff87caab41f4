//! `…/number`: the numbers of a WABA, and others that are added.

use serde_json::{Value, json};

use super::{Asked, Wrong, or_refuse, required, text_of};
use crate::model::account::without_plus;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};
use crate::state::records::Kind;

/// The code that verifies every number here: nobody gets an SMS.
const CODE: &str = "123456";

impl Asked<'_> {
    /// Those that the simulator was given, and those that were added.
    pub(super) async fn list_numbers(self) -> Result<HttpResponse, NoResponse> {
        let accounts = self.core().accounts.numbers();
        let given = accounts.filter(|number| number.business.waba_id == self.subject);
        let mut all: Vec<Value> = given
            .map(|number| {
                json!({
                    "id": number.business.phone_number_id,
                    "phone_number": number.business.display_phone_number,
                    "name": "Example Shop",
                    "status": "CONNECTED",
                    "is_voice_call_enabled": true,
                })
            })
            .collect();
        {
            let records = self.core().state.records();
            let changed: Vec<Value> = records
                .of(Kind::Number, self.subject)
                .map(|(_, it)| it.clone())
                .collect();
            for number in changed {
                let same = |it: &&mut Value| it["phone_number"] == number["phone_number"];
                match all.iter_mut().find(same) {
                    Some(known) => crate::model::business::merge(known, number),
                    None => all.push(number),
                }
            }
        }
        self.done(|| Success::processed(Value::Array(all))).await
    }

    pub(super) async fn add_number(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let number = or_refuse!(self, required(&json, "phone_number"));
        let name = or_refuse!(self, required(&json, "name"));
        let code = or_refuse!(self, required(&json, "country_code"));
        let kind = or_refuse!(self, required(&json, "verification_type"));
        let number = without_plus(&number).to_owned();
        let is_added = self
            .core()
            .state
            .records()
            .get(Kind::Number, self.subject, &number)
            .is_some();
        if is_added || self.core().accounts.find_number(&number).is_some() {
            return Ok(self.refuse(Wrong("phone_number: is there already".to_owned())));
        }
        self.done(|| {
            let mut records = self.core().state.records();
            let id = records.of(Kind::Number, self.subject).count() + 1;
            let added = json!({
                "id": id,
                "phone_number": number,
                "name": name,
                "country_code": code,
                "verification_type": kind,
                "status": "PENDING",
            });
            let _ = records.put(Kind::Number, self.subject, &number, added.clone());
            Success::processed(added)
        })
        .await
    }

    pub(super) async fn verify_number(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let mut added = or_refuse!(self, self.added(&json));
        let code = or_refuse!(self, required(&json, "otp"));
        if code != CODE {
            let why = format!("otp: is another one; the simulator's is always {CODE}");
            return Ok(self.refuse(Wrong(why)));
        }
        self.done(|| {
            added["status"] = "CONNECTED".into();
            self.keep(added.clone());
            Success::processed(added)
        })
        .await
    }

    pub(super) async fn retry_code(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let added = or_refuse!(self, self.added(&json));
        self.done(|| {
            Success::processed(json!({"id": added["id"], "phone_number": added["phone_number"]}))
        })
        .await
    }

    /// Takes over whatever fields there are.
    pub(super) async fn update_number(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let given = or_refuse!(self, required(&json, "phone_number"));
        let number = without_plus(&given).to_owned();
        let is_given = self.core().accounts.find_number(&number);
        let is_given = is_given.is_some_and(|it| it.business.waba_id == self.subject);
        let known = self
            .core()
            .state
            .records()
            .get(Kind::Number, self.subject, &number)
            .cloned();
        let mut changed = match known {
            Some(known) => known,
            None if is_given => json!({}),
            None => return Ok(self.refuse(Wrong("phone_number: is none of the WABA's".to_owned()))),
        };
        self.done(|| {
            crate::model::business::merge(&mut changed, json);
            changed["phone_number"] = number.as_str().into();
            self.keep(changed.clone());
            Success::processed(changed)
        })
        .await
    }

    /// The number that was added and that a request is about, by its id and itself.
    fn added(&self, json: &Value) -> Result<Value, Wrong> {
        let number = required(json, "phone_number")?;
        let id = required(json, "id")?;
        let records = self.core().state.records();
        let known = records.get(Kind::Number, self.subject, without_plus(&number));
        let known = known.filter(|it| text_of(it, "id").as_deref() == Some(&*id));
        known
            .cloned()
            .ok_or_else(|| Wrong("id: no number was added with it".to_owned()))
    }

    fn keep(&self, number: Value) {
        let id = number["phone_number"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut records = self.core().state.records();
        let _ = records.put(Kind::Number, self.subject, &id, number);
    }
}
