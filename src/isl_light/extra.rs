//! The parameters without a field.

use std::borrow::Cow;

use super::parameter::Parameter;

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The parameters of a [`Notification`](super::Notification) that have no field, decoded, in the
/// order of the body.
///
/// These are parameters of newer servers and of other modules, and the fields of the end-of-session
/// dialog. In [lenient](super::Parser::lenient) mode, and in events of other modules, they include
/// known parameters that are repeated or have a value that does not fit.
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
    /// Returns an error if the name is that of a known parameter, which has its own field: written
    /// and parsed again, the pair would be in that field.
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

    /// Removes the first pair with this name, and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let at = self.0.iter().position(|pair| pair.0 == name)?;
        Some(self.0.remove(at).1)
    }

    /// Reserves room for this many pairs.
    pub(super) fn reserve(&mut self, pairs: usize) {
        self.0.reserve_exact(pairs);
    }

    /// Appends a pair with any name.
    pub(super) fn push_any(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        self.0.push((name, value));
    }

    /// Returns the first value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// Returns an iterator over the names and values, in the order of the body. A name can occur
    /// more than once.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// Returns the number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no pairs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Converts to an owned value.
    #[must_use]
    pub fn into_owned(self) -> Extra<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let pairs = self.0.into_iter();
        Extra(
            pairs
                .map(|(name, value)| (owned(name), owned(value)))
                .collect(),
        )
    }
}

/// An iterator over the names and values of [`Extra`].
///
/// This struct is created by [`Extra::iter`].
#[derive(Debug, Clone)]
pub struct Iter<'e>(std::slice::Iter<'e, Pair<'e>>);

impl<'e> Iterator for Iter<'e> {
    type Item = (&'e str, &'e str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (&**name, &**value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for Extra<'a> {
    type Item = Pair<'a>;
    type IntoIter = std::vec::IntoIter<Pair<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'e> IntoIterator for &'e Extra<'_> {
    type Item = (&'e str, &'e str);
    type IntoIter = Iter<'e>;

    fn into_iter(self) -> Iter<'e> {
        self.iter()
    }
}

/// The error returned by [`Extra::push`] for a known parameter, which has its own field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{0}` has its own field")]
pub struct KnownParameterError(pub Parameter);
