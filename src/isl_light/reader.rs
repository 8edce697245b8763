//! A notification in the making: the one place where what is read becomes a field.

use std::borrow::Cow;
use std::ops::Range;

use time::OffsetDateTime;

use super::{DatabaseId, Event, Module, Notification, Parameter};
use crate::error::{Error, ErrorKind, quote};

/// Takes pairs, decoded, and makes a notification of them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    notification: Notification<'a>,
    lenient: bool,
    /// The parameters that have come, by [`Parameter::bit`].
    seen: u64,
    /// Those of them that had a value.
    filled: u64,
    /// How many pairs there are at the most, for the room that they need.
    expected: usize,
    /// The first known parameter that could not be put into its field. In a strict reading it
    /// is an error unless the event turns out to be of another module, whose parameters can
    /// have the same name and mean something else.
    misfit: Option<(Parameter, Error)>,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(lenient: bool) -> Self {
        Reader {
            // The envelope is filled in before anyone sees it: `finish` looks.
            notification: Notification::new(
                OffsetDateTime::UNIX_EPOCH,
                Module::IslLight,
                Event::NewSession,
                0,
                DatabaseId::new(""),
            ),
            lenient,
            seen: 0,
            filled: 0,
            expected: 0,
            misfit: None,
        }
    }

    /// Takes a known parameter; `name` and `value` are where they stand in the input.
    #[inline(always)]
    pub(super) fn take(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        name: Range<usize>,
        value: Range<usize>,
    ) -> Result<(), Error> {
        let bit = parameter.bit();
        if self.seen & bit != 0 {
            return self.repeated(parameter, text, name, value);
        }
        match self.notification.set(parameter, text) {
            Ok(true) => {
                self.seen |= bit;
                self.filled |= bit;
                Ok(())
            }
            Ok(false) => {
                if !self.lenient {
                    self.seen |= bit;
                }
                Ok(())
            }
            Err(text) => self.misfit(parameter, text, value),
        }
    }

    /// Takes a parameter that has no field. At the first one, `expected` tells how many pairs
    /// there can still be.
    pub(super) fn take_extra(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        expected: impl FnOnce() -> usize,
    ) {
        if self.notification.extra.is_empty() {
            self.expected = expected();
        }
        self.notification.extra.keep(self.expected, name, value);
    }

    #[cold]
    #[inline(never)]
    fn repeated(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        name: Range<usize>,
        value: Range<usize>,
    ) -> Result<(), Error> {
        let error = Error::new(
            ErrorKind::DuplicateParameter,
            name.clone(),
            parameter.name(),
            "expected once, found a second time",
        );
        if self.filled & parameter.bit() == 0 && !parameter.is_envelope() {
            // The first one was empty, which is the same as none: in another module's event,
            // where neither is an error, the field is still free for this one.
            self.misfit.get_or_insert((parameter, error));
            self.seen &= !parameter.bit();
            return self.take(parameter, text, name, value);
        }
        self.put_aside(parameter, text, error)
    }

    #[cold]
    #[inline(never)]
    fn misfit(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        value: Range<usize>,
    ) -> Result<(), Error> {
        let error = Error::new(
            ErrorKind::InvalidValue,
            value,
            parameter.name(),
            format!("expected {}, found {}", parameter.expected(), quote(&text)),
        );
        self.put_aside(parameter, text, error)
    }

    /// Keeps what does not go into its field among the pairs that have none, or fails.
    fn put_aside(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        error: Error,
    ) -> Result<(), Error> {
        if parameter.is_envelope() && !self.lenient {
            return Err(error);
        }
        self.misfit.get_or_insert((parameter, error));
        // An empty value is the same as none, unless it is text.
        if !text.is_empty() || parameter.is_text() {
            self.take_extra(Cow::Borrowed(parameter.name()), text, || 1);
        }
        Ok(())
    }

    /// Ends the reading of an input of `length` bytes.
    #[inline]
    pub(super) fn finish(self, length: usize) -> Result<Notification<'a>, Error> {
        const ENVELOPE: u64 = (1 << Parameter::ENVELOPE.len()) - 1;
        if self.filled & ENVELOPE != ENVELOPE || self.misfit.is_some() {
            return self.finish_oddly(length);
        }
        Ok(self.notification)
    }

    #[cold]
    #[inline(never)]
    fn finish_oddly(self, length: usize) -> Result<Notification<'a>, Error> {
        let filled = self.filled;
        let missing = Parameter::ENVELOPE
            .iter()
            .find(|parameter| filled & parameter.bit() == 0);
        match (missing, self.misfit) {
            (Some(missing), Some((misfit, error))) if misfit == *missing => Err(error),
            (Some(missing), _) => Err(Error::new(
                ErrorKind::MissingParameter,
                length..length,
                missing.name(),
                "expected in every event, found none",
            )),
            (None, Some((_, error)))
                if !self.lenient && self.notification.module == Module::IslLight =>
            {
                Err(error)
            }
            (None, _) => Ok(self.notification),
        }
    }
}
