//! Events of VolanoChat, and bodies that are almost events.

use arbitrary::{Result, Unstructured};

use super::text::{spelled, text};
use crate::oracle::frame::{FRAMES, Frame, Reading};
use crate::oracle::words::MARKUP;

/// Creates an event.
pub(crate) fn reading(u: &mut Unstructured<'_>) -> Result<Reading> {
    let frame = u.choose(FRAMES)?;
    let kind = *u.choose(&frame.kinds())?;
    let mut texts = Vec::new();
    for child in frame.children {
        texts.push((*child, text(u, MARKUP)?));
    }
    Ok(Reading {
        element: frame.element,
        kind,
        texts,
    })
}

/// Line ends that the server writes after a body, and others.
const LINE_ENDS: &[&str] = &["\n", "\r\n", "", "\r", "\r\r\n", "\n\n"];

/// Changes: the text whose first occurrence is replaced, and the replacement.
const CHANGES: &[(&[&str], &[&str])] = &[
    (&["><"], &["> <", ">\n  <", "><!-- c --><", "><?p i?><"]),
    (&["\"", " type="], &["'", " type = ", " x='y' type=", ""]),
    (
        &["<chat>", "<room>", "<message>", "<enter "],
        &[
            "<chat >",
            "<user/>",
            "<profile>",
            "<?xml version='1.0'?><chat>",
            "<!DOCTYPE chat><chat>",
        ],
    ),
    (
        &["</user>", "</message></chat>", "</room>"],
        &["", "</message></chat>x", "</room ><user>", "\r\n"],
    ),
    (&["&lt;", "&amp;"], &["&#60;", "&", "<![CDATA[x]]>", "]]>"]),
];

/// Creates a body similar to those of the server or of an XML producer, but slightly wrong.
pub(crate) fn body(u: &mut Unstructured<'_>) -> Result<String> {
    let reading = reading(u)?;
    let mut body = match reading.event().to_xml() {
        Ok(xml) if u.ratio(1, 2)? => xml,
        _ => reading.body() + u.choose(LINE_ENDS)?,
    };
    for _ in 0..u.int_in_range(0..=2)? {
        let (from, to) = u.choose(CHANGES)?;
        body = body.replacen(u.choose(from)?, u.choose(to)?, 1);
    }
    Ok(body)
}

/// Creates bodies in a frame: from texts, from the bytes between the first and the last tags, and
/// from words.
pub(crate) fn framed(data: &[u8]) -> Vec<Vec<u8>> {
    let Some((&selector, rest)) = data.split_first() else {
        return Vec::new();
    };
    let frame = &FRAMES[usize::from(selector) % FRAMES.len()];
    let kinds = frame.kinds();
    let kind = kinds[usize::from(selector) / FRAMES.len() % kinds.len()];
    let mut texts = rest.split(|byte| *byte == 1);
    let mut inner = texts.next().unwrap_or_default().to_vec();
    for separator in frame.separators() {
        inner.extend_from_slice(separator.as_bytes());
        inner.extend_from_slice(texts.next().unwrap_or_default());
    }
    let mut line = in_frame(frame, kind, &inner);
    line.extend_from_slice(LINE_ENDS[rest.len() % LINE_ENDS.len()].as_bytes());
    vec![
        line,
        in_frame(frame, kind, rest),
        in_frame(frame, kind, spelled(rest, MARKUP).as_bytes()),
    ]
}

fn in_frame(frame: &Frame, kind: Option<&str>, inner: &[u8]) -> Vec<u8> {
    let (opening, closing) = (frame.opening(kind), frame.closing());
    [opening.as_bytes(), inner, closing.as_bytes()].concat()
}
