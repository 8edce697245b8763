//! The JSON Schema of the stored form of a payload.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::Payload;
use crate::family::Family;
use crate::isl_light::Notification;
use crate::volano_chat::Event;

impl JsonSchema for Payload<'_> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Payload")
    }

    fn schema_id() -> Cow<'static, str> {
        Cow::Borrowed("isl_volano::Payload")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let families = [
            tagged(
                Family::IslLight,
                generator.subschema_for::<Notification<'_>>(),
            ),
            tagged(Family::VolanoChat, generator.subschema_for::<Event<'_>>()),
        ];
        json_schema!({ "description": "an event of either family", "oneOf": families })
    }
}

fn tagged(family: Family, payload: Schema) -> Schema {
    json_schema!({
        "type": "object",
        "properties": { (family.as_str()): payload },
        "required": [family.as_str()],
        "additionalProperties": false
    })
}
