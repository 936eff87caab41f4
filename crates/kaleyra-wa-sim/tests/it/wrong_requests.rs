//! Wrong requests by raw HTTP: each gets the documented body byte for byte, and `why` names what is wrong with it.

use kaleyra_wa_sim::{Fact, Simulator, Strictness};

use super::wire::{Answer, KEY, SENDER, SID, builder, request};

const PAYLOAD: &str = r#"{"code":"WA400","message":"Refer to correct payload format","data":{},"error":{"payload":"Incorrect payload format"}}"#;
const CREDENTIALS: &str = r#"{"code":"RBC001","message":"Incorrect SID or API key.","data":[],"error":{"error":"Incorrect SID or API key."}}"#;
const FOREIGN: &str = r#"{"code":"WA401","message":"Phone number is not present or does not belong to the account.","data":{},"error":{"phone_number":"Phone number is not present or does not belong to the account."}}"#;

const TO: &str = r#""messaging_product":"whatsapp","to":"+919800000001""#;

/// Bodies of sends, each with what `why` says.
const SENDS: [(&str, &str); 38] = [
    ("", "not JSON"),
    ("null", "not a JSON object"),
    ("[]", "not a JSON object"),
    ("\"text\"", "not a JSON object"),
    ("{", "not JSON"),
    ("{}}", "not JSON"),
    ("{'messaging_object':{}}", "not JSON"),
    ("{\"messaging_object\": wamid}", "not JSON"),
    ("{}", "messaging_object: missing"),
    (r#"{"messaging_objects":{}}"#, "messaging_object: missing"),
    (
        r#"{"messaging_object":null}"#,
        "messaging_object: must be an object",
    ),
    (
        r#"{"messaging_object":[]}"#,
        "messaging_object: must be an object",
    ),
    (
        r#"{"messaging_object":{},"extra_info":[]}"#,
        "extra_info: must be an object",
    ),
    (
        r#"{"messaging_object":{},"extra_info":"a"}"#,
        "extra_info: must be an object",
    ),
    (
        r#"{"messaging_object":{}}"#,
        "messaging_object.messaging_product: missing",
    ),
    (
        r#"{"messaging_object":{"messaging_product":""}}"#,
        "messaging_object.messaging_product: must not be empty",
    ),
    (
        r#"{"messaging_object":{"messaging_product":1}}"#,
        "messaging_object.messaging_product: must be a string",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"sms"}}"#,
        "messaging_object.messaging_product: must be `whatsapp`",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"WhatsApp"}}"#,
        "messaging_object.messaging_product: must be `whatsapp`",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp"}}"#,
        "messaging_object.to: missing",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","to":""}}"#,
        "messaging_object.to: must not be empty",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","to":null}}"#,
        "messaging_object.to: must be a string",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","to":919800000001}}"#,
        "messaging_object.to: must be a string",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","to":["+91"]}}"#,
        "messaging_object.to: must be a string",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","to":"1,2","text":{}}}"#,
        "messaging_object.to: several recipients",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","recipient":1}}"#,
        "messaging_object.recipient: must be a string",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","status":"read"}}"#,
        "messaging_object.message_id: missing",
    ),
    (
        r#"{"messaging_object":{"messaging_product":"whatsapp","status":1}}"#,
        "messaging_object.status: must be a string",
    ),
    (
        r#"{"messaging_object":{TO}}"#,
        "messaging_object.text: missing",
    ),
    (
        r#"{"messaging_object":{TO,"type":null}}"#,
        "messaging_object.type: must be a string",
    ),
    (
        r#"{"messaging_object":{TO,"type":""}}"#,
        "messaging_object.type: must not be empty",
    ),
    (
        r#"{"messaging_object":{TO,"type":"a b"}}"#,
        "messaging_object.type: is not the name of a type",
    ),
    (
        r#"{"messaging_object":{TO,"type":"image","text":{}}}"#,
        "messaging_object.image: missing",
    ),
    (
        r#"{"messaging_object":{TO,"type":"image","image":"1"}}"#,
        "messaging_object.image: must be an object",
    ),
    (
        r#"{"messaging_object":{TO,"type":"template"}}"#,
        "messaging_object.template: missing",
    ),
    (
        r#"{"messaging_object":{TO,"type":"interactive","interactive":[]}}"#,
        "messaging_object.interactive: must be an object",
    ),
    (
        r#"{"messaging_object":{TO,"type":"contacts"}}"#,
        "messaging_object.contacts: missing",
    ),
    (
        r#"{"messaging_object":{TO,"type":"contacts","contacts":{}}}"#,
        "messaging_object.contacts: must be an array",
    ),
];

/// The same with limits of Meta's pages, which `--strictness meta` refuses at once.
const LIMITS: [(&str, &str); 4] = [
    (
        r#"{"messaging_object":{TO,"type":"text","text":{"body":""}}}"#,
        "messaging_object.text.body",
    ),
    (
        r#"{"messaging_object":{TO,"type":"image","image":{}}}"#,
        "messaging_object.image",
    ),
    (
        r#"{"messaging_object":{TO,"type":"location","location":{"latitude":91,"longitude":0}}}"#,
        "messaging_object.location.latitude",
    ),
    (
        r#"{"messaging_object":{TO,"type":"interactive","interactive":{"type":"button","body":{"text":"a"},"action":{"buttons":[]}}}}"#,
        "messaging_object.interactive.action.buttons",
    ),
];

