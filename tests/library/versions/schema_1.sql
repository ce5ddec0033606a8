-- Every take ever made. `request` is the resolved request as JSON; `position` orders the takes
-- that were queued in the same instant.
CREATE TABLE clip (
    position        INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT NOT NULL UNIQUE,
    job_id          TEXT NOT NULL,
    take            INTEGER NOT NULL,
    prompt          TEXT NOT NULL,
    request         TEXT NOT NULL,
    state           TEXT NOT NULL,
    created_at      REAL NOT NULL,
    path            TEXT,
    seconds         REAL,
    sample_rate     INTEGER,
    channels        INTEGER,
    elapsed_seconds REAL,
    thumbnail       BLOB NOT NULL DEFAULT x'',
    error           TEXT NOT NULL DEFAULT '',
    hint            TEXT NOT NULL DEFAULT ''
);

CREATE INDEX clip_newest ON clip (created_at DESC, position);

CREATE VIRTUAL TABLE clip_words USING fts5 (
    prompt, content='clip', content_rowid='position', tokenize='unicode61 remove_diacritics 2'
);

CREATE TRIGGER clip_added AFTER INSERT ON clip BEGIN
    INSERT INTO clip_words (rowid, prompt) VALUES (new.position, new.prompt);
END;

CREATE TRIGGER clip_removed AFTER DELETE ON clip BEGIN
    INSERT INTO clip_words (clip_words, rowid, prompt)
    VALUES ('delete', old.position, old.prompt);
END;
