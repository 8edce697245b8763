-- Each start of the receiver. One without an end was killed.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,           -- milliseconds since 1970-01-01 UTC, as all times here
    ended INTEGER
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL UNIQUE,   -- grows with every change: what the page follows

    -- What arrived.
    received INTEGER NOT NULL,
    run INTEGER REFERENCES runs,        -- NULL if it was drained
    connection INTEGER,                 -- counted in each run of a receiver
    peer TEXT,                          -- the sender's IP address
    url_room TEXT,                      -- ?room=
    url_encoding TEXT,                  -- ?encoding=
    family TEXT NOT NULL,               -- isl-light, volano-chat
    body BLOB NOT NULL,                 -- as it came, byte for byte
    digest BLOB NOT NULL,               -- SHA-256 of the body

    -- What it was read as.
    event TEXT,                         -- STOP, chat, ...
    type TEXT,                          -- of enter and kick: member, ban, ...
    module TEXT,                        -- ISL: the product
    time INTEGER,                       -- ISL: TIMESTAMP, in seconds since 1970-01-01 UTC
    session TEXT,                       -- ISL: SESSIONID
    room TEXT,
    actor TEXT,                         -- CPUSER, user, from
    target TEXT,                        -- to
    message TEXT,
    value TEXT,                         -- all of it: the stored form of isl-volano, as JSON

    -- What was wrong with it.
    error TEXT,                         -- why there is no value, or no single one
    error_kind TEXT,
    snippet TEXT,                       -- the place in the body, marked
    problems TEXT,                      -- JSON: what did not fit, though there is a value
    readings TEXT,                      -- JSON: the events that it can be, if several
    resolved_by TEXT,                   -- what decided for one: room, roster

    -- Whether it came again.
    count INTEGER NOT NULL DEFAULT 1,   -- ISL: how often these very bytes came
    last_received INTEGER,              -- ISL: when they last came
    unanswered INTEGER NOT NULL DEFAULT 0, -- 1: its answer may not have arrived
    repeat_of INTEGER REFERENCES events -- VolanoChat: the unanswered event of these bytes
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
