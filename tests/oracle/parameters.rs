//! The parameters of ISL Light, written again from the vendor's documentation, as a reference for
//! the crate's table.

use isl_volano::isl_light::{Notification, Parameter};

/// Calls a macro with all parameters: those of the envelope, then the others, in the vendor's
/// order. A row is a name, the kind of its values, and an example.
macro_rules! documented_parameters {
    ($callback:ident) => {
        $callback! {
            TIMESTAMP Timestamp "1206303963";
            MODULE Text "ISL_Light";
            EVENT Text "STOP";
            SERVERID Integer "19";
            DOMAIN_ID Text "s-999_0_0";
            reason Text "x";
            reasonSoftwareType Text "desk";
            reasonAddress Text "192.0.2.10";
            SESSIONID Text "s19_3_390";
            CPUSER_ID Text "s19_0_12";
            CPUSER_EID Text "crm-4711";
            CPUSER Text "janez";
            CPUSER_NAME Text "janez";
            CPUSER_DOMAIN Text "default";
            CPUSER_DOMAIN_ID Text "s-999_0_0";
            createdTime Timestamp "1206303063";
            startTime Timestamp "1206303111";
            totalTransferredBytes Bytes "10485760";
            totalConnectionTime Seconds "852";
            lastTransferredPacketTime Timestamp "1206303960";
            transportReconnects Count "1";
            gracefulExit Bool "1";
            deskVersion Text "4.4.2332.60";
            deskAddress Text "192.0.2.10";
            deskTransport Text "HTTPS";
            deskLanguage Text "en";
            deskNetworkInterfaces Text "192.168.0.1";
            deskPlatform Text "win32";
            deskCode Text "12345678";
            textCode Text "12345678";
            clientVersion Text "4.4.2332.60";
            clientAddress Text "198.51.100.7";
            clientTransport Text "direct";
            clientLanguage Text "sl";
            clientNetworkInterfaces Text "10.0.0.5";
            clientPlatform Text "win32";
        }
    };
}

pub(crate) use documented_parameters;

/// A documented parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Documented {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// An example of a value.
    pub(crate) sample: &'static str,
}

/// Defines the table.
macro_rules! define_table {
    ($($name:ident $kind:ident $sample:literal;)+) => {
        /// All parameters: those of the envelope, then the others, in the vendor's order.
        pub(crate) const PARAMETERS: &[Documented] = &[
            $(Documented {
                name: stringify!($name),
                kind: Kind::$kind,
                sample: $sample,
            }),+
        ];
    };
}

documented_parameters!(define_table);

/// The number of parameters in the envelope.
pub(crate) const ENVELOPE: usize = 5;

/// The events that the vendor documents.
pub(crate) const EVENTS: &[&str] = &[
    "NEW SESSION",
    "CODE",
    "GETCODE",
    "START",
    "STOP",
    "INVALID",
    "RECONNECT",
    "TERMINATED",
    "MESSAGE",
];

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text, including the empty one.
    Text,
    /// A whole number.
    Integer,
    /// A whole number from 0.
    Count,
    /// A whole number of bytes.
    Bytes,
    /// A whole number of seconds.
    Seconds,
    /// Seconds since 1970-01-01, to the end of year 9999.
    Timestamp,
    /// `1` or `0`.
    Bool,
}

/// The last second of a valid time.
pub(crate) const LAST_SECOND: u64 = 253_402_300_799;

impl Kind {
    /// Returns whether a value that is not empty is of this kind and in its canonical form.
    pub(crate) fn fits(self, value: &str) -> bool {
        let unsigned = || {
            let number: Option<u64> = value.parse().ok();
            number.filter(|number| number.to_string() == value)
        };
        match self {
            Kind::Text => true,
            Kind::Count | Kind::Bytes | Kind::Seconds => unsigned().is_some(),
            Kind::Integer => value
                .parse()
                .is_ok_and(|number: i64| number.to_string() == value),
            Kind::Timestamp => unsigned().is_some_and(|seconds| seconds <= LAST_SECOND),
            Kind::Bool => matches!(value, "0" | "1"),
        }
    }
}

/// Returns the kind of values of the parameter with this name.
pub(crate) fn kind(name: &str) -> Option<Kind> {
    let mut known = PARAMETERS.iter();
    known
        .find(|known| known.name == name)
        .map(|known| known.kind)
}

/// Returns the spelling that is written for a value with two spellings.
pub(crate) fn spelling<'a>(name: &str, value: &'a str) -> &'a str {
    match (name, value) {
        ("EVENT", "NEWSESSION") => "NEW SESSION",
        ("MODULE", "ISL_LIGHT") => "ISL_Light",
        _ => value,
    }
}

/// Returns the decoded pairs of a notification: its fields in the documented order, then the
/// others.
pub(crate) fn pairs(notification: &Notification<'_>) -> Vec<(String, String)> {
    let fields = PARAMETERS.iter().filter_map(|known| {
        let parameter = Parameter::from_name(known.name).expect(known.name);
        let value = notification.get(parameter)?;
        Some((known.name.to_owned(), value.to_string()))
    });
    let extra = notification.extra.iter();
    fields
        .chain(extra.map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect()
}
