-- Schema 2: lists show a body by its own name, and say by when a deferred material is due.
ALTER TABLE case_row ADD COLUMN applicant_kind TEXT NOT NULL DEFAULT 'PERSON';
ALTER TABLE case_row ADD COLUMN deferred_due_on TEXT;
