-- Tables for the rows of `stances` and `entities`, the view of who stands how toward whom on which day, and how far the topics
-- were read. Filled by postgresql.sh, or by anything else that can insert. Safe to run again.
create table if not exists stances (
    article_id text not null,
    url text,
    published_at timestamptz,
    recorded_at timestamptz not null, -- the record's timestamp: that of the article as it came
    source text not null,
    source_type text not null, -- Author: the article itself
    source_wikidata text,
    target text not null,
    target_type text not null, -- Topic: a watched topic
    target_wikidata text,
    polarity text not null,
    score real not null, -- from -1, against, to 1, for
    confidence real not null,
    evidence text not null,
    primary key (article_id, source, source_type, target, target_type)
);
create index if not exists stances_by_pair on stances (source, target, published_at);
create index if not exists stances_by_target on stances (target, published_at);

create table if not exists entities (
    article_id text not null,
    url text,
    published_at timestamptz,
    recorded_at timestamptz not null,
    name text not null,
    type text not null,
    wikidata text,
    salience real not null,
    polarity text, -- how the text speaks of it; null: not asked of such an entity
    score real,
    mention_count integer not null,
    primary key (article_id, name, type)
);
create index if not exists entities_by_name on entities (name, published_at);

create table if not exists stanced_positions (
    topic text not null,
    part integer not null,
    next bigint not null, -- the first offset that is not in the tables
    primary key (topic, part)
);

-- The score of A toward B per day: the mean of the day's stances, each by its confidence.
create or replace view stance_by_day as
select (coalesce(published_at, recorded_at) at time zone 'UTC')::date as day, source, target,
    (sum(score * confidence) / sum(confidence))::real as score,
    count(*) as articles,
    count(*) filter (where polarity = 'for') as articles_for,
    count(*) filter (where polarity = 'against') as articles_against
from stances
where confidence > 0
group by 1, 2, 3;
