//! Round trips through the stored form in every format.
#![allow(dead_code, reason = "not every test stores both families")]

use std::fmt::Debug;

use isl_volano::Payload;
use isl_volano::isl_light::Notification;
use isl_volano::volano_chat::Event;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Asserts that a notification round-trips through every format, alone and as a payload.
#[track_caller]
pub(crate) fn check_notification(notification: &Notification<'_>) {
    let owned = notification.clone().into_owned();
    check(&owned);
    check(&Payload::from(owned));
}

/// Asserts that an event round-trips through every format, alone and as a payload.
#[track_caller]
pub(crate) fn check_event(event: &Event<'_>) {
    let owned = event.clone().into_owned();
    check(&owned);
    check(&Payload::from(owned));
}

/// Asserts that a value round-trips through every format.
#[track_caller]
pub(crate) fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("JSON");
    let read: T = serde_json::from_str(&json).expect(&json);
    assert_eq!(read, *value, "{json}");
    // A JSON value keeps the last of two equal names, so this shows that there are none.
    let tree: serde_json::Value = serde_json::from_str(&json).expect(&json);
    assert_eq!(tree.to_string().len(), json.len(), "{json}");
    let read: T = serde_json::from_value(tree).expect(&json);
    assert_eq!(read, *value, "{json}");

    let mut cbor = Vec::new();
    ciborium::into_writer(value, &mut cbor).expect("CBOR");
    let read: T = ciborium::from_reader(&*cbor).expect("CBOR");
    assert_eq!(read, *value);
    for written in [rmp_serde::to_vec(value), rmp_serde::to_vec_named(value)] {
        let read: T = rmp_serde::from_slice(&written.expect("MessagePack")).expect("MessagePack");
        assert_eq!(read, *value);
    }
    let written = postcard::to_allocvec(value).expect("postcard");
    let read: T = postcard::from_bytes(&written).expect("postcard");
    assert_eq!(read, *value);
}
