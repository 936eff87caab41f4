//! Each way to verify, over a socket.

use kaleyra_wa_webhook::{
    Basic, Bearer, MetaChallenge, Receiver, SecretPath, Server, SharedHeader, SourceAddresses,
    TokenIssuer, Verifier, WebhookService, all_of, any_of, sink_fn,
};

use crate::fixtures::BUTTON;
use crate::server::{Answer, Running};

fn service(verifier: impl Verifier + 'static) -> WebhookService {
    WebhookService::new(Receiver::new(verifier), sink_fn(|_| async { Ok(()) }))
}

async fn serve(verifier: impl Verifier + 'static) -> Running {
    Running::start(Server::new(service(verifier))).await
}

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
}

async fn check(server: &Running, path: &str, headers: &str, status: u16) {
    let answer = server.exchange(&post(path, headers, BUTTON)).await;
    assert_eq!(answer.status, status, "{path} {headers}");
    if status == 401 {
        assert_eq!(answer.body, "unauthorized\n");
    }
}

#[test]
fn a_secret_that_is_found_by_trying_is_refused() {
    use kaleyra_wa_webhook::InvalidSecret;

    for short in ["a", "12345"] {
        let path = format!("/{short}");
        let refused = [
            SharedHeader::new("x-secret", short).err(),
            Bearer::new(short).err(),
            Basic::new("kaleyra", short).err(),
            SecretPath::new(&path).err(),
            TokenIssuer::new("kaleyra", short).err(),
            MetaChallenge::new(short).err(),
            Bearer::new("long enough")
                .err()
                .and(Bearer::new("enough").unwrap().or(short).err()),
            #[cfg(feature = "hmac")]
            kaleyra_wa_webhook::HmacSha256::new(short).err(),
        ];
        for refused in refused {
            assert_eq!(refused, Some(InvalidSecret::TooShort));
        }
    }
    let text = InvalidSecret::TooShort.to_string();
    assert!(text.contains("at least 6 bytes"), "{text}");
    assert!(SharedHeader::new("x-secret", "s3cret").is_ok());
}

#[tokio::test]
async fn basic_takes_each_live_user() {
    let verifier = Basic::new("kaleyra", "old-one").unwrap();
    let server = serve(verifier.or("kaleyra", "p:ä-one").unwrap()).await;
    for (headers, status) in [
        ("authorization: Basic a2FsZXlyYTpvbGQtb25l\r\n", 200),
        ("authorization: basic  a2FsZXlyYTpwOsOkLW9uZQ==\r\n", 200),
        // kaleyra:old-onee, kaleyra, in the clear
        ("authorization: Basic a2FsZXlyYTpvbGQtb25lZQ==\r\n", 401),
        ("authorization: Basic a2FsZXlyYQ==\r\n", 401),
        ("authorization: Basic kaleyra:old-one\r\n", 401),
        ("authorization: Bearer a2FsZXlyYTpvbGQtb25l\r\n", 401),
        ("authorization: Basic\r\n", 401),
        ("", 401),
    ] {
        check(&server, "/", headers, status).await;
    }
    for (user, password) in [("a", ""), ("a:b", "c"), ("a\n", "b"), ("a", "b\n")] {
        assert!(Basic::new(user, password).is_err(), "{user:?} {password:?}");
    }
}

#[tokio::test]
async fn bearer_takes_each_live_token() {
    let server = serve(Bearer::new("old-one").unwrap().or("new-one").unwrap()).await;
    for (headers, status) in [
        ("authorization: Bearer old-one\r\n", 200),
        ("authorization: BEARER new-one\r\n", 200),
        ("authorization: Bearer older\r\n", 401),
        ("authorization: Bearer old-one new-one\r\n", 401),
        ("authorization: Bearer \r\n", 401),
        ("authorization: old-one\r\n", 401),
        ("", 401),
    ] {
        check(&server, "/", headers, status).await;
    }
    for token in ["", "a b", " a", "a\n", "ä"] {
        assert!(Bearer::new(token).is_err(), "{token:?}");
    }
}

