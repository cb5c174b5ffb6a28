#include "flink/flink_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/files.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::flink {
namespace {

using provision::ProvisionFixture;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kValue =
    R"({"type":"record","name":"T","fields":[{"name":"id","type":"string"},{"name":"n","type":"int"}]})";

Script script_of(const ProvisionFixture& fixture, ScriptOptions options = {}) {
  options.source.bootstrap_servers = "kafka:9092";
  options.source.registry_url = "http://registry:8081";
  return flink_script(fixture.desired(), options).value();
}

// Of one compacted topic with this key schema.
std::string with_key(const std::string& key, const std::string& value = kValue) {
  return script_of({.files = {{"f", "t 1 1 t.avsc true compact true\n"}, {"t.avsc", value}, {"t-key.avsc", key}}}).text;
}

TEST(FlinkScript, IsTheOneOfTheExample) {
  const std::string folder = OMASHU_SOURCE_DIR "/examples/";
  const auto loaded = provision::load_desired({.file = folder + "downloads/topics_and_schemas.txt", .schemas_dir = ""},
                                              provision::read_file);
  ASSERT_TRUE(loaded && loaded->mistakes.empty());
  const ScriptOptions options{
      .source = {.bootstrap_servers = "127.0.0.1:9092", .registry_url = "http://127.0.0.1:8081"},
      .jdbc = JdbcOptions{.url = "jdbc:postgresql://127.0.0.1:5432/downloads?user=flink"}};
  const auto script = flink_script(loaded->desired, options);
  EXPECT_EQ(script->text, provision::read_file(folder + "flink/downloads.sql").value());
  EXPECT_EQ(script->postgres, provision::read_file(folder + "flink/postgres.sql").value());
  EXPECT_THAT(script->warnings, IsEmpty());
}

TEST(FlinkScript, ACompactedTopicIsAnUpsertTableAndItsLog) {
  const Script script = script_of({.files = {{"f", "t 1 1 t.avsc false compact,delete true\n"}, {"t.avsc", kValue}}});
  EXPECT_THAT(
      script.text,
      AllOf(HasSubstr("CREATE TABLE `t` (\n  `key` STRING NOT NULL,\n  `id` STRING NOT NULL,"),
            HasSubstr("PRIMARY KEY (`key`) NOT ENFORCED\n) WITH (\n  'connector' = 'upsert-kafka',"),
            HasSubstr("CREATE TABLE `t_log` (\n  `key` STRING,\n"), HasSubstr("CREATE VIEW `t_per_minute` AS")));
  EXPECT_THAT(script.text, Not(HasSubstr("`t_by_")));
  EXPECT_THAT(script.warnings, IsEmpty());
}

TEST(FlinkScript, ATopicOfEventsIsItsLogAlone) {
  const Script script = script_of({.files = {{"f", "t 1 1 t.avsc false delete true\n"}, {"t.avsc", kValue}}});
  EXPECT_THAT(script.text, AllOf(HasSubstr("CREATE TABLE `t` ("), HasSubstr("'connector' = 'kafka'"),
                                 HasSubstr("'value.format' = 'avro-confluent'"), HasSubstr("'key.format' = 'raw'"),
                                 Not(HasSubstr("upsert-kafka")), Not(HasSubstr("PRIMARY KEY"))));
}

TEST(FlinkScript, TheConnectorOfEventsHasNoPrefixWhereItReadsNoKey) {
  const Script script = script_of(
      {.files = {{"f", "t 1 1 t.avsc true delete true\n"}, {"t.avsc", kValue}, {"t-key.avsc", "\"string\""}}});
  EXPECT_THAT(script.text, AllOf(HasSubstr("  'format' = 'avro-confluent',"), Not(HasSubstr("key.format")),
                                 HasSubstr("-- The key is not read: Flink would pass over records without one.")));
}

TEST(FlinkScript, FieldsOfAKeyThatTheValueHasAreReadOnce) {
  EXPECT_THAT(
      with_key(R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})"),
      AllOf(HasSubstr("'value.fields-include' = 'ALL'"), HasSubstr("CREATE TABLE `t` (\n  `id` STRING NOT NULL,"),
            HasSubstr("PRIMARY KEY (`id`)"), Not(HasSubstr("key.fields-prefix"))));
}

