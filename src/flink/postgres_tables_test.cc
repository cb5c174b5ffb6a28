#include "flink/postgres_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flink/flink_script.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::flink {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kUrl = "jdbc:postgresql://db/app?user=flink";

Script script_of(const std::string& fields, const std::string& url = kUrl, const std::string& key = R"("string")") {
  const provision::ProvisionFixture fixture{
      .files = {{"f", "t 1 1 t.avsc true compact true\n"},
                {"t.avsc", R"({"type":"record","name":"T","fields":[)" + fields + "]}"},
                {"t-key.avsc", key}}};
  return flink_script(fixture.desired(), {.jdbc = JdbcOptions{.url = url}}).value();
}

std::string field(const std::string& name, const std::string& type) {
  return R"({"name":")" + name + R"(","type":)" + type + "}";
}

TEST(PostgresTables, NamesAreThoseOfTheTableBehindAViewWithoutQuotes) {
  const Script script = script_of(field("User", R"("string")") + "," + field("omashuId", R"("string")") + "," +
                                  field("omashuid", R"("string")"));
  EXPECT_THAT(script.postgres,
              AllOf(HasSubstr(R"(CREATE TABLE IF NOT EXISTS "t" ("key" text NOT NULL, "User" text NOT NULL,)"),
                    HasSubstr(R"(CREATE OR REPLACE VIEW "t_flink" AS SELECT "key" AS key, "User" AS user_, )"
                              R"("omashuId" AS omashuid, "omashuid" AS omashuid_, "kafka_partition")")));
  EXPECT_THAT(script.text, AllOf(HasSubstr("CREATE TABLE `t_postgres` (\n  `key` STRING NOT NULL,\n  `user_` STRING,"),
                                 HasSubstr(R"('table-name' = '"t_flink"')"),
                                 HasSubstr("INSERT INTO `t_postgres`\nSELECT `key`,\n  `User`,\n  `omashuId`,")));
}

TEST(PostgresTables, TimesAreTextThatSaysTheirZone) {
  const std::string text = script_of(field("a", R"({"type":"long","logicalType":"timestamp-millis"})") + "," +
                                     field("b", R"({"type":"long","logicalType":"local-timestamp-millis"})") + "," +
                                     field("c", R"({"type":"long","logicalType":"timestamp-micros"})") + "," +
                                     field("d", R"({"type":"int","logicalType":"date"})") + "," +
                                     field("e", R"({"type":"int","logicalType":"time-millis"})"))
                               .text;
  EXPECT_THAT(text,
              AllOf(HasSubstr("  CAST(`a` AS STRING) || '+00',\n  CAST(`b` AS STRING),\n"),
                    HasSubstr("  CAST(TIMESTAMPADD(SECOND, (`c` - MOD(MOD(`c`, 1000000) + 1000000, 1000000)) / "
                              "1000000, TIMESTAMP '1970-01-01 00:00:00') AS STRING) || '.' || "
                              "LPAD(CAST(MOD(MOD(`c`, 1000000) + 1000000, 1000000) AS STRING), 6, '0') || '+00',"),
                    HasSubstr("  CAST(`d` AS STRING),\n"), HasSubstr("(CAST(`e` AS BIGINT) * 1000)"),
                    HasSubstr("stringtype=unspecified")));
}

