//! The server and its streams: checked, and made where there are none.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::client::{Request, RequestErrorKind};
use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{Context, ErrorCode};
use async_nats::{Client, ServerInfo};
use kaleyra_wa_store::{StoreError, StoreErrorKind};

use crate::failure::{Failure, invalid};
use crate::link::{code_of, refused};
use crate::names::{Names, PARTITIONS};

/// The oldest version of the server that works: atomic batches came with 2.12.0, and what refused them wrongly was mended in
/// 2.12.1.
const OLDEST: (u64, u64, u64) = (2, 12, 1);
/// The version of what is written into the streams.
const VERSION: &str = "1";
const VERSION_KEY: &str = "kaleyra-wa.version";
const PARTITIONS_KEY: &str = "kaleyra-wa.partitions";
/// Records have to fit into a message: 12 kB with the text of a failure, beside a piece of a body.
const LEAST_PAYLOAD: usize = 64 * 1_024;
/// What JetStream responds while a cluster looks for its leader.
const NOT_NOW: [u64; 3] = [10_008, 10_009, 10_010];
/// … where an account or a server has no JetStream.
const NOT_ENABLED: [u64; 2] = [10_039, 10_076];
/// … where another stream has some of the subjects.
const OVERLAP: u64 = 10_065;

/// Refuses a server that can't do what is needed, and says what to do.
pub(crate) fn check_server(server: &ServerInfo) -> Result<(), StoreError> {
    let version = &server.version;
    let is_recent = parse(version).is_some_and(|it| it >= OLDEST);
    if !is_recent {
        let shown: String = version
            .chars()
            .filter(|it| it.is_ascii_graphic())
            .take(20)
            .collect();
        return Err(invalid(format!(
            "nats-server {shown} is too old, since it has no atomic batches that can be relied on: run 2.12.1 or later"
        )));
    }
    if server.max_payload < LEAST_PAYLOAD {
        return Err(invalid(format!(
            "max_payload of the NATS server is {} bytes: set it to {LEAST_PAYLOAD} or more, or leave it out for 1 MB",
            server.max_payload
        )));
    }
    Ok(())
}

/// Refuses a server, or an account on it, without JetStream. In a cluster, it may be another server that has it.
pub(crate) async fn check_jetstream(client: &Client, limit: Duration) -> Result<(), StoreError> {
    let request = Request::new().timeout(Some(limit));
    let response = client.send_request("$JS.API.INFO", request).await;
    let message = match response {
        Ok(message) => message,
        Err(error) if error.kind() == RequestErrorKind::NoResponders => {
            if client.server_info().jetstream {
                return Err(Failure::io("JetStream has not started yet").into());
            }
            return Err(invalid(
                "JetStream is off on this server: start nats-server with -js, or with `jetstream {}` in its configuration",
            ));
        }
        Err(error) if error.kind() == RequestErrorKind::TimedOut => {
            let detail = "JetStream does not respond in time, or the user may not ask it: it needs the permissions that the \
                          documentation of kaleyra-wa-store-nats lists";
            return Err(Failure::io(detail).into());
        }
        Err(_) => return Err(Failure::io("the NATS server can't be reached").into()),
    };
    match code_of(&message) {
        None => Ok(()),
        Some(code) if NOT_ENABLED.contains(&code) => Err(invalid(
            "JetStream is off for the account of this user: add `jetstream: enabled` to the account",
        )),
        Some(code) => Err(refused(Some(code), "")),
    }
}

fn parse(version: &str) -> Option<(u64, u64, u64)> {
    let version = version.trim_start_matches('v');
    let version = version.split(['-', '+']).next()?;
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}

/// Makes both streams, or checks those that are there. Gives how many copies of each message there are.
pub(crate) async fn prepare(
    js: &Context,
    names: &Names,
    replicas: usize,
    max_bytes: Option<i64>,
) -> Result<usize, StoreError> {
    let events = Config {
        name: names.events(),
        subjects: names.subjects_of_events(),
        max_bytes: max_bytes.unwrap_or(-1),
        description: Some("callbacks that kaleyra-wa keeps".to_owned()),
        ..common(replicas)
    };
    let states = Config {
        name: names.states(),
        subjects: names.subjects_of_states(),
        max_messages_per_subject: 1,
        allow_message_ttl: true,
        description: Some("what became of callbacks, and who handles them".to_owned()),
        ..common(replicas)
    };
    let first = ensure(js, events, max_bytes).await?;
    let second = ensure(js, states, None).await?;
    Ok(first.min(second))
}

fn common(replicas: usize) -> Config {
    let metadata = [
        (VERSION_KEY, VERSION.to_owned()),
        (PARTITIONS_KEY, PARTITIONS.to_string()),
    ];
    Config {
        retention: RetentionPolicy::Limits,
        // Full is full: nothing that is there is dropped.
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        num_replicas: replicas,
        // Duplicates are told by subjects.
        duplicate_window: Duration::from_millis(100),
        allow_direct: true,
        allow_atomic_publish: true,
        metadata: HashMap::from(metadata.map(|(key, value)| (key.to_owned(), value))),
        max_messages_per_subject: -1,
        ..Config::default()
    }
}

async fn ensure(js: &Context, config: Config, max_bytes: Option<i64>) -> Result<usize, StoreError> {
    let name = config.name.clone();
    let wanted = config.clone();
    let found = match js.get_stream(&name).await {
        Ok(stream) => stream.cached_info().config.clone(),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(inner)
                if inner.error_code() == ErrorCode::STREAM_NOT_FOUND =>
            {
                create(js, config).await?
            }
            GetStreamErrorKind::JetStream(inner) => {
                return Err(refused(Some(inner.error_code().0), &inner.to_string()));
            }
            _ => return Err(Failure::io("JetStream does not respond").into()),
        },
    };
    check(&found, &wanted)?;
    if let Some(max_bytes) = max_bytes
        && found.max_bytes != max_bytes
    {
        let changed = Config {
            max_bytes,
            ..found.clone()
        };
        let updated = js.update_stream(changed).await;
        updated.map_err(|_| invalid("the max_bytes of its stream can't be changed to this"))?;
    }
    Ok(found.num_replicas)
}

