//! Laws that hold for all bytes. Each law is a function that creates values or bodies from bytes,
//! and panics if it does not hold.

mod isl_light_against_form_urlencoded;
mod isl_light_bytes;
mod isl_light_value;
mod replies;
#[cfg(feature = "serde")]
mod stored_form;
mod volano_chat_against_xml;
mod volano_chat_bytes;
mod volano_chat_value;

/// A law: its name and its function.
pub(crate) type Law = (&'static str, fn(&[u8]));

/// All laws.
pub(crate) const LAWS: &[Law] = &[
    ("isl_light_bytes", isl_light_bytes::run),
    ("isl_light_value", isl_light_value::run),
    (
        "isl_light_against_form_urlencoded",
        isl_light_against_form_urlencoded::run,
    ),
    ("volano_chat_bytes", volano_chat_bytes::run),
    ("volano_chat_value", volano_chat_value::run),
    ("volano_chat_against_xml", volano_chat_against_xml::run),
    #[cfg(feature = "serde")]
    ("stored_form", stored_form::run),
    ("replies", replies::run),
];
