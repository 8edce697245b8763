//! The stored form of events and registrations.
//!
//! In a human-readable format, it is a map of texts, in any order. In any other format, which may not
//! be self-describing, it is a sequence of texts.

use std::borrow::Cow;
use std::fmt;

use ::serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use ::serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::event::{
    Chat, Create, Delete, ELEMENTS, Enter, Event, Exit, FIELDS, Kick, Ring, StartTag, Whisper,
};
use super::frame::MAX_CHILDREN;
use super::registration::Registration;
use crate::error::quote;
use crate::serde_text::{unexpected_text, unknown_field};

/// The names of the fields that are not texts.
const EVENT: &str = "event";
const TYPE: &str = "type";

/// Implements serde's traits for the types of the events.
macro_rules! impl_serde {
    ($(
        $(#[$doc:meta])*
        $event:ident $element:literal {
            $([
                $(#[$kind_doc:meta])*
                $kind:ident: $kind_type:ident { $($(#[$value_doc:meta])* $value:ident $name:literal,)+ }
            ])?
            $($(#[$text_doc:meta])* $text:ident,)+
        }
    )+) => {
        $(
            impl Serialize for $event<'_> {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let kind = [$((TYPE, self.$kind.as_str()))?];
                    let texts = [$((stringify!($text), &*self.$text)),+];
                    serialize(serializer, stringify!($event), kind.into_iter().chain(texts))
                }
            }

            /// Deserializes an owned value, which works with any source.
            impl<'de> Deserialize<'de> for $event<'_> {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    match deserialize_event(deserializer, stringify!($event), Some($element))? {
                        Event::$event(event) => Ok(event),
                        other => Err(D::Error::custom(format!(
                            "invalid event: expected `{}`, found `{}`",
                            $element,
                            other.name(),
                        ))),
                    }
                }
            }
        )+
    };
}

events!(impl_serde);

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = [(EVENT, self.name())];
        let kind = self.kind().map(|kind| (TYPE, kind));
        let texts = name.into_iter().chain(kind).chain(self.texts());
        serialize(serializer, "Event", texts)
    }
}

/// Deserializes an owned value, which works with any source.
impl<'de> Deserialize<'de> for Event<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_event(deserializer, "Event", None)
    }
}

const REGISTRATION: &[&str] = &["room", "href"];

impl Serialize for Registration<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = REGISTRATION
            .iter()
            .copied()
            .zip([&*self.room, &*self.callback]);
        serialize(serializer, "Registration", texts)
    }
}

/// Deserializes an owned value, which works with any source.
impl<'de> Deserialize<'de> for Registration<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::deserialize(deserializer, "Registration", REGISTRATION)?;
        let registration = Registration {
            room: fields.next("room")?.into(),
            callback: fields.next("href")?.into(),
        };
        fields.finish()?;
        Ok(registration)
    }
}

/// Deserializes an event of the given element, or of any element, whose name is the field `event`.
fn deserialize_event<'de, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
    element: Option<&'static str>,
) -> Result<Event<'static>, D::Error> {
    // The first known field is `event`.
    let known = FIELDS.get(usize::from(element.is_some())..);
    let mut fields = Fields::deserialize(deserializer, name, known.unwrap_or_default())?;
    let element = match element {
        Some(element) => Cow::Borrowed(element),
        None => Cow::Owned(fields.next(EVENT)?),
    };
    let Some(frame) = StartTag::frame_of(&element) else {
        return Err(unknown(EVENT, ELEMENTS, &element));
    };
    let kind = match frame.types {
        [] => None,
        _ => Some(fields.next(TYPE)?),
    };
    let Some(tag) = StartTag::new(frame.element, kind.as_deref()) else {
        return Err(unknown(TYPE, frame.types, &kind.unwrap_or_default()));
    };
    let mut texts = [const { Cow::Borrowed("") }; MAX_CHILDREN];
    for (child, text) in frame.children.iter().zip(&mut texts) {
        *text = Cow::Owned(fields.next(child)?);
    }
    fields.finish()?;
    Ok(Event::from_parts(tag, texts))
}

