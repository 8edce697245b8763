//! The one table of the parameters: what each is called, and which field holds it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::Notification;
use super::field::{Field, Value};
use super::parse::{Decoder, Input};
use super::reader::Reader;
use crate::error::Error;
use crate::form;

/// Writes the table out: the parameters, their names, and how each field is set and read.
macro_rules! parameters {
    ($($(#[doc = $doc:literal])+ $parameter:ident $name:literal $($field:ident).+;)+) => {
        /// The parameters that a [`Notification`] has a field for, in the documented order.
        ///
        /// ```
        /// use isl_volano::isl_light::Parameter;
        ///
        /// let parameter: Parameter = "totalConnectionTime".parse()?;
        /// assert_eq!(parameter, Parameter::TotalConnectionTime);
        /// assert_eq!(parameter.name(), "totalConnectionTime");
        /// # Ok::<(), isl_volano::isl_light::UnknownParameterError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Parameter {
            $(#[doc = concat!("`", $name, "`:")] $(#[doc = $doc])+ $parameter,)+
        }

        impl Parameter {
            /// All of them, in the documented order.
            pub const ALL: &'static [Parameter] = &[$(Parameter::$parameter),+];

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Parameter::$parameter => $name,)+
                }
            }

            /// What the parameter tells.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Parameter::$parameter => concat!($($doc),+).trim_ascii_start(),)+
                }
            }

            /// Whether its values are text, of which the empty one is a value too.
            pub(super) fn is_text(self) -> bool {
                match self {
                    $(Parameter::$parameter => is_text(|n| &n.$($field).+),)+
                }
            }

            /// What a value has to be.
            pub(super) fn expected(self) -> &'static str {
                match self {
                    $(Parameter::$parameter => expected(|n| &n.$($field).+),)+
                }
            }
        }

        impl<'a> Reader<'a, '_> {
            /// Takes the pairs that stand in the documented order, as far as they do.
            #[inline(always)]
            pub(super) fn take_in_order<D: Decoder<'a>>(
                &mut self,
                input: &mut Input<'a, '_, D>,
            ) -> Result<(), Error> {
                $(
                    let parameter = Parameter::$parameter;
                    if let Some(value) = input.value_after(concat!("&", $name, "="), parameter) {
                        self.take(parameter, value?, || input.taken())?;
                    }
                )+
                Ok(())
            }
        }

        impl<'a> Notification<'a> {
            /// Sets the one field that holds this parameter, and says whether it holds a value
            /// then: an empty one is none unless it is text. Gives back what does not fit.
            #[inline(always)]
            pub(super) fn set(
                &mut self,
                parameter: Parameter,
                value: Cow<'a, str>,
            ) -> Result<bool, Cow<'a, str>> {
                match parameter {
                    $(Parameter::$parameter => set(&mut self.$($field).+, value),)+
                }
            }

            /// Writes the fields that have a value, a `&` before each but the first, which every
            /// notification has.
            #[inline(always)]
            pub(super) fn write_fields(&self, out: &mut form::Writer<'_>) -> Option<()> {
                $(
                    if let Some(value) = self.$($field).+.value() {
                        out.raw(match Parameter::$parameter {
                            Parameter::Timestamp => concat!($name, "="),
                            _ => concat!("&", $name, "="),
                        })?;
                        value.write(out)?;
                    }
                )+
                Some(())
            }

            /// The value of this parameter, as it is written.
            ///
            /// ```
            /// use isl_volano::isl_light::{Notification, Parameter, Value};
            ///
            /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19\
            ///             &DOMAIN_ID=s-999_0_0&transportReconnects=2";
            /// let stop = Notification::parse(body)?;
            /// assert_eq!(stop.get(Parameter::TransportReconnects), Some(Value::Unsigned(2)));
            /// assert_eq!(stop.get(Parameter::GracefulExit), None);
            /// # Ok::<(), isl_volano::Error>(())
            /// ```
            #[must_use]
            #[inline]
            pub fn get(&self, parameter: Parameter) -> Option<Value<'_>> {
                match parameter {
                    $(Parameter::$parameter => self.$($field).+.value(),)+
                }
            }
        }
    };
}

