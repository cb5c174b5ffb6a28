-- Flink SQL, printed by omashu flink-sql. An empty line ends each statement.
-- Times are those in UTC where nothing else is said, and the minutes of windows follow this zone.
SET 'table.local-time-zone' = 'UTC';

CREATE TABLE `download-request` (
  `key` STRING,
  `omashuId` STRING NOT NULL,
  `source` ROW<`url` STRING NOT NULL, `sha256` STRING> NOT NULL,
  `fileName` STRING NOT NULL,
  `requestedAt` TIMESTAMP(3) NOT NULL,
  `kafka_timestamp` TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR `kafka_timestamp` AS `kafka_timestamp` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'download-request',
  'properties.bootstrap.servers' = '127.0.0.1:9092',
  'properties.group.id' = 'flink-download-request',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '10 s',
  'key.format' = 'raw',
  'key.fields' = 'key',
  'value.fields-include' = 'EXCEPT_KEY',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://127.0.0.1:8081',
  'value.avro-confluent.schema' = '{"type":"record","name":"DownloadRequest","namespace":"downloads","fields":[{"name":"omashuId","type":"string"},{"name":"source","type":{"type":"record","name":"DownloadSource","namespace":"downloads","fields":[{"name":"url","type":"string"},{"name":"sha256","type":["null","string"],"default":null}]}},{"name":"fileName","type":"string"},{"name":"requestedAt","type":{"type":"long","logicalType":"timestamp-millis"}}]}'
);

-- Records by the minute. A minute is told once a record comes that is later by five seconds.
CREATE VIEW `download-request_per_minute` AS
SELECT `window_start`, `window_end`, COUNT(*) AS `records`
FROM TABLE(TUMBLE(TABLE `download-request`, DESCRIPTOR(`kafka_timestamp`), INTERVAL '1' MINUTE))
GROUP BY `window_start`, `window_end`;

CREATE TABLE `download-request_per_minute_postgres` (
  `minute` STRING NOT NULL,
  `records` BIGINT NOT NULL,
  PRIMARY KEY (`minute`) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://127.0.0.1:5432/downloads?user=flink&stringtype=unspecified',
  'table-name' = '"download-request_per_minute"'
);

