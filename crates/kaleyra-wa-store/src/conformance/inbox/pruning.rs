//! What is pruned, and what is not.

use std::time::Duration;

use super::sample::keep;
use crate::conformance::Place;
use crate::conformance::stage::{Finding, OrFinding, Stage, expect};
use crate::inbox::{InboxStore, Retention, Settlement};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn retention<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let ids = keep(
        &store,
        &stage.clock,
        &[("waits", "1"), ("handled", "2"), ("dead", "3")],
    )
    .await?;
    let newest = keep(&store, &stage.clock, &[("newest", "4")]).await?[0];
    let failure = "no luck".to_owned();
    let handled = || Settlement::Handled { sends: Vec::new() };
    let outcomes = [
        (ids[1], handled()),
        (ids[2], Settlement::Dead { failure }),
        (newest, handled()),
    ];
    for (id, outcome) in outcomes {
        store.take(id).await.or_finding("taking")?;
        store.settle(id, 1, outcome).await.or_finding("settling")?;
    }
    let prune = async || {
        store
            .prune(Retention::default(), 1_000)
            .await
            .or_finding("pruning")
    };
    expect(prune().await?.events, 0, "what is pruned at once")?;
    stage.clock.advance(8 * DAY);
    prune().await?;
    let is_there =
        async |id| Ok::<_, String>(store.event(id).await.or_finding("reading")?.is_some());
    expect(
        is_there(ids[1]).await?,
        false,
        "whether what was handled is there after 8 days",
    )?;
    expect(
        is_there(ids[2]).await?,
        true,
        "whether what was given up is there after 8 days",
    )?;
    let again = keep(&store, &stage.clock, &[("handled", "2")]).await?;
    expect(
        again.len(),
        1,
        "new events in a repetition of what was forgotten",
    )?;
    let is_higher = again.first().is_some_and(|id| *id > newest);
    expect(
        is_higher,
        true,
        "whether its id is above all that were given",
    )?;
    stage.clock.advance(100 * DAY);
    prune().await?;
    expect(
        is_there(ids[2]).await?,
        false,
        "whether what was given up is there after 108 days",
    )?;
    expect(
        is_there(ids[0]).await?,
        true,
        "whether what waits is there forever",
    )?;
    let page = store.load(ids[0], 0).await.or_finding("loading")?;
    expect(page.deliveries.len(), 0, "a page of nothing")?;
    let record = store.event(ids[0]).await.or_finding("reading")?;
    expect(
        record.is_some_and(|it| it.raw.is_some()),
        true,
        "whether what waits has its body",
    )
}
