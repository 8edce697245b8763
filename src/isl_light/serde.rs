//! The stored form of a notification.
//!
//! In a human-readable format, it is a map of the fields that have a value. In any other format, which
//! may not be self-describing, it is a struct of all fields, each with the type of its [`Kind`].

use std::borrow::Cow;
use std::fmt;

use ::serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use ::serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::builder::{Builder, Mode, blank};
use super::extra::Extra;
use super::kind::Kind;
use super::notification::Notification;
use super::parameter::{Parameter, parameters};
use super::value::Value;
use crate::serde_text::{serde_as_name, unexpected_text, unknown_field};

serde_as_name!(Parameter, name);

const EXTRA: &str = "extra";

/// Defines the list of all field names.
macro_rules! define_fields {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        const FIELDS: &[&str] = &[$($name,)+ EXTRA];
    };
}

parameters!(define_fields);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Unsigned(number) => serializer.serialize_u64(number),
            Value::Signed(number) => serializer.serialize_i64(number),
            Value::Bool(bool) => serializer.serialize_bool(bool),
        }
    }
}

impl Serialize for Notification<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let extra = Pairs(&self.extra);
        if serializer.is_human_readable() {
            let mut map = serializer.serialize_map(None)?;
            for &parameter in Parameter::ALL {
                if let Some(value) = self.get(parameter) {
                    map.serialize_entry(parameter.name(), &value)?;
                }
            }
            if !self.extra.is_empty() {
                map.serialize_entry(EXTRA, &extra)?;
            }
            return map.end();
        }
        let mut fields = serializer.serialize_struct("Notification", FIELDS.len())?;
        for &parameter in Parameter::ALL {
            let name = parameter.name();
            let value = self.get(parameter).map(|value| same_type(parameter, value));
            match value {
                Some(value) if parameter.is_envelope() => fields.serialize_field(name, &value)?,
                value => fields.serialize_field(name, &value)?,
            }
        }
        fields.serialize_field(EXTRA, &extra)?;
        fields.end()
    }
}

/// Converts a value to the type that a format that is not self-describing reads.
fn same_type(parameter: Parameter, value: Value<'_>) -> Value<'_> {
    match (parameter.kind(), value) {
        (Kind::Timestamp, Value::Unsigned(number)) => {
            Value::Signed(number.try_into().unwrap_or(i64::MAX))
        }
        (_, value) => value,
    }
}

/// The pairs as a list of lists.
struct Pairs<'e>(&'e Extra<'e>);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0)
    }
}

/// Deserializes an owned value, which works with any source.
impl<'de> Deserialize<'de> for Notification<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let human_readable = true;
            // With `deserialize_map`, some formats return an error with a raw text of any length.
            deserializer.deserialize_any(NotificationVisitor { human_readable })
        } else {
            let human_readable = false;
            let visitor = NotificationVisitor { human_readable };
            deserializer.deserialize_struct("Notification", FIELDS, visitor)
        }
        .map(Notification::into_owned)
    }
}

/// Deserializes the stored form. Every value is checked as by the parser.
struct NotificationVisitor {
    human_readable: bool,
}

impl<'de> Visitor<'de> for NotificationVisitor {
    type Value = Notification<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a notification")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Err(unexpected_text(text, &self))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let NotificationVisitor { human_readable } = self;
        let mut notification = blank();
        let mut builder = Builder::new(&mut notification, Mode::Lenient);
        let mut extra = None;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key {
                Key::Parameter(parameter) => {
                    let value = map.next_value_seed(ValueSeed {
                        parameter,
                        human_readable,
                    })?;
                    set(&mut builder, parameter, value)?;
                }
                Key::Extra if extra.is_some() => return Err(M::Error::duplicate_field(EXTRA)),
                Key::Extra => extra = Some(map.next_value_seed(PairsSeed { human_readable })?),
            }
        }
        finish(builder, extra.unwrap_or_default())?;
        Ok(notification)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let NotificationVisitor { human_readable } = self;
        if human_readable {
            return Err(S::Error::invalid_type(Unexpected::Seq, &"a notification"));
        }
        let mut notification = blank();
        let mut builder = Builder::new(&mut notification, Mode::Lenient);
        for (index, &parameter) in Parameter::ALL.iter().enumerate() {
            let seed = ValueSeed {
                parameter,
                human_readable,
            };
            let Some(value) = seq.next_element_seed(seed)? else {
                return Err(S::Error::invalid_length(index, &"a notification"));
            };
            set(&mut builder, parameter, value)?;
        }
        let Some(extra) = seq.next_element_seed(PairsSeed { human_readable })? else {
            return Err(S::Error::invalid_length(
                Parameter::ALL.len(),
                &"a notification",
            ));
        };
        finish(builder, extra)?;
        Ok(notification)
    }
}

