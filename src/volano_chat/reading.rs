//! Ways to read a body: which event, with which texts.

use std::borrow::Cow;
use std::iter::FusedIterator;

use super::Event;
use super::event::Name;
use super::frame::MAX_CHILDREN;
use super::verbatim::{Cuts, Framed};
use crate::xml;

/// One way to read a body.
pub(super) struct Reading<'a> {
    pub(super) name: Name,
    pub(super) kind: usize,
    pub(super) texts: [&'a str; MAX_CHILDREN],
}

impl<'a> Reading<'a> {
    /// The event with the texts as they stand.
    pub(super) fn verbatim(self) -> Event<'a> {
        Event::assemble(self.name, self.kind, self.texts.map(Cow::Borrowed))
    }

    /// The event with the references in the texts decoded, if that is what they look like: if
    /// no text holds `<`, and every `&` begins a valid reference. Else with the texts as they
    /// stand.
    pub(super) fn decoded(self) -> Event<'a> {
        if !self.texts.iter().all(|text| is_escaped(text)) {
            return self.verbatim();
        }
        Event::assemble(self.name, self.kind, self.texts.map(dereference))
    }
}

/// Whether XML could have the text between two tags: nothing begins a tag, and every `&` begins a
/// valid reference.
fn is_escaped(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        let reference = rest.get(at..).unwrap_or_default();
        let Some((_, length)) = xml::reference(reference) else {
            return false;
        };
        rest = reference.get(length..).unwrap_or_default();
    }
    true
}

/// An escaped text with its references decoded.
fn dereference(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((run, reference)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        decoded.push_str(run);
        let Some((c, length)) = xml::reference(reference) else {
            break;
        };
        decoded.push(c);
        rest = reference.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Every reading of a body as the server writes them; made by [`Event::readings`].
///
/// The first has its first texts as short as can be. The next is found when it is asked for, in
/// time linear in the body; there can be as many as a polynomial of the body's length, of a
/// degree of up to three, so take no more than you need.
#[derive(Debug, Clone)]
pub struct Readings<'a> {
    framed: Option<(Framed<'a>, Cuts)>,
}

impl<'a> Readings<'a> {
    pub(super) fn new(body: &'a str) -> Self {
        let framed = Framed::new(body).ok();
        let framed = framed.and_then(|framed| framed.first().ok().map(|cuts| (framed, cuts)));
        Readings { framed }
    }
}

impl<'a> Iterator for Readings<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let (framed, cuts) = self.framed.as_mut()?;
        let event = framed.reading(cuts).verbatim();
        match framed.next(cuts) {
            Some(next) => *cuts = next,
            None => self.framed = None,
        }
        Some(event)
    }
}

impl FusedIterator for Readings<'_> {}
