//! XML 1.0: characters, escaping, and a strict tokenizer.

mod chars;
#[cfg(feature = "xml")]
mod declaration;
#[cfg(feature = "xml")]
mod error;
mod escape;
#[cfg(feature = "xml")]
mod text;
#[cfg(feature = "xml")]
mod tokenizer;

pub(crate) use escape::{escape, escape_attribute};
#[cfg(feature = "xml")]
pub(crate) use {
    chars::{is_space, split_near, trim_start},
    declaration::is_declaration,
    text::character_data,
    tokenizer::{Tag, Token, Tokenizer},
};
