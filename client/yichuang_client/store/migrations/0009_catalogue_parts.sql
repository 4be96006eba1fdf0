-- Schema 9: a first sync goes on where the line was cut.

-- Parts of a packed catalogue that is on its way, without gaps from 0 on; all of one tag.
CREATE TABLE catalogue_part (start INTEGER PRIMARY KEY, tag TEXT NOT NULL, data BLOB NOT NULL) STRICT;
