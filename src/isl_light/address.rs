//! Network addresses.

use std::borrow::Borrow;
use std::fmt::Write as _;
use std::net::IpAddr;

string_newtype! {
    /// The network address of a side: the parameters `reasonAddress`, `deskAddress` and
    /// `clientAddress`.
    ///
    /// An address can be any text. [`ip`](Address::ip) and [`port`](Address::port) parse the common
    /// formats.
    ///
    /// ```
    /// use isl_volano::isl_light::Address;
    ///
    /// assert!(Address::new("192.0.2.10").ip().unwrap().is_ipv4());
    /// assert_eq!(Address::new("unknown").ip(), None);
    ///
    /// let address = Address::new("[2001:db8::7]:7615");
    /// assert!(address.ip().unwrap().is_ipv6());
    /// assert_eq!(address.port(), Some(7615));
    /// ```
    Address
}

impl Borrow<str> for Address<'_> {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Address<'_> {
    /// Returns the IP address, if the text is one. It can be in brackets, have a port, or, for IPv6,
    /// a zone such as `%eth0`, which is ignored.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        let (host, _) = self.host_and_port()?;
        match host.split_once('%') {
            Some((ip, _zone)) => ip.parse().ok().filter(IpAddr::is_ipv6),
            None => host.parse().ok(),
        }
    }

    /// Returns the port, if the text is an IP address with a port, such as `192.0.2.10:7615` or
    /// `[2001:db8::7]:7615`.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.ip()?;
        self.host_and_port()?.1
    }

    /// Splits the text into the host without brackets, and the port. Returns `None` if the host is
    /// followed by anything but a port.
    fn host_and_port(&self) -> Option<(&str, Option<u16>)> {
        let port = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        };
        if let Some(rest) = self.0.strip_prefix('[') {
            let (host, rest) = rest.split_once(']')?;
            // Only addresses with colons are in brackets.
            let host = Some(host).filter(|host| host.contains(':'))?;
            return match rest.strip_prefix(':') {
                Some(text) => Some((host, Some(port(text)?))),
                None => rest.is_empty().then_some((host, None)),
            };
        }
        match self.0.split_once(':') {
            // With more than one colon, it is IPv6 without brackets, which has no port.
            Some((host, text)) if !text.contains(':') => Some((host, Some(port(text)?))),
            _ => Some((&self.0, None)),
        }
    }
}

impl From<IpAddr> for Address<'_> {
    fn from(ip: IpAddr) -> Self {
        Address::new(ip.to_string())
    }
}

string_newtype! {
    /// The addresses of a side's network interfaces: the parameters `deskNetworkInterfaces` and
    /// `clientNetworkInterfaces`, each address followed by `;`.
    ///
    /// ```
    /// use std::net::IpAddr;
    /// use isl_volano::isl_light::NetworkInterfaces;
    ///
    /// let interfaces = NetworkInterfaces::new("192.168.0.1;192.168.0.2;");
    /// let addresses: Vec<_> = interfaces.iter().filter_map(|address| address.ip()).collect();
    /// assert_eq!(addresses, [IpAddr::from([192, 168, 0, 1]), IpAddr::from([192, 168, 0, 2])]);
    /// assert_eq!(addresses.into_iter().collect::<NetworkInterfaces>(), interfaces);
    /// ```
    NetworkInterfaces
}

impl NetworkInterfaces<'_> {
    /// Returns an iterator over the addresses that are not empty.
    pub fn iter(&self) -> impl Iterator<Item = Address<'_>> {
        self.0
            .split(';')
            .filter(|address| !address.is_empty())
            .map(Address::new)
    }
}

impl FromIterator<IpAddr> for NetworkInterfaces<'_> {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        let mut text = String::new();
        for address in addresses {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{address};");
        }
        NetworkInterfaces::new(text)
    }
}
