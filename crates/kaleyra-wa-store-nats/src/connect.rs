//! Connects, logs in and encrypts as an address says, and says why that fails.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_nats::rustls::client::WebPkiServerVerifier;
use async_nats::rustls::crypto::ring;
use async_nats::rustls::pki_types::pem::PemObject;
use async_nats::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use async_nats::rustls::{self, ClientConfig, RootCertStore};
use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, ServerAddr};
use kaleyra_wa_store::StoreError;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::address::{Address, Login, Tls};
use crate::failure::{Failure, invalid};

/// Connects to one of the servers of an address; with these options, if there are any.
pub(crate) async fn connect(
    address: Address,
    options: Option<ConnectOptions>,
    limit: Duration,
) -> Result<Client, StoreError> {
    let Address {
        servers,
        login,
        tls,
        ..
    } = address;
    // Also of servers that the first one tells of, which have no scheme.
    let is_required = tls.is_asked_for() || servers.iter().any(ServerAddr::tls_required);
    let mut options = match options {
        Some(options) if !tls.is_asked_for() => options,
        options => {
            let is_first = tls.is_first;
            let config = off_thread(move || config(&tls)).await?;
            let options = options.unwrap_or_default().tls_client_config(config);
            if is_first {
                options.tls_first()
            } else {
                options
            }
        }
    };
    if is_required {
        options = options.require_tls(true);
    }
    options = match login {
        None => options,
        Some(Login::User(user, password)) => options.user_and_password(user, password),
        Some(Login::Token(token)) => options.token(token),
        Some(Login::Credentials(file)) => {
            let text = off_thread(move || read("creds", &file)).await?;
            let credentials = options.credentials(&text);
            credentials.map_err(|_| {
                invalid("the file that `creds` names holds no JWT and seed: `nsc generate creds` makes one")
            })?
        }
        Some(Login::NKey(file)) => {
            let text = off_thread(move || read("nkey", &file)).await?;
            let mut lines = text.lines().map(str::trim);
            let seed = lines.find(|line| line.starts_with("SU") && line.len() == 58);
            let no_seed = || {
                invalid(
                    "the file that `nkey` names holds no seed of a user, which begins with SU: `nk -gen user` makes one",
                )
            };
            options.nkey(seed.ok_or_else(no_seed)?.to_owned())
        }
    };
    let options = options.connection_timeout(limit).name("kaleyra-wa");
    options
        .connect(servers)
        .await
        .map_err(|error| refused(&error))
}

/// Waits until a client that others made is connected.
pub(crate) async fn connected(client: &Client, limit: Duration) -> Result<(), StoreError> {
    let is_connected = tokio::time::timeout(limit, client.flush()).await;
    if !matches!(is_connected, Ok(Ok(()))) || client.server_info().version.is_empty() {
        return Err(Failure::io("the NATS server can't be reached").into());
    }
    Ok(())
}

/// Why there is no connection. The error's own text can name hosts, and is not repeated.
fn refused(error: &ConnectError) -> StoreError {
    match tls_failure(error) {
        Some(rustls::Error::InvalidCertificate(_)) => {
            return invalid(
                "the certificate of the NATS server is not trusted, or is for another host: name its authority by `?ca=FILE`, and \
                 the host as the certificate does",
            );
        }
        Some(_) => {
            return invalid(
                "TLS with the NATS server fails: it does not speak TLS here, or asks for a certificate, which `?cert=FILE&key=FILE` \
                 give",
            );
        }
        None => {}
    }
    match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => invalid(
            "the NATS server refuses the login: look at the user and the password, the token, `creds` or `nkey`",
        ),
        ConnectErrorKind::ServerParse => invalid("it is no address of a NATS server"),
        ConnectErrorKind::Tls => {
            invalid("TLS can't be set up: the host is no name that a certificate can have")
        }
        kind => Failure::io(format!("the NATS server can't be reached: {kind}")).into(),
    }
}

fn tls_failure(error: &ConnectError) -> Option<&rustls::Error> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            return Some(error);
        }
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}

/// The provider is named: where a program has several, and none is installed, the client's own way to choose one panics.
fn config(tls: &Tls) -> Result<ClientConfig, StoreError> {
    let failed = |_| invalid("TLS can't be set up on this machine");
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let builder = match &tls.ca {
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates("ca", file)? {
                let added = roots.add(certificate);
                added.map_err(|_| unusable("ca"))?;
            }
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_webpki_verifier(verifier.build().map_err(|_| unusable("ca"))?)
        }
        None => match builder.clone().with_platform_verifier() {
            Ok(builder) => builder,
            // Where the machine trusts nobody, only connections without TLS come about.
            Err(_) => builder.with_root_certificates(RootCertStore::empty()),
        },
    };
    let (Some(chain), Some(key)) = (&tls.certificate, &tls.key) else {
        return Ok(builder.with_no_client_auth());
    };
    let key = PrivateKeyDer::from_pem_file(key).map_err(|_| unusable("key"))?;
    let chain = certificates("cert", chain)?;
    let config = builder.with_client_auth_cert(chain, key);
    config.map_err(|_| invalid("the files that `cert` and `key` name don't belong together"))
}

fn certificates(
    option: &'static str,
    file: &Path,
) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let read: Vec<CertificateDer<'static>> = read.map_err(|_| unusable(option))?;
    if read.is_empty() {
        return Err(unusable(option));
    }
    Ok(read)
}

fn unusable(option: &'static str) -> StoreError {
    invalid(format!(
        "the file that `{option}` names can't be read, or is no PEM file of that"
    ))
}

fn read(option: &'static str, file: &PathBuf) -> Result<String, StoreError> {
    std::fs::read_to_string(file).map_err(|error| {
        let why = error.kind();
        invalid(format!(
            "the file that `{option}` names can't be read: {why}"
        ))
    })
}

/// Files are read where they hold up nobody.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Failure::io("a file was not read"))?
}
