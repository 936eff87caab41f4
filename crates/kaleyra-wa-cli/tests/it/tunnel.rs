//! `kaleyra-wa listen --tunnel`: a public address is shown and looked at from outside, over real TLS.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::post;

/// The root that no machine trusts, which signed the certificate for 127.0.0.1; made for the transport's tests.
const TLS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../kaleyra-wa-transport/tests/it/tls"
);

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("tunnel")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The far end of a tunnel: takes TLS, and passes each request on to the port that stands in the file.
fn far_end(port: PathBuf) -> String {
    let certificate = CertificateDer::from_pem_file(format!("{TLS}/localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{TLS}/localhost.key")).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let config = ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let session = ServerConnection::new(config.clone()).unwrap();
            let (port, near) = (port.clone(), StreamOwned::new(session, stream.unwrap()));
            std::thread::spawn(move || pass_on(near, &port));
        }
    });
    address
}

fn pass_on(mut near: StreamOwned<ServerConnection, TcpStream>, port: &Path) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    let head = loop {
        match near.read(&mut piece) {
            Ok(length) if length > 0 => request.extend(&piece[..length]),
            _ => return,
        }
        let Some(end) = request.windows(4).position(|it| it == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&request[..end]).to_lowercase();
        let length = text
            .lines()
            .find_map(|it| it.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |it| it.trim().parse().unwrap());
        if request.len() >= end + 4 + length {
            break end;
        }
    };
    let port = fs::read_to_string(port).unwrap();
    let mut far = TcpStream::connect(format!("127.0.0.1:{}", port.trim())).unwrap();
    far.write_all(&request[..head]).unwrap();
    far.write_all(b"\r\nconnection: close").unwrap();
    far.write_all(&request[head..]).unwrap();
    let mut response = Vec::new();
    far.read_to_end(&mut response).unwrap();
    near.write_all(&response).unwrap();
    near.conn.send_close_notify();
    let _ = near.flush();
}

fn listen(tunnel: &str, arguments: &[&str]) -> std::process::Command {
    let fixed = [
        "listen", "--port", "0", "--secret", "s3cret-1", "--json", "--tunnel", tunnel,
    ];
    kaleyra_wa(&[&fixed, arguments].concat())
}

#[test]
fn a_tunnel_is_looked_at_once_its_address_is_known() {
    let folder = folder("look");
    let port = folder.join("port");
    let public = far_end(port.clone());
    let tunnel = format!(
        "echo {{port}} > {}; echo 'now at {public}'; read wait <&9",
        port.display()
    );
    let tunnel = format!(
        "exec 9<&0; mkfifo {0}/held; exec 9<>{0}/held; {tunnel}",
        folder.display()
    );
    let saved = folder.join("saved");
    let inbox = folder.join("inbox.db");
    let mut command = listen(
        &tunnel,
        &[
            "--save",
            saved.to_str().unwrap(),
            "--inbox",
            inbox.to_str().unwrap(),
        ],
    );
    command.env("SSL_CERT_FILE", format!("{TLS}/ca.pem"));
    let mut listen = Running::run(command);
    let told = listen.error_line();
    assert!(
        told.contains(&public) && told.contains("doctor --webhook"),
        "{told}"
    );
    let mut found = Vec::new();
    while found.len() < 3 {
        let line = listen.error_line();
        if let Some(rest) = line.strip_prefix("ok ") {
            found.push(rest.trim().split(' ').next().unwrap().to_owned());
        }
        assert!(!line.contains("WRONG"), "{line}");
    }
    assert_eq!(found, ["10", "11", "12"]);
    // What it was sent for the look is shown nowhere: the first line is of the first callback.
    let body = br#"{"meta_object":{"field":"messages","value":{"messages":[{"id":"wamid.1","from":"919800000001","type":"text","text":{"body":"Hi"}}]}}}"#;
    let secret = ("x-kaleyra-secret", "s3cret-1");
    assert_eq!(post(&listen.address, "/", &[secret], body).0, 200);
    assert!(listen.line().contains("wamid.1"));
    assert_eq!(fs::read_dir(&saved).unwrap().count(), 2);
}

#[test]
fn what_is_wrong_with_a_tunnel_is_told() {
    let folder = folder("wrong");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let public = format!("https://{}", closed.local_addr().unwrap());
    drop(closed);
    let held = folder.join("held");
    let tunnel = format!("mkfifo {0}; echo {public}; read wait < {0}", held.display());
    let mut listen = Running::run(listen(&tunnel, &["--timeout", "1"]));
    let mut lines = Vec::new();
    while !lines
        .iter()
        .any(|it: &String| it.trim_start().starts_with("do "))
    {
        lines.push(listen.error_line());
    }
    let text = lines.join("\n");
    assert!(
        text.contains("WRONG") && text.contains("not reached"),
        "{text}"
    );
}

#[test]
fn the_end_of_the_tunnel_ends_the_command() {
    let line = "echo 'port {port} at {url}' >&2; echo '|  https://shop-1.example.invalid  |'";
    let mut listen = Running::run(listen(line, &[]));
    let mut told = Vec::new();
    while !told.iter().any(|it: &String| it.contains("it has ended")) {
        told.push(listen.error_line());
    }
    assert_eq!(listen.end(), 1, "{told:?}");
    let arguments = [
        "listen",
        "--port",
        "0",
        "--dangerously-unverified",
        "--tunnel",
        "true",
    ];
    assert_eq!(run(&mut kaleyra_wa(&arguments)).0, 2);
}
