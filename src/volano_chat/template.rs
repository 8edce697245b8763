//! Bodies in the server's format. The template of an event is its fixed tags. Because texts are not
//! escaped, they can contain these tags, so there can be several ways to split a body.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within the body, and indexes of at most four children"
)]

use std::borrow::Cow;
use std::iter::FusedIterator;
use std::ops::Range;

use super::event::{Event, StartTag};
use super::frame::{Frame, MAX_CHILDREN};
use crate::error::{Error, ErrorKind, quote};

/// Parses a body in linear time. Returns `None` if it matches no template; [`mismatch`] returns the
/// reason.
pub(super) fn parse(body: &str) -> Option<Result<Event<'_>, Error>> {
    let template = TemplateMatch::new(body).ok()?;
    let leftmost = template.leftmost().ok()?;
    let rightmost = template.rightmost()?;
    Some(if leftmost == rightmost {
        Ok(template.event(&leftmost))
    } else {
        Err(template.ambiguous(&leftmost, &rightmost))
    })
}

/// Returns whether a body begins with the tags of a template.
#[cold]
pub(super) fn has_opening(body: &str) -> bool {
    !matches!(TemplateMatch::new(body), Err(Mismatch::NoOpening))
}

/// Creates the error that a body matches no template.
#[cold]
pub(super) fn mismatch(body: &str) -> Error {
    match TemplateMatch::new(body) {
        Ok(template) => {
            let (points, missing) = template.leftmost().err().unwrap_or_default();
            template.not_separated(&points, missing)
        }
        Err(Mismatch::NoOpening) => no_opening(body),
        Err(Mismatch::NoClosing(tag)) => no_closing(body, tag),
    }
}

/// An iterator over the readings of a body in the server's format.
///
/// The first reading has the shortest first texts. Finding the next reading takes time linear in the
/// body. The number of readings can be a polynomial in the length of the body, of a degree of up to
/// three, so take no more than you need.
///
/// This struct is created by [`Event::readings`].
#[derive(Debug, Clone)]
pub struct Readings<'a> {
    next: Option<(TemplateMatch<'a>, SplitPoints)>,
}

impl<'a> Readings<'a> {
    pub(super) fn new(body: &'a str) -> Self {
        let template = TemplateMatch::new(body).ok();
        let next = template.and_then(|template| {
            let points = template.leftmost().ok()?;
            Some((template, points))
        });
        Readings { next }
    }
}

impl<'a> Iterator for Readings<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let (template, points) = self.next.as_mut()?;
        let event = template.event(points);
        match template.following(points) {
            Some(following) => *points = following,
            None => self.next = None,
        }
        Some(event)
    }
}

impl FusedIterator for Readings<'_> {}

/// A body that begins and ends with the tags of an event.
///
/// It has a reading for every way to split the text between them at the separators, except those in
/// which the address of the host contains `<`.
#[derive(Debug, Clone)]
struct TemplateMatch<'a> {
    tag: StartTag,
    frame: &'static Frame,
    /// The body between the opening and the closing tags.
    inner: &'a str,
    /// The start of `inner` in the body.
    start: usize,
}

/// The positions of the separators in [`TemplateMatch::inner`]. Unused ones are at the end.
type SplitPoints = [usize; MAX_CHILDREN - 1];

/// The reason why a body does not begin and end with the tags of an event.
enum Mismatch {
    NoOpening,
    NoClosing(StartTag),
}

impl<'a> TemplateMatch<'a> {
    fn new(body: &'a str) -> Result<Self, Mismatch> {
        let line = without_line_end(body);
        let tag = StartTag::find(|tag| line.starts_with(tag.opening()));
        let tag = tag.ok_or(Mismatch::NoOpening)?;
        let frame = tag.frame();
        let start = tag.opening().len();
        let inner = line.get(start..).unwrap_or_default();
        let inner = inner.strip_suffix(frame.closing);
        Ok(TemplateMatch {
            tag,
            frame,
            inner: inner.ok_or(Mismatch::NoClosing(tag))?,
            start,
        })
    }

    /// Returns the leftmost split points. Fails with the points found and the index of the missing
    /// separator.
    fn leftmost(&self) -> Result<SplitPoints, (SplitPoints, usize)> {
        let mut points = SplitPoints::default();
        match self.move_left(&mut points, 0) {
            Ok(()) => Ok(points),
            Err(missing) => Err((points, missing)),
        }
    }

    /// Moves the split points from `first` on as far to the left as the points before them allow.
    /// Fails with the index of the missing separator.
    fn move_left(&self, points: &mut SplitPoints, first: usize) -> Result<(), usize> {
        for index in first..self.frame.separators.len() {
            let from = self.text_start(points, index);
            match (self.find(index, from), points.get_mut(index)) {
                (Some(at), Some(point)) => *point = at,
                _ => return Err(index),
            }
        }
        Ok(())
    }

    /// Returns the rightmost split points.
    fn rightmost(&self) -> Option<SplitPoints> {
        let mut points = SplitPoints::default();
        let mut end = self.inner.len();
        for index in (0..self.frame.separators.len()).rev() {
            // The start of an address determines its end.
            if self.frame.is_address(index) {
                continue;
            }
            end = self.rfind(index, end)?;
            *points.get_mut(index)? = end;
            if self.frame.is_address(index + 1) {
                self.move_left(&mut points, index + 1).ok()?;
            }
        }
        Some(points)
    }

