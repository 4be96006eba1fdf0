-- Schema 1: what a counter needs over days without a line.

CREATE TABLE schema_info (
    -- Oldest program schema that can still run on this file (expand/contract).
    oldest_program INTEGER NOT NULL
) STRICT;
INSERT INTO schema_info VALUES (1);

-- Cursor, log epoch, newest signed time, skew, versions, the desk itself: small named texts.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The confirmed log of each case of the slice, as it came.
CREATE TABLE record (
    case_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    deed_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    text BLOB NOT NULL,
    disclosures TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_case ON record (case_id, n);

-- What people did here: one row a deed, sent in order, kept after the answer.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    deed_id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    text BLOB NOT NULL,
    disclosures TEXT NOT NULL,
    actor BLOB NOT NULL,
    had_session INTEGER NOT NULL,
    saved_time TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    act INTEGER NOT NULL DEFAULT 0,
    answered_time TEXT,
    log_index INTEGER,
    is_seen INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_state ON outbox (state, seq);
CREATE TABLE outbox_act (
    seq INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    act INTEGER NOT NULL,
    case_id TEXT NOT NULL,
    action TEXT NOT NULL,
    -- Its records are in the confirmed log, or never will be (the case left the slice).
    is_arrived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (seq, act)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_act_case ON outbox_act (case_id, is_arrived);

-- One line a case as lists show it: a projection of the view, rebuilt at will.
CREATE TABLE case_row (
    case_id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    item_code TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    item_name TEXT NOT NULL,
    section TEXT,
    place TEXT NOT NULL,
    accept_by TEXT,
    applicant TEXT NOT NULL,
    id_number TEXT NOT NULL,
    phone TEXT NOT NULL,
    holder TEXT,
    assignee TEXT,
    received_time TEXT NOT NULL,
    received_on TEXT NOT NULL,
    due_on TEXT,
    opinions INTEGER NOT NULL,
    is_provisional INTEGER NOT NULL,
    is_returned INTEGER NOT NULL,
    is_deferred INTEGER NOT NULL,
    is_irregular INTEGER NOT NULL,
    is_read_only INTEGER NOT NULL,
    is_here INTEGER NOT NULL,
    unsent INTEGER NOT NULL,
    changed_time TEXT NOT NULL
) STRICT;
CREATE INDEX case_row_state ON case_row (state, section, place);
CREATE INDEX case_row_received ON case_row (received_on);
CREATE INDEX case_row_person ON case_row (id_number);
CREATE INDEX case_row_number ON case_row (number);

-- Page files that are on this desk.
CREATE TABLE page (
    owner TEXT NOT NULL,
    hash TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    is_own INTEGER NOT NULL,
    is_wanted INTEGER NOT NULL DEFAULT 0,
    is_sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_wanted ON page (is_wanted) WHERE is_wanted;
-- Pages that cases of the slice name and this desk lacks.
CREATE TABLE page_lacking (owner TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (owner, hash)) STRICT, WITHOUT ROWID;

-- What is typed but not handed in: intake drafts, drafts of opinions.
CREATE TABLE draft (
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    text BLOB NOT NULL,
    changed_time TEXT NOT NULL,
    PRIMARY KEY (case_id, kind)
) STRICT, WITHOUT ROWID;

-- The catalogue: every version that is current or that a case here uses.
CREATE TABLE item_version (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX item_version_code ON item_version (code, version);
CREATE TABLE item_current (code TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE item_cancelled (code TEXT PRIMARY KEY, cancelled_on TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE item_use (
    code TEXT NOT NULL, used_on TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (used_on, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_miss (
    query TEXT NOT NULL, missed_on TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (query, missed_on)
) STRICT, WITHOUT ROWID;
-- The search index as built when the catalogue arrived, and a line for each hit it can show.
CREATE TABLE search_index (name TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE search_item (
    position INTEGER PRIMARY KEY, code TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,
    department TEXT NOT NULL, entries TEXT NOT NULL
) STRICT;

-- The district as this desk knows it.
CREATE TABLE person (person TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT;
CREATE TABLE login (login TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
CREATE TABLE lease (
    person TEXT PRIMARY KEY, lease TEXT NOT NULL, not_after TEXT NOT NULL, text BLOB NOT NULL, signature BLOB NOT NULL
) STRICT;
CREATE TABLE calendar_notice (position INTEGER PRIMARY KEY, text BLOB NOT NULL) STRICT;
CREATE TABLE desk_key (
    device_number TEXT NOT NULL, act_key BLOB NOT NULL, from_time TEXT NOT NULL, until_time TEXT NOT NULL,
    PRIMARY KEY (device_number, from_time)
) STRICT;

-- Papers on their way through a printer: the intent before, the outcome after.
CREATE TABLE print_run (
    run TEXT PRIMARY KEY, case_id TEXT NOT NULL, paper TEXT NOT NULL, serial TEXT NOT NULL, state TEXT NOT NULL,
    started_time TEXT NOT NULL, ended_time TEXT
) STRICT;
CREATE UNIQUE INDEX print_run_serial ON print_run (paper, serial) WHERE serial <> '';
CREATE TABLE serial (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
