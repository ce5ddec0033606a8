-- From version 3 to 4: prompts are put in order without regard to case in every alphabet.
DROP INDEX clip_prompt;
CREATE INDEX clip_prompt ON clip (
    prompt COLLATE CASEFOLD, created_at DESC, position, verdict, stars, model, cat_id
);
