//! What `kaleyra-wa send` says, and where: closed outputs, interrupts, the log.

use std::net::TcpListener;

#[cfg(unix)]
use crate::command::interrupt;
use crate::command::run;
use crate::send::{KEY, TEXT, fail, send, sim};

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_changes_no_outcome() {
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let sim = sim();
    for (arguments, fault, code, begins) in [
        (&["--text", TEXT][..], "", 0, "warning: accepted as A"),
        (&["--text", TEXT, "--json"], "", 0, "warning: accepted as A"),
        (&["--text", TEXT, "--json"], "low-balance", 3, "error: E110"),
        (&["--text", TEXT, "--json"], "internal", 5, "error: WA500"),
        (&["--text", "", "--json"], "", 2, "error: not sent"),
    ] {
        if !fault.is_empty() {
            fail(&sim, fault);
        }
        let output = send(&sim.address, arguments)
            .stdout(full())
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.starts_with(begins), "{error}");
        // Nobody hears it, and it ends as it would.
        if !fault.is_empty() {
            fail(&sim, fault);
        }
        let mut deaf = send(&sim.address, arguments);
        deaf.env("RUST_LOG", "trace");
        let status = deaf.stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_says_that_it_may_have_been_sent() {
    use std::io::Read;
    use std::process::Stdio;

    // Reads the request and never responds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let mut command = send(&address, &["--text", TEXT]);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = silent.accept().unwrap();
    assert!(stream.read(&mut [0; 1]).unwrap() > 0);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{error}");
    assert!(
        error.starts_with("error: interrupted: it may have been sent"),
        "{error}"
    );
}

#[test]
fn the_log_has_a_line_per_call() {
    let sim = sim();
    let (_, _, log) =
        run(send(&sim.address, &["--text", TEXT]).env("RUST_LOG", "kaleyra_wa_client=debug"));
    assert_eq!(log.trim_end().lines().count(), 1, "{log}");
    for part in ["kaleyra_wa.send", "http.response.status_code=202", "close"] {
        assert!(log.contains(part), "{log}");
    }
}

#[test]
fn key_number_and_text_appear_nowhere() {
    let sim = sim();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let mut heard = String::new();
    for fault in [
        "",
        "internal",
        "low-balance",
        "close",
        "documented-body",
        "bad-gateway",
    ] {
        if !fault.is_empty() {
            fail(&sim, fault);
        }
        for arguments in [&["--text", TEXT][..], &["--text", TEXT, "--json"]] {
            let (_, out, error) = run(send(&sim.address, arguments).env("RUST_LOG", "trace"));
            heard += &out;
            heard += &error;
        }
    }
    for arguments in [&["--text", TEXT][..], &["--text", TEXT, "--json"]] {
        let (_, out, error) = run(send(&closed, arguments).env("RUST_LOG", "trace"));
        heard += &out;
        heard += &error;
    }
    assert!(
        heard.contains("TRACE") && heard.contains("kaleyra_wa.send"),
        "the log was on: {heard}"
    );
    for secret in [KEY, "9800000077", TEXT, "8000000001"] {
        assert!(!heard.contains(secret), "{secret} is in\n{heard}");
    }
}

#[test]
fn a_code_that_is_not_known_is_told_with_the_servers_words() {
    for (code, is_told) in [("WA4711", true), ("WA400", false)] {
        let body = format!(
            r#"{{"code":"{code}","message":"The shop is closed","data":{{}},"error":{{}}}}"#
        );
        let server = crate::http::answering("400 Bad Request", &body);
        let (exit, _, error) = run(&mut send(&server, &["--text", TEXT]));
        assert_eq!(exit, 3, "{error}");
        assert_eq!(
            error.contains("(the server says \"The shop is closed\")"),
            is_told,
            "{error}"
        );
    }
}
