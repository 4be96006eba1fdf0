-- Schema 7: this desk as a witness of the district's log.

-- The newest head of the log that this desk has believed; one row.
CREATE TABLE log_head (
    id INTEGER PRIMARY KEY CHECK (id = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, note BLOB NOT NULL
) STRICT;
-- Heads that the district signed and that contradict one that it had signed before, as they came.
CREATE TABLE head_evidence (
    id INTEGER PRIMARY KEY, seen BLOB NOT NULL, told BLOB NOT NULL UNIQUE, proof TEXT NOT NULL, heard_time TEXT NOT NULL
) STRICT;
