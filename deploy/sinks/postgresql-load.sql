-- One batch of one partition, by postgresql.sh: lines of offset, timestamp and JSON come in, and rows and position are one
-- transaction. Whoever loads at the same time waits, and finds that these lines are behind the position.
\set ON_ERROR_STOP on
\set QUIET on
begin;
select pg_advisory_xact_lock(hashtext('stanced ' || :'topic'), :part) \g /dev/null
create temporary table arriving (at_offset bigint, at_ms bigint, value json) on commit drop;
\copy arriving from pstdin with (format csv, delimiter E'\t', quote E'\x01')
delete from arriving where at_offset < (select next from stanced_positions where topic = :'topic' and part = :part);

insert into stances
select distinct on (value->>'article_id', value->'source'->>'name', value->'source'->>'type', value->'target'->>'name', value->'target'->>'type')
    value->>'article_id', value->>'url', (value->>'published_at')::timestamptz, to_timestamp(at_ms / 1000.0),
    value->'source'->>'name', value->'source'->>'type', value->'source'->>'wikidata',
    value->'target'->>'name', value->'target'->>'type', value->'target'->>'wikidata',
    value->>'polarity', (value->>'score')::real, (value->>'confidence')::real, value->>'evidence'
from arriving
where value->>'schema' = 'stanced.stance/1'
order by value->>'article_id', value->'source'->>'name', value->'source'->>'type', value->'target'->>'name', value->'target'->>'type', at_offset desc
on conflict (article_id, source, source_type, target, target_type) do update
set url = excluded.url, published_at = excluded.published_at, recorded_at = excluded.recorded_at, source_wikidata = excluded.source_wikidata,
    target_wikidata = excluded.target_wikidata, polarity = excluded.polarity, score = excluded.score, confidence = excluded.confidence,
    evidence = excluded.evidence;

insert into entities
select distinct on (value->>'article_id', value->>'name', value->>'type')
    value->>'article_id', value->>'url', (value->>'published_at')::timestamptz, to_timestamp(at_ms / 1000.0),
    value->>'name', value->>'type', value->>'wikidata', (value->>'salience')::real,
    value->'portrayal'->>'polarity', (value->'portrayal'->>'score')::real, (value->>'mention_count')::integer
from arriving
where value->>'schema' = 'stanced.entity/1'
order by value->>'article_id', value->>'name', value->>'type', at_offset desc
on conflict (article_id, name, type) do update
set url = excluded.url, published_at = excluded.published_at, recorded_at = excluded.recorded_at, wikidata = excluded.wikidata,
    salience = excluded.salience, polarity = excluded.polarity, score = excluded.score, mention_count = excluded.mention_count;

insert into stanced_positions
select :'topic', :part, max(at_offset) + 1 from arriving having count(*) > 0
on conflict (topic, part) do update set next = excluded.next;
commit;
