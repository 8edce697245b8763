//! Writing a notification as a body, and as a line for logs.

use std::fmt;

use super::notification::Notification;
use super::parameter::{Parameter, parameters};
use super::value::Value;
use crate::error::quote_whole;
use crate::form;

impl Notification<'_> {
    /// Writes a form body: the fields that have a value in the documented order, then
    /// [`extra`](Notification::extra).
    ///
    /// Events and modules are written in the documented spelling. Parsing the body gives an equal
    /// notification.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=NEW+SESSION&SERVERID=19\
    ///             &DOMAIN_ID=s-999_0_0&CPUSER=%5C%5Cdefault%5Cjanez&clientCountry=SI";
    /// assert_eq!(Notification::parse(body)?.to_form(), body);
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    #[must_use]
    pub fn to_form(&self) -> String {
        form::written(|out| {
            let mut out = self.write_fields(out)?;
            for (name, value) in &self.extra {
                out = out.raw("&")?.text(name)?.raw("=")?.text(value)?;
            }
            Some(out)
        })
    }
}

/// Defines the writer of all fields.
macro_rules! define_write_fields {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        impl Notification<'_> {
            /// Writes the fields that have a value. All but the first, which every notification
            /// has, are preceded by `&`.
            #[inline(always)]
            fn write_fields<'o>(&self, mut out: form::Writer<'o>) -> Option<form::Writer<'o>> {
                $(
                    if let Some(value) = self.get(Parameter::$parameter) {
                        let name = match Parameter::$parameter {
                            Parameter::Timestamp => concat!($name, "="),
                            _ => concat!("&", $name, "="),
                        };
                        out = write_value(value, out.raw(name)?)?;
                    }
                )+
                Some(out)
            }
        }
    };
}

parameters!(define_write_fields);

#[inline(always)]
fn write_value<'o>(value: Value<'_>, out: form::Writer<'o>) -> Option<form::Writer<'o>> {
    match value {
        Value::Text(text) => out.text(text),
        Value::Unsigned(number) => out.number(number),
        Value::Signed(number) => {
            let out = if number < 0 { out.raw("-")? } else { out };
            out.number(number.unsigned_abs())
        }
        Value::Bool(bool) => out.raw(if bool { "1" } else { "0" }),
    }
}

/// Formats the event as one line for logs, with text quoted and escaped.
///
/// The line has the envelope, the reason and the session, but no session code, user or address. It
/// has only the number of parameters in [`extra`](Notification::extra).
///
/// ```
/// use isl_volano::isl_light::Notification;
///
/// let body = "TIMESTAMP=1206303963&MODULE=ISL_LIGHT&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
///             &reason=desk+closed+session&SESSIONID=s19_3_390&deskCode=12345678&clientCountry=SI";
/// assert_eq!(
///     Notification::parse(body)?.to_string(),
///     "TIMESTAMP=1206303963 MODULE=\"ISL_Light\" EVENT=\"STOP\" SERVERID=19 \
///      DOMAIN_ID=\"s-999_0_0\" reason=\"desk closed session\" SESSIONID=\"s19_3_390\" extra=1",
/// );
/// # Ok::<(), isl_volano::Error>(())
/// ```
impl fmt::Display for Notification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = [Parameter::Reason, Parameter::SessionId];
        let mut separator = "";
        for &parameter in Parameter::ENVELOPE.iter().chain(&shown) {
            match self.get(parameter) {
                Some(Value::Text(text)) => {
                    write!(f, "{separator}{parameter}={}", quote_whole(text))?;
                }
                Some(value) => write!(f, "{separator}{parameter}={value}")?,
                None => {}
            }
            separator = " ";
        }
        match self.extra.len() {
            0 => Ok(()),
            extra => write!(f, " extra={extra}"),
        }
    }
}
