//! The JSON Schema of the stored form of a notification.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::field::LAST_SECOND;
use super::kind::Kind;
use super::notification::Notification;
use super::parameter::Parameter;

impl JsonSchema for Notification<'_> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Notification")
    }

    fn schema_id() -> Cow<'static, str> {
        Cow::Borrowed("isl_volano::isl_light::Notification")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Schema::default();
        for &parameter in Parameter::ALL {
            let mut schema = values(parameter.kind());
            let description = match unit(parameter.kind()) {
                Some(unit) => format!("{}, in {unit}", parameter.description()),
                None => parameter.description().to_owned(),
            };
            schema.insert("description".to_owned(), description.into());
            properties.insert(parameter.name().to_owned(), schema.to_value());
        }
        let pairs = json_schema!({
            "type": "array",
            "description": "what no field holds: pairs of a name and a value",
            "items": {
                "type": "array",
                "items": { "type": "string" },
                "minItems": 2,
                "maxItems": 2
            }
        });
        properties.insert("extra".to_owned(), pairs.to_value());

        let required: Vec<_> = Parameter::ENVELOPE.iter().map(|p| p.name()).collect();
        let mut schema = json_schema!({
            "type": "object",
            "description": "an event of ISL Light, or of another module of ISL Conference Proxy",
            "required": required,
            "additionalProperties": false
        });
        schema.insert("properties".to_owned(), properties.to_value());
        schema
    }
}

fn values(kind: Kind) -> Schema {
    match kind {
        Kind::Text => json_schema!({ "type": "string" }),
        Kind::Integer => {
            json_schema!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })
        }
        Kind::Count | Kind::Bytes | Kind::Seconds => {
            json_schema!({ "type": "integer", "minimum": 0, "maximum": u64::MAX })
        }
        Kind::Timestamp => {
            json_schema!({ "type": "integer", "minimum": 0, "maximum": LAST_SECOND })
        }
        Kind::Bool => json_schema!({ "type": "boolean" }),
    }
}

const fn unit(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Bytes => Some("bytes"),
        Kind::Seconds => Some("seconds"),
        Kind::Timestamp => Some("seconds since 1970-01-01 UTC"),
        Kind::Text | Kind::Integer | Kind::Count | Kind::Bool => None,
    }
}
