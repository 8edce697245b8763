//! Events, modules, and other parameters with documented values.

string_enum! {
    /// The kind of event: the parameter `EVENT`.
    ///
    /// This type has a variant for each documented event of ISL Light, and
    /// [`Other`](Event::Other) for the events of newer servers and of other modules.
    ///
    /// ```
    /// use isl_volano::isl_light::Event;
    ///
    /// // The documentation has two spellings. Both are parsed, the first one is written.
    /// assert_eq!(Event::new("NEWSESSION"), Event::NewSession);
    /// assert_eq!(Event::NewSession.as_str(), "NEW SESSION");
    ///
    /// // Any other name is kept.
    /// assert_eq!(Event::new("SESSION_CREATE").as_str(), "SESSION_CREATE");
    /// ```
    Event, OtherEvent {
        /// `NEW SESSION` or `NEWSESSION`: the desk asked for a session code.
        NewSession "NEW SESSION" | "NEWSESSION",
        /// `CODE`: the desk reported the session code back.
        Code "CODE",
        /// `GETCODE`: the same as `CODE`.
        GetCode "GETCODE",
        /// `START`: the client connected and joined the session.
        Start "START",
        /// `STOP`: the session ended, and both sides have disconnected.
        Stop "STOP",
        /// `INVALID`: the desk asked for another code before a client connected, which destroys the
        /// session.
        Invalid "INVALID",
        /// `RECONNECT`: a side that had lost its connection rejoined the session.
        Reconnect "RECONNECT",
        /// `TERMINATED`: the session ended because the server was restarted.
        Terminated "TERMINATED",
        /// `MESSAGE`: a side submitted the end-of-session dialog. The names of the dialog's fields
        /// are chosen by the customer, so they are in
        /// [`Notification::extra`](super::Notification::extra).
        Message "MESSAGE",
    }
}

string_enum! {
    /// The product that created the event: the parameter `MODULE`.
    ///
    /// Other modules, such as `ISL_PRONTO` and `ISL_GROOP`, post to the same URL.
    Module, OtherModule {
        /// `ISL_Light` or `ISL_LIGHT`.
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
