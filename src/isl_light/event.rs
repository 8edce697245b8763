//! The names of events and modules, and the values that the documentation lists.

string_enum! {
    /// What happened: the parameter `EVENT`.
    ///
    /// ```
    /// use isl_volano::isl_light::Event;
    ///
    /// // The vendor's pages spell it in two ways. Both are parsed, the documented one is written.
    /// assert_eq!(Event::new("NEWSESSION"), Event::NewSession);
    /// assert_eq!(Event::NewSession.as_str(), "NEW SESSION");
    ///
    /// // Events of newer servers and of other modules keep their name.
    /// assert_eq!(Event::new("SESSION_CREATE").as_str(), "SESSION_CREATE");
    /// ```
    Event, OtherEvent {
        /// `NEW SESSION`, also spelt `NEWSESSION`: the desk asked for a session code.
        NewSession "NEW SESSION" | "NEWSESSION",
        /// `CODE`: the desk reported the session code back.
        Code "CODE",
        /// `GETCODE`: the same as `CODE`.
        GetCode "GETCODE",
        /// `START`: the client connected and joined the session.
        Start "START",
        /// `STOP`: the session is finished, both sides have disconnected.
        Stop "STOP",
        /// `INVALID`: the desk destroyed the session, asking for another code, before a client
        /// connected.
        Invalid "INVALID",
        /// `RECONNECT`: a side that had lost its connection is back in the same session.
        Reconnect "RECONNECT",
        /// `TERMINATED`: the session ended because the server was restarted.
        Terminated "TERMINATED",
        /// `MESSAGE`: a side closed the end-of-session dialog and sent what was filled in. The
        /// dialog's own fields have names that the customer chose: they are in
        /// [`Notification::extra`](super::Notification::extra).
        Message "MESSAGE",
    }
}

string_enum! {
    /// The product that created the event: the parameter `MODULE`.
    ///
    /// Other modules, such as `ISL_PRONTO` and `ISL_GROOP`, post to the same URL.
    Module, OtherModule {
        /// `ISL_Light`, also spelt `ISL_LIGHT`.
        IslLight "ISL_Light" | "ISL_LIGHT",
    }
}

string_enum! {
    /// The program that caused an event: the parameter `reasonSoftwareType`.
    SoftwareType, OtherSoftwareType {
        /// `desk`: ISL Light Desk, the side that gives support.
        Desk "desk",
        /// `client`: ISL Light Client, the side that gets support.
        Client "client",
    }
}

string_enum! {
    /// How a side is connected: the parameters `deskTransport` and `clientTransport`.
    Transport, OtherTransport {
        /// `direct`
        Direct "direct",
        /// `HTTP`
        Http "HTTP",
        /// `HTTPS`
        Https "HTTPS",
    }
}

string_enum! {
    /// The platform that a side runs on: the parameters `deskPlatform` and `clientPlatform`.
    Platform, OtherPlatform {
        /// `win32`
        Win32 "win32",
    }
}
