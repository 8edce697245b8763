//! An event, typed.

use std::borrow::Cow;
use std::time::Duration;

use time::OffsetDateTime;

use super::{
    Address, DatabaseId, Event, Extra, Module, NetworkInterfaces, Platform, SoftwareType,
    Transport, Version,
};

/// An event as ISL Conference Proxy posts it: the envelope, what is known of the session, and
/// whatever else was sent.
///
/// Text is borrowed from the input where it needs no decoding. Everything outside the envelope
/// is optional: which parameters come depends on the event, the server's version and how far
/// the session got.
///
/// Times are whole seconds on the wire, from 1970 to the end of year 9999, and connection time
/// is whole seconds: a fraction set by hand is not written.
///
/// With the feature `serde` it is a flat map under the wire's names. Read from JSON or a form
/// library, values can be text or numbers, and go through the same checks as [`parse`].
///
/// [`parse`]: Notification::parse
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Notification<'a> {
    /// `TIMESTAMP`: when the event was made; on the wire, seconds since 1970-01-01 UTC.
    pub timestamp: OffsetDateTime,
    /// `MODULE`: the product that made the event.
    pub module: Module<'a>,
    /// `EVENT`: what happened.
    pub event: Event<'a>,
    /// `SERVERID`: the grid number of the server that made the event; it can be negative.
    pub server_id: i64,
    /// `DOMAIN_ID`: the ISL domain in which it happened.
    pub domain_id: DatabaseId<'a>,
    /// Why it happened.
    pub reason: Reason<'a>,
    /// The session that it happened in.
    pub session: Session<'a>,
    /// The user whose account the desk created the session with.
    pub user: User<'a>,
    /// The side that gives support, ISL Light Desk: `deskVersion` and so on.
    pub desk: Endpoint<'a>,
    /// The side that gets it, ISL Light Client: `clientVersion` and so on.
    pub client: Endpoint<'a>,
    /// Every pair that no field holds, in the order in which they came.
    pub extra: Extra<'a>,
}

/// Why an event happened; usually sent with `STOP`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Reason<'a> {
    /// `reason`: why it happened, in words.
    pub text: Option<Cow<'a, str>>,
    /// `reasonSoftwareType`: which program caused it.
    pub software_type: Option<SoftwareType<'a>>,
    /// `reasonAddress`: the network address of the side that caused it.
    pub address: Option<Address<'a>>,
}

/// A session of ISL Light.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Session<'a> {
    /// `SESSIONID`: its identifier in the database; what a [`Reply`](super::Reply) names.
    pub id: Option<DatabaseId<'a>>,
    /// `deskCode`: the session code that the desk shows.
    pub desk_code: Option<Cow<'a, str>>,
    /// `textCode`: the session code as text.
    pub text_code: Option<Cow<'a, str>>,
    /// `createdTime`: when the desk got the code; on the wire, seconds since 1970-01-01 UTC.
    pub created_time: Option<OffsetDateTime>,
    /// `startTime`: when the client connected; on the wire, seconds since 1970-01-01 UTC.
    pub start_time: Option<OffsetDateTime>,
    /// `totalTransferredBytes`: how much was transferred through the server, in bytes.
    pub total_transferred_bytes: Option<u64>,
    /// `totalConnectionTime`: how long the sides were connected; on the wire, whole seconds.
    pub total_connection_time: Option<Duration>,
    /// `lastTransferredPacketTime`: when a side last sent to the other; on the wire, seconds
    /// since 1970-01-01 UTC.
    pub last_transferred_packet_time: Option<OffsetDateTime>,
    /// `transportReconnects`: how many times a side connected again.
    pub transport_reconnects: Option<u64>,
    /// `gracefulExit`: whether both sides agreed to end the session; on the wire, `1` or `0`.
    /// Servers send `1` or leave it out.
    pub graceful_exit: Option<bool>,
}

/// The user whose account the desk created the session with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct User<'a> {
    /// `CPUSER_ID`: the user's identifier in the database.
    pub id: Option<DatabaseId<'a>>,
    /// `CPUSER_EID`: the user's identifier in another system, set by an administrator.
    pub external_id: Option<Cow<'a, str>>,
    /// `CPUSER`: the whole name that the desk authenticated with, such as `\\default\janez`.
    pub full_name: Option<Cow<'a, str>>,
    /// `CPUSER_NAME`: the user's name in it.
    pub name: Option<Cow<'a, str>>,
    /// `CPUSER_DOMAIN`: the domain's name in it.
    pub domain: Option<Cow<'a, str>>,
    /// `CPUSER_DOMAIN_ID`: the identifier of that domain in the database.
    pub domain_id: Option<DatabaseId<'a>>,
}

/// A side of the session: the desk or the client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Endpoint<'a> {
    /// `deskVersion`, `clientVersion`: the version of its program.
    pub version: Option<Version<'a>>,
    /// `deskAddress`, `clientAddress`: its network address.
    pub address: Option<Address<'a>>,
    /// `deskTransport`, `clientTransport`: how it is connected.
    pub transport: Option<Transport<'a>>,
    /// `deskLanguage`, `clientLanguage`: its language when it connected.
    pub language: Option<Cow<'a, str>>,
    /// `deskNetworkInterfaces`, `clientNetworkInterfaces`: the addresses of its network
    /// interfaces.
    pub network_interfaces: Option<NetworkInterfaces<'a>>,
    /// `deskPlatform`, `clientPlatform`: what it runs on.
    pub platform: Option<Platform<'a>>,
}

impl<'a> Notification<'a> {
    /// An event with an envelope and nothing else; the rest can be set field by field.
    ///
    /// ```
    /// use isl_volano::isl_light::{DatabaseId, Event, Module, Notification};
    /// use time::OffsetDateTime;
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

    /// The same, independent of the input that it was parsed from.
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
}

/// `into_owned` of a group: the fields that borrow, then those that do not.
macro_rules! into_owned {
    ($group:ident { $($text:ident)* } $($copied:ident)*) => {
        impl $group<'_> {
            /// The same, independent of the input that it was parsed from.
            #[must_use]
            pub fn into_owned(self) -> $group<'static> {
                $group {
                    $($text: self.$text.map(|text| text.into_owned().into()),)*
                    $($copied: self.$copied,)*
                }
            }
        }
    };
}

into_owned! { Reason { text software_type address } }
into_owned! {
    Session { id desk_code text_code }
    created_time start_time total_transferred_bytes total_connection_time
    last_transferred_packet_time transport_reconnects graceful_exit
}
into_owned! { User { id external_id full_name name domain domain_id } }
into_owned! { Endpoint { version address transport language network_interfaces platform } }
