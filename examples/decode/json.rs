//! Payloads as lines of JSON.

use std::io::{self, Write};

use isl_volano::Payload;
use serde::Serialize;
use serde_json::ser::Formatter;

use crate::body::{Body, Problem};

/// Writes lines, each a payload.
#[derive(Debug, Default)]
pub(crate) struct Json {
    out: Vec<u8>,
    /// How the line of each payload of the source begins.
    begin: Vec<u8>,
}

// Writing to a vector cannot fail, and every text and every event can be JSON.

impl Json {
    /// Everything that was written since it was last cleared.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    pub(crate) fn clear(&mut self) {
        self.out.clear();
    }

    /// Sets the source of the payloads that follow.
    pub(crate) fn source(&mut self, name: &str) {
        let out = std::mem::take(&mut self.out);
        self.out.extend_from_slice(b"{\"source\":");
        self.value(name);
        self.out.extend_from_slice(b",\"index\":");
        self.begin = std::mem::replace(&mut self.out, out);
    }

    /// Writes a payload that was decoded.
    pub(crate) fn event(&mut self, index: u64, body: &Body<'_>, event: &Payload<'_>) {
        self.begin(index, Some(body));
        self.out.extend_from_slice(b",\"event\":");
        match event {
            Payload::IslLight(notification) => self.value(notification),
            Payload::VolanoChat(event) => self.value(event),
            // There are no other families.
            _ => {}
        }
        self.out.extend_from_slice(b"}\n");
    }

    /// Writes a payload that was not.
    pub(crate) fn problem(&mut self, index: u64, body: Option<&Body<'_>>, problem: &Problem) {
        self.begin(index, body);
        self.out.extend_from_slice(b",\"error\":{\"kind\":");
        self.value(&problem.kind());
        self.out.extend_from_slice(b",\"message\":");
        self.value(&problem.message());
        self.out.extend_from_slice(b",\"offset\":");
        self.value(&problem.offset());
        self.out.extend_from_slice(b",\"parameter\":");
        self.value(&problem.parameter());
        self.out.extend_from_slice(b"}}\n");
    }

    fn begin(&mut self, index: u64, body: Option<&Body<'_>>) {
        self.out.extend_from_slice(&self.begin);
        self.value(&index);
        if let Some(family) = body.and_then(|body| body.family) {
            self.out.extend_from_slice(b",\"family\":\"");
            self.out.extend_from_slice(family.as_str().as_bytes());
            self.out.push(b'"');
        }
        if let Some(charset) = body.and_then(|body| body.guessed) {
            self.out.extend_from_slice(b",\"encoding\":");
            self.value(charset.name());
        }
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        let mut serializer = serde_json::Serializer::with_formatter(&mut self.out, OneLine);
        let _ = value.serialize(&mut serializer);
    }
}

/// JSON on one line, for readers that know more line ends than LF, and for terminals: characters
/// that end lines, control, or turn the direction of writing are escaped.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_escaped) {
            let (run, escaped) = rest.split_at(at);
            out.write_all(run.as_bytes())?;
            let mut chars = escaped.chars();
            if let Some(c) = chars.next() {
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// All of them lie in the basic plane, so that one escape does.
fn is_escaped(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}
