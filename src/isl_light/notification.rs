//! The typed event.

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

/// An event that ISL Conference Proxy posts: the envelope, details of the session, and any other
/// parameters.
///
/// Text is borrowed from the input unless it needs decoding. Everything outside the envelope is
/// optional: the parameters depend on the event, the version of the server and the state of the
/// session.
///
/// Times on the wire are whole seconds, from 1970 to the end of year 9999. Durations are whole
/// seconds, too. A fraction of a second that you set is not written.
///
/// The `Display` implementation writes one line for logs. [`to_form`](Notification::to_form) writes
/// the body.
///
/// # Stored form
///
/// With the feature `serde`, a notification is stored as a map. Parameters with a field are stored
/// under their names on the wire, as numbers, booleans and text. All other parameters are in a list
/// under `extra`, which is omitted if it is empty:
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
/// Every notification that the parser accepts is equal after a round trip through JSON, CBOR,
/// MessagePack, postcard and similar formats. Do not use it with form libraries, which would lose
/// repeated names and skip the checks of the parser: [`parse`](Notification::parse) and
/// [`to_form`](Notification::to_form) read and write forms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Notification<'a> {
    /// `TIMESTAMP`: when the event was created; on the wire, seconds since 1970-01-01 UTC.
    pub timestamp: OffsetDateTime,
    /// `MODULE`: the product that created the event.
    pub module: Module<'a>,
    /// `EVENT`: what happened.
    pub event: Event<'a>,
    /// `SERVERID`: the grid number of the server that created the event, which can be negative.
    pub server_id: i64,
    /// `DOMAIN_ID`: the ISL domain that the event belongs to.
    pub domain_id: DatabaseId<'a>,
    /// Why the event happened.
    pub reason: Reason<'a>,
    /// The session that the event belongs to.
    pub session: Session<'a>,
    /// The user whose account the desk created the session with.
    pub user: User<'a>,
    /// The side that gives support, ISL Light Desk: `deskVersion` and so on.
    pub desk: Endpoint<'a>,
    /// The side that gets support, ISL Light Client: `clientVersion` and so on.
    pub client: Endpoint<'a>,
    /// The parameters without a field, in the order of the body.
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
    /// Why an event happened, usually sent with `STOP`.
    Reason {
        /// `reason`: why the event happened, as text.
        text: Cow<'a, str>,
        /// `reasonSoftwareType`: the program that caused the event.
        software_type: SoftwareType<'a>,
        /// `reasonAddress`: the network address of the side that caused the event.
        address: Address<'a>,
    }
}

group! {
    /// A session of ISL Light.
    Session {
        /// `SESSIONID`: the identifier of the session in the database. A [`Reply`](super::Reply)
        /// needs it.
        id: DatabaseId<'a>,
        /// `deskCode`: the session code that the desk shows.
        desk_code: Cow<'a, str>,
        /// `textCode`: the session code as text.
        text_code: Cow<'a, str>,
        /// `createdTime`: when the desk received the code; on the wire, seconds since 1970-01-01 UTC.
        created_time: OffsetDateTime,
        /// `startTime`: when the client connected; on the wire, seconds since 1970-01-01 UTC.
        start_time: OffsetDateTime,
        /// `totalTransferredBytes`: how much was transferred through the server, in bytes.
        total_transferred_bytes: u64,
        /// `totalConnectionTime`: how long the sides were connected; on the wire, whole seconds.
        total_connection_time: Duration,
        /// `lastTransferredPacketTime`: when one side last sent to the other; on the wire, seconds
        /// since 1970-01-01 UTC.
        last_transferred_packet_time: OffsetDateTime,
        /// `transportReconnects`: how many times a side reconnected.
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
        /// `CPUSER`: the full name that the desk authenticated with, such as `\\default\janez`.
        full_name: Cow<'a, str>,
        /// `CPUSER_NAME`: the user in the full name.
        name: Cow<'a, str>,
        /// `CPUSER_DOMAIN`: the domain in the full name.
        domain: Cow<'a, str>,
        /// `CPUSER_DOMAIN_ID`: the identifier of that domain in the database.
        domain_id: DatabaseId<'a>,
    }
}

group! {
    /// A side of the session: the desk or the client.
    Endpoint {
        /// `deskVersion`, `clientVersion`: the version of the program.
        version: Version<'a>,
        /// `deskAddress`, `clientAddress`: the network address.
        address: Address<'a>,
        /// `deskTransport`, `clientTransport`: how the side is connected.
        transport: Transport<'a>,
        /// `deskLanguage`, `clientLanguage`: the language when it connected.
        language: Cow<'a, str>,
        /// `deskNetworkInterfaces`, `clientNetworkInterfaces`: the addresses of the network
        /// interfaces.
        network_interfaces: NetworkInterfaces<'a>,
        /// `deskPlatform`, `clientPlatform`: the platform that it runs on.
        platform: Platform<'a>,
    }
}

impl<'a> Notification<'a> {
    /// Creates a notification with only an envelope.
    ///
    /// Set other fields directly or with [`set`](Notification::set). To create a notification from
    /// names and values, use [`from_pairs`](Notification::from_pairs).
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

    /// Sets the field of a parameter to a value in the format of the wire, percent-decoded.
    ///
    /// An empty value clears the field, unless the field is text.
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
    /// [`InvalidValue`](ErrorKind::InvalidValue) if the value does not fit the field, or is empty and
    /// the field is a number or a time of the envelope. The field is unchanged.
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

/// Creates the error that a value does not fit the field of a parameter.
#[cold]
pub(super) fn invalid_value(parameter: Parameter, value: &str) -> Error {
    let expected = parameter.kind().expected();
    let found = quote(value);
    let message = format!("invalid value for `{parameter}`: expected {expected}, found {found}");
    Error::without_span(ErrorKind::InvalidValue, parameter.name(), message)
}

/// Defines the setter and the getter of all fields.
macro_rules! define_fields {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        impl<'a> Notification<'a> {
            /// Sets the field of a parameter. Returns false if the value is empty and the field is
            /// not text, and the value itself as the error if it does not fit.
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

            /// Clears the field of a parameter. Returns false if it is required.
            fn clear(&mut self, parameter: Parameter) -> bool {
                match parameter {
                    $(Parameter::$parameter => self.$($field).+.clear(),)+
                }
            }

            /// Returns the value of a parameter, in the format of the wire.
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