/// Other endpoints: method and path below the number, `Content-Type`, body, what `why` says.
const OTHERS: [(&str, &str, &str, &str); 11] = [
    (
        "POST block_users",
        "application/json",
        "{}",
        "messaging_product: must be `whatsapp`",
    ),
    (
        "POST block_users",
        "text/plain",
        "{}",
        "Content-Type: must be application/json",
    ),
    (
        "POST block_users",
        "application/json",
        "[]",
        "not a JSON object",
    ),
    (
        "POST block_users",
        "application/json",
        r#"{"messaging_product":"whatsapp"}"#,
        "block_users",
    ),
    (
        "POST block_users",
        "application/json",
        r#"{"messaging_product":"whatsapp","block_users":{}}"#,
        "block_users",
    ),
    (
        "POST block_users",
        "application/json",
        r#"{"messaging_product":"whatsapp","block_users":[{}]}"#,
        "block_users",
    ),
    (
        "DELETE block_users",
        "application/json",
        "{}",
        "messaging_product: must be `whatsapp`",
    ),
    (
        "GET block_users?limit=x",
        "application/json",
        "",
        "limit: must be from 1 to 1000",
    ),
    (
        "GET block_users?limit=0",
        "application/json",
        "",
        "limit: must be from 1 to 1000",
    ),
    ("POST media", "application/json", "{}", "Content-Type"),
    (
        "POST messages",
        "text/plain",
        "{}",
        "Content-Type: must be application/json",
    ),
];

async fn ask(sim: &Simulator, line: &str, kind: &str, body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let line = format!("{method} /v2/{SID}/whatsapp/{SENDER}/{path}");
    let headers = [("api-key", KEY), ("content-type", kind)];
    request(sim, &line, &headers, body).await
}

/// Its body is this one, and the header, the journal and `why` say what is wrong.
async fn refused(sim: &Simulator, answer: impl Future<Output = Answer>, body: &str, why: &str) {
    let mut journal = sim.journal();
    let answer = answer.await;
    assert_eq!(answer.body, body, "{why}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/json"),
        "{why}"
    );
    let told = answer.header("x-sim-why").unwrap();
    assert!(told.contains(why), "{told} has not: {why}");
    let number = loop {
        let entry = journal.next().await.unwrap();
        if matches!(entry.fact, Fact::Rejected { .. }) {
            break entry.number;
        }
    };
    let line = format!("GET /sim/why/{number}");
    let explained = request(sim, &line, &[], "").await.json();
    let verdict = explained["verdict"].as_str().unwrap();
    assert!(verdict.contains(why), "{verdict} has not: {why}");
}

#[tokio::test]
async fn wrong_requests_get_the_documented_body_and_why_names_the_field() {
    let sim = builder()
        .why_header(true)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let mut count = 0;
    for (body, why) in SENDS {
        let body = body.replace("TO", TO);
        let answer = ask(&sim, "POST messages", "application/json", &body);
        refused(&sim, answer, PAYLOAD, why).await;
        count += 1;
    }
    for (line, kind, body, why) in OTHERS {
        refused(&sim, ask(&sim, line, kind, body), PAYLOAD, why).await;
        count += 1;
    }
    let strict = builder().why_header(true).strictness(Strictness::Meta);
    let strict = strict.bind("127.0.0.1:0").await.unwrap();
    for (body, why) in LIMITS {
        let body = body.replace("TO", TO);
        let answer = ask(&strict, "POST messages", "application/json", &body);
        refused(&strict, answer, PAYLOAD, why).await;
        count += 1;
    }
    assert!(count > 50, "{count}");
    assert!(sim.accepted().is_empty() && strict.accepted().is_empty());
}

#[tokio::test]
async fn wrong_accounts_get_the_documented_body_whatever_else_is_wrong() {
    let sim = builder()
        .why_header(true)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    for endpoint in [
        "POST messages",
        "POST media",
        "GET phone_number_details",
        "POST block_users",
    ] {
        let (method, name) = endpoint.split_once(' ').unwrap();
        let ask = |sid: &str, sender: &str, key: Option<&'static str>| {
            let line = format!("{method} /v2/{sid}/whatsapp/{sender}/{name}");
            let headers: Vec<_> = key.map(|key| ("api-key", key)).into_iter().collect();
            let sim = &sim;
            async move { request(sim, &line, &headers, "{").await }
        };
        refused(
            &sim,
            ask("HX2", SENDER, Some(KEY)),
            CREDENTIALS,
            "the SID in the path",
        )
        .await;
        refused(
            &sim,
            ask(SID, SENDER, Some("A2")),
            CREDENTIALS,
            "the api-key header",
        )
        .await;
        refused(
            &sim,
            ask(SID, SENDER, None),
            CREDENTIALS,
            "there is no api-key header",
        )
        .await;
        refused(
            &sim,
            ask(SID, "+91", Some(KEY)),
            FOREIGN,
            "the number in the path",
        )
        .await;
    }
}
