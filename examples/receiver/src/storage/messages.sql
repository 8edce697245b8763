-- What was drained from a NATS stream: each message once.
CREATE TABLE messages (
    stream TEXT NOT NULL,               -- its name, and when it was made
    sequence INTEGER NOT NULL,
    receiver TEXT NOT NULL,             -- the run of the receiver that published it
    event INTEGER NOT NULL REFERENCES events,
    PRIMARY KEY (stream, sequence)
) STRICT, WITHOUT ROWID;
