-- What is to be asked, and what became of it. Losing this file costs requests, never captures.

CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,             -- what it is, however its address is written
    url TEXT NOT NULL,
    target TEXT NOT NULL,          -- where it is asked for now: url, or where that redirected to
    host TEXT NOT NULL,            -- of target
    kind TEXT NOT NULL,
    rank INTEGER NOT NULL,
    body TEXT NOT NULL,
    meeting TEXT NOT NULL,
    day TEXT NOT NULL,
    hint TEXT NOT NULL,
    probe INTEGER NOT NULL,
    state TEXT NOT NULL,           -- pending, held, gone, absent, blocked, failed, disallowed
    reason TEXT NOT NULL DEFAULT '',
    ready INTEGER NOT NULL,        -- to be asked in this run: 1 yes; 2 once due again; 3 last, though not due; 0 no
    due REAL NOT NULL,             -- seconds since 1970
    tries INTEGER NOT NULL DEFAULT 0,
    hops INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',   -- of the capture that is held
    digest TEXT NOT NULL DEFAULT '',   -- of what it says, without the noise
    checked REAL NOT NULL DEFAULT 0,
    UNIQUE (source, key)
);

CREATE INDEX IF NOT EXISTS pages_ready ON pages (host, ready, (kind NOT IN ('home', 'list')), day DESC, meeting, rank, id);
CREATE INDEX IF NOT EXISTS pages_later ON pages (host, due) WHERE ready = 2;
CREATE INDEX IF NOT EXISTS pages_of_meeting ON pages (source, meeting);

CREATE TABLE IF NOT EXISTS bodies (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (source, id)
) WITHOUT ROWID;

-- The runs that are at work, or were cut off.
CREATE TABLE IF NOT EXISTS runs (source TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS notes (
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (source, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY,
    not_before REAL NOT NULL       -- until then it asked to be left alone
) WITHOUT ROWID;
