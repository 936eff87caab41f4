//! Why a handler could not do its work.

use std::any::type_name;
use std::error::Error;
use std::fmt;

use kaleyra_wa_types::handling::{Discreet, Handling};

use crate::guard::quietly;

/// Why a handler could not do its work. `?` makes it of any error, of a string, of an `anyhow::Error`.
///
/// The error inside may hold anything, a number or a message too. So logs and `Debug` have its type alone, and
/// [what it is safe to show](Self::presentable):
///
/// * The client's errors hold nothing personal, so their text is shown, whatever wraps them: an
///   `anyhow::Error` or an error of your own with one as its source. This needs the call to be made by the handler itself
///   and not in a task that it spawned.
/// * So is the text of an error of your own that declares it, by [`discreet`](Self::discreet).
///
/// `Display` and [`error`](Self::error) give all of it, to
/// [`on_dead_letter`](crate::MemorySinkBuilder::on_dead_letter) for one. An error made of a string shows up as `&str` or
/// `alloc::string::String`, which says little.
///
/// Like `anyhow::Error` it is not an [`Error`] itself, which is what lets `?` take everything that is one.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::HandlerError;
///
/// async fn book(seats: &str) -> Result<u8, HandlerError> {
///     let seats: u8 = seats.parse()?; // any error
///     if seats == 0 {
///         return Err("a table for nobody".into()); // a string
///     }
///     Ok(seats)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let error = book("many").await.unwrap_err();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// assert!(!error.is_permanent()); // the event is handled again
///
/// // All of it, and what a log gets.
/// assert_eq!(error.error().to_string(), "invalid digit found in string");
/// assert_eq!(error.type_name(), "core::num::error::ParseIntError");
/// assert_eq!(error.presentable(), None);
/// assert_eq!(format!("{error:?}"), "HandlerError(core::num::error::ParseIntError)");
/// # });
/// ```
pub struct HandlerError {
    error: Guarded,
    type_name: &'static str,
    is_permanent: bool,
    /// What of it may be shown.
    presentable: Option<String>,
}

/// An error whose drop may panic, which must cost nobody a worker.
struct Guarded(Option<Box<dyn Error + Send + Sync>>);

impl Guarded {
    fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        match &self.0 {
            Some(error) => &**error,
            None => &fmt::Error,
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let error = self.0.take();
        quietly(|| drop(error));
    }
}

impl HandlerError {
    /// An error that no retry would fix, or that must not be retried: the event becomes a dead letter at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::HandlerError;
    ///
    /// fn seats(text: &str) -> Result<u8, HandlerError> {
    ///     text.parse::<u8>().map_err(HandlerError::permanent)
    /// }
    /// assert!(seats("many").unwrap_err().is_permanent());
    /// ```
    pub fn permanent(error: impl Into<Self>) -> Self {
        Self {
            is_permanent: true,
            ..error.into()
        }
    }

    /// An error whose text may be logged.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::types::handling::Discreet;
    /// use kaleyra_wa_webhook::{HandlerFailure, HandlerError};
    ///
    /// #[derive(Debug, thiserror::Error)]
    /// #[error("the last table is taken")]
    /// struct SoldOut;
    ///
    /// impl Discreet for SoldOut {}
    ///
    /// let failure = HandlerFailure::Error(HandlerError::discreet(SoldOut));
    /// assert!(failure.to_string().ends_with("SoldOut: the last table is taken"));
    /// ```
    pub fn discreet<E: Discreet + Send + Sync + 'static>(error: E) -> Self {
        let text = quietly(|| error.to_string());
        let mut made = Self::from(error);
        made.presentable = text.map(one_line);
        made
    }

    /// What of it may be logged, in one line; `None` where nothing may.
    pub fn presentable(&self) -> Option<&str> {
        self.presentable.as_deref()
    }

    /// Shows what is known to be free of personal data by what happened while the event was handled.
    pub(crate) fn show_what_is_presentable(&mut self, handling: &Handling) {
        if self.presentable.is_none() {
            let text = quietly(|| handling.presentable(self.error())).flatten();
            self.presentable = text.map(one_line);
        }
    }

    /// Whether it was made by [`permanent`](Self::permanent).
    pub fn is_permanent(&self) -> bool {
        self.is_permanent
    }

    /// The error inside, which may hold personal data.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self.error.get()
    }

    /// The error inside, if it is of this type.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.error.get().downcast_ref()
    }

    /// The name of the type that it was made of, such as `std::io::error::Error`: for logs. Which text the compiler
    /// gives a type is not fixed.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for HandlerError {
    fn from(error: E) -> Self {
        Self {
            error: Guarded(Some(error.into())),
            type_name: type_name::<E>(),
            is_permanent: false,
            presentable: None,
        }
    }
}

/// A log has a line for each failure, and not too long a one.
fn one_line(text: String) -> String {
    const LONGEST: usize = 500;

    let characters = text.chars().take(LONGEST);
    characters
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// What the error inside says.
impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error.get(), f)
    }
}

/// The type of the error inside, and what of its text may be shown.
impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.presentable {
            Some(text) => write!(f, "HandlerError({}: {text})", self.type_name),
            None => write!(f, "HandlerError({})", self.type_name),
        }
    }
}
