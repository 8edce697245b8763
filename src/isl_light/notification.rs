//! An event, typed.

use std::borrow::Cow;
use std::time::Duration;

use time::OffsetDateTime;

use super::address::{Address, NetworkInterfaces};
use super::database_id::DatabaseId;
use super::event::{Event, Module, Platform, SoftwareType, Transport};
use super::extra::Extra;
use super::field::Field;
use super::kind::Kind;
use super::parameter::{Parameter, parameters};
use super::value::Value;
use super::version::Version;
use crate::error::{Error, ErrorKind, quote};

/// An event as ISL Conference Proxy posts it: the envelope, what is known about the session, and
/// everything else that was sent.
///
/// Text is borrowed from the input where it needs no decoding. Everything outside the envelope is
/// optional: which parameters arrive depends on the event, the server's version and the state of
/// the session.
///
/// Times are whole seconds on the wire, from 1970 to the end of year 9999, and so is the
/// connection time: a fraction that is set by hand is not written.
///
/// Its `Display` is a line for logs; [`to_form`](Notification::to_form) writes the body.
///
/// # Stored form
///
/// With the feature `serde`, a notification is a map: the parameters that have a field under
/// their names on the wire, as numbers, truth values and text, and every other pair in a list
/// under `extra`, which is left out if there is none:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use isl_volano::isl_light::Notification;
///
/// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
///             &gracefulExit=1&clientCountry=SI";
/// let stop = Notification::parse(body).unwrap();
/// let json = serde_json::to_string(&stop).unwrap();
/// assert_eq!(
///     json,
///     r#"{"TIMESTAMP":1206303963,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":19,"#.to_owned()
///         + r#""DOMAIN_ID":"s-999_0_0","gracefulExit":true,"extra":[["clientCountry","SI"]]}"#,
/// );
/// assert_eq!(serde_json::from_str::<Notification>(&json).unwrap(), stop);
/// # }
/// ```
///
/// Whatever a parser accepts comes back equal from JSON, CBOR, MessagePack, postcard and the
/// like. It is not for form libraries, which would lose repeated names and the checks of the
/// parser: a form is read by [`parse`](Notification::parse) and written by
/// [`to_form`](Notification::to_form).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Notification<'a> {
    /// `TIMESTAMP`: when the event was created; on the wire, seconds since 1970-01-01 UTC.
    pub timestamp: OffsetDateTime,
    /// `MODULE`: the product that created the event.
    pub module: Module<'a>,
    /// `EVENT`: what happened.
    pub event: Event<'a>,
    /// `SERVERID`: the grid number of the server that created the event; it can be
    /// negative.
    pub server_id: i64,
    /// `DOMAIN_ID`: the ISL domain that the event belongs to.
    pub domain_id: DatabaseId<'a>,
    /// Why it happened.
    pub reason: Reason<'a>,
    /// The session that it belongs to.
    pub session: Session<'a>,
    /// The user whose account the desk created the session with.
    pub user: User<'a>,
    /// The side that gives support, ISL Light Desk: `deskVersion` and so on.
    pub desk: Endpoint<'a>,
    /// The side that gets support, ISL Light Client: `clientVersion` and so on.
    pub client: Endpoint<'a>,
    /// Every pair that no field holds, in the order in which they arrived.
    pub extra: Extra<'a>,
}

/// Defines a group of optional fields.
macro_rules! group {
    (
        $(#[$doc:meta])*
        $group:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub struct $group<'a> {
            $($(#[$field_doc])* pub $field: Option<$type>,)+
        }

        impl $group<'_> {
            /// Converts to an owned value.
            #[must_use]
            pub fn into_owned(self) -> $group<'static> {
                $group {
                    $($field: Field::into_owned(self.$field),)+
                }
            }
        }
    };
}

group! {
    /// Why an event happened; usually sent with `STOP`.
    Reason {
        /// `reason`: why it happened, in words.
        text: Cow<'a, str>,
        /// `reasonSoftwareType`: which program caused it.
        software_type: SoftwareType<'a>,
        /// `reasonAddress`: the network address of the side that caused it.
        address: Address<'a>,
    }
}

group! {
    /// A session of ISL Light.
    Session {
        /// `SESSIONID`: its identifier in the database; what a [`Reply`](super::Reply) names.
        id: DatabaseId<'a>,
        /// `deskCode`: the session code that the desk shows.
        desk_code: Cow<'a, str>,
        /// `textCode`: the session code as text.
        text_code: Cow<'a, str>,
        /// `createdTime`: when the desk got the code; on the wire, seconds since 1970-01-01 UTC.
        created_time: OffsetDateTime,
        /// `startTime`: when the client connected; on the wire, seconds since 1970-01-01 UTC.
        start_time: OffsetDateTime,
        /// `totalTransferredBytes`: how much was transferred through the server, in bytes.
        total_transferred_bytes: u64,
        /// `totalConnectionTime`: how long the sides were connected; on the wire, whole seconds.
        total_connection_time: Duration,
        /// `lastTransferredPacketTime`: when a side last sent to the other; on the wire, seconds
        /// since 1970-01-01 UTC.
        last_transferred_packet_time: OffsetDateTime,
        /// `transportReconnects`: how many times a side connected again.
        transport_reconnects: u64,
        /// `gracefulExit`: whether both sides agreed to end the session; on the wire, `1` or `0`.
        /// Servers send `1` or leave it out.
        graceful_exit: bool,
    }
}

