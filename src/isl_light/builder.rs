//! Building a notification from pairs, with repeated, invalid and missing parameters.

use std::borrow::Cow;

use time::OffsetDateTime;

use super::database_id::DatabaseId;
use super::event::{Event, Module};
use super::kind::Kind;
use super::notification::{Notification, invalid_value};
use super::parameter::Parameter;
use crate::error::{Error, ErrorKind};
use crate::form::PairSpan;

/// Creates a notification without values. [`Builder::finish`] makes sure that the envelope is
/// complete.
#[inline(always)]
pub(super) fn blank<'a>() -> Notification<'a> {
    Notification::new(
        OffsetDateTime::UNIX_EPOCH,
        Module::IslLight,
        Event::NewSession,
        0,
        DatabaseId::new(""),
    )
}

/// How to handle a known parameter whose value does not fit its field, or that is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Fail, unless the event is of another module, whose parameters can have the same name and a
    /// different meaning.
    Strict,
    /// Keep it in `extra`.
    Lenient,
    /// Keep it in `extra`, and report it.
    Reporting,
}

/// The maximum number of reported problems, to limit the memory for errors.
pub(super) const MAX_PROBLEMS: usize = 100;

/// A notification to which pairs are added.
///
/// It fills in the notification in place: moving it afterwards costs a twentieth of the time that
/// parsing takes.
#[derive(Debug)]
pub(super) struct Builder<'a, 'n> {
    pub(super) notification: &'n mut Notification<'a>,
    mode: Mode,
    /// The parameters that were added, by [`bit`]. The fields of all others are empty.
    pub(super) seen: u64,
    /// The added parameters that had an empty value.
    empty: u64,
    /// The errors so far: in strict mode the first one, in lenient mode those about the envelope, in
    /// reporting mode all up to a limit.
    problems: Vec<Problem>,
    omitted_problems: usize,
}

#[derive(Debug)]
struct Problem {
    /// The known parameter that the error is about.
    parameter: Option<Parameter>,
    error: Error,
}

/// Returns the bit of a parameter in a set.
#[inline(always)]
pub(super) const fn bit(parameter: Parameter) -> u64 {
    1 << parameter as u32
}

impl<'a, 'n> Builder<'a, 'n> {
    /// Creates a builder for a [`blank`] notification.
    #[inline(always)]
    pub(super) fn new(notification: &'n mut Notification<'a>, mode: Mode) -> Self {
        Builder {
            notification,
            mode,
            seen: 0,
            empty: 0,
            problems: Vec::new(),
            omitted_problems: 0,
        }
    }

    /// Adds a known parameter; `span` locates it in the input.
    #[inline(always)]
    pub(super) fn set(
        &mut self,
        parameter: Parameter,
        value: Cow<'a, str>,
        span: impl FnOnce() -> Option<PairSpan>,
    ) -> Result<(), Error> {
        if self.seen & bit(parameter) != 0 {
            return self.set_again(parameter, value, span());
        }
        match self.notification.set_field(parameter, value) {
            Ok(true) => self.seen |= bit(parameter),
            Ok(false) => self.set_empty(parameter),
            Err(value) => return self.set_misfit(parameter, value, span()),
        }
        Ok(())
    }

    /// Adds a known parameter, with or without a value. Fails in every mode if it is repeated or its
    /// value does not fit.
    #[cfg(feature = "serde")]
    pub(super) fn insert(
        &mut self,
        parameter: Parameter,
        value: Option<Cow<'a, str>>,
    ) -> Result<(), Error> {
        if self.seen & bit(parameter) != 0 {
            return Err(duplicate(parameter));
        }
        self.seen |= bit(parameter);
        match value.map(|value| self.notification.set_field(parameter, value)) {
            Some(Ok(true)) => {}
            Some(Ok(false)) | None => self.empty |= bit(parameter),
            Some(Err(value)) => return Err(invalid_value(parameter, &value)),
        }
        Ok(())
    }

    /// Adds a pair without a field. `remaining` is the number of pairs that follow, for which the
    /// first call reserves room.
    pub(super) fn push_extra(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        remaining: impl FnOnce() -> usize,
    ) {
        let extra = &mut self.notification.extra;
        if extra.is_empty() {
            extra.reserve(remaining().saturating_add(1));
        }
        extra.push_any(name, value);
    }

    /// Adds the error that text was decoded with a loss, in reporting mode.
    #[cold]
    pub(super) fn report(&mut self, error: impl FnOnce() -> Error) {
        if self.mode == Mode::Reporting {
            self.add_problem(None, error);
        }
    }

    #[cold]
    fn set_empty(&mut self, parameter: Parameter) {
        // In lenient mode, a later value can still fill the field.
        if self.mode != Mode::Lenient {
            self.seen |= bit(parameter);
            self.empty |= bit(parameter);
        }
    }

