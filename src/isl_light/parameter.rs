//! The table of parameters.

use std::fmt;
use std::str::FromStr;

use super::kind::Kind;
use crate::error::UnknownNameError;

/// Calls the macro `$expand` with the table, which has a row for each parameter in the documented
/// order.
///
/// A row is the parameter's description, its variant, its name on the wire, the field of
/// [`Notification`](super::notification::Notification) that holds it, and the [`Kind`] of its
/// values.
macro_rules! parameters {
    ($expand:ident) => {
        $expand! {
            /// when the event was created
            Timestamp "TIMESTAMP" timestamp: Timestamp;
            /// the product that created the event
            Module "MODULE" module: Text;
            /// what happened
            Event "EVENT" event: Text;
            /// the grid number of the server that created and sent the event
            ServerId "SERVERID" server_id: Integer;
            /// the ISL domain that the event belongs to
            DomainId "DOMAIN_ID" domain_id: Text;

            /// why the event happened, as text
            Reason "reason" reason.text: Text;
            /// the program that caused the event
            ReasonSoftwareType "reasonSoftwareType" reason.software_type: Text;
            /// the network address of the side that caused the event
            ReasonAddress "reasonAddress" reason.address: Text;

            /// the session
            SessionId "SESSIONID" session.id: Text;
            /// the user whose account the desk created the session with
            CpuserId "CPUSER_ID" user.id: Text;
            /// the identifier of this user in another system, set by an administrator
            CpuserEid "CPUSER_EID" user.external_id: Text;
            /// the full name that the desk authenticated with, domain and user
            Cpuser "CPUSER" user.full_name: Text;
            /// the user in the full name
            CpuserName "CPUSER_NAME" user.name: Text;
            /// the domain in the full name
            CpuserDomain "CPUSER_DOMAIN" user.domain: Text;
            /// the domain that the desk authenticated in
            CpuserDomainId "CPUSER_DOMAIN_ID" user.domain_id: Text;
            /// when the desk received the session code
            CreatedTime "createdTime" session.created_time: Timestamp;
            /// when the client connected
            StartTime "startTime" session.start_time: Timestamp;
            /// how much was transferred through the server
            TotalTransferredBytes "totalTransferredBytes" session.total_transferred_bytes: Bytes;
            /// how long the sides were connected
            TotalConnectionTime "totalConnectionTime" session.total_connection_time: Seconds;
            /// when one side last sent to the other
            LastTransferredPacketTime "lastTransferredPacketTime"
                session.last_transferred_packet_time: Timestamp;
            /// how many times a side reconnected
            TransportReconnects "transportReconnects" session.transport_reconnects: Count;
            /// whether both sides agreed to end the session
            GracefulExit "gracefulExit" session.graceful_exit: Bool;

            /// the version of the desk's program
            DeskVersion "deskVersion" desk.version: Text;
            /// the desk's network address
            DeskAddress "deskAddress" desk.address: Text;
            /// how the desk is connected
            DeskTransport "deskTransport" desk.transport: Text;
            /// the desk's language when it connected
            DeskLanguage "deskLanguage" desk.language: Text;
            /// the addresses of the desk's network interfaces
            DeskNetworkInterfaces "deskNetworkInterfaces" desk.network_interfaces: Text;
            /// the platform that the desk runs on
            DeskPlatform "deskPlatform" desk.platform: Text;
            /// the session code that the desk shows
            DeskCode "deskCode" session.desk_code: Text;
            /// the session code as text
            TextCode "textCode" session.text_code: Text;

            /// the version of the client's program
            ClientVersion "clientVersion" client.version: Text;
            /// the client's network address
            ClientAddress "clientAddress" client.address: Text;
            /// how the client is connected
            ClientTransport "clientTransport" client.transport: Text;
            /// the client's language when it connected
            ClientLanguage "clientLanguage" client.language: Text;
            /// the addresses of the client's network interfaces
            ClientNetworkInterfaces "clientNetworkInterfaces" client.network_interfaces: Text;
            /// the platform that the client runs on
            ClientPlatform "clientPlatform" client.platform: Text;
        }
    };
}

pub(super) use parameters;

/// Defines [`Parameter`] from the table.
macro_rules! define_parameter {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        /// A parameter with a field in [`Notification`](super::Notification).
        ///
        /// Parameters are ordered as in the documentation.
        ///
        /// ```
        /// use isl_volano::isl_light::{Kind, Parameter};
        ///
        /// let parameter: Parameter = "totalConnectionTime".parse()?;
        /// assert_eq!(parameter, Parameter::TotalConnectionTime);
        /// assert_eq!(parameter.name(), "totalConnectionTime");
        /// assert_eq!(parameter.kind(), Kind::Seconds);
        /// # Ok::<(), isl_volano::UnknownNameError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Parameter {
            $(#[doc = concat!("`", $name, "`:", $doc)] $parameter,)+
        }

        impl Parameter {
            /// Every parameter, in the documented order.
            pub const ALL: &'static [Parameter] = &[$(Parameter::$parameter),+];

            /// Returns the name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Parameter::$parameter => $name,)+
                }
            }

            /// Returns the parameter with this name on the wire, if it has a field.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Parameter> {
                match name {
                    $($name => Some(Parameter::$parameter),)+
                    _ => None,
                }
            }

            /// Returns a short description of the parameter, such as `how the desk is connected`.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Parameter::$parameter => $doc.trim_ascii_start(),)+
                }
            }

            /// Returns the type and unit of the value.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self {
                    $(Parameter::$parameter => Kind::$kind,)+
                }
            }
        }
    };
}

parameters!(define_parameter);

impl Parameter {
    /// The parameters of the envelope, which are required in every event.
    pub const ENVELOPE: &'static [Parameter] = &[
        Parameter::Timestamp,
        Parameter::Module,
        Parameter::Event,
        Parameter::ServerId,
        Parameter::DomainId,
    ];

    /// Returns whether the parameter belongs to the envelope.
    #[must_use]
    pub const fn is_envelope(self) -> bool {
        (self as usize) < Parameter::ENVELOPE.len()
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Parameter {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        Parameter::from_name(name).ok_or_else(|| UnknownNameError::new("parameter", name))
    }
}