fn set<E: de::Error>(
    builder: &mut Builder<'static, '_>,
    parameter: Parameter,
    value: Option<Cow<'static, str>>,
) -> Result<(), E> {
    builder.insert(parameter, value).map_err(E::custom)
}

/// Adds the pairs without a field, and checks that the notification is complete.
///
/// As in a body, a pair with a known name fills its field if the field is empty and the value fits.
/// An earlier version, which did not know the name, may have stored it.
fn finish<E: de::Error>(
    mut builder: Builder<'static, '_>,
    extra: Vec<(String, String)>,
) -> Result<(), E> {
    let mut remaining = extra.len();
    for (name, value) in extra {
        remaining = remaining.saturating_sub(1);
        match Parameter::from_name(&name) {
            Some(parameter) => builder
                .set(parameter, Cow::Owned(value), || None)
                .map_err(E::custom)?,
            None => builder.push_extra(Cow::Owned(name), Cow::Owned(value), || remaining),
        }
    }
    builder.finish(None).map_err(E::custom)
}

/// A key of the map.
enum Key {
    Parameter(Parameter),
    Extra,
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a parameter, or `extra`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Key, E> {
        match Parameter::from_name(text) {
            Some(parameter) => Ok(Key::Parameter(parameter)),
            None if text == EXTRA => Ok(Key::Extra),
            None => Err(unknown_field(text, &self)),
        }
    }
}

/// Deserializes the value of a parameter as the text of a body, or `None` if there is no value.
struct ValueSeed {
    parameter: Parameter,
    human_readable: bool,
}

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Option<Cow<'static, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.human_readable {
            deserializer.deserialize_any(self)
        } else if self.parameter.is_envelope() {
            self.visit_some(deserializer)
        } else {
            deserializer.deserialize_option(self)
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Option<Cow<'static, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.parameter.kind() {
            Kind::Bool => "true or false",
            kind => kind.expected(),
        };
        write!(f, "{expected} for `{}`", self.parameter)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.human_readable {
            return deserializer.deserialize_any(self);
        }
        match self.parameter.kind() {
            Kind::Text => deserializer.deserialize_string(self),
            Kind::Integer | Kind::Timestamp => deserializer.deserialize_i64(self),
            Kind::Count | Kind::Bytes | Kind::Seconds => deserializer.deserialize_u64(self),
            Kind::Bool => deserializer.deserialize_bool(self),
        }
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        match self.parameter.kind() {
            Kind::Text => Ok(Some(Cow::Owned(text))),
            _ => Err(unexpected_text(&text, &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match self.parameter.kind() {
            Kind::Text => Ok(Some(Cow::Owned(text.to_owned()))),
            _ => Err(unexpected_text(text, &self)),
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        match self.parameter.kind() {
            Kind::Text | Kind::Bool => Err(E::invalid_type(Unexpected::Unsigned(number), &self)),
            _ => Ok(Some(Cow::Owned(number.to_string()))),
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        match self.parameter.kind() {
            Kind::Text | Kind::Bool => Err(E::invalid_type(Unexpected::Signed(number), &self)),
            _ => Ok(Some(Cow::Owned(number.to_string()))),
        }
    }

    fn visit_bool<E: de::Error>(self, bool: bool) -> Result<Self::Value, E> {
        match self.parameter.kind() {
            Kind::Bool => Ok(Some(Cow::Borrowed(if bool { "1" } else { "0" }))),
            _ => Err(E::invalid_type(Unexpected::Bool(bool), &self)),
        }
    }
}

/// Deserializes the list of pairs.
#[derive(Clone, Copy)]
struct PairsSeed {
    human_readable: bool,
}

impl<'de> DeserializeSeed<'de> for PairsSeed {
    type Value = Vec<(String, String)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.human_readable {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_seq(self)
        }
    }
}

impl<'de> Visitor<'de> for PairsSeed {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of pairs for `extra`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Err(unexpected_text(text, &self))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = seq.next_element_seed(PairSeed(self))? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// Deserializes a pair.
struct PairSeed(PairsSeed);

impl<'de> DeserializeSeed<'de> for PairSeed {
    type Value = (String, String);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.0.human_readable {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_tuple(2, self)
        }
    }
}

impl<'de> Visitor<'de> for PairSeed {
    type Value = (String, String);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of a name and a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Err(unexpected_text(text, &self))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let mut text = |index| match seq.next_element::<String>()? {
            Some(text) => Ok(text),
            None => Err(S::Error::invalid_length(index, &self)),
        };
        let pair = (text(0)?, text(1)?);
        if self.0.human_readable && seq.next_element::<IgnoredAny>()?.is_some() {
            return Err(S::Error::invalid_length(3, &self));
        }
        Ok(pair)
    }
}
