//! The pairs that no field holds.

use std::borrow::Cow;
use std::fmt;

use super::Parameter;

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The pairs that no field of a [`Notification`](super::Notification) holds, decoded, in the
/// order in which they came: parameters of newer servers and of other modules, the fields of
/// the end-of-session dialog, and, when the parser is
/// [lenient](super::Parser::lenient), known parameters whose value does not fit.
///
/// ```
/// use isl_volano::isl_light::Notification;
///
/// let body = "TIMESTAMP=1206303990&MODULE=ISL_Light&EVENT=MESSAGE&SERVERID=19\
///             &DOMAIN_ID=s-999_0_0&rating=5&comment=Thank+you%21";
/// let message = Notification::parse(body)?;
/// assert_eq!(message.extra.get("comment"), Some("Thank you!"));
/// assert_eq!(message.extra.len(), 2);
/// # Ok::<(), isl_volano::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Extra<'a>(Vec<Pair<'a>>);

impl<'a> Extra<'a> {
    /// Appends a pair.
    ///
    /// # Errors
    ///
    /// A known parameter has a field of its own, and is given back: read again, it would go
    /// there.
    pub fn push(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Result<(), KnownParameterError> {
        let name = name.into();
        match Parameter::from_name(&name) {
            Some(parameter) => Err(KnownParameterError(parameter)),
            None => {
                self.0.push((name, value.into()));
                Ok(())
            }
        }
    }

    /// Makes room for so many pairs.
    pub(super) fn reserve(&mut self, pairs: usize) {
        self.0.reserve_exact(pairs);
    }

    /// Appends what was parsed.
    pub(super) fn keep(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        self.0.push((name, value));
    }

    /// The first value under this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// The pairs, name and value, in the order in which they came. A name can occur more than
    /// once.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same, independent of the input that it was parsed from.
    #[must_use]
    pub fn into_owned(self) -> Extra<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Extra(
            self.0
                .into_iter()
                .map(|(name, value)| (owned(name), owned(value)))
                .collect(),
        )
    }
}

impl<'a> IntoIterator for Extra<'a> {
    type Item = Pair<'a>;
    type IntoIter = std::vec::IntoIter<Pair<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A known parameter has no place in [`Extra`]: it has a field of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownParameterError(pub Parameter);

impl fmt::Display for KnownParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has a field of its own", self.0)
    }
}

impl std::error::Error for KnownParameterError {}