TEST(FlinkScript, FieldsOfAKeyThatTheValueLacksAreColumnsOfTheirOwn) {
  EXPECT_THAT(with_key(R"({"type":"record","name":"K","fields":[{"name":"tenant","type":"string"}]})"),
              AllOf(HasSubstr("'value.fields-include' = 'EXCEPT_KEY'"), HasSubstr("PRIMARY KEY (`tenant`)"),
                    HasSubstr("CREATE TABLE `t` (\n  `tenant` STRING NOT NULL,\n  `id` STRING NOT NULL,")));
}

TEST(FlinkScript, FieldsOfAKeyThatTheValueHasOtherwiseTakeAPrefix) {
  EXPECT_THAT(with_key(R"({"type":"record","name":"K","fields":[{"name":"id","type":"long"}]})"),
              AllOf(HasSubstr("'key.fields-prefix' = 'key_'"), HasSubstr("PRIMARY KEY (`key_id`)"),
                    HasSubstr("CREATE TABLE `t` (\n  `key_id` BIGINT NOT NULL,\n  `id` STRING NOT NULL,")));
}

TEST(FlinkScript, AKeyThatIsNoRecordIsReadAsBytesAndATextTakenOutOfTheFraming) {
  EXPECT_THAT(with_key("\"string\""),
              AllOf(HasSubstr("'key.raw.charset' = 'ISO-8859-1'"), HasSubstr("PRIMARY KEY (`key_bytes`)"),
                    HasSubstr("  `key` AS DECODE(ENCODE(SUBSTRING(`key_bytes` FROM CASE WHEN")));
  EXPECT_THAT(with_key("\"long\""), AllOf(HasSubstr("PRIMARY KEY (`key_bytes`)"), Not(HasSubstr("`key` AS"))));
  EXPECT_THAT(with_key(R"({"type":"record","name":"K","fields":[{"name":"id","type":["null","string"]}]})"),
              AllOf(HasSubstr("PRIMARY KEY (`key_bytes`)"),
                    HasSubstr("K is no primary key, since its field id can be null or is no single value")));
  EXPECT_THAT(
      with_key(
          R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"},{"name":"u","type":["int","string"]}]})"),
      HasSubstr("since not all of its fields can be read"));
}

TEST(FlinkScript, InstantsFinerThanMillisecondsHaveAColumnThatIsATime) {
  EXPECT_THAT(
      with_key(
          "\"string\"",
          R"({"type":"record","name":"T","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"at_time","type":"int"}]})"),
      AllOf(HasSubstr("  `at` BIGINT NOT NULL,"),
            HasSubstr("  `at_time_` AS TO_TIMESTAMP_LTZ((`at` - MOD(MOD(`at`, 1000) + 1000, 1000)) / 1000, 3),")));
}

TEST(FlinkScript, RowsAreCountedByTheStateOfTheBoardOrElseByTheFirstEnum) {
  const std::string value =
      R"({"type":"record","name":"T","fields":[{"name":"id","type":"string"},{"name":"kind","type":["null",)"
      R"({"type":"enum","name":"Kind","symbols":["A"]}]},{"name":"state","type":{"type":"enum","name":"State","symbols":["B"]}}]})";
  EXPECT_THAT(with_key("\"string\"", value),
              HasSubstr("CREATE VIEW `t_by_kind` AS\nSELECT `kind`, COUNT(*) AS `count`\n"
                        "FROM `t`\nGROUP BY `kind`;\n"));
  const Script script =
      script_of({.files = {{"f", "t 1 1 t.avsc false compact true board=state\n"}, {"t.avsc", value}}});
  EXPECT_THAT(script.text, AllOf(HasSubstr("CREATE VIEW `t_by_state` AS"), Not(HasSubstr("t_by_kind"))));
}

