//! From a notification to a body.

use std::fmt;

use super::Notification;
use crate::form;

impl Notification<'_> {
    /// Writes the body: the fields that have a value in the documented order, then
    /// [`extra`](Notification::extra).
    ///
    /// Names of events and modules are written in the documented spelling. What is written reads
    /// back as the same notification.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=NEW+SESSION&SERVERID=19\
    ///             &DOMAIN_ID=s-999_0_0&CPUSER=%5C%5Cdefault%5Cjanez&clientCountry=SI";
    /// assert_eq!(Notification::parse(body)?.to_form(), body);
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    #[must_use]
    pub fn to_form(&self) -> String {
        form::written(|body| {
            self.write_fields(body)?;
            for (name, value) in self.extra.iter() {
                body.raw("&")?;
                body.text(name)?;
                body.raw("=")?;
                body.text(value)?;
            }
            Some(())
        })
    }
}

/// The body, as [`Notification::to_form`] writes it.
impl fmt::Display for Notification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_form())
    }
}
