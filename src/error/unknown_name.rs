//! The error of `FromStr` for names.

use super::quote::quote;

/// The error returned when parsing an unknown name with `FromStr`.
///
/// ```
/// use isl_volano::ErrorKind;
///
/// let error = "invalidvalue".parse::<ErrorKind>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown error kind \"invalidvalue\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} {found}")]
pub struct UnknownNameError {
    what: &'static str,
    found: String,
}

impl UnknownNameError {
    /// Creates the error that `found` is not the name of a `what`.
    #[cold]
    pub(crate) fn new(what: &'static str, found: &str) -> Self {
        UnknownNameError {
            what,
            found: quote(found),
        }
    }
}
