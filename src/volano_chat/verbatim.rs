//! Bodies as the server writes them: recognised by the fixed tags, which nothing escapes.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within the body, and places among four children at the most"
)]

use std::ops::Range;

use super::event::Name;
use super::frame::{Frame, MAX_CHILDREN};
use super::reading::Reading;
use crate::error::{Error, ErrorKind, quote};

/// What stands where in a body: the event, and the texts between the fixed tags.
///
/// A body has a reading for every way to cut it at the separators, less those in which the
/// address of the host holds `<`.
#[derive(Debug, Clone)]
pub(super) struct Framed<'a> {
    name: Name,
    kind: usize,
    frame: &'static Frame,
    /// The body between the opening and the closing.
    inner: &'a str,
    /// Where that begins in the body.
    start: usize,
}

/// Where the separators stand in [`Framed::inner`]; only as many are used as there are.
pub(super) type Cuts = [usize; MAX_CHILDREN - 1];

/// What the fixed tags say of a body.
pub(super) enum Recognised<'a> {
    /// It is not framed as the server frames events: [`not_verbatim`] tells why.
    No,
    /// It has one reading.
    One(Reading<'a>),
    /// It has more than one.
    Several(Error),
}

/// Recognises a body by its fixed tags, in linear time.
pub(super) fn recognise(body: &str) -> Recognised<'_> {
    let Ok(framed) = Framed::new(body) else {
        return Recognised::No;
    };
    match (framed.first(), framed.last()) {
        (Ok(first), Some(last)) if first == last => Recognised::One(framed.reading(&first)),
        (Ok(first), Some(last)) => Recognised::Several(framed.ambiguous(&first, &last)),
        _ => Recognised::No,
    }
}

/// Why a body is not framed as the server frames events.
#[cold]
pub(super) fn not_verbatim(body: &str) -> Error {
    let line = without_line_end(body);
    match Framed::new(body) {
        Ok(framed) => {
            let (cuts, separator) = framed.first().err().unwrap_or_default();
            framed.not_separated(&cuts, separator)
        }
        Err(Some((frame, start))) => not_closed(line, start, frame),
        Err(None) => not_opened(line),
    }
}

/// The body without the line end that the server puts behind it: LF or CRLF, if there is one.
fn without_line_end(body: &str) -> &str {
    match body.strip_suffix('\n') {
        Some(body) => body.strip_suffix('\r').unwrap_or(body),
        None => body,
    }
}

impl<'a> Framed<'a> {
    /// Finds the opening and the closing. Fails, if the opening is there and the closing is not,
    /// with the frame and where its first text begins.
    pub(super) fn new(body: &'a str) -> Result<Self, Option<(&'static Frame, usize)>> {
        let line = without_line_end(body);
        for &name in Name::ALL {
            let frame = name.frame();
            for (kind, opening) in frame.openings.iter().enumerate() {
                let Some(rest) = line.strip_prefix(opening) else {
                    continue;
                };
                let Some(inner) = rest.strip_suffix(frame.closing) else {
                    return Err(Some((frame, opening.len())));
                };
                return Ok(Framed {
                    name,
                    kind,
                    frame,
                    inner,
                    start: opening.len(),
                });
            }
        }
        Err(None)
    }

    /// The cuts as far to the left as they go. Fails with those that there are, and the separator
    /// that is missing.
    pub(super) fn first(&self) -> Result<Cuts, (Cuts, usize)> {
        let mut cuts = Cuts::default();
        match self.reset(&mut cuts, 0) {
            Ok(()) => Ok(cuts),
            Err(separator) => Err((cuts, separator)),
        }
    }

    /// Puts the separators from `from` on as far to the left as they go behind those before.
    /// Fails with the one that has no place.
    fn reset(&self, cuts: &mut Cuts, from: usize) -> Result<(), usize> {
        for index in from..self.frame.separators.len() {
            let behind = self.text_start(cuts, index);
            match (self.find(index, behind), cuts.get_mut(index)) {
                (Some(at), Some(cut)) => *cut = at,
                _ => return Err(index),
            }
        }
        Ok(())
    }

    /// The cuts as far to the right as they go.
    fn last(&self) -> Option<Cuts> {
        let mut cuts = Cuts::default();
        let mut before = self.inner.len();
        for index in (0..self.frame.separators.len()).rev() {
            // Where an address begins says where it ends.
            if self.frame.is_address(index) {
                continue;
            }
            before = self.rfind(index, before)?;
            *cuts.get_mut(index)? = before;
            if self.frame.is_address(index + 1) {
                self.reset(&mut cuts, index + 1).ok()?;
            }
        }
        Some(cuts)
    }

