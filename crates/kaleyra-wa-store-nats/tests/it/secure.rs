//! Logging in and encryption, by what an address says, on servers that take nobody without.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{StoreError, StoreErrorKind};
use kaleyra_wa_store_nats::async_nats::ConnectOptions;
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};
use nkeys::KeyPair;
use serde_json::{Value, json};

use crate::sample::{keep, until};
use crate::server::Server;

/// Everything that a worker does, once.
async fn try_out(store: &NatsStore, key: &str) {
    let id = keep(store, "1", key).await.unwrap().events[0].1;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(id, 1, handled).await.unwrap());
    assert!(store.requeue(id).await.unwrap());
    assert!(store.discard(id).await.unwrap());
    assert_eq!(store.stats().await.unwrap().dropped, 1);
    assert!(store.load(EventId::default(), 10).await.is_ok());
}

async fn refused(address: &str) -> StoreError {
    let error = NatsStore::connect(address).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    assert!(!error.is_temporary());
    error
}

/// What is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// In a process of its own, on one thread, whose log is looked at: what other tests log, or don't, decides about it otherwise.
#[test]
fn a_user_logs_in_by_the_address_and_is_shown_nowhere() {
    const ALONE: &str = "KWA_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        return runtime.enable_all().build().unwrap().block_on(log_in());
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "secure::a_user_logs_in_by_the_address_and_is_shown_nowhere";
    command.args(["--exact", name, "--nocapture"]);
    assert!(command.env(ALONE, "1").status().unwrap().success());
}

