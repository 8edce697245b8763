//! Notifications as a flat map under the wire's names.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::reader::{self, Place, Reader};
use super::{Notification, Parameter, Value};

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Unsigned(number) => serializer.serialize_u64(number),
            Value::Signed(number) => serializer.serialize_i64(number),
            Value::Bool(flag) => serializer.serialize_bool(flag),
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
        let take = |reader: &mut Reader<'static, '_>| {
            while let Some(name) = map.next_key::<String>()? {
                let parameter = Parameter::from_name(&name);
                for mut text in map.next_value::<Texts<false>>()?.0 {
                    match parameter {
                        Some(parameter) => {
                            if parameter == Parameter::GracefulExit {
                                text = flag(text);
                            }
                            let taken = reader.take(parameter, text, Place::default);
                            taken.map_err(without_place)?;
                        }
                        None => reader.take_extra(Cow::Owned(name.clone()), text, || 0),
                    }
                }
            }
            Ok(())
        };
        reader::read(false, 0, take, without_place)
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

/// The values under a name as the wire would have them, whether the library takes them for text
/// or for numbers. There can be several: some libraries gather the values of a name.
struct Texts<const IN_SEQUENCE: bool>(Vec<Cow<'static, str>>);

impl<'de, const IN_SEQUENCE: bool> Deserialize<'de> for Texts<IN_SEQUENCE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor::<IN_SEQUENCE>)
    }
}

struct TextsVisitor<const IN_SEQUENCE: bool>;

impl<'de, const IN_SEQUENCE: bool> Visitor<'de> for TextsVisitor<IN_SEQUENCE> {
    type Value = Texts<IN_SEQUENCE>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number, true or false")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Texts(vec![Cow::Owned(text)]))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_string(number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_string(number.to_string())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
        self.visit_string(flag.to_string())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Texts(Vec::new()))
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut values: S) -> Result<Self::Value, S::Error> {
        // A sequence in a sequence is nothing that a form knows, and would be read by recursion.
        if IN_SEQUENCE {
            return Err(de::Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut texts = Vec::new();
        while let Some(Texts::<true>(text)) = values.next_element()? {
            texts.extend(text);
        }
        Ok(Texts(texts))
    }
}