parameters! {
    /// when the event was made, in seconds since 1970-01-01 UTC
    Timestamp "TIMESTAMP" timestamp;
    /// the product that made the event
    Module "MODULE" module;
    /// what happened
    Event "EVENT" event;
    /// the grid number of the server that made the event and sent it
    ServerId "SERVERID" server_id;
    /// the ISL domain in which it happened
    DomainId "DOMAIN_ID" domain_id;

    /// why it happened, in words
    Reason "reason" reason.text;
    /// which program caused it
    ReasonSoftwareType "reasonSoftwareType" reason.software_type;
    /// the network address of the side that caused it
    ReasonAddress "reasonAddress" reason.address;

    /// the session
    SessionId "SESSIONID" session.id;
    /// the user whose account the desk created the session with
    CpuserId "CPUSER_ID" user.id;
    /// that user's identifier in another system, set by an administrator
    CpuserEid "CPUSER_EID" user.external_id;
    /// the whole name that the desk authenticated with, domain and user
    Cpuser "CPUSER" user.full_name;
    /// the user's name in it
    CpuserName "CPUSER_NAME" user.name;
    /// the domain's name in it
    CpuserDomain "CPUSER_DOMAIN" user.domain;
    /// the domain that the desk authenticated in
    CpuserDomainId "CPUSER_DOMAIN_ID" user.domain_id;
    /// when the desk got the session's code, in seconds since 1970-01-01 UTC
    CreatedTime "createdTime" session.created_time;
    /// when the client connected, in seconds since 1970-01-01 UTC
    StartTime "startTime" session.start_time;
    /// how much was transferred through the server, in bytes
    TotalTransferredBytes "totalTransferredBytes" session.total_transferred_bytes;
    /// how long the sides were connected, in seconds
    TotalConnectionTime "totalConnectionTime" session.total_connection_time;
    /// when a side last sent to the other, in seconds since 1970-01-01 UTC
    LastTransferredPacketTime "lastTransferredPacketTime" session.last_transferred_packet_time;
    /// how many times a side connected again
    TransportReconnects "transportReconnects" session.transport_reconnects;
    /// whether both sides agreed to end the session
    GracefulExit "gracefulExit" session.graceful_exit;

    /// the version of the desk's program
    DeskVersion "deskVersion" desk.version;
    /// the desk's network address
    DeskAddress "deskAddress" desk.address;
    /// how the desk is connected
    DeskTransport "deskTransport" desk.transport;
    /// the desk's language when it connected
    DeskLanguage "deskLanguage" desk.language;
    /// the addresses of the desk's network interfaces
    DeskNetworkInterfaces "deskNetworkInterfaces" desk.network_interfaces;
    /// what the desk runs on
    DeskPlatform "deskPlatform" desk.platform;
    /// the session code that the desk shows
    DeskCode "deskCode" session.desk_code;
    /// the session code as text
    TextCode "textCode" session.text_code;

    /// the version of the client's program
    ClientVersion "clientVersion" client.version;
    /// the client's network address
    ClientAddress "clientAddress" client.address;
    /// how the client is connected
    ClientTransport "clientTransport" client.transport;
    /// the client's language when it connected
    ClientLanguage "clientLanguage" client.language;
    /// the addresses of the client's network interfaces
    ClientNetworkInterfaces "clientNetworkInterfaces" client.network_interfaces;
    /// what the client runs on
    ClientPlatform "clientPlatform" client.platform;
}

#[inline(always)]
fn set<'a, T: Field<'a>>(field: &mut T, value: Cow<'a, str>) -> Result<bool, Cow<'a, str>> {
    if !T::TEXT && value.is_empty() {
        return Ok(false);
    }
    std::mem::forget(std::mem::replace(field, T::read(value)?));
    Ok(true)
}

fn expected<'a, T: Field<'a>>(_field: for<'n> fn(&'n Notification<'a>) -> &'n T) -> &'static str {
    T::EXPECTED
}

fn is_text<'a, T: Field<'a>>(_field: for<'n> fn(&'n Notification<'a>) -> &'n T) -> bool {
    T::TEXT
}

impl Parameter {
    /// The parameters that are in every event.
    pub const ENVELOPE: &'static [Parameter] = &[
        Parameter::Timestamp,
        Parameter::Module,
        Parameter::Event,
        Parameter::ServerId,
        Parameter::DomainId,
    ];

    /// The parameter of this name on the wire, if it has a field.
    #[must_use]
    #[inline]
    pub fn from_name(name: &str) -> Option<Parameter> {
        let slot = slot(name.as_bytes(), MULTIPLIER);
        let parameter = SLOTS.get(slot).copied().flatten()?;
        (parameter.name() == name).then_some(parameter)
    }

    /// Whether it is in every event.
    #[must_use]
    pub const fn is_envelope(self) -> bool {
        (self as usize) < Parameter::ENVELOPE.len()
    }

    /// The bit of a set that stands for this one.
    #[inline]
    pub(super) fn bit(self) -> u64 {
        1 << self as u32
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Parameter {
    type Err = UnknownParameterError;

    fn from_str(name: &str) -> Result<Self, UnknownParameterError> {
        Parameter::from_name(name).ok_or(UnknownParameterError(()))
    }
}

/// No field holds a parameter of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownParameterError(());

impl fmt::Display for UnknownParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no field holds a parameter of this name")
    }
}

impl std::error::Error for UnknownParameterError {}

// The names are told apart by a hash of their length and three of their bytes that gives each a
// slot of its own. The compiler finds it, from the table.

const SLOT_COUNT: usize = 128;

#[expect(
    clippy::indexing_slicing,
    reason = "what has a last byte has a first, and one in the middle"
)]
const fn slot(name: &[u8], multiplier: u32) -> usize {
    const SHIFT: u32 = 32 - SLOT_COUNT.trailing_zeros();
    let [.., last] = name else { return 0 };
    let sample = name.len() as u32
        | (name[0] as u32) << 8
        | (name[name.len() / 2] as u32) << 16
        | (*last as u32) << 24;
    (sample.wrapping_mul(multiplier) >> SHIFT) as usize
}

#[expect(clippy::indexing_slicing, reason = "the compiler does it")]
const fn slots(multiplier: u32) -> Option<[Option<Parameter>; SLOT_COUNT]> {
    let mut slots = [None; SLOT_COUNT];
    let mut rest = Parameter::ALL;
    while let [parameter, others @ ..] = rest {
        let slot = slot(parameter.name().as_bytes(), multiplier);
        if slots[slot].is_some() {
            return None;
        }
        slots[slot] = Some(*parameter);
        rest = others;
    }
    Some(slots)
}

const MULTIPLIER: u32 = {
    let mut multiplier: u32 = 0x9e37_79b9;
    while slots(multiplier).is_none() {
        multiplier = multiplier
            .wrapping_mul(0x01ad_6f8d)
            .wrapping_add(0x3c6e_f35f)
            | 1;
    }
    multiplier
};

static SLOTS: [Option<Parameter>; SLOT_COUNT] = match slots(MULTIPLIER) {
    Some(slots) => slots,
    None => unreachable!(),
};