async fn create(js: &Context, config: Config) -> Result<Config, StoreError> {
    let name = config.name.clone();
    match js.create_stream(config).await {
        Ok(stream) => Ok(stream.cached_info().config.clone()),
        Err(error) => match error.kind() {
            // Another process makes it as well.
            CreateStreamErrorKind::JetStream(inner)
                if inner.error_code() == ErrorCode::STREAM_NAME_EXIST =>
            {
                let found = js.get_stream(&name).await;
                let found = found.map_err(|_| Failure::io("JetStream does not respond"))?;
                Ok(found.cached_info().config.clone())
            }
            CreateStreamErrorKind::JetStream(inner) if NOT_NOW.contains(&inner.error_code().0) => {
                Err(Failure::io("the cluster of servers has no leader now").into())
            }
            CreateStreamErrorKind::JetStream(inner) if inner.error_code().0 == OVERLAP => {
                let detail = "another program's stream has subjects that begin with `kwa.` and the name of the store: give the store \
                              another name";
                Err(StoreError::new(StoreErrorKind::NotAStore, detail))
            }
            CreateStreamErrorKind::JetStream(inner) => Err(invalid(format!(
                "the server can't make the stream (JetStream error {}): look at the limits of its account, and whether there are \
                 as many servers as replicas",
                inner.error_code().0
            ))),
            _ => Err(Failure::io("JetStream does not respond").into()),
        },
    }
}

/// Whether a stream is ours, of this version, and as it was made.
fn check(found: &Config, wanted: &Config) -> Result<(), StoreError> {
    let Some(version) = found.metadata.get(VERSION_KEY) else {
        let detail = "a stream of this name is another program's: give the store another name";
        return Err(StoreError::new(StoreErrorKind::NotAStore, detail));
    };
    if version != VERSION {
        return Err(StoreError::new(StoreErrorKind::NewerVersion, ""));
    }
    match changed(found, wanted) {
        None => Ok(()),
        Some(setting) => Err(invalid(format!(
            "`{setting}` of the stream {} is not as this version made it, without which promises don't hold: change it back by \
             `nats stream edit`",
            wanted.name
        ))),
    }
}

/// A setting without which something that is promised does not hold, if one was changed. Replicas, placement, compression, and how
/// much may be kept are the operator's.
fn changed(found: &Config, wanted: &Config) -> Option<&'static str> {
    let partitions = |config: &Config| config.metadata.get(PARTITIONS_KEY).cloned();
    let checks = [
        ("subjects", found.subjects == wanted.subjects),
        ("metadata", partitions(found) == partitions(wanted)),
        ("storage", found.storage == wanted.storage),
        ("retention", found.retention == wanted.retention),
        ("discard", found.discard == wanted.discard),
        ("max_age", found.max_age.is_zero()),
        ("max_msg_size", found.max_message_size <= 0),
        (
            "max_msgs_per_subject",
            found.max_messages_per_subject == wanted.max_messages_per_subject,
        ),
        ("deny_delete", !found.deny_delete),
        ("sealed", !found.sealed),
        ("no_ack", !found.no_ack),
        ("allow_direct", found.allow_direct),
        ("allow_atomic", found.allow_atomic_publish),
        (
            "allow_msg_ttl",
            found.allow_message_ttl || !wanted.allow_message_ttl,
        ),
        ("subject_transform", found.subject_transform.is_none()),
    ];
    let changed = checks.into_iter().find(|(_, is_as_made)| !is_as_made);
    changed.map(|(setting, _)| setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(version: &str) -> ServerInfo {
        ServerInfo {
            version: version.to_owned(),
            max_payload: 1_048_576,
            ..ServerInfo::default()
        }
    }

    #[test]
    fn a_server_that_is_too_old_is_refused_with_what_to_do() {
        for version in ["2.9.10", "2.11.9", "2.12.0", "2.12", "", "new"] {
            let error = check_server(&server(version)).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Invalid);
            assert!(error.to_string().contains("2.12.1 or later"), "{error}");
        }
        for version in ["2.12.1", "2.15.1", "v2.12.4-RC.1", "3.0.0"] {
            assert_eq!(check_server(&server(version)), Ok(()), "{version}");
        }
        let error = check_server(&ServerInfo {
            max_payload: 1_024,
            ..server("2.15.1")
        });
        let error = error.unwrap_err().to_string();
        assert!(error.contains("65536 or more"), "{error}");
    }

    #[test]
    fn a_stream_that_was_changed_is_refused_with_the_setting() {
        let made = Config {
            subjects: vec!["kwa.bot.e.*.*".to_owned()],
            max_messages_per_subject: -1,
            ..common(1)
        };
        assert_eq!(check(&made, &made), Ok(()));
        let of_operator = Config {
            num_replicas: 3,
            max_bytes: 1_000_000,
            max_messages: 1_000,
            ..made.clone()
        };
        assert_eq!(check(&of_operator, &made), Ok(()));
        let aged = Config {
            max_age: Duration::from_secs(60),
            ..made.clone()
        };
        let error = check(&aged, &made).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Invalid);
        assert!(error.to_string().contains("`max_age`"), "{error}");
        let dropping = Config {
            discard: DiscardPolicy::Old,
            ..made.clone()
        };
        assert_eq!(changed(&dropping, &made), Some("discard"));
    }
}
