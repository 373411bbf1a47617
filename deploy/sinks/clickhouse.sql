-- Tables for the rows of `stances` and `entities` in ClickHouse, read from Kafka by its own engine, and the view of who stands how toward
-- whom on which day. Set brokers and topics below; then clickhouse-client --multiquery <clickhouse.sql. Safe to run again.
--
-- The engine reads what is committed (isolation.level is read_committed in librdkafka) and may, after a crash of ClickHouse, insert rows
-- again: the newest row of a key stands, by the offset it came with. So ask with FINAL, as the view does. The values are JSON without the frame
-- of a schema registry (`schema_registry_for: input`). What cannot be read stands in stanced_refused.

create table if not exists stances (
    article_id String,
    url String,
    published_at Nullable(DateTime64(0, 'UTC')),
    recorded_at DateTime64(3, 'UTC'), -- the record's timestamp: that of the article as it came
    source String,
    source_type LowCardinality(String), -- Author: the article itself
    source_wikidata String,
    target String,
    target_type LowCardinality(String), -- Topic: a watched topic
    target_wikidata String,
    polarity LowCardinality(String),
    score Float32, -- from -1, against, to 1, for
    confidence Float32,
    evidence String,
    at_offset UInt64
) engine = ReplacingMergeTree(at_offset)
partition by toYYYYMM(ifNull(published_at, recorded_at))
order by (source, target, article_id, source_type, target_type);

create table if not exists entities (
    article_id String,
    url String,
    published_at Nullable(DateTime64(0, 'UTC')),
    recorded_at DateTime64(3, 'UTC'),
    name String,
    type LowCardinality(String),
    wikidata String,
    salience Float32,
    polarity LowCardinality(String), -- how the text speaks of it; empty: not asked of such an entity
    score Nullable(Float32),
    mention_count UInt32,
    at_offset UInt64
) engine = ReplacingMergeTree(at_offset)
partition by toYYYYMM(ifNull(published_at, recorded_at))
order by (name, article_id, type);

create table if not exists stanced_refused (
    topic LowCardinality(String),
    part Int32,
    at_offset UInt64,
    value String,
    error String
) engine = MergeTree
order by (topic, part, at_offset);

create table if not exists stances_in (line String) engine = Kafka
settings kafka_broker_list = 'kafka1:9092', kafka_topic_list = 'stances', kafka_group_name = 'clickhouse-stances', kafka_format = 'JSONAsString',
    kafka_handle_error_mode = 'stream';

create table if not exists entities_in (line String) engine = Kafka
settings kafka_broker_list = 'kafka1:9092', kafka_topic_list = 'entities', kafka_group_name = 'clickhouse-entities', kafka_format = 'JSONAsString',
    kafka_handle_error_mode = 'stream';

create materialized view if not exists stances_from_kafka to stances as
select JSONExtractString(line, 'article_id') as article_id,
    JSONExtractString(line, 'url') as url,
    parseDateTime64BestEffortOrNull(JSONExtractString(line, 'published_at'), 0, 'UTC') as published_at,
    ifNull(_timestamp_ms, now64(3)) as recorded_at,
    JSONExtractString(line, 'source', 'name') as source,
    JSONExtractString(line, 'source', 'type') as source_type,
    JSONExtractString(line, 'source', 'wikidata') as source_wikidata,
    JSONExtractString(line, 'target', 'name') as target,
    JSONExtractString(line, 'target', 'type') as target_type,
    JSONExtractString(line, 'target', 'wikidata') as target_wikidata,
    JSONExtractString(line, 'polarity') as polarity,
    toFloat32(JSONExtractFloat(line, 'score')) as score,
    toFloat32(JSONExtractFloat(line, 'confidence')) as confidence,
    JSONExtractString(line, 'evidence') as evidence,
    _offset as at_offset
from stances_in
where _error = '' and JSONExtractString(line, 'schema') = 'stanced.stance/1';

create materialized view if not exists entities_from_kafka to entities as
select JSONExtractString(line, 'article_id') as article_id,
    JSONExtractString(line, 'url') as url,
    parseDateTime64BestEffortOrNull(JSONExtractString(line, 'published_at'), 0, 'UTC') as published_at,
    ifNull(_timestamp_ms, now64(3)) as recorded_at,
    JSONExtractString(line, 'name') as name,
    JSONExtractString(line, 'type') as type,
    JSONExtractString(line, 'wikidata') as wikidata,
    toFloat32(JSONExtractFloat(line, 'salience')) as salience,
    JSONExtractString(line, 'portrayal', 'polarity') as polarity,
    if(JSONHas(line, 'portrayal'), toFloat32(JSONExtractFloat(line, 'portrayal', 'score')), null) as score,
    toUInt32(JSONExtractUInt(line, 'mention_count')) as mention_count,
    _offset as at_offset
from entities_in
where _error = '' and JSONExtractString(line, 'schema') = 'stanced.entity/1';

create materialized view if not exists stances_refused to stanced_refused as
select _topic as topic, toInt32(_partition) as part, _offset as at_offset, if(_error = '', line, _raw_message) as value,
    if(_error = '', 'not stanced.stance/1', _error) as error
from stances_in
where _error != '' or JSONExtractString(line, 'schema') != 'stanced.stance/1';

create materialized view if not exists entities_refused to stanced_refused as
select _topic as topic, toInt32(_partition) as part, _offset as at_offset, if(_error = '', line, _raw_message) as value,
    if(_error = '', 'not stanced.entity/1', _error) as error
from entities_in
where _error != '' or JSONExtractString(line, 'schema') != 'stanced.entity/1';

-- The score of A toward B per day: the mean of the day's stances, each by its confidence.
create view if not exists stance_by_day as
select toDate32(ifNull(published_at, recorded_at), 'UTC') as day, source, target,
    sum(score * confidence) / sum(confidence) as score,
    count() as articles,
    countIf(polarity = 'for') as articles_for,
    countIf(polarity = 'against') as articles_against
from stances final
where confidence > 0
group by day, source, target;
