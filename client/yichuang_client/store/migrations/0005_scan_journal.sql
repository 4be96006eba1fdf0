-- Schema 5: the order in which pages came from scanners.

-- Appended in the transaction of the page's own row; a row goes when somebody threw its page away, or when the district
-- has it. What is here and in no draft was safe when the program died.
CREATE TABLE scan_journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    batch TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    is_blank INTEGER NOT NULL,
    UNIQUE (owner, batch, number)
) STRICT;
CREATE INDEX scan_journal_owner ON scan_journal (owner, seq);