    /// The next cuts, in the order of the dictionary.
    pub(super) fn next(&self, cuts: &Cuts) -> Option<Cuts> {
        for index in (0..self.frame.separators.len()).rev() {
            // An address ends at the next `<`, nowhere else.
            if self.frame.is_address(index) {
                continue;
            }
            let mut cuts = *cuts;
            let cut = cuts.get_mut(index)?;
            if let Some(at) = self.find(index, *cut + 1) {
                *cut = at;
                if self.reset(&mut cuts, index + 1).is_ok() {
                    return Some(cuts);
                }
            }
        }
        None
    }

    /// Where the next separator `index` stands, from `from` on.
    fn find(&self, index: usize, from: usize) -> Option<usize> {
        let rest = self.inner.get(from..)?;
        let at =
            memchr::memchr_iter(b'<', rest.as_bytes()).find(|at| self.cuts(index, rest, *at))?;
        Some(from + at)
    }

    /// Where the last separator `index` stands that ends at `to` or before.
    fn rfind(&self, index: usize, to: usize) -> Option<usize> {
        let text = self.inner.get(..to)?;
        let mut places = memchr::memrchr_iter(b'<', text.as_bytes());
        places.find(|at| self.cuts(index, text, *at))
    }

    /// Whether the separator `index` stands at `at` in `text`, and, if an address comes behind it,
    /// the next separator stands behind that.
    #[inline]
    fn cuts(&self, index: usize, text: &str, at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let Some(behind) = rest.strip_prefix(self.separator(index)) else {
            return false;
        };
        if !self.frame.is_address(index + 1) {
            return true;
        }
        let address = memchr::memchr(b'<', behind.as_bytes());
        let behind = address.and_then(|end| behind.get(end..));
        behind.is_some_and(|behind| behind.starts_with(self.separator(index + 1)))
    }

    fn separator(&self, index: usize) -> &'static str {
        self.frame
            .separators
            .get(index)
            .copied()
            .unwrap_or_default()
    }

    /// Where the text of the child `index` begins.
    fn text_start(&self, cuts: &Cuts, index: usize) -> usize {
        match index
            .checked_sub(1)
            .and_then(|before| Some((before, cuts.get(before)?)))
        {
            Some((before, cut)) => cut + self.separator(before).len(),
            None => 0,
        }
    }

    /// Where the text of the child `index` stands.
    fn text(&self, cuts: &Cuts, index: usize) -> Range<usize> {
        let end = match cuts.get(index) {
            Some(cut) if index < self.frame.separators.len() => *cut,
            _ => self.inner.len(),
        };
        self.text_start(cuts, index)..end
    }

    pub(super) fn reading(&self, cuts: &Cuts) -> Reading<'a> {
        let mut texts = [""; MAX_CHILDREN];
        for (index, text) in texts.iter_mut().enumerate().take(self.frame.children.len()) {
            *text = self.inner.get(self.text(cuts, index)).unwrap_or_default();
        }
        Reading {
            name: self.name,
            kind: self.kind,
            texts,
        }
    }

    #[cold]
    fn not_separated(&self, cuts: &Cuts, index: usize) -> Error {
        let start = self.text_start(cuts, index);
        let name = self.frame.children.get(index).copied();
        let separator = self.separator(index);
        let expected = if self.frame.is_address(index + 1) {
            format!(
                "`{separator}`, an address without `<`, and `{}`",
                self.separator(index + 1)
            )
        } else {
            format!("`{separator}`")
        };
        Error::new(
            ErrorKind::NotVerbatim,
            self.start + start..self.start + self.inner.len(),
            name,
            format!("expected text and then {expected}, found none"),
        )
    }

    #[cold]
    fn ambiguous(&self, first: &Cuts, last: &Cuts) -> Error {
        let differing = first
            .iter()
            .zip(last)
            .position(|(first, last)| first != last);
        let index = differing.unwrap_or_default();
        let at = |cuts: &Cuts| self.start + cuts.get(index).copied().unwrap_or_default();
        let separator = self.separator(index);
        Error::new(
            ErrorKind::Ambiguous,
            at(first)..at(first) + separator.len(),
            self.frame.children.get(index).copied(),
            format!(
                "expected `{separator}` in one place, found it again at byte {}: more than one reading",
                at(last),
            ),
        )
    }
}

#[cold]
fn not_opened(line: &str) -> Error {
    Error::new(
        ErrorKind::NotVerbatim,
        0..line.len(),
        None,
        format!(
            "expected the tags that begin an event, such as `<chat><room>`, found {}",
            quote(line)
        ),
    )
}

#[cold]
fn not_closed(line: &str, start: usize, frame: &Frame) -> Error {
    let at = line.len().saturating_sub(frame.closing.len()).max(start);
    let at = (at..line.len()).find(|at| line.is_char_boundary(*at));
    let at = at.unwrap_or(line.len());
    let found = quote(line.get(at..).unwrap_or_default());
    Error::new(
        ErrorKind::NotVerbatim,
        at..line.len(),
        frame.element,
        format!("expected `{}` at the end, found {found}", frame.closing),
    )
}
