//! A notification in the making: the one place where what is read becomes a field.

use std::borrow::Cow;
use std::ops::Range;

use time::OffsetDateTime;

use super::{DatabaseId, Event, Module, Notification, Parameter};
use crate::error::{Error, ErrorKind, quote};

/// Where a pair stands in the input.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

impl Place {
    /// The place of `pair`, which begins at `start`. Without a `=`, the value is empty.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "all offsets are within the body"
    )]
    pub(super) fn new(start: usize, pair: &[u8]) -> Self {
        let end = start + pair.len();
        let equals = memchr::memchr(b'=', pair).map(|equals| start + equals);
        Place {
            name: start..equals.unwrap_or(end),
            value: equals.map_or(end, |equals| equals + 1)..end,
        }
    }
}

/// Takes pairs, decoded, and makes a notification of them.
#[derive(Debug)]
pub(super) struct Reader<'a, 'n> {
    notification: &'n mut Notification<'a>,
    lenient: bool,
    /// The parameters that have come, by [`Parameter::bit`].
    seen: u64,
    /// Those of them that had no value.
    empty: u64,
    /// The first known parameter that could not be put into its field. In a strict reading it
    /// is an error unless the event turns out to be of another module, whose parameters can
    /// have the same name and mean something else.
    misfit: Option<(Parameter, Error)>,
}

/// Reads an input of `length` bytes, from which `take` takes the pairs; `error` makes the caller's
/// errors of ours.
#[inline]
pub(super) fn read<'a, E>(
    lenient: bool,
    length: usize,
    take: impl FnOnce(&mut Reader<'a, '_>) -> Result<(), E>,
    error: impl FnOnce(Error) -> E,
) -> Result<Notification<'a>, E> {
    // Moved while it is empty, and filled in where it lies: to move what was just written costs a
    // twentieth of all. The envelope is there before anyone sees it, which `finish` makes sure of.
    let mut read = Ok(Notification::new(
        OffsetDateTime::UNIX_EPOCH,
        Module::IslLight,
        Event::NewSession,
        0,
        DatabaseId::new(""),
    ));
    if let Ok(notification) = &mut read {
        let mut reader = Reader {
            notification,
            lenient,
            seen: 0,
            empty: 0,
            misfit: None,
        };
        if let Err(error) = take(&mut reader).and_then(|()| reader.finish(length).map_err(error)) {
            read = Err(error);
        }
    }
    read
}

impl<'a> Reader<'a, '_> {
    /// Takes a known parameter, which stands at `place`.
    #[inline(always)]
    pub(super) fn take(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        place: impl FnOnce() -> Place,
    ) -> Result<(), Error> {
        if self.seen & parameter.bit() != 0 {
            return self.repeated(parameter, text, place());
        }
        match self.notification.set(parameter, text) {
            Ok(true) => self.seen |= parameter.bit(),
            Ok(false) => self.empty(parameter),
            Err(text) => return self.misfit(parameter, text, place()),
        }
        Ok(())
    }

    /// Takes a parameter that has no field. At the first one, `behind` tells how many pairs come
    /// behind it, so that there is room for all of them at once.
    pub(super) fn take_extra(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        behind: impl FnOnce() -> usize,
    ) {
        let extra = &mut self.notification.extra;
        if extra.is_empty() {
            extra.reserve(behind().saturating_add(1));
        }
        extra.keep(name, value);
    }

    #[cold]
    fn empty(&mut self, parameter: Parameter) {
        // The lenient reading takes a value that comes later.
        if !self.lenient {
            self.seen |= parameter.bit();
            self.empty |= parameter.bit();
        }
    }

    #[cold]
    #[inline(never)]
    fn repeated(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        place: Place,
    ) -> Result<(), Error> {
        let error = || {
            Error::new(
                ErrorKind::DuplicateParameter,
                place.name.clone(),
                parameter.name(),
                "expected once, found a second time",
            )
        };
        if self.empty & parameter.bit() != 0 && !parameter.is_envelope() {
            // The first one was empty, which is the same as none: in another module's event,
            // where neither is an error, the field is still free for this one.
            self.misfit.get_or_insert_with(|| (parameter, error()));
            self.seen &= !parameter.bit();
            self.empty &= !parameter.bit();
            return self.take(parameter, text, || place);
        }
        self.put_aside(parameter, text, |_| error())
    }

    #[cold]
    #[inline(never)]
    fn misfit(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        place: Place,
    ) -> Result<(), Error> {
        self.put_aside(parameter, text, |text| {
            Error::new(
                ErrorKind::InvalidValue,
                place.value,
                parameter.name(),
                format!("expected {}, found {}", parameter.expected(), quote(text)),
            )
        })
    }

    /// Keeps what does not go into its field among the pairs that have none, or fails. Only the
    /// first error is made.
    fn put_aside(
        &mut self,
        parameter: Parameter,
        text: Cow<'a, str>,
        error: impl FnOnce(&str) -> Error,
    ) -> Result<(), Error> {
        if parameter.is_envelope() && !self.lenient {
            return Err(error(&text));
        }
        self.misfit.get_or_insert_with(|| (parameter, error(&text)));
        // An empty value is the same as none, unless it is text.
        if !text.is_empty() || parameter.is_text() {
            self.take_extra(Cow::Borrowed(parameter.name()), text, || 0);
        }
        Ok(())
    }

    /// Ends the reading of an input of `length` bytes.
    #[inline]
    fn finish(self, length: usize) -> Result<(), Error> {
        const ENVELOPE: u64 = (1 << Parameter::ENVELOPE.len()) - 1;
        if self.seen & !self.empty & ENVELOPE != ENVELOPE || self.misfit.is_some() {
            return self.finish_oddly(length);
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn finish_oddly(self, length: usize) -> Result<(), Error> {
        let filled = self.seen & !self.empty;
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
            (None, _) => Ok(()),
        }
    }
}
