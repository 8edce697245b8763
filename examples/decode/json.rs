//! Payloads as lines of JSON, with events in the crate's stored form.

use isl_volano::Payload;
use isl_volano::isl_light::{Notification, Parameter, Value};
use isl_volano::volano_chat::Event;
use serde::Serialize;

use crate::body::{Body, Decoded, Problem};
use crate::json_text::push_text;

/// A writer of lines, one for each payload.
#[derive(Debug)]
pub(crate) struct Json {
    out: Vec<u8>,
    /// The start of each line of the source.
    begin: Vec<u8>,
    /// The text before the value of each parameter.
    keys: Vec<(Parameter, String)>,
}

// Writing to a vector cannot fail.

impl Json {
    pub(crate) fn new() -> Self {
        let key = |parameter: &Parameter| (*parameter, format!(",\"{parameter}\":"));
        Json {
            out: Vec::new(),
            begin: Vec::new(),
            keys: Parameter::ALL.iter().map(key).collect(),
        }
    }

    /// Returns the output since the last `clear`.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    pub(crate) fn clear(&mut self) {
        self.out.clear();
    }

    /// Sets the source of the payloads that follow.
    pub(crate) fn source(&mut self, name: &str) {
        self.begin.clear();
        self.begin.extend_from_slice(b"{\"source\":");
        push_text(&mut self.begin, name);
        self.begin.extend_from_slice(b",\"index\":");
    }

    /// Writes a decoded payload.
    pub(crate) fn event(&mut self, index: u64, body: &Body<'_>, decoded: &Decoded<'_>) {
        self.begin(index, Some(body));
        self.raw(b",\"event\":{");
        match &decoded.event {
            Payload::IslLight(notification) => self.notification(notification),
            Payload::VolanoChat(event) => self.chat(event),
            // There are no other families.
            _ => {}
        }
        self.raw(b"}");
        if !decoded.problems.is_empty() {
            self.problems(decoded);
        }
        self.raw(b"}\n");
    }

    #[cold]
    fn problems(&mut self, decoded: &Decoded<'_>) {
        let mut separator = ",\"problems\":[";
        for error in &decoded.problems {
            self.raw(separator.as_bytes());
            self.error(&Problem::Parse(error.clone()));
            separator = ",";
        }
        self.raw(b"]");
        if decoded.omitted_problems > 0 {
            self.raw(b",\"omitted_problems\":");
            self.value(&decoded.omitted_problems);
        }
    }

    /// Writes a payload that was not decoded.
    pub(crate) fn problem(&mut self, index: u64, body: Option<&Body<'_>>, problem: &Problem) {
        self.begin(index, body);
        self.raw(b",\"error\":");
        self.error(problem);
        self.raw(b"}\n");
    }

    fn error(&mut self, problem: &Problem) {
        self.raw(b"{\"kind\":");
        self.text(&problem.kind());
        self.raw(b",\"message\":");
        self.text(&problem.message());
        self.raw(b",\"offset\":");
        self.value(&problem.offset());
        self.raw(b",\"parameter\":");
        match problem.parameter() {
            Some(parameter) => self.text(parameter),
            None => self.raw(b"null"),
        }
        self.raw(b"}");
    }

    fn begin(&mut self, index: u64, body: Option<&Body<'_>>) {
        self.out.extend_from_slice(&self.begin);
        self.value(&index);
        if let Some(family) = body.and_then(|body| body.family) {
            self.raw(b",\"family\":\"");
            self.raw(family.as_str().as_bytes());
            self.raw(b"\"");
        }
        if let Some(charset) = body.and_then(|body| body.guessed) {
            self.raw(b",\"encoding\":");
            self.text(charset.name());
        }
    }

    fn notification(&mut self, notification: &Notification<'_>) {
        let start = self.out.len();
        for (parameter, key) in &self.keys {
            let Some(value) = notification.get(*parameter) else {
                continue;
            };
            // The first has no comma.
            let key = key.as_bytes();
            let comma = usize::from(self.out.len() == start);
            self.out.extend_from_slice(key.get(comma..).unwrap_or(key));
            match value {
                Value::Text(text) => push_text(&mut self.out, text),
                Value::Unsigned(number) => push_value(&mut self.out, &number),
                Value::Signed(number) => push_value(&mut self.out, &number),
                Value::Bool(flag) => push_value(&mut self.out, &flag),
                // There are no other types.
                _ => self.out.extend_from_slice(b"null"),
            }
        }
        let mut separator = ",\"extra\":[";
        for (name, value) in notification.extra.iter() {
            self.raw(separator.as_bytes());
            self.raw(b"[");
            self.text(name);
            self.raw(b",");
            self.text(value);
            self.raw(b"]");
            separator = ",";
        }
        if !notification.extra.is_empty() {
            self.raw(b"]");
        }
    }

    fn chat(&mut self, event: &Event<'_>) {
        self.raw(b"\"event\":\"");
        self.raw(event.name().as_bytes());
        self.raw(b"\"");
        if let Some(kind) = event.kind() {
            self.raw(b",\"type\":\"");
            self.raw(kind.as_bytes());
            self.raw(b"\"");
        }
        for (name, text) in event.texts() {
            self.raw(b",\"");
            self.raw(name.as_bytes());
            self.raw(b"\":");
            self.text(text);
        }
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        push_text(&mut self.out, text);
    }

    fn value(&mut self, value: &impl Serialize) {
        push_value(&mut self.out, value);
    }
}

/// Writes a number or a boolean.
fn push_value(out: &mut Vec<u8>, value: &impl Serialize) {
    let _ = serde_json::to_writer(out, value);
}
