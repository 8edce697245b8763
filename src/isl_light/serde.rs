//! Notifications as a flat map under the wire's names.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::reader::Reader;
use super::{Notification, Parameter, Value};

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Unsigned(number) => serializer.serialize_u64(number),
            Value::Signed(number) => serializer.serialize_i64(number),
            Value::Flag(flag) => serializer.serialize_bool(flag),
        }
    }
}

impl Serialize for Notification<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for &parameter in Parameter::ALL {
            if let Some(value) = self.get(parameter) {
                map.serialize_entry(parameter.name(), &value)?;
            }
        }
        for (name, value) in self.extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Notification<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(NotificationVisitor)
            .map(Notification::into_owned)
    }
}

struct NotificationVisitor;

impl<'de> Visitor<'de> for NotificationVisitor {
    type Value = Notification<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of the parameters of an ISL Conference Proxy event")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut reader = Reader::new(false);
        while let Some(name) = map.next_key::<String>()? {
            let parameter = Parameter::from_name(&name);
            let Some(mut text) = map.next_value::<Text>()?.0 else {
                continue;
            };
            match parameter {
                Some(parameter) => {
                    if parameter == Parameter::GracefulExit {
                        text = flag(text);
                    }
                    reader
                        .take(parameter, text, 0..0, 0..0)
                        .map_err(without_place)?;
                }
                None => reader.take_extra(Cow::Owned(name), text, || 1),
            }
        }
        reader.finish(0).map_err(without_place)
    }
}

/// A map has no byte offsets.
fn without_place<E: de::Error>(error: crate::Error) -> E {
    E::custom(error.without_place())
}

/// The wire's form of a truth value that a library wrote as a word.
fn flag(text: Cow<'static, str>) -> Cow<'static, str> {
    match &*text {
        "true" => Cow::Borrowed("1"),
        "false" => Cow::Borrowed("0"),
        _ => text,
    }
}

/// A value as the wire would have it, whether the library takes it for text or for a number.
struct Text(Option<Cow<'static, str>>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number, true or false")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(Text(Some(Cow::Owned(text))))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        self.visit_string(number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
        self.visit_string(number.to_string())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Text, E> {
        self.visit_string(flag.to_string())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_none<E: de::Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_any(self)
    }
}
