-- The runs of the receiver. A run that was killed has no end.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,           -- milliseconds since 1970-01-01 UTC, like all times but events.time
    ended INTEGER
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL UNIQUE,   -- increases with every change; the page follows it

    -- The request.
    received INTEGER NOT NULL,
    run INTEGER REFERENCES runs,        -- NULL if the event was drained
    connection INTEGER,                 -- its number within the run of the receiver
    peer TEXT,                          -- the sender's IP address
    url_room TEXT,                      -- ?room=
    url_encoding TEXT,                  -- ?encoding=
    family TEXT NOT NULL,               -- isl-light, volano-chat
    body BLOB NOT NULL,                 -- as it arrived, byte for byte
    digest BLOB NOT NULL,               -- SHA-256 of the body

    -- The decoded event.
    event TEXT,                         -- STOP, chat, ...
    type TEXT,                          -- for enter and kick: member, ban, ...
    module TEXT,                        -- ISL: the product
    time INTEGER,                       -- ISL: TIMESTAMP, in seconds since 1970-01-01 UTC
    session TEXT,                       -- ISL: SESSIONID
    room TEXT,
    actor TEXT,                         -- CPUSER, user, from
    target TEXT,                        -- to
    message TEXT,
    value TEXT,                         -- the complete event: the stored form of isl-volano, as JSON

    -- Errors and problems.
    error TEXT,                         -- why there is no value, or why there are several readings
    error_kind TEXT,
    snippet TEXT,                       -- the place in the body, marked
    problems TEXT,                      -- JSON: problems that did not prevent a value
    readings TEXT,                      -- JSON: the readings, if the body is ambiguous
    resolved_by TEXT,                   -- how a reading was chosen: room, roster

    -- Repeats.
    count INTEGER NOT NULL DEFAULT 1,   -- ISL: the number of times this body arrived
    last_received INTEGER,              -- ISL: the last time it arrived again
    unanswered INTEGER NOT NULL DEFAULT 0, -- 1: its response may not have arrived
    repeat_of INTEGER REFERENCES events -- VolanoChat: the unanswered event with the same body
) STRICT;

CREATE UNIQUE INDEX events_isl_light ON events (digest) WHERE family = 'isl-light';
CREATE INDEX events_unanswered ON events (digest) WHERE unanswered = 1;
CREATE INDEX events_repeat_of ON events (repeat_of) WHERE repeat_of IS NOT NULL;
CREATE INDEX events_session ON events (session) WHERE session IS NOT NULL;
CREATE INDEX events_room ON events (room) WHERE room IS NOT NULL;
CREATE INDEX events_error ON events (error_kind) WHERE error_kind IS NOT NULL;

CREATE VIEW volano_chat AS
SELECT id, received, event, type, room, actor, target, message,
       value ->> '$.host' AS host, value ->> '$.profile' AS profile, repeat_of
FROM events WHERE family = 'volano-chat' AND value IS NOT NULL;
