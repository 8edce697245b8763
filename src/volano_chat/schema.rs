//! The JSON Schema of the stored form of an event.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::event::{ELEMENTS, Event, StartTag};
use super::frame::Frame;

impl JsonSchema for Event<'_> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Event")
    }

    fn schema_id() -> Cow<'static, str> {
        Cow::Borrowed("isl_volano::volano_chat::Event")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let frames = ELEMENTS
            .iter()
            .filter_map(|element| StartTag::frame_of(element));
        let events: Vec<_> = frames.map(|frame| object(frame).to_value()).collect();
        json_schema!({ "description": "an event of a VolanoChat room", "oneOf": events })
    }
}

fn object(frame: &Frame) -> Schema {
    let mut properties = json_schema!({ "event": { "const": frame.element } });
    if !frame.types.is_empty() {
        let types = json_schema!({ "enum": frame.types });
        properties.insert("type".to_owned(), types.to_value());
    }
    for child in frame.children {
        let text = json_schema!({ "type": "string" });
        properties.insert((*child).to_owned(), text.to_value());
    }
    // Every field is there.
    let required: Vec<_> = properties
        .as_object()
        .into_iter()
        .flat_map(|properties| properties.keys())
        .collect();
    let mut schema = json_schema!({
        "type": "object",
        "required": required,
        "additionalProperties": false
    });
    schema.insert("properties".to_owned(), properties.to_value());
    schema
}
