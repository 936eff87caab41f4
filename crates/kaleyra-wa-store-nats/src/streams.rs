//! The server and its streams: checked, and made where there are none.

use std::collections::HashMap;
use std::time::Duration;

use async_nats::ServerInfo;
use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{Context, ErrorCode};
use kaleyra_wa_store::{StoreError, StoreErrorKind};

use crate::failure::{Failure, invalid};
use crate::link::refused;
use crate::names::{Names, PARTITIONS};

/// The oldest version of the server that works: atomic batches came with 2.12.0, and what refused them wrongly was mended in
/// 2.12.1.
const OLDEST: (u64, u64, u64) = (2, 12, 1);
/// The version of what is written into the streams.
const VERSION: &str = "1";
const VERSION_KEY: &str = "kaleyra-wa.version";
/// What JetStream responds while a cluster looks for its leader.
const NOT_NOW: [u64; 3] = [10_008, 10_009, 10_010];
const PARTITIONS_KEY: &str = "kaleyra-wa.partitions";

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
    if !server.jetstream {
        return Err(invalid(
            "JetStream is off on this server: start nats-server with -js, or with `jetstream {}` in its configuration",
        ));
    }
    Ok(())
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
    check(&found)?;
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
            CreateStreamErrorKind::JetStream(inner) => Err(invalid(format!(
                "the server can't make the stream (JetStream error {}): look at the limits of its account, and whether there are \
                 as many servers as replicas",
                inner.error_code().0
            ))),
            _ => Err(Failure::io("JetStream does not respond").into()),
        },
    }
}

/// Whether a stream is ours, and of this version.
fn check(config: &Config) -> Result<(), StoreError> {
    let Some(version) = config.metadata.get(VERSION_KEY) else {
        let detail = "a stream of this name is another program's: give the store another name";
        return Err(StoreError::new(StoreErrorKind::NotAStore, detail));
    };
    if version != VERSION {
        return Err(StoreError::new(StoreErrorKind::NewerVersion, ""));
    }
    let partitions = config.metadata.get(PARTITIONS_KEY);
    if partitions.is_none_or(|it| *it != PARTITIONS.to_string()) || !config.allow_atomic_publish {
        return Err(invalid(
            "its streams were changed, or made by a server that is too old: this version can't use them",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(version: &str, jetstream: bool) -> ServerInfo {
        ServerInfo {
            version: version.to_owned(),
            jetstream,
            ..ServerInfo::default()
        }
    }

    #[test]
    fn a_server_that_is_too_old_is_refused_with_what_to_do() {
        for version in ["2.9.10", "2.11.9", "2.12.0", "2.12", "", "new"] {
            let error = check_server(&server(version, true)).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Invalid);
            assert!(error.to_string().contains("2.12.1 or later"), "{error}");
        }
        for version in ["2.12.1", "2.15.1", "v2.12.4-RC.1", "3.0.0"] {
            assert_eq!(check_server(&server(version, true)), Ok(()), "{version}");
        }
        let error = check_server(&server("2.15.1", false)).unwrap_err();
        assert!(error.to_string().contains("-js"), "{error}");
    }
}
