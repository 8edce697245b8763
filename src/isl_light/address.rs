//! Network addresses.

use std::net::IpAddr;

text! {
    /// The network address of a side: the parameters `reasonAddress`, `deskAddress` and
    /// `clientAddress`.
    ///
    /// ```
    /// use isl_volano::isl_light::Address;
    ///
    /// assert!(Address::new("192.0.2.10").ip().unwrap().is_ipv4());
    /// assert_eq!(Address::new("unknown").ip(), None);
    /// ```
    Address
}

impl Address<'_> {
    /// The IP address, if the text is one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }
}

text! {
    /// The addresses of a side's network interfaces: the parameters `deskNetworkInterfaces` and
    /// `clientNetworkInterfaces`, each address ended by `;`.
    ///
    /// ```
    /// use isl_volano::isl_light::NetworkInterfaces;
    ///
    /// let interfaces = NetworkInterfaces::new("192.168.0.1;192.168.0.2;");
    /// let addresses: Vec<_> = interfaces.iter().map(|address| address.to_string()).collect();
    /// assert_eq!(addresses, ["192.168.0.1", "192.168.0.2"]);
    /// ```
    NetworkInterfaces
}

impl NetworkInterfaces<'_> {
    /// The addresses in the order given; empty ones are passed over.
    pub fn iter(&self) -> impl Iterator<Item = Address<'_>> {
        self.0
            .split(';')
            .filter(|address| !address.is_empty())
            .map(Address::new)
    }
}
