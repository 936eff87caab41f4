//! Lists that come in pages, as one stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;

use crate::Error;

/// A page of a list, and how to ask for the next one.
pub(super) trait Page: Send + 'static {
    /// What is listed.
    type Item: Send + 'static;

    /// The elements of this page, and the request for the next one.
    fn into_parts(self) -> (Vec<Self::Item>, Option<Asking<Self>>)
    where
        Self: Sized;
}

/// A page on its way.
pub(super) type Asking<P> = Pin<Box<dyn Future<Output = Result<P, Error>> + Send>>;

/// All elements of a list, page by page, as a [`Stream`]. [`next`](Self::next) works without an extension trait.
///
/// The next page is requested when the previous one is used up. After an error there is nothing more: start again.
///
/// ```
/// use kaleyra_wa_client::types::template::TemplateStatus;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let first = r#"{"code":"WA200","data":[{"name":"closed","language":"en","status":"APPROVED"}],"paging":{"cursors":{"after":"QVFI"}}}"#;
/// # let second = r#"{"code":"WA200","data":[{"name":"parcel_ready","language":"en","status":"PAUSED"}]}"#;
/// # let kaleyra = Scripted::new().respond(200, first).respond(200, second).respond(200, second);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let waba = client.waba("102000000000001");
///
/// // One at a time: the second page is asked for when the first is used up.
/// let mut templates = waba.templates().items();
/// let mut paused = Vec::new();
/// while let Some(template) = templates.next().await {
///     let template = template?;
///     if template.status == Some(TemplateStatus::Paused) {
///         paused.push(template.name);
///     }
/// }
/// assert_eq!(paused, ["parcel_ready"]);
///
/// // All at once.
/// let german = waba.templates().language("de").items().collect().await?;
/// assert_eq!(german.len(), 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked for until it is polled"]
pub struct Items<T> {
    pages: Box<dyn Source<T>>,
    ready: VecDeque<T>,
}

/// Where pages come from, whatever they are.
trait Source<T>: Send {
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<T>, Error>>>;
}

struct Pages<P>(Option<Asking<P>>);

impl<P: Page> Source<P::Item> for Pages<P> {
    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Vec<P::Item>, Error>>> {
        let Some(asking) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let response = ready!(asking.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(Some(response.map(|page| {
            let (items, next) = page.into_parts();
            self.0 = next;
            items
        })))
    }
}

impl<T> Items<T> {
    pub(super) fn of<P: Page<Item = T>>(first: Asking<P>) -> Self {
        Self {
            pages: Box::new(Pages(Some(first))),
            ready: VecDeque::new(),
        }
    }
}

impl<T: Unpin> Items<T> {
    /// The next element; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All elements.
    ///
    /// # Errors
    ///
    /// When one of the pages can't be read.
    pub async fn collect(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(element) = self.next().await {
            all.push(element?);
        }
        Ok(all)
    }
}

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(element) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(element)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.ready.extend(page),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