TEST(PostgresTables, WhatFlinkCannotWriteAsOmashuDoesIsLeftOutOfTheTable) {
  const Script script = script_of(
      field("tags", R"({"type":"array","items":"string"})") + "," +
      field("wait", R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})") + "," +
      field("big", R"({"type":"bytes","logicalType":"big-decimal"})") + "," +
      field("f", R"({"type":"record","name":"F","fields":[{"name":"x","type":"float"}]})") + "," +
      field("ok", R"({"type":"map","values":{"type":"record","name":"G","fields":[{"name":"x","type":"long"}]}})"));
  EXPECT_THAT(script.warnings, ElementsAre("t in PostgreSQL: tags is left out: Flink cannot write it as text[]",
                                           "t in PostgreSQL: wait is left out: Flink cannot write it as interval",
                                           "t in PostgreSQL: big is left out: Flink cannot write it as numeric",
                                           "t in PostgreSQL: f is left out: Flink cannot write it as jsonb"));
  EXPECT_THAT(script.postgres, HasSubstr(R"(CREATE TABLE IF NOT EXISTS "t" ("key" text NOT NULL, "ok" jsonb NOT NULL, )"
                                         R"("kafka_partition" integer NOT NULL)"));
  EXPECT_THAT(script.text, HasSubstr("  JSON_QUERY(JSON_OBJECT(KEY 'v' VALUE `ok`), '$.v'),\n"));
}

TEST(PostgresTables, AKeyThatFlinkCannotReadHasNoRows) {
  const Script script = script_of(field("id", R"("int")"), kUrl, R"("long")");
  EXPECT_THAT(script.warnings, ElementsAre("there is no table of t in PostgreSQL: Flink cannot read the key's fields"));
  EXPECT_THAT(script.text,
              AllOf(HasSubstr("-- There is no table of t in PostgreSQL: "), Not(HasSubstr("`t_postgres`"))));
}

TEST(PostgresTables, AKeyThatTheValueHasOtherwiseTakesAPrefixInBoth) {
  const Script script = script_of(field("id", R"("int")"), kUrl,
                                  R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})");
  EXPECT_THAT(script.postgres, HasSubstr(R"(SELECT "key_id" AS key_id, "id" AS id,)"));
  EXPECT_THAT(script.text, HasSubstr("INSERT INTO `t_postgres`\nSELECT `key_id`,\n  `id`,\n"));
}

TEST(PostgresTables, StatesThatMayBeNullAreCountedAsText) {
  const std::string state = R"(["null",{"type":"enum","name":"E","symbols":["A"]}])";
  const Script script = script_of(field("state", state));
  EXPECT_THAT(script.text, HasSubstr("INSERT INTO `t_by_state_postgres`\nSELECT COALESCE(`state`, 'null'),\n  `count`\n"
                                     "FROM `t_by_state`;\n"));
  EXPECT_THAT(
      script.postgres,
      HasSubstr(R"(CREATE TABLE IF NOT EXISTS "t_by_state" ("state" text PRIMARY KEY, "count" bigint NOT NULL);)"));
}

TEST(PostgresTables, WithoutAUserInTheUrlThereArePlaceholders) {
  EXPECT_THAT(script_of(field("id", R"("int")"), "jdbc:postgresql://db/app").text,
              AllOf(HasSubstr("'url' = 'jdbc:postgresql://db/app?stringtype=unspecified',\n"
                              "  'username' = '${POSTGRES_USER}',\n  'password' = '${POSTGRES_PASSWORD}',\n")));
  EXPECT_THAT(script_of(field("id", R"("int")")).text,
              AllOf(HasSubstr("?user=flink&stringtype=unspecified'"), Not(HasSubstr("password"))));
}

TEST(PostgresTables, UrlsAreCheckedAndHoldNoPassword) {
  EXPECT_TRUE(check_jdbc_url(kUrl));
  EXPECT_TRUE(check_jdbc_url("jdbc:postgresql://db/app?stringtype=unspecified"));
  EXPECT_THAT(check_jdbc_url("postgresql://db/app").error().message, HasSubstr("jdbc:postgresql://HOST:PORT/DATABASE"));
  EXPECT_THAT(check_jdbc_url("jdbc:postgresql://db/app?user=a&Password=secret").error().message,
              AllOf(HasSubstr("~/.pgpass"), Not(HasSubstr("secret"))));
  EXPECT_FALSE(check_jdbc_url("jdbc:postgresql://db/app?stringtype=varchar"));
}

}  // namespace
}  // namespace omashu::flink
