-- Schema 4: following the district through a restore.

-- The keys of the administrators who may open a log epoch, as the district published them before.
CREATE TABLE administrator_key (person TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (person, key)) STRICT, WITHOUT ROWID;
-- Openings that this desk has followed, with their signatures (JSON), and up to where its log was seen before.
CREATE TABLE log_epoch (
    epoch TEXT PRIMARY KEY, text BLOB NOT NULL, signatures TEXT NOT NULL, seen_position INTEGER NOT NULL
) STRICT;
-- Evidence: records of a later head than the restored one, as they came.
CREATE TABLE evidence (
    epoch TEXT NOT NULL,
    log_index INTEGER NOT NULL,
    case_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (epoch, log_index)
) STRICT, WITHOUT ROWID;
-- Cases that were here before a restore and of which nothing has come again.
CREATE TABLE unheard_case (case_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- What the district had answered before it was restored: offered with the deed.
ALTER TABLE outbox ADD COLUMN before_state TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN before_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN before_act INTEGER NOT NULL DEFAULT 0;