#[tokio::test]
async fn a_secret_path_is_the_whole_path() {
    let server = serve(
        SecretPath::new("/old-one")
            .unwrap()
            .or("/a/new-one")
            .unwrap(),
    )
    .await;
    for (path, status) in [
        ("/old-one", 200),
        ("/old-one?a=b", 200),
        ("/a/new-one", 200),
        ("/old-one/", 401),
        ("/OLD", 401),
        ("/new-one", 401),
        ("/", 401),
        ("/?/old-one", 401),
    ] {
        check(&server, path, "", status).await;
    }
}

#[tokio::test]
async fn the_server_tells_who_calls() {
    let here = serve(SourceAddresses::new(["127.0.0.0/8"]).unwrap()).await;
    check(&here, "/", "", 200).await;
    let elsewhere = serve(SourceAddresses::new(["203.0.113.0/24"]).unwrap()).await;
    check(&elsewhere, "/", "", 401).await;
    check(&elsewhere, "/", "x-forwarded-for: 203.0.113.7\r\n", 401).await;

    let behind = SourceAddresses::new(["203.0.113.0/24"]).unwrap();
    let behind = serve(behind.forwarded_by(["127.0.0.1"]).unwrap()).await;
    check(&behind, "/", "x-forwarded-for: 203.0.113.7\r\n", 200).await;
    let forged = "x-forwarded-for: 203.0.113.7, 198.51.100.1\r\n";
    check(&behind, "/", forged, 401).await;
    check(&behind, "/", "", 401).await;
}

#[tokio::test]
async fn any_and_all() {
    let header = || SharedHeader::new("x-secret", "yes-one").unwrap();
    let path = || SecretPath::new("/the-path").unwrap();
    let token = || Bearer::new("tokens").unwrap();
    let given = [
        (
            "/the-path",
            "x-secret: yes-one\r\nauthorization: Bearer tokens\r\n",
            3,
        ),
        ("/the-path", "x-secret: yes-one\r\n", 2),
        ("/", "authorization: Bearer tokens\r\n", 1),
        ("/", "x-secret: no\r\n", 0),
    ];
    let any = serve(any_of(header(), path()).or(token())).await;
    let all = serve(all_of(header(), path()).and(token())).await;
    for (path, headers, genuine) in given {
        let status = |yes| if yes { 200 } else { 401 };
        check(&any, path, headers, status(genuine > 0)).await;
        check(&all, path, headers, status(genuine == 3)).await;
    }
}

#[cfg(feature = "hmac")]
#[tokio::test]
async fn a_signature_is_over_the_bytes() {
    use kaleyra_wa_webhook::HmacSha256;

    let server = serve(HmacSha256::new("old-one").unwrap().or("new-one").unwrap()).await;
    for (secret, status) in [("old-one", 200), ("new-one", 200), ("older-one", 401)] {
        let signature = HmacSha256::signature(secret, BUTTON).unwrap();
        let headers = format!("x-hub-signature-256: {signature}\r\n");
        check(&server, "/", &headers, status).await;
        let headers = headers.replace("sha256=", "sha256=0");
        check(&server, "/", &headers, 401).await;
    }
    check(&server, "/", "", 401).await;

    // One that needs the body beside one that doesn't.
    let signature = HmacSha256::signature("old-one", BUTTON).unwrap();
    let signed = format!("x-hub-signature-256: {signature}\r\n");
    let header = || SharedHeader::new("x-secret", "yes-one").unwrap();
    let either = serve(any_of(header(), HmacSha256::new("old-one").unwrap())).await;
    let both = serve(all_of(header(), HmacSha256::new("old-one").unwrap())).await;
    for (headers, of_any, of_all) in [
        (format!("x-secret: yes-one\r\n{signed}"), 200, 200),
        ("x-secret: yes-one\r\n".to_owned(), 200, 401),
        (signed.clone(), 200, 401),
        (signed.replace("sha256=", "sha256=a"), 401, 401),
    ] {
        check(&either, "/", &headers, of_any).await;
        check(&both, "/", &headers, of_all).await;
    }
}