CREATE TABLE `status-download` (
  `omashuId` STRING NOT NULL,
  `status` STRING NOT NULL,
  `bytesSoFar` BIGINT NOT NULL,
  `bytesTotal` BIGINT,
  `reason` STRING,
  `attempt` INT NOT NULL,
  `requestedAt` TIMESTAMP(3) NOT NULL,
  `updatedAt` TIMESTAMP(3) NOT NULL,
  `source` ROW<`url` STRING NOT NULL, `sha256` STRING> NOT NULL,
  `kafka_partition` INT NOT NULL METADATA FROM 'partition' VIRTUAL,
  `kafka_offset` BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL,
  `kafka_timestamp` TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL,
  PRIMARY KEY (`omashuId`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'status-download',
  'properties.bootstrap.servers' = '127.0.0.1:9092',
  'properties.group.id' = 'flink-status-download',
  'key.format' = 'avro-confluent',
  'key.avro-confluent.url' = 'http://127.0.0.1:8081',
  'key.avro-confluent.schema' = '{"type":"record","name":"DownloadKey","namespace":"downloads","fields":[{"name":"omashuId","type":"string"}]}',
  'value.fields-include' = 'ALL',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://127.0.0.1:8081',
  'value.avro-confluent.schema' = '{"type":"record","name":"DownloadStatus","namespace":"downloads","fields":[{"name":"omashuId","type":"string"},{"name":"status","type":{"type":"enum","name":"Status","namespace":"downloads","symbols":["QUEUED","RUNNING","COMPLETED","FAILED","CANCELLED"]}},{"name":"bytesSoFar","type":"long","default":0},{"name":"bytesTotal","type":["null","long"],"default":null},{"name":"reason","type":["null","string"],"default":null},{"name":"attempt","type":"int","default":1},{"name":"requestedAt","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"updatedAt","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"source","type":{"type":"record","name":"DownloadSource","namespace":"downloads","fields":[{"name":"url","type":"string"},{"name":"sha256","type":["null","string"],"default":null}]}}]}'
);

-- Every record that status-download is made of, tombstones left out.
CREATE TABLE `status-download_log` (
  `omashuId` STRING NOT NULL,
  `status` STRING NOT NULL,
  `bytesSoFar` BIGINT NOT NULL,
  `bytesTotal` BIGINT,
  `reason` STRING,
  `attempt` INT NOT NULL,
  `requestedAt` TIMESTAMP(3) NOT NULL,
  `updatedAt` TIMESTAMP(3) NOT NULL,
  `source` ROW<`url` STRING NOT NULL, `sha256` STRING> NOT NULL,
  `kafka_timestamp` TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR `kafka_timestamp` AS `kafka_timestamp` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'status-download',
  'properties.bootstrap.servers' = '127.0.0.1:9092',
  'properties.group.id' = 'flink-status-download_log',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '10 s',
  'format' = 'avro-confluent',
  'avro-confluent.url' = 'http://127.0.0.1:8081',
  'avro-confluent.schema' = '{"type":"record","name":"DownloadStatus","namespace":"downloads","fields":[{"name":"omashuId","type":"string"},{"name":"status","type":{"type":"enum","name":"Status","namespace":"downloads","symbols":["QUEUED","RUNNING","COMPLETED","FAILED","CANCELLED"]}},{"name":"bytesSoFar","type":"long","default":0},{"name":"bytesTotal","type":["null","long"],"default":null},{"name":"reason","type":["null","string"],"default":null},{"name":"attempt","type":"int","default":1},{"name":"requestedAt","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"updatedAt","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"source","type":{"type":"record","name":"DownloadSource","namespace":"downloads","fields":[{"name":"url","type":"string"},{"name":"sha256","type":["null","string"],"default":null}]}}]}'
);

-- How many rows are in each state now.
CREATE VIEW `status-download_by_status` AS
SELECT `status`, COUNT(*) AS `count`
FROM `status-download`
GROUP BY `status`;

-- Records by the minute. A minute is told once a record comes that is later by five seconds.
CREATE VIEW `status-download_per_minute` AS
SELECT `window_start`, `window_end`, COUNT(*) AS `records`
FROM TABLE(TUMBLE(TABLE `status-download_log`, DESCRIPTOR(`kafka_timestamp`), INTERVAL '1' MINUTE))
GROUP BY `window_start`, `window_end`;

CREATE TABLE `status-download_postgres` (
  `omashuid` STRING NOT NULL,
  `status` STRING,
  `bytessofar` BIGINT,
  `bytestotal` BIGINT,
  `reason` STRING,
  `attempt` INT,
  `requestedat` STRING,
  `updatedat` STRING,
  `source` STRING,
  `kafka_partition` INT,
  `kafka_offset` BIGINT,
  `kafka_timestamp` STRING,
  PRIMARY KEY (`omashuid`) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://127.0.0.1:5432/downloads?user=flink&stringtype=unspecified',
  'table-name' = '"status-download_flink"'
);

CREATE TABLE `status-download_by_status_postgres` (
  `state` STRING NOT NULL,
  `count` BIGINT NOT NULL,
  PRIMARY KEY (`state`) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://127.0.0.1:5432/downloads?user=flink&stringtype=unspecified',
  'table-name' = '"status-download_by_status"'
);

CREATE TABLE `status-download_per_minute_postgres` (
  `minute` STRING NOT NULL,
  `records` BIGINT NOT NULL,
  PRIMARY KEY (`minute`) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://127.0.0.1:5432/downloads?user=flink&stringtype=unspecified',
  'table-name' = '"status-download_per_minute"'
);

EXECUTE STATEMENT SET
BEGIN
INSERT INTO `download-request_per_minute_postgres`
SELECT CAST(`window_start` AS STRING) || '+00',
  `records`
FROM `download-request_per_minute`;
INSERT INTO `status-download_postgres`
SELECT `omashuId`,
  `status`,
  `bytesSoFar`,
  `bytesTotal`,
  `reason`,
  `attempt`,
  CAST(`requestedAt` AS STRING) || '+00',
  CAST(`updatedAt` AS STRING) || '+00',
  JSON_QUERY(JSON_OBJECT(KEY 'v' VALUE `source`), '$.v'),
  `kafka_partition`,
  `kafka_offset`,
  CAST(`kafka_timestamp` AS STRING) || '+00'
FROM `status-download`;
INSERT INTO `status-download_by_status_postgres`
SELECT `status`,
  `count`
FROM `status-download_by_status`;
INSERT INTO `status-download_per_minute_postgres`
SELECT CAST(`window_start` AS STRING) || '+00',
  `records`
FROM `status-download_per_minute`;
END;

