//! Identifiers of ISL Conference Proxy's database.

use std::borrow::Borrow;

string_newtype! {
    /// An identifier of ISL Conference Proxy's database, such as `s19_3_390`: the parameters
    /// `DOMAIN_ID`, `SESSIONID`, `CPUSER_ID` and `CPUSER_DOMAIN_ID`.
    ///
    /// An identifier can be any text. [`parts`] parses the common format.
    ///
    /// [`parts`]: DatabaseId::parts
    ///
    /// ```
    /// use isl_volano::isl_light::DatabaseId;
    ///
    /// assert_eq!(DatabaseId::new("s19_3_390").parts(), Some((19, 3, 390)));
    /// assert_eq!(DatabaseId::new("s-999_0_0").server(), Some(-999));
    /// assert_eq!(DatabaseId::new("something else").parts(), None);
    /// ```
    DatabaseId
}

impl Borrow<str> for DatabaseId<'_> {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl DatabaseId<'_> {
    /// Returns the three numbers of an identifier such as `s19_3_390`, the first of which is the
    /// [server](DatabaseId::server).
    #[must_use]
    pub fn parts(&self) -> Option<(i64, u64, u64)> {
        let mut parts = self.0.strip_prefix('s')?.split('_');
        let (server, middle, last) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some()
            || [server, middle, last]
                .iter()
                .any(|part| part.starts_with('+'))
        {
            return None;
        }
        Some((
            server.parse().ok()?,
            middle.parse().ok()?,
            last.parse().ok()?,
        ))
    }

    /// Returns the number of the server whose database it belongs to, which can be negative.
    #[must_use]
    pub fn server(&self) -> Option<i64> {
        self.parts().map(|(server, _, _)| server)
    }
}