#[tokio::test]
async fn a_token_is_fetched_and_used() {
    let issuer = TokenIssuer::new("id", "old-one").unwrap();
    let issuer = issuer.or("id", "canary-secret").unwrap();
    let service = service(issuer.clone()).token_endpoint("/token", issuer);
    let server = Running::start(Server::new(service)).await;

    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let json = "content-type: application/json\r\n";
    for (headers, body) in [
        (
            form,
            "grant_type=client_credentials&client_id=id&client_secret=canary-secret",
        ),
        (
            json,
            r#"{"client_id":"id","client_secret":"canary-secret"}"#,
        ),
        ("authorization: Basic aWQ6Y2FuYXJ5LXNlY3JldA==\r\n", ""),
        (form, "client_id=id&client_secret=old-one"),
    ] {
        let answer = server.exchange(&post("/token", headers, body)).await;
        assert_eq!(answer.status, 200, "{headers} {answer:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let token: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(token["token_type"], "Bearer");
        let lifetime: u64 = token["expires_in"].as_str().unwrap().parse().unwrap();
        assert!((3_590..=3_600).contains(&lifetime), "{lifetime}");

        let bearer = token["access_token"].as_str().unwrap();
        check(
            &server,
            "/",
            &format!("authorization: Bearer {bearer}\r\n"),
            200,
        )
        .await;
        let forged = format!("authorization: Bearer {bearer}x\r\n");
        check(&server, "/", &forged, 401).await;
        // A token opens no way to another one.
        let bearer = format!("authorization: Bearer {bearer}\r\n");
        check(&server, "/token", &bearer, 401).await;
    }
    for (headers, body) in [
        (form, "client_id=id&client_secret=wrong"),
        (form, "client_id=other&client_secret=old-one"),
        (form, "client_id=id"),
        (json, r#"{"client_id":"id"}"#),
        (json, "{"),
        ("", ""),
    ] {
        let answer = server.exchange(&post("/token", headers, body)).await;
        assert_eq!((answer.status, &*answer.body), (401, "unauthorized\n"));
    }
    let get = post("/token", "", "").replacen("POST", "GET", 1);
    assert_eq!(server.exchange(&get).await.status, 405);
    let large = " ".repeat(20_000);
    let answer = server.exchange(&post("/token", form, &large)).await;
    assert_eq!(answer.status, 413);
    check(&server, "/", "", 401).await;
}

#[tokio::test]
async fn metas_challenge_is_answered_beside_callbacks() {
    let service = service(SharedHeader::new("x-secret", "yes-one").unwrap());
    let service = service.meta_challenge(MetaChallenge::new("canary-token").unwrap());
    let server = Running::start(Server::new(service)).await;
    let ask = |query: &str| {
        format!("GET /?{query} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
    };
    let answered = |answer: Answer| (answer.status, answer.body);
    let right = "hub.mode=subscribe&hub.verify_token=canary-token&hub.challenge=1158201444";
    let answer = server.exchange(&ask(right)).await;
    assert_eq!(answered(answer), (200, "1158201444".to_owned()));
    let wrong = right.replace("canary", "other");
    let answer = server.exchange(&ask(&wrong)).await;
    assert_eq!(answered(answer), (403, "forbidden\n".to_owned()));
    check(&server, "/", "x-secret: yes-one\r\n", 200).await;
    check(&server, "/", "", 401).await;
}

#[test]
fn no_secret_is_shown() {
    let issuer = TokenIssuer::new("canary", "canary").unwrap();
    let header = SharedHeader::new("x-secret", "canary").unwrap();
    let shown = [
        format!("{:?}", Basic::new("canary", "canary").unwrap()),
        format!("{:?}", Bearer::new("canary").unwrap()),
        format!("{:?}", SecretPath::new("/canary").unwrap()),
        format!("{:?}", MetaChallenge::new("canary").unwrap()),
        format!("{issuer:?} {:?}", service(issuer.clone())),
        format!(
            "{:?}",
            service(issuer.clone()).token_endpoint("/token", issuer)
        ),
        format!("{:?}", any_of(header, Bearer::new("canary").unwrap())),
        format!("{:?}", Bearer::new("canary canary").unwrap_err()),
        #[cfg(feature = "hmac")]
        format!(
            "{:?}",
            kaleyra_wa_webhook::HmacSha256::new("canary").unwrap()
        ),
    ];
    for shown in shown {
        assert!(!shown.contains("canary"), "{shown}");
        assert!(!shown.contains("Y2FuYXJ5"), "{shown}");
    }
}
