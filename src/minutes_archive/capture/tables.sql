-- What the catalogue holds. Everything but readings and placements can be read off the WARC files again.

BEGIN;

CREATE TABLE files (
    name TEXT PRIMARY KEY,
    size INTEGER NOT NULL          -- bytes that count; what stands behind them was never acknowledged
) WITHOUT ROWID;

-- Every byte that counts of every file, in stretches without a hole: one gzip member each, or what can't be read.
CREATE TABLE members (
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    digest TEXT NOT NULL,          -- SHA-256 of the raw bytes
    kind TEXT NOT NULL,            -- the WARC type; or "torn": the end of a run that was killed, or "damaged"
    sequence INTEGER,              -- of the capture, or of the later word on one
    PRIMARY KEY (file, offset)
) WITHOUT ROWID;

CREATE TABLE captures (
    sha256 TEXT PRIMARY KEY,       -- of the captured bytes
    size INTEGER NOT NULL,
    sequence INTEGER NOT NULL,     -- of the record, or of the last time that the page was seen so, or found gone
    first INTEGER NOT NULL,        -- of the record
    captured_at TEXT NOT NULL,
    media_type TEXT NOT NULL,
    path TEXT,
    url TEXT,
    council TEXT,
    audience TEXT NOT NULL,
    stated INTEGER NOT NULL,       -- sequence of the record that council and audience come from
    truncated TEXT NOT NULL,       -- why only a part of it came; "" where all did
    withdrawn_at TEXT,             -- when its source was found to have taken it down
    file TEXT NOT NULL,
    offset INTEGER NOT NULL
);

CREATE INDEX captures_in_order ON captures (sequence, sha256);

-- What the last reading made of a capture.
CREATE TABLE readings (
    sha256 TEXT PRIMARY KEY,
    parser TEXT NOT NULL,          -- "" where something was learnt of the capture since, so that it is to be read again
    kind TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE placements (
    sha256 TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    PRIMARY KEY (sha256, meeting_id)
) WITHOUT ROWID;

CREATE INDEX placements_by_meeting ON placements (meeting_id, sha256);

COMMIT;