group! {
    /// The user whose account the desk created the session with.
    User {
        /// `CPUSER_ID`: the user's identifier in the database.
        id: DatabaseId<'a>,
        /// `CPUSER_EID`: the user's identifier in another system, set by an administrator.
        external_id: Cow<'a, str>,
        /// `CPUSER`: the whole name that the desk authenticated with, such as `\\default\janez`.
        full_name: Cow<'a, str>,
        /// `CPUSER_NAME`: the user's name in it.
        name: Cow<'a, str>,
        /// `CPUSER_DOMAIN`: the domain's name in it.
        domain: Cow<'a, str>,
        /// `CPUSER_DOMAIN_ID`: the identifier of that domain in the database.
        domain_id: DatabaseId<'a>,
    }
}

group! {
    /// A side of the session: the desk or the client.
    Endpoint {
        /// `deskVersion`, `clientVersion`: the version of its program.
        version: Version<'a>,
        /// `deskAddress`, `clientAddress`: its network address.
        address: Address<'a>,
        /// `deskTransport`, `clientTransport`: how it is connected.
        transport: Transport<'a>,
        /// `deskLanguage`, `clientLanguage`: its language when it connected.
        language: Cow<'a, str>,
        /// `deskNetworkInterfaces`, `clientNetworkInterfaces`: the addresses of its network
        /// interfaces.
        network_interfaces: NetworkInterfaces<'a>,
        /// `deskPlatform`, `clientPlatform`: what it runs on.
        platform: Platform<'a>,
    }
}

impl<'a> Notification<'a> {
    /// Creates an event with an envelope and nothing else.
    ///
    /// Set the rest field by field, or by [`set`](Notification::set); or create it from the start
    /// [from pairs](Notification::from_pairs).
    ///
    /// ```
    /// use isl_volano::isl_light::{DatabaseId, Event, Module, Notification};
    /// use isl_volano::time::OffsetDateTime;
    ///
    /// let mut stop = Notification::new(
    ///     OffsetDateTime::UNIX_EPOCH,
    ///     Module::IslLight,
    ///     Event::Stop,
    ///     19,
    ///     DatabaseId::new("s-999_0_0"),
    /// );
    /// stop.reason.text = Some("desk closed session".into());
    /// assert_eq!(
    ///     stop.to_form(),
    ///     "TIMESTAMP=0&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
    ///      &reason=desk+closed+session",
    /// );
    /// ```
    #[must_use]
    #[inline]
    pub fn new(
        timestamp: OffsetDateTime,
        module: Module<'a>,
        event: Event<'a>,
        server_id: i64,
        domain_id: DatabaseId<'a>,
    ) -> Self {
        Notification {
            timestamp,
            module,
            event,
            server_id,
            domain_id,
            reason: Reason::default(),
            session: Session::default(),
            user: User::default(),
            desk: Endpoint::default(),
            client: Endpoint::default(),
            extra: Extra::default(),
        }
    }

    /// Converts to an owned value.
    #[must_use]
    pub fn into_owned(self) -> Notification<'static> {
        Notification {
            timestamp: self.timestamp,
            module: self.module.into_owned(),
            event: self.event.into_owned(),
            server_id: self.server_id,
            domain_id: self.domain_id.into_owned(),
            reason: self.reason.into_owned(),
            session: self.session.into_owned(),
            user: self.user.into_owned(),
            desk: self.desk.into_owned(),
            client: self.client.into_owned(),
            extra: self.extra.into_owned(),
        }
    }

    /// Sets the field of a parameter from its value on the wire, percent-decoded.
    ///
    /// An empty value removes what a field holds, unless the field is text.
    ///
    /// ```
    /// use isl_volano::isl_light::{Notification, Parameter};
    ///
    /// let mut stop = Notification::parse(
    ///     "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0",
    /// )?;
    /// stop.set(Parameter::TotalConnectionTime, "852")?;
    /// assert_eq!(stop.session.total_connection_time.unwrap().as_secs(), 852);
    /// assert!(stop.set(Parameter::GracefulExit, "maybe").is_err());
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](ErrorKind::InvalidValue): the value does not fit the field, or is empty
    /// where the envelope needs a number or a time. The field keeps its value.
    pub fn set(
        &mut self,
        parameter: Parameter,
        value: impl Into<Cow<'a, str>>,
    ) -> Result<(), Error> {
        let value = match self.set_field(parameter, value.into()) {
            Ok(true) => return Ok(()),
            Ok(false) if self.clear(parameter) => return Ok(()),
            Ok(false) => Cow::Borrowed(""),
            Err(value) => value,
        };
        Err(invalid_value(parameter, &value))
    }
}

/// The error that a value does not fit the field of a parameter.
#[cold]
pub(super) fn invalid_value(parameter: Parameter, value: &str) -> Error {
    let expected = parameter.kind().expected();
    let found = quote(value);
    let message = format!("invalid value for `{parameter}`: expected {expected}, found {found}");
    Error::without_span(ErrorKind::InvalidValue, parameter.name(), message)
}

/// Defines how the field of each parameter is set and read.
macro_rules! define_fields {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        impl<'a> Notification<'a> {
            /// Sets the field of a parameter. Returns whether it then holds a value: an empty one
            /// is none unless the field is text. Gives back a value that does not fit.
            #[inline(always)]
            pub(super) fn set_field(
                &mut self,
                parameter: Parameter,
                value: Cow<'a, str>,
            ) -> Result<bool, Cow<'a, str>> {
                match parameter {
                    $(Parameter::$parameter => {
                        if !matches!(Kind::$kind, Kind::Text) && value.is_empty() {
                            return Ok(false);
                        }
                        self.$($field).+ = Field::read(value)?;
                    })+
                }
                Ok(true)
            }

            /// Removes the value of a parameter. Returns whether it can be without one.
            fn clear(&mut self, parameter: Parameter) -> bool {
                match parameter {
                    $(Parameter::$parameter => self.$($field).+.clear(),)+
                }
            }

            /// Returns the value of a parameter, as it is written.
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

parameters!(define_fields);