TEST(FlinkScript, ThroughputIsByTheTimeOfRecordsOrByAField) {
  const ProvisionFixture fixture{
      .files = {
          {"f", "t 1 1 t.avsc false delete true\ns 1 1 s.avsc false delete true\nu 1 1 u.avsc false delete true\n"},
          {"t.avsc",
           R"({"type":"record","name":"T","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]})"},
          {"s.avsc",
           R"({"type":"record","name":"S","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}}]})"},
          {"u.avsc", R"({"type":"record","name":"U","fields":[{"name":"at","type":["null","string"]}]})"}}};
  EXPECT_THAT(script_of(fixture).text,
              HasSubstr("WATERMARK FOR `kafka_timestamp` AS `kafka_timestamp` - INTERVAL '5' SECOND"));
  const std::string by_field = script_of(fixture, {.source = {.event_time = "at"}}).text;
  EXPECT_THAT(by_field, AllOf(HasSubstr("WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND"),
                              HasSubstr("WATERMARK FOR `at_time` AS `at_time` - INTERVAL '5' SECOND"),
                              HasSubstr("-- at is no timestamp that is always there: the time of the records counts."),
                              HasSubstr("TABLE(TUMBLE(TABLE `t`, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))")));
}

TEST(FlinkScript, NamesAreQuotedAndNoTwoAreAlike) {
  const Script script =
      script_of({.files = {{"f", "t 1 1 t.avsc false compact true\nt_log 1 1 t.avsc false delete true\n"},
                           {"t.avsc", R"({"type":"record","name":"T","fields":[{"name":"key","type":"string"},)"
                                      R"({"name":"kafka_offset","type":"string","default":"it's"}]})"}}});
  EXPECT_THAT(script.text,
              AllOf(HasSubstr("CREATE TABLE `t_log_` ("), HasSubstr("CREATE TABLE `t_log` ("),
                    HasSubstr("PRIMARY KEY (`key_`)"), HasSubstr("  `kafka_offset_` BIGINT NOT NULL METADATA"),
                    HasSubstr(R"("default":"it''s")")));
}

TEST(FlinkScript, AValueWithoutASchemaIsText) {
  const Script script = script_of({.files = {{"f", "t 1 1 - false compact true\n"}}});
  EXPECT_THAT(script.text, AllOf(HasSubstr("  `value` STRING,\n"), HasSubstr("'value.format' = 'raw'")));
}

TEST(FlinkScript, ATopicThatFlinkCannotReadIsACommentAndAWarning) {
  const Script script =
      script_of({.files = {{"f", "t 1 1 t.avsc false delete true\ns 1 1 s.avsc false delete true\n"},
                           {"t.avsc", "\"string\""},
                           {"s.avsc", R"({"type":"record","name":"S","fields":[{"name":"x","type":"Elsewhere"}]})"}}});
  EXPECT_THAT(script.warnings,
              ElementsAre("there is no table of t: its schema is string, and Flink makes rows of records alone",
                          "there is no table of s: s.avsc uses types that none of the files defines"));
  EXPECT_THAT(script.text,
              AllOf(HasSubstr("-- There is no table of t: its schema is string"), Not(HasSubstr("CREATE"))));
}

TEST(FlinkScript, FieldsThatAreLeftOutAreWarnedOf) {
  const Script script =
      script_of({.files = {{"f", "t 1 1 t.avsc false compact true\n"},
                           {"t.avsc", R"({"type":"record","name":"T","fields":[{"name":"id","type":"string"},)"
                                      R"({"name":"u","type":["int","string"]}]})"}}});
  EXPECT_THAT(script.warnings, ElementsAre("t: u is left out: the union [int, string] has no SQL type"));
  EXPECT_THAT(script.text, HasSubstr("-- u is left out: the union [int, string] has no SQL type.\nCREATE TABLE `t` ("));
}

TEST(FlinkScript, OneTopicAlone) {
  const ProvisionFixture fixture{
      .files = {{"f", "t 1 1 t.avsc false delete true\nother 1 1 t.avsc false delete true\n"}, {"t.avsc", kValue}}};
  EXPECT_THAT(script_of(fixture, {.topics = {"other"}}).text, AllOf(HasSubstr("`other`"), Not(HasSubstr("`t`"))));
  const auto unknown = flink_script(fixture.desired(), {.topics = {"othr"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "f makes no topic 'othr': did you mean other?");
}

// Whoever runs the script without Flink's own client splits it there.
TEST(FlinkScript, AnEmptyLineEndsEachStatementAndStandsNowhereElse) {
  const std::string text = with_key("\"string\"");
  size_t statements = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find("\n\n", start);
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(text[end - 1], ';') << text.substr(start, end - start);
    start = end + 2;
    ++statements;
  }
  EXPECT_EQ(statements, 4u);
}

}  // namespace
}  // namespace omashu::flink
