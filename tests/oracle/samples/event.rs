//! Events of VolanoChat, and bodies that are nearly events.

use arbitrary::{Result, Unstructured};

use super::text::{spelled, text};
use crate::oracle::frame::{FRAMES, Frame, Reading};
use crate::oracle::words::MARKUP;

/// Makes an event.
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

/// What the server puts after a body, and what it does not.
const LINE_ENDS: &[&str] = &["\n", "\r\n", "", "\r", "\r\r\n", "\n\n"];

/// What a change replaces, the first time that it occurs, and with what.
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

/// Makes a body much like those that the server or a writer of XML sends, and not quite right.
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

/// Makes bodies in a frame: of texts, of what stands between the first tags and the last, and of the
/// same as words.
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
