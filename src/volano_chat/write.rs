//! Writing an event as a body.

use std::fmt;
use std::str::FromStr;

use super::event::Event;
use crate::error::{Error, ErrorKind, UnknownNameError, quote, quote_whole};
use crate::xml;

/// The line end that the server writes after a body, which depends on its platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum LineEnd {
    /// A line feed, as on Linux.
    #[default]
    Lf,
    /// A carriage return and a line feed, as on Windows.
    CrLf,
}

impl LineEnd {
    /// Returns the line end as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
        }
    }

    /// Returns the line end at the end of a body, if there is one.
    #[must_use]
    pub fn of(body: &str) -> Option<LineEnd> {
        let line = body.strip_suffix('\n')?;
        Some(if line.ends_with('\r') {
            LineEnd::CrLf
        } else {
            LineEnd::Lf
        })
    }
}

impl FromStr for LineEnd {
    type Err = UnknownNameError;

    fn from_str(text: &str) -> Result<Self, UnknownNameError> {
        match text {
            "\n" => Ok(LineEnd::Lf),
            "\r\n" => Ok(LineEnd::CrLf),
            _ => Err(UnknownNameError::new("line end", text)),
        }
    }
}

#[cfg(feature = "serde")]
crate::serde_text::serde_as_name!(LineEnd, as_str);

impl Event<'_> {
    /// Writes a well-formed XML document, with the server's tags and escaped texts.
    ///
    /// Parsing the document with [`parse_xml`](Event::parse_xml) gives an equal event.
    /// [`parse`](Event::parse) does not decode references in such a document, because it has the tags
    /// of the server's format.
    ///
    /// # Errors
    ///
    /// [`UnrepresentableText`](crate::ErrorKind::UnrepresentableText) if a text has a character that
    /// XML 1.0 does not allow, such as NUL. The offset is that in the text.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Chat, Event};
    ///
    /// let chat = Event::from(Chat::new("Tea", "Alice", "I <3 you & me"));
    /// assert_eq!(
    ///     chat.to_xml()?,
    ///     "<chat><room>Tea</room><user>Alice</user><message>I &lt;3 you &amp; me</message></chat>",
    /// );
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn to_xml(&self) -> Result<String, Error> {
        self.write(xml::escape)
    }

    /// Writes the body that the server writes on Linux, which ends with a line feed. For other
    /// platforms, use [`to_verbatim_with`](Event::to_verbatim_with). Parsing the body with
    /// [`parse`](Event::parse) gives an equal event.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`](crate::ErrorKind::Ambiguous) or [`NotVerbatim`](crate::ErrorKind::NotVerbatim) if
    /// the body would have another reading, or none. The offset is that in the body.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Chat, Event};
    ///
    /// let chat = Event::from(Chat::new("Tea", "Alice", "I <3 you & me"));
    /// assert_eq!(
    ///     chat.to_verbatim()?,
    ///     "<chat><room>Tea</room><user>Alice</user><message>I <3 you & me</message></chat>\n",
    /// );
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn to_verbatim(&self) -> Result<String, Error> {
        self.to_verbatim_with(LineEnd::Lf)
    }

    /// Writes the body that the server writes on a platform with this line end.
    ///
    /// # Errors
    ///
    /// Those of [`to_verbatim`](Event::to_verbatim).
    pub fn to_verbatim_with(&self, line_end: LineEnd) -> Result<String, Error> {
        let mut out = self.write(|out, name, text| {
            match text.find('<') {
                // An address ends at the next `<`.
                Some(at) if name == "host" => Err(not_an_address(text, at).shifted(out.len())),
                _ => {
                    out.push_str(text);
                    Ok(())
                }
            }
        })?;
        Event::parse_verbatim(&out)?;
        out.push_str(line_end.as_str());
        Ok(out)
    }

    /// Writes the tags of the frame, and each text with `write`.
    fn write(
        &self,
        mut write: impl FnMut(&mut String, &'static str, &str) -> Result<(), Error>,
    ) -> Result<String, Error> {
        let (tag, texts) = self.to_parts();
        let frame = tag.frame();
        let length: usize = texts.iter().map(|text| text.len()).sum();
        let mut out = String::with_capacity(length.saturating_add(128));
        out.push_str(tag.opening());
        for ((child, text), after) in frame.children.iter().zip(texts).zip(frame.after) {
            write(&mut out, child, text)?;
            out.push_str(after);
        }
        Ok(out)
    }
}

#[cold]
fn not_an_address(text: &str, at: usize) -> Error {
    let message = format!(
        "not in the server's format: expected an address without `<` in `<host>`, found {}",
        quote(text)
    );
    Error::new(ErrorKind::NotVerbatim, 0..1, "host", message).shifted(at)
}

/// Formats the event as one line for logs, with its name, its kind, and each text quoted and escaped.
///
/// ```
/// use isl_volano::volano_chat::{Chat, Event};
///
/// let chat = Event::from(Chat::new("Tea", "Alice", "line one\nline two"));
/// assert_eq!(
///     chat.to_string(),
///     r#"chat room="Tea" user="Alice" message="line one\nline two""#,
/// );
/// ```
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if let Some(kind) = self.kind() {
            write!(f, " type={kind:?}")?;
        }
        for (name, text) in self.texts() {
            write!(f, " {name}={}", quote_whole(text))?;
        }
        Ok(())
    }
}