/// Serializes texts as a map with their names, or as a sequence if the format is not human-readable.
fn serialize<'e, S: Serializer>(
    serializer: S,
    name: &'static str,
    texts: impl Iterator<Item = (&'static str, &'e str)> + Clone,
) -> Result<S::Ok, S::Error> {
    let length = texts.clone().count();
    if serializer.is_human_readable() {
        let mut fields = serializer.serialize_struct(name, length)?;
        for (name, text) in texts {
            fields.serialize_field(name, text)?;
        }
        return fields.end();
    }
    let mut seq = serializer.serialize_seq(Some(length))?;
    for (_, text) in texts {
        seq.serialize_element(text)?;
    }
    seq.end()
}

/// The texts of a stored value, with their names or in a fixed order.
enum Fields {
    Map(Vec<(&'static str, String)>),
    Seq(std::vec::IntoIter<String>),
}

impl Fields {
    /// Deserializes texts, each of the `known` fields at most once.
    fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
        name: &'static str,
        known: &'static [&'static str],
    ) -> Result<Self, D::Error> {
        let human_readable = deserializer.is_human_readable();
        let visitor = FieldsVisitor {
            name,
            known,
            human_readable,
        };
        if human_readable {
            // With `deserialize_map`, `serde_json::Value` returns an error with raw text.
            deserializer.deserialize_any(visitor)
        } else {
            deserializer.deserialize_seq(visitor)
        }
    }

    /// Removes the text of the field with this name, or the next text.
    fn next<E: de::Error>(&mut self, name: &'static str) -> Result<String, E> {
        let text = match self {
            Fields::Map(fields) => {
                let index = fields.iter().position(|field| field.0 == name);
                index.map(|index| fields.swap_remove(index).1)
            }
            Fields::Seq(texts) => texts.next(),
        };
        text.ok_or_else(|| E::missing_field(name))
    }

    /// Fails if there are more fields.
    fn finish<E: de::Error>(self) -> Result<(), E> {
        match self {
            Fields::Map(fields) => match fields.first() {
                Some((name, _)) => Err(E::custom(format!("unexpected field `{name}`"))),
                None => Ok(()),
            },
            Fields::Seq(texts) => match texts.len() {
                0 => Ok(()),
                left => Err(E::custom(format!("{left} more texts than expected"))),
            },
        }
    }
}

struct FieldsVisitor {
    name: &'static str,
    known: &'static [&'static str],
    human_readable: bool,
}

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = if self.human_readable {
            "map"
        } else {
            "sequence"
        };
        write!(f, "a {form} of texts for `{}`", self.name)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Fields, E> {
        Err(unexpected_text(text, &self))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields, M::Error> {
        let mut fields: Vec<(_, String)> = Vec::with_capacity(MAX_FIELDS);
        while let Some(name) = map.next_key_seed(NameSeed(self.known))? {
            if fields.iter().any(|field| field.0 == name) {
                return Err(M::Error::duplicate_field(name));
            }
            fields.push((name, map.next_value()?));
        }
        Ok(Fields::Map(fields))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Fields, S::Error> {
        if self.human_readable {
            return Err(S::Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut texts = Vec::with_capacity(MAX_FIELDS);
        while let Some(text) = seq.next_element()? {
            if texts.len() == MAX_FIELDS {
                return Err(S::Error::invalid_length(
                    MAX_FIELDS.saturating_add(1),
                    &self,
                ));
            }
            texts.push(text);
        }
        Ok(Fields::Seq(texts.into_iter()))
    }
}

/// The maximum number of fields of an event.
const MAX_FIELDS: usize = 2 + MAX_CHILDREN;

/// Deserializes the name of one of these fields.
struct NameSeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<&'static str, E> {
        let mut known = self.0.iter().copied();
        known
            .find(|known| *known == text)
            .ok_or_else(|| unknown_field(text, &self))
    }
}

/// Creates the error that the text of a field is unknown.
#[cold]
fn unknown<E: de::Error>(field: &str, known: &[&str], found: &str) -> E {
    let known: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
    E::custom(format!(
        "invalid value for `{field}`: expected one of {}, found {}",
        known.join(", "),
        quote(found)
    ))
}
