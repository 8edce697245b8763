//! The frames of VolanoChat's events, written again from its documentation in the simplest way, as
//! a reference for the crate's.

use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};

/// An element, the values of its attribute `type`, and its children.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The element.
    pub(crate) element: &'static str,
    /// The values of its attribute `type`, empty if it has no such attribute.
    pub(crate) types: &'static [&'static str],
    /// Its children, in the server's order.
    pub(crate) children: &'static [&'static str],
}

const fn frame(
    element: &'static str,
    types: &'static [&'static str],
    children: &'static [&'static str],
) -> Frame {
    Frame {
        element,
        types,
        children,
    }
}

/// The server's events.
pub(crate) const FRAMES: &[Frame] = &[
    frame("create", &[], &["room"]),
    frame(
        "enter",
        &["member", "non-member"],
        &["room", "user", "host", "profile"],
    ),
    frame("chat", &[], &["room", "user", "message"]),
    frame("whisper", &[], &["room", "from", "to", "message"]),
    frame("ring", &[], &["room", "from", "to"]),
    frame(
        "kick",
        &["remove", "disconnect", "ban"],
        &["room", "from", "to"],
    ),
    frame("exit", &[], &["room", "user"]),
    frame("delete", &[], &["room"]),
];

impl Frame {
    /// Returns the types of the element, or `None` if it has no attribute `type`.
    pub(crate) fn kinds(&self) -> Vec<Option<&'static str>> {
        if self.types.is_empty() {
            return vec![None];
        }
        self.types.iter().copied().map(Some).collect()
    }

    /// Returns the beginning of a body.
    pub(crate) fn opening(&self, kind: Option<&str>) -> String {
        let Frame {
            element, children, ..
        } = self;
        match kind {
            Some(kind) => format!("<{element} type=\"{kind}\"><{}>", children[0]),
            None => format!("<{element}><{}>", children[0]),
        }
    }

    /// Returns the tags between the texts.
    pub(crate) fn separators(&self) -> Vec<String> {
        let pairs = self.children.windows(2);
        pairs
            .map(|pair| format!("</{}><{}>", pair[0], pair[1]))
            .collect()
    }

    /// Returns the end of a body, before the line end.
    pub(crate) fn closing(&self) -> String {
        let last = self.children[self.children.len() - 1];
        format!("</{last}></{}>", self.element)
    }
}

/// Returns whether a body begins as the server begins one.
pub(crate) fn has_opening(body: &str) -> bool {
    FRAMES.iter().any(|frame| {
        let mut kinds = frame.kinds().into_iter();
        kinds.any(|kind| body.starts_with(&frame.opening(kind)))
    })
}

/// An event as strings: one reading of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The element.
    pub(crate) element: &'static str,
    /// Its attribute `type`.
    pub(crate) kind: Option<&'static str>,
    /// The children and their texts.
    pub(crate) texts: Vec<(&'static str, String)>,
}

impl Reading {
    /// Converts from an event of the crate.
    pub(crate) fn of(event: &Event<'_>) -> Self {
        let texts = event.texts();
        Reading {
            element: event.name(),
            kind: event.kind(),
            texts: texts.map(|(name, text)| (name, text.to_owned())).collect(),
        }
    }

    /// Converts to an event of the crate.
    pub(crate) fn event(&self) -> Event<'_> {
        let text = |name: &str| {
            let found = self.texts.iter().find(|text| text.0 == name);
            found.map(|text| text.1.as_str()).expect("a text")
        };
        let room = text("room");
        match self.element {
            "create" => Create::new(room).into(),
            "enter" => {
                let membership = match self.kind {
                    Some("member") => Membership::Member,
                    Some("non-member") => Membership::NonMember,
                    other => unreachable!("no type of <enter>: {other:?}"),
                };
                Enter::new(
                    membership,
                    room,
                    text("user"),
                    text("host"),
                    text("profile"),
                )
                .into()
            }
            "chat" => Chat::new(room, text("user"), text("message")).into(),
            "whisper" => Whisper::new(room, text("from"), text("to"), text("message")).into(),
            "ring" => Ring::new(room, text("from"), text("to")).into(),
            "kick" => {
                let kind = match self.kind {
                    Some("remove") => KickKind::Remove,
                    Some("disconnect") => KickKind::Disconnect,
                    Some("ban") => KickKind::Ban,
                    other => unreachable!("no type of <kick>: {other:?}"),
                };
                Kick::new(kind, room, text("from"), text("to")).into()
            }
            "exit" => Exit::new(room, text("user")).into(),
            "delete" => Delete::new(room).into(),
            other => unreachable!("there is no <{other}>"),
        }
    }

    /// Returns the body that the server writes, without the line end.
    pub(crate) fn body(&self) -> String {
        let mut body = match self.kind {
            Some(kind) => format!("<{} type=\"{kind}\">", self.element),
            None => format!("<{}>", self.element),
        };
        for (name, text) in &self.texts {
            body += &format!("<{name}>{text}</{name}>");
        }
        body + &format!("</{}>", self.element)
    }
}

/// Removes the line end that the server writes after a body.
pub(crate) fn without_line_end(body: &str) -> &str {
    let ends = ["\r\n", "\n"];
    let line = ends.iter().find_map(|end| body.strip_suffix(end));
    line.unwrap_or(body)
}

/// Returns the first `limit` readings of a body, found by trying every position for every
/// separator.
pub(crate) fn readings(body: &str, limit: usize) -> Vec<Reading> {
    let line = without_line_end(body);
    let mut readings = Vec::new();
    for frame in FRAMES {
        for kind in frame.kinds() {
            let inner = line
                .strip_prefix(&frame.opening(kind))
                .and_then(|rest| rest.strip_suffix(&frame.closing()));
            if let Some(inner) = inner {
                cut(frame, kind, inner, &mut Vec::new(), limit, &mut readings);
            }
        }
    }
    readings
}

/// Splits `rest` at every position of the next separator.
fn cut(
    frame: &'static Frame,
    kind: Option<&'static str>,
    rest: &str,
    texts: &mut Vec<(&'static str, String)>,
    limit: usize,
    readings: &mut Vec<Reading>,
) {
    let child = frame.children[texts.len()];
    let fits = |text: &str| child != "host" || !text.contains('<');
    let Some(separator) = frame.separators().into_iter().nth(texts.len()) else {
        if fits(rest) && readings.len() < limit {
            texts.push((child, rest.to_owned()));
            readings.push(Reading {
                element: frame.element,
                kind,
                texts: texts.clone(),
            });
            texts.pop();
        }
        return;
    };
    for (at, _) in rest.match_indices(&separator) {
        if readings.len() < limit && fits(&rest[..at]) {
            texts.push((child, rest[..at].to_owned()));
            cut(
                frame,
                kind,
                &rest[at + separator.len()..],
                texts,
                limit,
                readings,
            );
            texts.pop();
        }
    }
}