    #[cold]
    #[inline(never)]
    fn set_again(
        &mut self,
        parameter: Parameter,
        value: Cow<'a, str>,
        span: Option<PairSpan>,
    ) -> Result<(), Error> {
        let error = || locate(duplicate(parameter), span.as_ref().map(|span| &span.name));
        let strict_envelope = self.mode == Mode::Strict && parameter.is_envelope();
        if self.empty & bit(parameter) != 0 && !strict_envelope {
            // The first one was empty, so the field is still free. In the event of another module and
            // in lenient mode, it takes this value.
            self.add_problem(Some(parameter), error);
            self.seen &= !bit(parameter);
            self.empty &= !bit(parameter);
            return self.set(parameter, value, || span);
        }
        self.set_aside(parameter, value, |_| error())
    }

    #[cold]
    #[inline(never)]
    fn set_misfit(
        &mut self,
        parameter: Parameter,
        value: Cow<'a, str>,
        span: Option<PairSpan>,
    ) -> Result<(), Error> {
        self.set_aside(parameter, value, |value| {
            let error = invalid_value(parameter, value);
            locate(error, span.as_ref().map(|span| &span.value))
        })
    }

    /// Keeps the value in `extra`, or fails.
    fn set_aside(
        &mut self,
        parameter: Parameter,
        value: Cow<'a, str>,
        error: impl FnOnce(&str) -> Error,
    ) -> Result<(), Error> {
        if parameter.is_envelope() && self.mode == Mode::Strict {
            return Err(error(&value));
        }
        self.add_problem(Some(parameter), || error(&value));
        // An empty value means that there is no value, unless the field is text.
        if !value.is_empty() || parameter.kind() == Kind::Text {
            self.push_extra(Cow::Borrowed(parameter.name()), value, || 0);
        }
        Ok(())
    }

    fn add_problem(&mut self, parameter: Option<Parameter>, error: impl FnOnce() -> Error) {
        // `finish` may need the first error, or the first misfit of each parameter of the envelope.
        let needed = match self.mode {
            Mode::Strict => self.problems.is_empty(),
            Mode::Lenient | Mode::Reporting => {
                let unset = |parameter: Parameter| {
                    parameter.is_envelope() && self.seen & bit(parameter) == 0
                };
                parameter.is_some_and(unset) && self.misfit(parameter).is_none()
            }
        };
        if needed || (self.mode == Mode::Reporting && self.problems.len() < MAX_PROBLEMS) {
            self.problems.push(Problem {
                parameter,
                error: error(),
            });
        } else if self.mode == Mode::Reporting {
            self.omitted_problems = self.omitted_problems.saturating_add(1);
        }
    }

    /// Finds the first error about a value of the parameter that did not fit.
    fn misfit(&self, parameter: Option<Parameter>) -> Option<usize> {
        let mut problems = self.problems.iter();
        problems.position(|problem| {
            problem.parameter == parameter && problem.error.kind() == ErrorKind::InvalidValue
        })
    }

    /// Checks that the notification is complete. `length` is the length of the input, unless it has
    /// no byte offsets.
    #[inline(always)]
    pub(super) fn finish(&mut self, length: Option<usize>) -> Result<(), Error> {
        const ENVELOPE: u64 = (1 << Parameter::ENVELOPE.len()) - 1;
        if self.seen & !self.empty & ENVELOPE != ENVELOPE || !self.problems.is_empty() {
            return self.check_problems(length);
        }
        Ok(())
    }

    /// Returns the problems, and the number of omitted ones.
    pub(super) fn into_problems(self) -> (Vec<Error>, usize) {
        let problems = self.problems.into_iter().map(|problem| problem.error);
        (problems.collect(), self.omitted_problems)
    }

    #[cold]
    #[inline(never)]
    fn check_problems(&mut self, length: Option<usize>) -> Result<(), Error> {
        let filled = self.seen & !self.empty;
        let missing = Parameter::ENVELOPE
            .iter()
            .find(|parameter| filled & bit(**parameter) == 0);
        if let Some(missing) = missing {
            if let Some(problem) = self.misfit(Some(*missing)) {
                return Err(self.problems.swap_remove(problem).error);
            }
            let message = format!("missing required parameter `{missing}`");
            let error = Error::without_span(ErrorKind::MissingParameter, missing.name(), message);
            return Err(locate(error, length.map(|end| end..end).as_ref()));
        }
        if self.mode == Mode::Strict
            && self.notification.module == Module::IslLight
            && !self.problems.is_empty()
        {
            return Err(self.problems.swap_remove(0).error);
        }
        Ok(())
    }
}

/// Creates the error that a known parameter is repeated.
#[cold]
fn duplicate(parameter: Parameter) -> Error {
    let message = format!("duplicate parameter `{parameter}`");
    Error::without_span(ErrorKind::DuplicateParameter, parameter.name(), message)
}

/// Returns the error with its place in the input, if it is known.
fn locate(error: Error, span: Option<&std::ops::Range<usize>>) -> Error {
    match span {
        Some(span) => error.at(span.clone()),
        None => error,
    }
}
