-- Schema 6: which cases were handed in together.
ALTER TABLE case_row ADD COLUMN matter TEXT;
ALTER TABLE case_row ADD COLUMN matter_number TEXT NOT NULL DEFAULT '';
ALTER TABLE case_row ADD COLUMN matter_name TEXT NOT NULL DEFAULT '';
ALTER TABLE case_row ADD COLUMN matter_ordinal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN matter_size INTEGER NOT NULL DEFAULT 0;
CREATE INDEX case_row_matter ON case_row (matter);
