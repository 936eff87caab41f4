//! Why a handler could not do its work.

use std::any::type_name;
use std::error::Error;
use std::fmt;

/// Why a handler could not do its work. `?` makes it of any error, of a text, of an `anyhow::Error`.
///
/// The error inside may hold anything, a number or a message too. So nothing here logs it: logs and `Debug` have its
/// type alone. `Display` and [`error`](Self::error) give all of it, to
/// [`on_dead_letter`](crate::MemorySinkBuilder::on_dead_letter) for one.
///
/// So an error made of a text shows up as `&str` or `alloc::string::String`, which tells little: where logs are to tell more,
/// return errors of types of your own.
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
///         return Err("a table for nobody".into()); // a text
///     }
///     Ok(seats)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let error = book("many").await.unwrap_err();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// assert_eq!(error.to_string(), "invalid digit found in string");
/// assert_eq!(format!("{error:?}"), "HandlerError(core::num::error::ParseIntError)");
/// # });
/// ```
pub struct HandlerError {
    error: Box<dyn Error + Send + Sync>,
    type_name: &'static str,
    is_permanent: bool,
}

impl HandlerError {
    /// An error that no repetition would cure, or that must not be repeated: the event becomes a dead letter at once.
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

    /// Whether it was made by [`permanent`](Self::permanent).
    pub fn is_permanent(&self) -> bool {
        self.is_permanent
    }

    /// The error inside, which may hold personal data.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }

    /// The error inside, if it is of this type.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
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
            error: error.into(),
            type_name: type_name::<E>(),
            is_permanent: false,
        }
    }
}

/// What the error inside says.
impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// The type of the error inside, and nothing that it says.
impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HandlerError({})", self.type_name)
    }
}
