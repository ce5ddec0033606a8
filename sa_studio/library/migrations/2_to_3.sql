-- From version 2 to 3: the category of a take, found by filter and search, and its edit.
ALTER TABLE clip ADD COLUMN cat_id   TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN edit     TEXT NOT NULL DEFAULT '';

DROP TRIGGER clip_added;
DROP TRIGGER clip_reworded;
DROP TRIGGER clip_removed;
DROP TABLE clip_words;
DROP INDEX clip_newest;
DROP INDEX clip_oldest;
DROP INDEX clip_stars;
DROP INDEX clip_longest;
DROP INDEX clip_shortest;
DROP INDEX clip_prompt;

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

CREATE INDEX clip_cat_id ON clip (cat_id) WHERE cat_id <> '';

CREATE VIRTUAL TABLE clip_words USING fts5 (
    prompt, tags, notes, cat_id, category,
    content='clip', content_rowid='position', tokenize='unicode61 remove_diacritics 2',
    prefix='1 2'
);

INSERT INTO clip_words (clip_words) VALUES ('rebuild');

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