async fn log_in() {
    let config = |_: &Path| r#"authorization { user: "b@t", password: "s3cret,/:1" }"#.to_owned();
    let Some(server) = Server::configured(config) else {
        return;
    };
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let port = server.port();
    let address = format!("nats://b%40t:s3cret%2C%2F%3A1@127.0.0.1:{port}");
    let store = NatsStore::connect(&address).await.unwrap();
    try_out(&store, "a").await;
    // It logs in again.
    server.kill();
    server.run();
    until("it is connected again", async || {
        store.stats().await.is_ok()
    })
    .await;
    let mut shown = format!("{store:?} {:?}", NatsOptions::new(&address));
    store.close().await;
    for wrong in ["b%40t:s3cret-2@", "s3cret-3@", ""] {
        let error = refused(&format!("nats://{wrong}127.0.0.1:{port}")).await;
        assert!(error.to_string().contains("refuses the login"), "{error}");
        shown += &format!("{error:?}");
    }
    drop(guard);
    shown += &String::from_utf8_lossy(&log.0.lock().unwrap());
    assert!(shown.contains("connected successfully"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(!shown.contains("b%40t"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_and_an_nkey_log_in() {
    let token = |_: &Path| r#"authorization { token: "s3cret" }"#.to_owned();
    let Some(server) = Server::configured(token) else {
        return;
    };
    let port = server.port();
    let store = NatsStore::connect(&format!("nats://s3cret@127.0.0.1:{port}"))
        .await
        .unwrap();
    try_out(&store, "a").await;
    store.close().await;

    let (own, other) = (KeyPair::new_user(), KeyPair::new_user());
    let nkey = |folder: &Path| {
        fs::write(folder.join("own.nk"), own.seed().unwrap() + "\n").unwrap();
        fs::write(folder.join("other.nk"), other.seed().unwrap()).unwrap();
        format!(
            "authorization {{ users: [{{ nkey: {} }}] }}",
            own.public_key()
        )
    };
    let Some(server) = Server::configured(nkey) else {
        return;
    };
    let folder = server.folder().display().to_string();
    let address = |file: &str| format!("{}?nkey={folder}/{file}", server.url());
    let store = NatsStore::connect(&address("own.nk")).await.unwrap();
    try_out(&store, "a").await;
    store.close().await;
    refused(&address("other.nk")).await;
    let error = refused(&address("none.nk")).await;
    assert!(
        error.to_string().contains("`nkey` names can't be read"),
        "{error}"
    );
    let error = refused(&address("nats.conf")).await;
    assert!(error.to_string().contains("no seed"), "{error}");
}

/// A JWT as NATS has them.
fn jwt(issuer: &KeyPair, subject: &str, nats: Value) -> String {
    let claims = json!({
        "jti": subject, "iat": 1_700_000_000, "iss": issuer.public_key(), "name": "test", "sub": subject, "nats": nats,
    });
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ed25519-nkey"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = issuer.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_credentials_logs_in() {
    let operator = KeyPair::new_operator();
    let (system, account) = (KeyPair::new_account(), KeyPair::new_account());
    let user = KeyPair::new_user();
    let of_account = |key: &KeyPair, storage: i64| {
        let limits = json!({
            "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
            "mem_storage": storage, "disk_storage": storage, "streams": storage, "consumer": storage,
        });
        let nats = json!({"limits": limits, "default_permissions": {"pub": {}, "sub": {}}, "type": "account", "version": 2});
        jwt(&operator, &key.public_key(), nats)
    };
    let of_user = jwt(
        &account,
        &user.public_key(),
        json!({"pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1, "type": "user", "version": 2}),
    );
    let config = |folder: &Path| {
        let credentials = format!(
            "-----BEGIN NATS USER JWT-----\n{of_user}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
            user.seed().unwrap()
        );
        fs::write(folder.join("bot.creds"), credentials).unwrap();
        let of_operator = jwt(
            &operator,
            &operator.public_key(),
            json!({"type": "operator", "version": 2, "system_account": system.public_key()}),
        );
        format!(
            "operator: {of_operator}\nsystem_account: {}\nresolver: MEMORY\nresolver_preload: {{\n{}: {}\n{}: {}\n}}\n",
            system.public_key(),
            system.public_key(),
            of_account(&system, 0),
            account.public_key(),
            of_account(&account, -1),
        )
    };
    let Some(server) = Server::configured(config) else {
        return;
    };
    let folder = server.folder().display();
    let address = |file: &str| format!("{}?creds={folder}/{file}", server.url());
    let store = NatsStore::connect(&address("bot.creds")).await.unwrap();
    try_out(&store, "a").await;
    store.close().await;
    refused(&server.url()).await;
    let error = refused(&address("nats.conf")).await;
    assert!(error.to_string().contains("no JWT and seed"), "{error}");
}

/// Makes a certificate for this machine, `<name>.pem`, and its key.
fn certificate(folder: &Path, name: &str) {
    let mut openssl = Command::new("openssl");
    openssl.current_dir(folder);
    openssl.args(
        "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1".split(' '),
    );
    openssl.args(["-subj", "/CN=localhost", "-addext"]);
    openssl.args(["subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext"]);
    openssl.arg("basicConstraints=critical,CA:FALSE");
    openssl.args([
        "-keyout",
        &format!("{name}.key"),
        "-out",
        &format!("{name}.pem"),
    ]);
    let made = openssl.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(made.unwrap().success(), "openssl makes no certificate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_encrypted_and_go_to_whom_the_certificate_names() {
    let config = |folder: &Path| {
        certificate(folder, "server");
        certificate(folder, "other");
        let folder = folder.display();
        format!(
            "tls {{ cert_file: \"{folder}/server.pem\", key_file: \"{folder}/server.key\" }}\n\
             authorization {{ user: bot, password: s3cret }}\n"
        )
    };
    let Some(server) = Server::configured(config) else {
        return;
    };
    let (port, folder) = (server.port(), server.folder().to_owned());
    let address = |scheme: &str, ca: &str| {
        format!(
            "{scheme}://bot:s3cret@127.0.0.1:{port}?ca={}/{ca}",
            folder.display()
        )
    };
    for scheme in ["nats", "tls"] {
        let store = NatsStore::connect(&address(scheme, "server.pem")).await;
        store.unwrap().close().await;
    }
    let own = ConnectOptions::new().add_root_certificates(folder.join("server.pem"));
    let options = NatsOptions::new(format!("nats://bot:s3cret@127.0.0.1:{port}"));
    let store = options.connect_options(own).open().await.unwrap();
    try_out(&store, "a").await;
    server.kill();
    server.run();
    until("it is connected again", async || {
        store.stats().await.is_ok()
    })
    .await;
    store.close().await;
    // One that trusts others, and the machine's own authorities.
    let others = [
        address("nats", "other.pem"),
        format!("tls://bot:s3cret@127.0.0.1:{port}"),
        format!("nats://bot:s3cret@127.0.0.1:{port}"),
    ];
    for other in others {
        let error = refused(&other).await;
        assert!(error.to_string().contains("not trusted"), "{error}");
    }
    let error = refused(&address("nats", "none.pem")).await;
    assert!(
        error.to_string().contains("`ca` names can't be read"),
        "{error}"
    );
    let error = refused(&address("nats", "server.key")).await;
    assert!(error.to_string().contains("PEM"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_may_ask_for_a_certificate_and_for_tls_first() {
    let config = |folder: &Path| {
        certificate(folder, "server");
        certificate(folder, "bot");
        let folder = folder.display();
        format!(
            "tls {{ cert_file: \"{folder}/server.pem\", key_file: \"{folder}/server.key\", ca_file: \"{folder}/bot.pem\", \
             verify: true, handshake_first: true }}\n"
        )
    };
    let Some(server) = Server::configured(config) else {
        return;
    };
    let folder = server.folder().display();
    let address = format!("{}?ca={folder}/server.pem&tls=first", server.url());
    refused(&address).await;
    let whole = format!("{address}&cert={folder}/bot.pem&key={folder}/bot.key");
    let store = NatsStore::connect(&whole).await.unwrap();
    try_out(&store, "a").await;
    store.close().await;
    let error = refused(&format!(
        "{address}&cert={folder}/bot.pem&key={folder}/server.key"
    ))
    .await;
    assert!(
        error.to_string().contains("don't belong together"),
        "{error}"
    );

    let Some(plain) = Server::start() else {
        return;
    };
    let error = refused(&format!("tls://127.0.0.1:{}", plain.port())).await;
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
    NatsStore::connect(&plain.url())
        .await
        .unwrap()
        .close()
        .await;
}

/// The permissions that the documentation lists are enough, and nothing outside of the store's own names is among them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_with_no_more_than_the_documented_permissions_can_do_everything() {
    let config = |_: &Path| {
        let of_stream = |stream: &str| {
            [
                "STREAM.INFO.%",
                "STREAM.CREATE.%",
                "STREAM.UPDATE.%",
                "STREAM.MSG.*.%",
                "DIRECT.GET.%",
                "DIRECT.GET.%.>",
                "CONSUMER.*.%",
                "CONSUMER.*.%.>",
                "CONSUMER.MSG.NEXT.%.>",
            ]
            .map(|subject| format!("\"$JS.API.{}\"", subject.replace('%', stream)))
            .join(", ")
        };
        format!(
            "authorization {{ users: [{{ user: bot, password: s3cret, permissions: {{
                publish: [\"kwa.bot.>\", \"_INBOX.>\", \"$JS.API.INFO\", {}, {}]
                subscribe: [\"kwa.bot.>\", \"_INBOX.>\"]
            }} }}] }}",
            of_stream("KWA_bot"),
            of_stream("KWA_bot_STATE"),
        )
    };
    let Some(server) = Server::configured(config) else {
        return;
    };
    let address = format!("nats://bot:s3cret@127.0.0.1:{}", server.port());
    let first = NatsStore::connect(&format!("{address}/bot")).await.unwrap();
    try_out(&first, "a").await;
    let second = NatsOptions::new(&address).name("bot").open().await.unwrap();
    until("both have a share", async || {
        first.share() + second.share() == 64 && second.share() > 10
    })
    .await;
    first.close().await;
    until("the second has all", async || second.share() == 64).await;
    second.close().await;
    // Another store is another's.
    let options = NatsOptions::new(&address).name("other");
    let options = options.timeout(std::time::Duration::from_millis(500));
    assert!(options.open().await.is_err());
}
