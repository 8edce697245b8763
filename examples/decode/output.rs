//! The output: lines of JSON, or text.

use crate::body::{Body, Decoded, Problem};
use crate::json::Json;
use crate::text::Text;

/// Written payloads that are not yet flushed.
#[derive(Debug)]
pub(crate) enum Output {
    Json(Json),
    Text(Text),
}

impl Output {
    /// Sets the source of the payloads that follow.
    pub(crate) fn source(&mut self, name: &str) {
        match self {
            Output::Json(json) => json.source(name),
            Output::Text(text) => text.source(name),
        }
    }

    /// Writes a decoded payload.
    pub(crate) fn event(&mut self, index: u64, body: &Body<'_>, decoded: &Decoded<'_>) {
        match self {
            Output::Json(json) => json.event(index, body, decoded),
            Output::Text(text) => text.event(index, body, decoded),
        }
    }

    /// Writes a payload that was not decoded, with its body, if there is one.
    pub(crate) fn problem(&mut self, index: u64, body: Option<&Body<'_>>, problem: &Problem) {
        match self {
            Output::Json(json) => json.problem(index, body, problem),
            Output::Text(text) => text.problem(index, body, problem),
        }
    }

    /// Returns the output since the last `clear`.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Output::Json(json) => json.as_bytes(),
            Output::Text(text) => text.as_bytes(),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Output::Json(json) => json.clear(),
            Output::Text(text) => text.clear(),
        }
    }
}
