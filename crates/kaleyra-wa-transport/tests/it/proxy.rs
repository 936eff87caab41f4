//! Environment proxies: never for this machine, and only as a tunnel for others.

use std::process::Command;

use kaleyra_wa_transport::{Phase, ReqwestTransport, Transport};

use crate::server::{KEY, Server, post};

/// Set for the second run of the test, inside an environment with proxies.
const TARGET: &str = "KALEYRA_WA_TEST_TARGET";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_are_not_used_for_this_machine() {
    if let Ok(target) = std::env::var(TARGET) {
        return inside_the_environment(&target).await;
    }

    let target = Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let proxy = Server::responding("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args([
            "--exact",
            "proxy::proxies_are_not_used_for_this_machine",
            "--nocapture",
        ])
        .env(TARGET, target.url());
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        let address = format!("http://{}", proxy.address());
        again
            .env(name.to_ascii_lowercase(), &address)
            .env(name, address);
    }
    for name in ["NO_PROXY", "REQUEST_METHOD"] {
        again.env_remove(name.to_ascii_lowercase()).env_remove(name);
    }
    let output = tokio::task::spawn_blocking(move || again.output().unwrap())
        .await
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    assert_eq!(
        target.received().len(),
        1,
        "the request to this machine went there directly"
    );
    let proxied = proxy.received();
    assert_eq!(
        proxied.len(),
        1,
        "the environment's proxies were in force for the other machine"
    );
    assert!(
        proxied[0].starts_with("CONNECT name.invalid:443 "),
        "{}",
        proxied[0]
    );
    assert!(
        !proxied[0].contains(KEY),
        "the proxy sees the host and nothing else"
    );
}

async fn inside_the_environment(target: &str) {
    let transport = ReqwestTransport::new().unwrap();
    assert_eq!(
        transport
            .execute(post(target, "{}".to_owned()))
            .await
            .unwrap()
            .status(),
        200
    );

    let refused = transport
        .execute(post("https://name.invalid/", "{}".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(
        refused.phase(),
        Phase::Connect,
        "a proxy that refuses the tunnel: nothing was sent"
    );
}
