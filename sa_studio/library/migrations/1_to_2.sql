-- From version 1 to 2: what was decided about a take, and an index for each order of the list.
ALTER TABLE clip ADD COLUMN model       TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN stars       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clip ADD COLUMN verdict     TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN notes       TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN tags        TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN collections TEXT NOT NULL DEFAULT '';

UPDATE clip SET model = coalesce(json_extract(request, '$.model'), '') WHERE json_valid(request);

DROP TRIGGER clip_added;
DROP TRIGGER clip_removed;
DROP TABLE clip_words;
DROP INDEX clip_newest;

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

CREATE INDEX clip_newest ON clip (created_at DESC, position, verdict, stars, model);
CREATE INDEX clip_oldest ON clip (created_at, position, verdict, stars, model);
CREATE INDEX clip_stars ON clip (stars DESC, created_at DESC, position, verdict, model);
CREATE INDEX clip_longest ON clip (seconds DESC, created_at DESC, position, verdict, stars, model);
CREATE INDEX clip_shortest ON clip (
    seconds IS NULL, seconds, created_at DESC, position, verdict, stars, model
);
CREATE INDEX clip_prompt ON clip (
    prompt COLLATE NOCASE, created_at DESC, position, verdict, stars, model
);

CREATE INDEX clip_model ON clip (model);
CREATE INDEX clip_unfinished ON clip (state)
WHERE state NOT IN ('finished', 'failed', 'cancelled', 'interrupted');

CREATE VIRTUAL TABLE clip_words USING fts5 (
    prompt, tags, notes,
    content='clip', content_rowid='position', tokenize='unicode61 remove_diacritics 2',
    prefix='1 2'
);

INSERT INTO clip_words (clip_words) VALUES ('rebuild');

CREATE TRIGGER clip_added AFTER INSERT ON clip BEGIN
    INSERT INTO clip_words (rowid, prompt, tags, notes)
    VALUES (new.position, new.prompt, new.tags, new.notes);
END;

CREATE TRIGGER clip_reworded AFTER UPDATE OF prompt, tags, notes ON clip BEGIN
    INSERT INTO clip_words (clip_words, rowid, prompt, tags, notes)
    VALUES ('delete', old.position, old.prompt, old.tags, old.notes);
    INSERT INTO clip_words (rowid, prompt, tags, notes)
    VALUES (new.position, new.prompt, new.tags, new.notes);
END;

CREATE TRIGGER clip_removed AFTER DELETE ON clip BEGIN
    INSERT INTO clip_words (clip_words, rowid, prompt, tags, notes)
    VALUES ('delete', old.position, old.prompt, old.tags, old.notes);
    DELETE FROM clip_label WHERE clip = old.position;
END;

CREATE TRIGGER label_unused AFTER DELETE ON clip_label
WHEN NOT EXISTS (SELECT 1 FROM clip_label WHERE label = old.label) BEGIN
    DELETE FROM label WHERE id = old.label;
END;
