//! What a routed handler may return.

use super::HandlerError;

/// What the handler of a [`Router`](crate::Router)'s route may return: nothing, or any `Result` whose error a
/// [`HandlerError`] is made of. Which value there is on success does not matter.
///
/// So a call can be the last line, and `anyhow::Result` works. A handler that uses `?` and has nothing to return ends with
/// [`done()`](done), which also says what `?` makes of errors.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Router, done};
///
/// async fn book(table: &str) -> Result<u32, std::num::ParseIntError> {
///     table.parse()
/// }
///
/// let router = Router::new(())
///     .on_reaction(async |_, reaction| println!("{:?}", reaction.emoji)) // it can't fail
///     .on_button("book", async |_, tap| book(&tap.payload).await)        // the last line may
///     .on_text(async |_, text| {
///         book(&text.body).await?;                                       // one in the middle may
///         println!("booked");
///         done()
///     });
/// # let _ = router;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a handler may return",
    note = "return nothing, or a `Result` whose error is an error, a text or a `HandlerError`"
)]
pub trait Handled {
    /// As the handler of an event has it.
    ///
    /// # Errors
    ///
    /// That of the result.
    fn into_result(self) -> Result<(), HandlerError>;
}

impl Handled for () {
    fn into_result(self) -> Result<(), HandlerError> {
        Ok(())
    }
}

impl<T, E: Into<HandlerError>> Handled for Result<T, E> {
    fn into_result(self) -> Result<(), HandlerError> {
        self.map(drop).map_err(Into::into)
    }
}

/// `Ok(())`, as the last line of a handler that uses `?`: from a bare `Ok(())` the compiler can't tell the type of the
/// error. See [`Handled`].
///
/// # Errors
///
/// None; its type is what `?` needs.
///
/// For an example see [`Handled`].
pub const fn done() -> Result<(), HandlerError> {
    Ok(())
}
