//! The JSON Schema of the stored form is the one in `tests/schema/payload.json`, which users and CI
//! validate with. `UPDATE_SCHEMA=1 cargo test --features schemars --test schema` writes it.

use std::fs;

use isl_volano::Payload;
use isl_volano::isl_light::{Notification, Parameter};
use isl_volano::volano_chat::Event;
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

const SAVED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/payload.json");

#[test]
fn the_saved_schema_is_the_one_of_the_types() {
    let schema = schema_for!(Payload<'_>);
    let json = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(SAVED, &json).expect("the file is written");
    }
    assert_eq!(fs::read_to_string(SAVED).expect("the file is there"), json);
}

#[test]
fn every_parameter_has_a_schema() {
    let schema = schema::<Notification<'_>>();
    let properties = schema["properties"].as_object().expect("properties");
    for parameter in Parameter::ALL {
        let schema = &properties[parameter.name()];
        let description = schema["description"].as_str().expect("a description");
        assert!(description.starts_with(parameter.description()));
    }
    assert_eq!(properties.len(), Parameter::ALL.len() + 1, "and `extra`");
}

#[test]
fn every_event_has_a_schema() {
    let schema = schema::<Event<'_>>();
    let events = schema["oneOf"].as_array().expect("a list");
    let names: Vec<_> = events
        .iter()
        .map(|event| {
            event["properties"]["event"]["const"]
                .as_str()
                .expect("a name")
        })
        .collect();
    let elements = [
        "create", "enter", "chat", "whisper", "ring", "kick", "exit", "delete",
    ];
    assert_eq!(names, elements);
}

/// The names are short, so the identifiers tell the types from others of a service.
#[test]
fn identifiers_have_the_path() {
    assert_eq!(Payload::schema_id(), "isl_volano::Payload");
    let notification = "isl_volano::isl_light::Notification";
    assert_eq!(Notification::schema_id(), notification);
    assert_eq!(Event::schema_id(), "isl_volano::volano_chat::Event");
}

fn schema<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}
