//! Answers to an event.

use std::borrow::Cow;
use std::fmt;

use super::database_id::DatabaseId;
use crate::error::Error;
use crate::family::Family;
use crate::xml;

/// The body that acknowledges an event, without a command: [`Reply::NoMessage`] as a constant.
///
/// Send it with status 200 and [`CONTENT_TYPE`].
pub const ACKNOWLEDGEMENT: &str = Family::IslLight.acknowledgement();

/// The content type of every reply.
pub const CONTENT_TYPE: &str = Family::IslLight.content_type();

/// An answer to an event, with or without a command.
///
/// ISL Conference Proxy expects an XML document, and repeats the event until it receives one.
///
/// ```
/// use isl_volano::isl_light::{DatabaseId, Reply, Secret};
///
/// let reply = Reply::MessageBox {
///     secret: Secret::new("database secret"),
///     session: DatabaseId::new("s19_3_390"),
///     text: "Thank you & goodbye".into(),
/// };
/// assert_eq!(
///     reply.to_xml()?,
///     "<module secret=\"database secret\"><islLight><session id=\"s19_3_390\">\
///      <send to=\"client\"><msgbox>1</msgbox><message>Thank you &amp; goodbye</message></send>\
///      </session></islLight></module>",
/// );
/// # Ok::<(), isl_volano::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Reply<'a> {
    /// Only acknowledges the event: `<nomessage/>`. [`ACKNOWLEDGEMENT`] is the same as a constant.
    #[default]
    NoMessage,
    /// Shows a message box to the client.
    MessageBox {
        /// The database secret of the server.
        secret: Secret<'a>,
        /// The session.
        session: DatabaseId<'a>,
        /// The text of the message.
        text: Cow<'a, str>,
    },
    /// Shows a message in the desk's chat.
    Chat {
        /// The database secret of the server.
        secret: Secret<'a>,
        /// The session.
        session: DatabaseId<'a>,
        /// The label before the message, such as `server: `, instead of the server's own.
        label: Option<Cow<'a, str>>,
        /// The text of the message.
        text: Cow<'a, str>,
    },
    /// Ends the session.
    Drop {
        /// The database secret of the server.
        secret: Secret<'a>,
        /// The session.
        session: DatabaseId<'a>,
    },
}

/// The database secret of ISL Conference Proxy, which every command needs.
///
/// The `Debug` implementation does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<'a>(Cow<'a, str>);

impl<'a> Secret<'a> {
    /// Creates the value from the secret.
    #[must_use]
    pub fn new(secret: impl Into<Cow<'a, str>>) -> Self {
        Secret(secret.into())
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(secret: &'a str) -> Self {
        Secret::new(secret)
    }
}

impl From<String> for Secret<'_> {
    fn from(secret: String) -> Self {
        Secret::new(secret)
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Reply<'_> {
    /// Writes the answer as an XML document.
    ///
    /// # Errors
    ///
    /// [`UnrepresentableText`](crate::ErrorKind::UnrepresentableText) if a text has a character that
    /// XML 1.0 does not allow, such as NUL.
    pub fn to_xml(&self) -> Result<String, Error> {
        match self {
            Reply::NoMessage => Ok(ACKNOWLEDGEMENT.to_owned()),
            Reply::MessageBox {
                secret,
                session,
                text,
            } => command(secret, session, |out| {
                out.push_str("<send to=\"client\"><msgbox>1</msgbox>");
                element(out, "message", text)?;
                out.push_str("</send>");
                Ok(())
            }),
            Reply::Chat {
                secret,
                session,
                label,
                text,
            } => command(secret, session, |out| {
                out.push_str("<send to=\"desk\">");
                if let Some(label) = label {
                    element(out, "cp_label", label)?;
                }
                out.push_str("<chat>1</chat>");
                element(out, "message", text)?;
                out.push_str("</send>");
                Ok(())
            }),
            Reply::Drop { secret, session } => command(secret, session, |out| {
                out.push_str("<drop/>");
                Ok(())
            }),
        }
    }
}

/// Writes a command for a session.
fn command(
    secret: &Secret<'_>,
    session: &DatabaseId<'_>,
    write: impl FnOnce(&mut String) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut out = String::from("<module secret=\"");
    xml::escape_attribute(&mut out, "secret", &secret.0)?;
    out.push_str("\"><islLight><session id=\"");
    xml::escape_attribute(&mut out, "session", session.as_str())?;
    out.push_str("\">");
    write(&mut out)?;
    out.push_str("</session></islLight></module>");
    Ok(out)
}

fn element(out: &mut String, name: &'static str, text: &str) -> Result<(), Error> {
    out.extend(["<", name, ">"]);
    xml::escape(out, name, text)?;
    out.extend(["</", name, ">"]);
    Ok(())
}
