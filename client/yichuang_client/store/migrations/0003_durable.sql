-- Schema 3: from which position of the log on a backup of the district holds a page that was sent.

-- NULL: sent, no exchange has ended since; -1: one was on its way; else the log's head some time after it was sent.
ALTER TABLE page ADD COLUMN sent_index INTEGER;
CREATE INDEX page_unplaced ON page (owner) WHERE is_own AND is_sent AND (sent_index IS NULL OR sent_index < 0);
