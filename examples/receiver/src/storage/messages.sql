-- The messages drained from a NATS stream, each once.
CREATE TABLE messages (
    stream TEXT NOT NULL,               -- its name, and the time of its creation
    sequence INTEGER NOT NULL,
    receiver TEXT NOT NULL,             -- the run of the receiver that published it
    event INTEGER NOT NULL REFERENCES events,
    PRIMARY KEY (stream, sequence)
) STRICT, WITHOUT ROWID;
