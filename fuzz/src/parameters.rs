//! The parameters once more, as someone would write them who has only the documentation and
//! serde: a reference for the crate's own table.

use std::borrow::Cow;

use isl_volano::isl_light::{Notification, Parameter};
use serde::Deserialize;

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text, the empty one included.
    Text,
    /// A whole number from 0.
    Unsigned,
    /// A whole number.
    Signed,
    /// Seconds since 1970-01-01, to the end of year 9999.
    Time,
    /// `1` or `0`.
    Flag,
}

/// The last second that a time can have.
pub const LAST_SECOND: u64 = 253_402_300_799;

impl Kind {
    /// Whether a value, not empty, is one of these in the one way in which it is written.
    pub fn fits(self, value: &str) -> bool {
        let unsigned = || {
            let number: Option<u64> = value.parse().ok();
            number.filter(|number| number.to_string() == value)
        };
        match self {
            Kind::Text => true,
            Kind::Unsigned => unsigned().is_some(),
            Kind::Signed => value
                .parse()
                .is_ok_and(|number: i64| number.to_string() == value),
            Kind::Time => unsigned().is_some_and(|seconds| seconds <= LAST_SECOND),
            Kind::Flag => matches!(value, "0" | "1"),
        }
    }
}

/// Writes out the struct that serde derives, its fields being called as on the wire, and the
/// kinds.
macro_rules! parameters {
    ($($name:ident: $type:ty, $kind:ident;)+) => {
        /// What users derive where they do not have this crate.
        #[expect(non_snake_case, reason = "the wire's names")]
        #[derive(Debug, Deserialize)]
        pub struct Derived<'a> {
            $(
                #[serde(borrow)]
                pub $name: $type,
            )+
        }

        impl Derived<'_> {
            /// The parameters that have a value, and the values.
            pub fn pairs(&self) -> Vec<(&'static str, String)> {
                let mut pairs = Vec::new();
                $(pairs.extend(self.$name.text().map(|text| (stringify!($name), text)));)+
                pairs
            }
        }

        /// The names, and what the values are.
        pub const PARAMETERS: &[(&str, Kind)] = &[$((stringify!($name), Kind::$kind)),+];
    };
}

/// A derived field that serde's `borrow` can be put on, whatever its type.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Number<'a, T>(T, #[serde(skip)] std::marker::PhantomData<&'a ()>);

type Text<'a> = Option<Cow<'a, str>>;
type Count<'a> = Option<Number<'a, u64>>;

parameters! {
    TIMESTAMP: Number<'a, u64>, Time;
    MODULE: Cow<'a, str>, Text;
    EVENT: Cow<'a, str>, Text;
    SERVERID: Number<'a, i64>, Signed;
    DOMAIN_ID: Cow<'a, str>, Text;
    reason: Text<'a>, Text;
    reasonSoftwareType: Text<'a>, Text;
    reasonAddress: Text<'a>, Text;
    SESSIONID: Text<'a>, Text;
    CPUSER_ID: Text<'a>, Text;
    CPUSER_EID: Text<'a>, Text;
    CPUSER: Text<'a>, Text;
    CPUSER_NAME: Text<'a>, Text;
    CPUSER_DOMAIN: Text<'a>, Text;
    CPUSER_DOMAIN_ID: Text<'a>, Text;
    createdTime: Count<'a>, Time;
    startTime: Count<'a>, Time;
    totalTransferredBytes: Count<'a>, Unsigned;
    totalConnectionTime: Count<'a>, Unsigned;
    lastTransferredPacketTime: Count<'a>, Time;
    transportReconnects: Count<'a>, Unsigned;
    gracefulExit: Text<'a>, Flag;
    deskVersion: Text<'a>, Text;
    deskAddress: Text<'a>, Text;
    deskTransport: Text<'a>, Text;
    deskLanguage: Text<'a>, Text;
    deskNetworkInterfaces: Text<'a>, Text;
    deskPlatform: Text<'a>, Text;
    deskCode: Text<'a>, Text;
    textCode: Text<'a>, Text;
    clientVersion: Text<'a>, Text;
    clientAddress: Text<'a>, Text;
    clientTransport: Text<'a>, Text;
    clientLanguage: Text<'a>, Text;
    clientNetworkInterfaces: Text<'a>, Text;
    clientPlatform: Text<'a>, Text;
}

/// A derived field as the wire has it.
trait Field {
    fn text(&self) -> Option<String>;
}

impl Field for Cow<'_, str> {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl<T: ToString> Field for Number<'_, T> {
    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

impl<T: Field> Field for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref()?.text()
    }
}

/// What the values of the parameter of this name are.
pub fn kind(name: &str) -> Option<Kind> {
    let mut known = PARAMETERS.iter();
    known.find(|known| known.0 == name).map(|known| known.1)
}

/// Of the names with two spellings, the one that is written.
pub fn spelling<'a>(name: &str, value: &'a str) -> &'a str {
    match (name, value) {
        ("EVENT", "NEWSESSION") => "NEW SESSION",
        ("MODULE", "ISL_LIGHT") => "ISL_Light",
        _ => value,
    }
}

/// The pairs of a notification, decoded: its fields in the documented order, then the rest.
pub fn pairs(notification: &Notification<'_>) -> Vec<(String, String)> {
    let fields = Parameter::ALL.iter().filter_map(|parameter| {
        let value = notification.get(*parameter)?;
        Some((parameter.name().to_owned(), value.to_string()))
    });
    let extra = notification.extra.iter();
    fields
        .chain(extra.map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect()
}

/// What it takes to get behind the first check: an envelope, one of another module, and two that
/// lack the value of their last parameter.
pub const ENVELOPES: &[&str] = &[
    "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0&",
    "TIMESTAMP=0&MODULE=ISL_PRONTO&EVENT=JOIN&SERVERID=-1&DOMAIN_ID=&",
    "TIMESTAMP=0&MODULE=ISL_Light&EVENT=CODE&DOMAIN_ID=s-999_0_0&SERVERID=",
    "MODULE=ISL_LIGHT&EVENT=CODE&SERVERID=19&DOMAIN_ID=s-999_0_0&TIMESTAMP=",
];

/// The pieces that forms are made of: what the names and values of `PARAMETERS` are put
/// together with, and values at the borders.
pub const WORDS: &[&str] = &[
    "&",
    "=",
    "&",
    "=",
    "%",
    "+",
    ";",
    "%25",
    "%26",
    "%3D",
    "%C3%A9",
    "%c3",
    "%A9",
    "%F0%9F%98%80",
    "%00",
    "%ff",
    "é",
    "\u{202e}",
    "\0",
    "\n",
    " ",
    "0",
    "1",
    "-1",
    "007",
    "+1",
    "253402300799",
    "253402300800",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775807",
    "-9223372036854775808",
    "-0",
    "true",
    "NEWSESSION",
    "NEW SESSION",
    "NEW+SESSION",
    "ISL_LIGHT",
    "ISL_Light",
    "ISL_PRONTO",
    "isl_light",
    "STOP",
    "stop",
    "s19_3_390",
    "desk",
    "192.168.0.1;",
    "4.4.2332.60",
    "startTime=&",
    "startTime=1&",
    "startTime=x&",
    "gracefulExit=1&",
    "reason=&",
    "reason=a&",
    "other=&",
    "TIMESTAMP",
    "MODULE",
    "EVENT",
    "SERVERID",
    "DOMAIN_ID",
    "reason",
    "startTime",
    "gracefulExit",
    "totalConnectionTime",
    "transportReconnects",
    "CPUSER",
    "deskVersion",
    "clientCountry",
    "",
];
