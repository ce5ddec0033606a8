-- Every take ever made. `request` is the resolved request as JSON; `position` orders the takes
-- that were queued in the same instant. `tags` and `collections` repeat, one a line, what
-- `clip_label` says, to be searched and to be read at once. `category` is what `cat_id` stands for,
-- in words, to be searched. `edit` is JSON; empty if nothing is edited.
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
    hint            TEXT NOT NULL DEFAULT '',
    model           TEXT NOT NULL DEFAULT '',
    stars           INTEGER NOT NULL DEFAULT 0,
    verdict         TEXT NOT NULL DEFAULT '',
    notes           TEXT NOT NULL DEFAULT '',
    tags            TEXT NOT NULL DEFAULT '',
    collections     TEXT NOT NULL DEFAULT '',
    cat_id          TEXT NOT NULL DEFAULT '',
    category        TEXT NOT NULL DEFAULT '',
    edit            TEXT NOT NULL DEFAULT ''
);

-- Tags and collections that a take has. `key` is the name as it is compared.
CREATE TABLE label (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tags', 'collections')),
    key  TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, key)
);

CREATE TABLE clip_label (
    label INTEGER NOT NULL REFERENCES label (id),
    clip  INTEGER NOT NULL REFERENCES clip (position),
    PRIMARY KEY (label, clip)
) WITHOUT ROWID;

CREATE INDEX label_of_clip ON clip_label (clip, label);

-- One for each order of the list. Each holds all that filters look at: the table itself, with
-- its long rows, is read only for the page that is shown.
CREATE INDEX clip_newest ON clip (created_at DESC, position, verdict, stars, model, cat_id);
CREATE INDEX clip_oldest ON clip (created_at, position, verdict, stars, model, cat_id);
CREATE INDEX clip_stars ON clip (stars DESC, created_at DESC, position, verdict, model, cat_id);
CREATE INDEX clip_longest ON clip (
    seconds DESC, created_at DESC, position, verdict, stars, model, cat_id
);
CREATE INDEX clip_shortest ON clip (
    seconds IS NULL, seconds, created_at DESC, position, verdict, stars, model, cat_id
);
CREATE INDEX clip_prompt ON clip (
    prompt COLLATE NOCASE, created_at DESC, position, verdict, stars, model, cat_id
);

CREATE INDEX clip_model ON clip (model);
CREATE INDEX clip_cat_id ON clip (cat_id) WHERE cat_id <> '';
CREATE INDEX clip_unfinished ON clip (state)
WHERE state NOT IN ('finished', 'failed', 'cancelled', 'interrupted');

CREATE VIRTUAL TABLE clip_words USING fts5 (
    prompt, tags, notes, cat_id, category,
    content='clip', content_rowid='position', tokenize='unicode61 remove_diacritics 2',
    prefix='1 2'
);

CREATE TRIGGER clip_added AFTER INSERT ON clip BEGIN
    INSERT INTO clip_words (rowid, prompt, tags, notes, cat_id, category)
    VALUES (new.position, new.prompt, new.tags, new.notes, new.cat_id, new.category);
END;

CREATE TRIGGER clip_reworded AFTER UPDATE OF prompt, tags, notes, cat_id, category ON clip BEGIN
    INSERT INTO clip_words (clip_words, rowid, prompt, tags, notes, cat_id, category)
    VALUES (
        'delete', old.position, old.prompt, old.tags, old.notes, old.cat_id, old.category
    );
    INSERT INTO clip_words (rowid, prompt, tags, notes, cat_id, category)
    VALUES (new.position, new.prompt, new.tags, new.notes, new.cat_id, new.category);
END;

CREATE TRIGGER clip_removed AFTER DELETE ON clip BEGIN
    INSERT INTO clip_words (clip_words, rowid, prompt, tags, notes, cat_id, category)
    VALUES (
        'delete', old.position, old.prompt, old.tags, old.notes, old.cat_id, old.category
    );
    DELETE FROM clip_label WHERE clip = old.position;
END;

CREATE TRIGGER label_unused AFTER DELETE ON clip_label
WHEN NOT EXISTS (SELECT 1 FROM clip_label WHERE label = old.label) BEGIN
    DELETE FROM label WHERE id = old.label;
END;