    /// Returns the next split points, in lexicographical order.
    fn following(&self, points: &SplitPoints) -> Option<SplitPoints> {
        for index in (0..self.frame.separators.len()).rev() {
            // An address ends at the next `<`.
            if self.frame.is_address(index) {
                continue;
            }
            let mut points = *points;
            let point = points.get_mut(index)?;
            if let Some(at) = self.find(index, *point + 1) {
                *point = at;
                if self.move_left(&mut points, index + 1).is_ok() {
                    return Some(points);
                }
            }
        }
        None
    }

    /// Returns the position of the first separator `index` at or after `from`.
    fn find(&self, index: usize, from: usize) -> Option<usize> {
        let rest = self.inner.get(from..)?;
        let mut places = memchr::memchr_iter(b'<', rest.as_bytes());
        let at = places.find(|at| self.is_separated(index, rest, *at))?;
        Some(from + at)
    }

    /// Returns the position of the last separator `index` that ends at or before `end`.
    fn rfind(&self, index: usize, end: usize) -> Option<usize> {
        let text = self.inner.get(..end)?;
        let mut places = memchr::memrchr_iter(b'<', text.as_bytes());
        places.find(|at| self.is_separated(index, text, *at))
    }

    /// Returns whether the separator `index` is at `at` in `text`. If an address follows, the next
    /// separator must follow the address.
    #[inline]
    fn is_separated(&self, index: usize, text: &str, at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let Some(rest) = rest.strip_prefix(self.separator(index)) else {
            return false;
        };
        if !self.frame.is_address(index + 1) {
            return true;
        }
        let end = memchr::memchr(b'<', rest.as_bytes());
        let rest = end.and_then(|end| rest.get(end..));
        rest.is_some_and(|rest| rest.starts_with(self.separator(index + 1)))
    }

    fn separator(&self, index: usize) -> &'static str {
        let separators = self.frame.separators;
        separators.get(index).copied().unwrap_or_default()
    }

    /// Returns the start of the text of the child `index`.
    fn text_start(&self, points: &SplitPoints, index: usize) -> usize {
        let before = index.checked_sub(1);
        match before.and_then(|before| Some((before, points.get(before)?))) {
            Some((before, point)) => point + self.separator(before).len(),
            None => 0,
        }
    }

    /// Returns the range of the text of the child `index`.
    fn text_range(&self, points: &SplitPoints, index: usize) -> Range<usize> {
        let end = match points.get(index) {
            Some(point) if index < self.frame.separators.len() => *point,
            _ => self.inner.len(),
        };
        self.text_start(points, index)..end
    }

    /// Returns the event with texts split at these points.
    fn event(&self, points: &SplitPoints) -> Event<'a> {
        let mut texts = [""; MAX_CHILDREN];
        let children = self.frame.children.len();
        for (index, text) in texts.iter_mut().enumerate().take(children) {
            let range = self.text_range(points, index);
            *text = self.inner.get(range).unwrap_or_default();
        }
        Event::from_parts(self.tag, texts.map(Cow::Borrowed))
    }

    #[cold]
    fn not_separated(&self, points: &SplitPoints, missing: usize) -> Error {
        let start = self.start + self.text_start(points, missing);
        let name = self.frame.children.get(missing).copied();
        let mut message = format!(
            "not in the server's format: missing `{}`",
            self.separator(missing)
        );
        if self.frame.is_address(missing + 1) {
            let next = self.separator(missing + 1);
            message += &format!(", an address without `<`, and `{next}`");
        }
        Error::new(
            ErrorKind::NotVerbatim,
            start..self.start + self.inner.len(),
            name,
            message,
        )
    }

    #[cold]
    fn ambiguous(&self, leftmost: &SplitPoints, rightmost: &SplitPoints) -> Error {
        let mut pairs = leftmost.iter().zip(rightmost);
        let differing = pairs.position(|(left, right)| left != right);
        let index = differing.unwrap_or_default();
        let place = |points: &SplitPoints| {
            let start = self.start + points.get(index).copied().unwrap_or_default();
            start..start + self.separator(index).len()
        };
        Error::new(
            ErrorKind::Ambiguous,
            place(leftmost),
            self.frame.children.get(index).copied(),
            format!("ambiguous: `{}`", self.separator(index)),
        )
        .and_at(place(rightmost).start)
    }
}

#[cold]
fn no_opening(body: &str) -> Error {
    let line = without_line_end(body);
    Error::new(
        ErrorKind::NotVerbatim,
        0..line.len(),
        None,
        format!(
            "not in the server's format: expected tags such as `<chat><room>`, found {}",
            quote(line)
        ),
    )
}

#[cold]
fn no_closing(body: &str, tag: StartTag) -> Error {
    let line = without_line_end(body);
    let (start, frame) = (tag.opening().len(), tag.frame());
    let at = line.len().saturating_sub(frame.closing.len()).max(start);
    let at = (at..line.len()).find(|at| line.is_char_boundary(*at));
    let at = at.unwrap_or(line.len());
    let found = quote(line.get(at..).unwrap_or_default());
    Error::new(
        ErrorKind::NotVerbatim,
        at..line.len(),
        frame.element,
        format!(
            "not in the server's format: expected `{}` at the end, found {found}",
            frame.closing
        ),
    )
}

/// Removes the line end that the server writes after a body: LF or CRLF, if there is one.
fn without_line_end(body: &str) -> &str {
    match body.strip_suffix('\n') {
        Some(body) => body.strip_suffix('\r').unwrap_or(body),
        None => body,
    }
}
