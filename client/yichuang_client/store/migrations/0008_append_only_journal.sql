-- Schema 8: the scan journal is only ever appended to.

-- What ended a row of the journal: somebody threw the page away (THROWN), or the district has it (SENT).
CREATE TABLE scan_journal_end (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    ended INTEGER NOT NULL UNIQUE REFERENCES scan_journal (seq) ON DELETE CASCADE,
    why TEXT NOT NULL CHECK (why IN ('THROWN', 'SENT'))
) STRICT;
-- A place that was told before stays as it was told, whatever the statement says (OR REPLACE too).
CREATE TRIGGER scan_journal_once BEFORE INSERT ON scan_journal
WHEN EXISTS (
    SELECT 1 FROM scan_journal
    WHERE seq = NEW.seq OR (owner = NEW.owner AND batch = NEW.batch AND number = NEW.number)
)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER scan_journal_end_once BEFORE INSERT ON scan_journal_end
WHEN EXISTS (SELECT 1 FROM scan_journal_end WHERE seq = NEW.seq OR ended = NEW.ended)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER scan_journal_unchanged BEFORE UPDATE ON scan_journal
BEGIN SELECT RAISE(ABORT, 'the scan journal is only appended to'); END;
CREATE TRIGGER scan_journal_end_unchanged BEFORE UPDATE ON scan_journal_end
BEGIN SELECT RAISE(ABORT, 'the scan journal is only appended to'); END;
-- The one way out: the rows of a case go as a whole, once no page of it is on this desk.
CREATE TRIGGER scan_journal_kept BEFORE DELETE ON scan_journal
WHEN EXISTS (SELECT 1 FROM page WHERE owner = OLD.owner)
BEGIN SELECT RAISE(ABORT, 'the scan journal is only appended to'); END;
CREATE TRIGGER scan_journal_end_kept BEFORE DELETE ON scan_journal_end
WHEN EXISTS (SELECT 1 FROM scan_journal WHERE seq = OLD.ended)
BEGIN SELECT RAISE(ABORT, 'the scan journal is only appended to'); END;
