//! Round trips of an arbitrary notification.

use arbitrary::Unstructured;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::{Error, Payload};

use crate::oracle::samples::notification;

/// Creates a notification from the bytes, writes it and parses it.
pub(crate) fn run(data: &[u8]) {
    if let Ok(notification) = notification(&mut Unstructured::new(data)) {
        examine(notification);
    }
}

fn examine(notification: Notification<'_>) {
    let form = notification.to_form();
    for parser in [Parser::new(), Parser::new().lenient()] {
        assert_eq!(parser.parse(&form).as_ref(), Ok(&notification), "{form}");
        let mut buffer = Vec::new();
        let read = parser.parse_in(form.as_bytes(), &mut buffer);
        assert_eq!(read.as_ref(), Ok(&notification));
    }
    assert_eq!(notification.clone().into_owned(), notification);
    #[cfg(feature = "serde")]
    crate::oracle::stored::check_notification(&notification);

    let payload = Payload::parse(&form).map_err(Error::from);
    assert_eq!(payload, Ok(Payload::IslLight(notification)));
}
