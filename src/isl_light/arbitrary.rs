//! Arbitrary notifications, for fuzzing the services that receive them.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Result, Unstructured};
use time::OffsetDateTime;

use super::event::{Event, Module};
use super::field::LAST_SECOND;
use super::kind::Kind;
use super::notification::Notification;
use super::parameter::Parameter;

/// Any notification that a body can hold; of ISL Light, in four cases of five.
impl<'a> Arbitrary<'a> for Notification<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let module = if u.ratio(4, 5)? {
            Module::IslLight
        } else {
            Module::new(<&str>::arbitrary(u)?)
        };
        let event = if u.ratio(4, 5)? {
            u.choose(Event::KNOWN)?.clone()
        } else {
            Event::new(<&str>::arbitrary(u)?)
        };
        let (server, domain) = (u.arbitrary()?, <&str>::arbitrary(u)?.into());
        let epoch = OffsetDateTime::UNIX_EPOCH;
        let mut notification = Notification::new(epoch, module, event, server, domain);
        for &parameter in Parameter::ALL {
            let is_given = match parameter {
                Parameter::Timestamp => true,
                _ => !parameter.is_envelope() && u.arbitrary()?,
            };
            if is_given {
                let value = value(u, parameter.kind())?;
                let fits = notification.set(parameter, value);
                debug_assert!(fits.is_ok(), "{fits:?}");
            }
        }
        for _ in 0..u.int_in_range(0..=4)? {
            let (name, value) = (<&str>::arbitrary(u)?, <&str>::arbitrary(u)?);
            // A known name has a field of its own, and is refused.
            let _ = notification.extra.push(name, value);
        }
        Ok(notification)
    }
}

/// A value on the wire.
fn value<'a>(u: &mut Unstructured<'a>, kind: Kind) -> Result<Cow<'a, str>> {
    Ok(match kind {
        Kind::Text => Cow::Borrowed(u.arbitrary()?),
        Kind::Integer => i64::arbitrary(u)?.to_string().into(),
        Kind::Count | Kind::Bytes | Kind::Seconds => u64::arbitrary(u)?.to_string().into(),
        Kind::Timestamp => u.int_in_range(0..=LAST_SECOND)?.to_string().into(),
        Kind::Bool => Cow::Borrowed(if u.arbitrary()? { "1" } else { "0" }),
    })
}
