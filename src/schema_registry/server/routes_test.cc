// The REST API, request by request, as clients make them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/server/testing/requests.h"
#include "schema_registry/server/testing/test_registry.h"

namespace omashu::schema_registry::server {
namespace {

using testing::field;
using ::testing::HasSubstr;
using testing::MemoryLog;
using testing::record;
using testing::schema_body;
using testing::TestRegistry;
using testing::TestResponse;

constexpr const char* kInt = R"({"schema":"\"int\""})";
constexpr const char* kLong = R"({"schema":"\"long\""})";
constexpr const char* kString = R"({"schema":"\"string\""})";

class RoutesTest : public ::testing::Test {
 protected:
  RoutesTest() { registry_.writer().set_elected(true); }

  MemoryLog log_;
  TestRegistry registry_{log_};
};

TEST_F(RoutesTest, SchemasAreRegisteredAndRead) {
  EXPECT_EQ(registry_.post("/subjects/a/versions", kInt), R"({"id":1})");
  EXPECT_EQ(registry_.post("/subjects/a/versions", kLong), R"({"id":2})");
  EXPECT_EQ(registry_.post("/subjects/b/versions", kInt), R"({"id":1})");
  EXPECT_EQ(registry_.get("/subjects"), R"(["a","b"])");
  EXPECT_EQ(registry_.get("/subjects/a/versions"), "[1,2]");
  const std::string second = R"({"subject":"a","version":2,"id":2,"schema":"\"long\""})";
  EXPECT_EQ(registry_.get("/subjects/a/versions/2"), second);
  EXPECT_EQ(registry_.get("/subjects/a/versions/latest"), second);
  EXPECT_EQ(registry_.get("/subjects/a/versions/-1"), second);
  EXPECT_EQ(registry_.get("/subjects/a/versions/2/schema"), "\"long\"");
  EXPECT_EQ(registry_.get("/schemas/ids/2"), R"({"schema":"\"long\""})");
  EXPECT_EQ(registry_.get("/schemas/ids/2?subject=a&fetchMaxId=True"), R"({"schema":"\"long\"","maxId":2})");
  EXPECT_EQ(registry_.get("/schemas/ids/1/schema"), "\"int\"");
  EXPECT_EQ(registry_.get("/schemas/ids/1/subjects"), R"(["a","b"])");
  EXPECT_EQ(registry_.get("/schemas/ids/1/versions"), R"([{"subject":"a","version":1},{"subject":"b","version":1}])");
  EXPECT_EQ(registry_.get("/schemas/types"), R"(["AVRO"])");
}

TEST_F(RoutesTest, WhatIsNotThereHasItsCode) {
  registry_.post("/subjects/a/versions", kInt);
  EXPECT_EQ(registry_.get("/subjects/b/versions"), "404 40401");
  EXPECT_EQ(registry_.get("/subjects/b/versions/1"), "404 40401");
  EXPECT_EQ(registry_.get("/subjects/a/versions/7"), "404 40402");
  EXPECT_EQ(registry_.get("/subjects/a/versions/seven"), "422 42202");
  EXPECT_EQ(registry_.get("/subjects/a/versions/0"), "422 42202");
  EXPECT_EQ(registry_.get("/schemas/ids/7"), "404 40403");
  EXPECT_EQ(registry_.get("/schemas/ids/7/versions"), "404 40403");
  EXPECT_EQ(registry_.get("/schemas/ids/x"), "404 404");
  EXPECT_EQ(registry_.get("/schemas/ids/99999999999"), "404 404");
  EXPECT_EQ(registry_.post("/subjects/b", kInt), "404 40401");
  EXPECT_EQ(registry_.post("/subjects/a", kLong), "404 40403");
  EXPECT_EQ(registry_.ask("GET /associations/resources/-/t?resourceType=topic").status, 404);
  EXPECT_EQ(registry_.ask("PATCH /subjects").status, 405);
}

TEST_F(RoutesTest, BadBodiesAreNeverTheServersFault) {
  EXPECT_EQ(registry_.post("/subjects/a/versions", "{"), "400 400");
  EXPECT_EQ(registry_.post("/subjects/a/versions", "[]"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", R"({"schema":{}})"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", R"({"schema":"\"int\"","references":[{}]})"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", R"({"schema":"\"int\"","id":"x"})"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", R"({"schema":"\"int\"","id":99999999999})"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", R"({"schema":"\"int\"","metadata":7})"), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", "{}"), "422 42201");
  EXPECT_EQ(registry_.post("/subjects/a/versions", schema_body("{}", R"(,"schemaType":"JSON")")), "422 42201");
  EXPECT_EQ(registry_.post("/subjects/a/versions", schema_body("x", R"(,"schemaType":"PROTOBUF")")), "422 42201");
  EXPECT_EQ(registry_.post("/subjects/a", "{"), "400 400");
  EXPECT_EQ(registry_.put("/config", "{"), "400 400");
  EXPECT_EQ(registry_.put("/mode", "7"), "422 422");
}

TEST_F(RoutesTest, DotNetsNullsAreNothing) {
  EXPECT_EQ(registry_.post("/subjects/a/versions",
                           schema_body("\"int\"", R"(,"schemaType":"AVRO","references":[],)"
                                                  R"("metadata":null,"ruleSet":null,"ruleset":null)")),
            R"({"id":1})");
}

TEST_F(RoutesTest, JavasDefaultsAreNothing) {
  EXPECT_EQ(registry_.post("/subjects/a/versions", schema_body("\"int\"", R"(,"id":-1,"version":-1)")), R"({"id":1})");
}

TEST_F(RoutesTest, SchemasAreLookedUp) {
  registry_.post("/subjects/a/versions", schema_body(record("R", field("x", "int"))));
  const std::string found = R"({"subject":"a","version":1,"id":1,"schema":)";
  EXPECT_THAT(registry_.post("/subjects/a?normalize=False&deleted=False", schema_body(record("R", field("x", "int")))),
              HasSubstr(found));
  EXPECT_THAT(registry_.post("/subjects/a",
                             schema_body(R"({"fields":[{"type":"int","name":"x"}],"name":"R","type":"record"})")),
              HasSubstr(found));
  registry_.remove("/subjects/a");
  EXPECT_EQ(registry_.post("/subjects/a", schema_body(record("R", field("x", "int")))), "404 40401");
  EXPECT_THAT(registry_.post("/subjects/a?deleted=true", schema_body(record("R", field("x", "int")))),
              HasSubstr(found));
}

TEST_F(RoutesTest, SubjectsMayHaveAnyName) {
  EXPECT_EQ(registry_.post("/subjects/a%2Fb%20c%3Ad%25/versions", kInt), R"({"id":1})");
  EXPECT_EQ(registry_.get("/subjects"), R"(["a/b c:d%"])");
  EXPECT_EQ(registry_.get("/subjects/a%2Fb%20c%3Ad%25/versions"), "[1]");
  EXPECT_EQ(registry_.post("/subjects/a%0A/versions", kInt), "422 42208");
}

TEST_F(RoutesTest, DeletedSubjectsAndVersionsAreListedOnRequest) {
  registry_.post("/subjects/a/versions", kInt);
  registry_.post("/subjects/a/versions", kLong);
  registry_.post("/subjects/b/versions", kString);
  EXPECT_EQ(registry_.remove("/subjects/a/versions/1"), "1");
  EXPECT_EQ(registry_.remove("/subjects/b"), "[1]");
  EXPECT_EQ(registry_.get("/subjects"), R"(["a"])");
  EXPECT_EQ(registry_.get("/subjects?deleted=true"), R"(["a","b"])");
  EXPECT_EQ(registry_.get("/subjects?deletedOnly=true"), R"(["b"])");
  EXPECT_EQ(registry_.get("/subjects/a/versions"), "[2]");
  EXPECT_EQ(registry_.get("/subjects/a/versions?deleted=true"), "[1,2]");
  EXPECT_EQ(registry_.get("/subjects/a/versions?deletedOnly=true"), "[1]");
  EXPECT_EQ(registry_.get("/subjects/b/versions"), "404 40401");
  EXPECT_EQ(registry_.get("/subjects/a/versions/1"), "404 40402");
  EXPECT_THAT(registry_.get("/subjects/a/versions/1?deleted=true"), HasSubstr("\"int\\\""));
  EXPECT_EQ(registry_.get("/schemas/ids/1"), R"({"schema":"\"int\""})") << "data that was written stays readable";
  EXPECT_EQ(registry_.get("/schemas/ids/1/versions"), "[]");
  EXPECT_EQ(registry_.get("/schemas/ids/1/versions?deleted=true"), R"([{"subject":"a","version":1}])");
  EXPECT_EQ(registry_.remove("/subjects/a/versions/1?permanent=true"), "1");
  EXPECT_EQ(registry_.get("/schemas/ids/1"), "404 40403");
  EXPECT_EQ(registry_.remove("/subjects/b?permanent=true"), "[1]");
  EXPECT_EQ(registry_.remove("/subjects/b"), "404 40401");
}

TEST_F(RoutesTest, ReferencesAreToldAndKept) {
  registry_.post("/subjects/part/versions", schema_body(record("Part", "")));
  const std::string references = R"([{"name":"Part","subject":"part","version":1}])";
  registry_.post("/subjects/whole/versions",
                 schema_body(record("Whole", field("part", "Part")), R"(,"references":)" + references));
  EXPECT_THAT(registry_.get("/schemas/ids/2"), HasSubstr(R"("references":)" + references));
  EXPECT_EQ(registry_.get("/subjects/part/versions/1/referencedby"), "[2]");
  EXPECT_EQ(registry_.get("/subjects/whole/versions/1/referencedby"), "[]");
  EXPECT_EQ(registry_.remove("/subjects/part"), "422 42206");
  EXPECT_THAT(registry_.get("/schemas/ids/2/schema?format=resolved"),
              HasSubstr(R"("type":{"type":"record","name":"Part")"));
  registry_.remove("/subjects/whole");
  EXPECT_EQ(registry_.get("/subjects/part/versions/1/referencedby"), "[]");
  EXPECT_EQ(registry_.get("/subjects/part/versions/1/referencedby?deleted=true"), "[2]");
}

TEST_F(RoutesTest, CompatibilityIsChecked) {
  const std::string versions = "/compatibility/subjects/a/versions";
  EXPECT_EQ(registry_.post(versions + "/latest", kInt), R"({"is_compatible":true})") << "nothing to go against";
  EXPECT_EQ(registry_.post(versions + "/1", kInt), "404 40402");
  registry_.post("/subjects/a/versions", kInt);
  EXPECT_EQ(registry_.post(versions + "/latest", kLong), R"({"is_compatible":true})");
  EXPECT_EQ(registry_.post(versions + "/-1/", kString), R"({"is_compatible":false})") << "Java's slash at the end";
  EXPECT_EQ(registry_.post(versions, kString), R"({"is_compatible":false})");
  EXPECT_EQ(registry_.post(versions + "/1?verbose=true", kLong), R"({"is_compatible":true,"messages":[]})");
  EXPECT_THAT(registry_.post(versions + "/1?verbose=true", kString),
              HasSubstr(R"({"is_compatible":false,"messages":["{errorType:'TYPE_MISMATCH')"));
  EXPECT_EQ(registry_.post(versions + "/1", schema_body("{")), "422 42201");
  EXPECT_THAT(registry_.post(versions + "/1?verbose=True", schema_body("{")), HasSubstr(R"({"is_compatible":false)"));
  EXPECT_EQ(registry_.post(versions + "/one", kLong), "422 42202");

  registry_.put("/config/a", R"({"compatibility":"NONE"})");
  EXPECT_EQ(registry_.post(versions, kString), R"({"is_compatible":true})");
  registry_.post("/subjects/a/versions", kString);
  registry_.put("/config/a", R"({"compatibility":"BACKWARD_TRANSITIVE"})");
  EXPECT_EQ(registry_.post(versions, kString), R"({"is_compatible":false})") << "against all versions";
  EXPECT_EQ(registry_.post(versions + "/2", kString), R"({"is_compatible":true})") << "against that one";
  EXPECT_EQ(registry_.post("/subjects/a/versions", kInt), R"({"id":1})") << "it is registered already";
  EXPECT_EQ(registry_.post("/subjects/a/versions", kLong), "409 409");
}

TEST_F(RoutesTest, LevelsAreSetReadAndRemoved) {
  EXPECT_EQ(registry_.get("/config"), R"({"compatibilityLevel":"BACKWARD"})");
  EXPECT_EQ(registry_.get("/config/a"), "404 40408");
  EXPECT_EQ(registry_.get("/config/a?defaultToGlobal=true"), R"({"compatibilityLevel":"BACKWARD"})");
  EXPECT_EQ(registry_.put("/config/a", R"({"compatibility":"FULL"})"), R"({"compatibility":"FULL"})");
  EXPECT_EQ(registry_.get("/config/a"), R"({"compatibilityLevel":"FULL"})");
  EXPECT_EQ(registry_.put("/config", R"({"compatibility":"NONE"})"), R"({"compatibility":"NONE"})");
  EXPECT_EQ(registry_.get("/config"), R"({"compatibilityLevel":"NONE"})");
  EXPECT_EQ(registry_.put("/config", R"({"compatibility":"SIDEWAYS"})"), "422 42203");
  EXPECT_EQ(registry_.remove("/config/a"), R"({"compatibilityLevel":"FULL"})");
  EXPECT_EQ(registry_.remove("/config/a"), "404 40401");
  EXPECT_EQ(registry_.remove("/config"), R"({"compatibilityLevel":"NONE"})");
  EXPECT_EQ(registry_.get("/config"), R"({"compatibilityLevel":"BACKWARD"})");
}

TEST_F(RoutesTest, ModesAreSetReadAndRemoved) {
  EXPECT_EQ(registry_.get("/mode"), R"({"mode":"READWRITE"})");
  EXPECT_EQ(registry_.get("/mode/a"), "404 40409");
  EXPECT_EQ(registry_.get("/mode/a?defaultToGlobal=true"), R"({"mode":"READWRITE"})");
  EXPECT_EQ(registry_.put("/mode/a", R"({"mode":"IMPORT"})"), R"({"mode":"IMPORT"})");
  EXPECT_EQ(registry_.post("/subjects/a/versions", schema_body("\"int\"", R"(,"id":70,"version":3)")), R"({"id":70})");
  EXPECT_EQ(registry_.get("/subjects/a/versions"), "[3]");
  EXPECT_EQ(registry_.put("/mode", R"({"mode":"READONLY"})"), R"({"mode":"READONLY"})");
  EXPECT_EQ(registry_.post("/subjects/b/versions", kInt), "422 42205");
  EXPECT_EQ(registry_.put("/mode", R"({"mode":"IMPORT"})"), "422 42205");
  EXPECT_EQ(registry_.put("/mode?force=true", R"({"mode":"IMPORT"})"), R"({"mode":"IMPORT"})");
  EXPECT_EQ(registry_.put("/mode", R"({"mode":"OPEN"})"), "422 42204");
  EXPECT_EQ(registry_.remove("/mode/a"), R"({"mode":"IMPORT"})");
}

TEST_F(RoutesTest, ContextsAreApart) {
  registry_.post("/subjects/a/versions", kInt);
  EXPECT_EQ(registry_.post("/subjects/:.c:a/versions", kLong), R"({"id":1})");
  EXPECT_EQ(registry_.post("/contexts/.c/subjects/b/versions", kString), R"({"id":2})");
  EXPECT_EQ(registry_.get("/contexts"), R"([".",".c"])");
  EXPECT_EQ(registry_.get("/subjects"), R"([":.c:a",":.c:b","a"])");
  EXPECT_EQ(registry_.get("/subjects?subjectPrefix="), R"(["a"])");
  EXPECT_EQ(registry_.get("/subjects?subjectPrefix=:.c:b"), R"([":.c:b"])");
  EXPECT_EQ(registry_.get("/contexts/:.c:/subjects"), R"([":.c:a",":.c:b"])");
  EXPECT_EQ(registry_.get("/contexts/.c/subjects/a/versions"), "[1]");
  EXPECT_EQ(registry_.get("/schemas/ids/1"), R"({"schema":"\"int\""})");
  EXPECT_EQ(registry_.get("/schemas/ids/1?subject=:.c:a"), R"({"schema":"\"long\""})");
  EXPECT_EQ(registry_.get("/contexts/.c/schemas/ids/1"), R"({"schema":"\"long\""})");
  EXPECT_EQ(registry_.get("/schemas/ids/2?subject=b"), R"({"schema":"\"string\""})") << "in whichever context it is";
  EXPECT_EQ(registry_.get("/schemas/ids/2"), "404 40403");
  EXPECT_THAT(registry_.get("/subjects/b/versions/latest"), HasSubstr(R"("subject":":.c:b")"));
  EXPECT_THAT(registry_.post("/subjects/b", kString), HasSubstr(R"("subject":":.c:b")"));
  EXPECT_EQ(registry_.put("/config/:.c:", R"({"compatibility":"FULL"})"), R"({"compatibility":"FULL"})");
  EXPECT_EQ(registry_.get("/config/:.c:b?defaultToGlobal=true"), R"({"compatibilityLevel":"FULL"})");
  EXPECT_EQ(registry_.get("/contexts/.c/config"), R"({"compatibilityLevel":"FULL"})");
}

TEST_F(RoutesTest, GuidsAreToldToThoseWhoAskAndFoundAgain) {
  const std::vector<http::Field> today = {{"confluent-accept-unknown-properties", "true"}};
  const std::string guid = "ef524ea1-b91e-7317-3d93-8ade36c1db32";
  EXPECT_EQ(registry_.ask("POST /subjects/a/versions", kInt, today).body,
            R"({"version":1,"id":1,"guid":")" + guid + R"(","schemaType":"AVRO","schema":"\"int\""})");
  EXPECT_THAT(registry_.ask("GET /schemas/ids/1", "", today).body, HasSubstr(guid));
  EXPECT_THAT(registry_.ask("GET /subjects/a/versions/1", "", today).body, HasSubstr(guid));
  EXPECT_EQ(registry_.get("/schemas/guids/" + guid), R"({"schema":"\"int\""})");
  registry_.post("/subjects/:.c:a/versions", kInt);
  EXPECT_EQ(registry_.get("/schemas/guids/" + guid + "/ids"), R"([{"context":".","id":1},{"context":".c","id":1}])");
  EXPECT_EQ(registry_.get("/schemas/guids/00000000-0000-0000-0000-000000000000"), "404 40403");
  EXPECT_EQ(registry_.get("/schemas/guids/x"), "404 40403");
}

TEST_F(RoutesTest, AllSchemasAreListedPageByPage) {
  for (const char* body : {kInt, kLong}) registry_.post("/subjects/a/versions", body);
  registry_.post("/subjects/b/versions", kString);
  const auto versions = [&](const std::string& query) {
    const json::Value list = json::parse(registry_.get("/schemas" + query)).value();
    std::string names;
    for (const json::Value& item : list.items())
      names += item.find("subject")->text() + item.find("version")->text() + " ";
    return names;
  };
  EXPECT_EQ(versions(""), "a1 a2 b1 ");
  EXPECT_EQ(versions("?latestOnly=true"), "a2 b1 ");
  EXPECT_EQ(versions("?subjectPrefix=b"), "b1 ");
  EXPECT_EQ(versions("?offset=1&limit=1"), "a2 ");
  EXPECT_EQ(versions("?offset=9"), "");
  registry_.remove("/subjects/b");
  EXPECT_EQ(versions(""), "a1 a2 ");
  EXPECT_EQ(versions("?deleted=true"), "a1 a2 b1 ");
  EXPECT_EQ(registry_.get("/subjects?offset=1&limit=5&deleted=true"), R"(["b"])");
  EXPECT_EQ(registry_.get("/subjects/a/versions?offset=1"), "[2]");
}

TEST_F(RoutesTest, MetadataIsKeptAndFound) {
  registry_.post("/subjects/a/versions", schema_body("\"int\"", R"(,"metadata":{"properties":{"owner":"x"}})"));
  registry_.post("/subjects/a/versions", schema_body("\"long\"", R"(,"metadata":{"properties":{"owner":"y"}})"));
  EXPECT_THAT(registry_.get("/subjects/a/versions/1"), HasSubstr(R"("metadata":{"properties":{"owner":"x"}})"));
  EXPECT_THAT(registry_.get("/subjects/a/metadata?key=owner&value=x"), HasSubstr(R"("version":1)"));
  EXPECT_THAT(registry_.get("/subjects/a/metadata"), HasSubstr(R"("version":2)"));
  EXPECT_EQ(registry_.get("/subjects/a/metadata?key=owner&value=z"), "404 40403");
  EXPECT_EQ(registry_.get("/subjects/b/metadata?key=owner&value=z"), "404 40401");
}

TEST_F(RoutesTest, TheServerTellsOfItself) {
  EXPECT_EQ(registry_.get("/"), "{}");
  EXPECT_THAT(registry_.get("/v1/metadata/id"), HasSubstr(R"("kafka-cluster":"cluster-1")"));
  EXPECT_THAT(registry_.get("/v1/metadata/version"), HasSubstr(R"("version":"1.2.3")"));
}

TEST_F(RoutesTest, MediaTypesAreAgreedOn) {
  const auto type_for = [&](const std::string& accept) {
    return registry_.ask("GET /subjects", "", {{"accept", accept}}).content_type;
  };
  EXPECT_EQ(registry_.ask("GET /subjects").content_type, "application/vnd.schemaregistry.v1+json");
  EXPECT_EQ(type_for("application/vnd.schemaregistry+json, application/json"), "application/vnd.schemaregistry+json");
  EXPECT_EQ(type_for("application/json"), "application/json");
  EXPECT_EQ(type_for("*/*"), "application/vnd.schemaregistry.v1+json");
  EXPECT_EQ(registry_.ask("GET /subjects/b/versions", "", {{"accept", "application/json"}}).content_type,
            "application/json");

  const auto status_with = [&](const std::string& type) {
    return registry_.ask("POST /subjects/a/versions", kInt, {{"content-type", type}}).status;
  };
  EXPECT_EQ(status_with("application/json; charset=utf-8"), 200);
  EXPECT_EQ(status_with("application/octet-stream"), 200);
  EXPECT_EQ(status_with("text/plain"), 415);
  EXPECT_EQ(status_with("application/x-www-form-urlencoded"), 415);
  EXPECT_EQ(registry_.ask("GET /subjects", "", {{"content-type", "text/plain"}}).status, 200);
}

TEST_F(RoutesTest, NothingIsSaidBeforeTheSchemasAreRead) {
  registry_.post("/subjects/a/versions", kInt);
  registry_.store().reset();
  EXPECT_EQ(registry_.get("/schemas/ids/1"), "500 50001") << "not \"not there\"";
  EXPECT_EQ(registry_.get("/"), "{}");
}

// kafkajs's client, when it registers a schema.
TEST_F(RoutesTest, KafkaJsRegisters) {
  EXPECT_EQ(registry_.get("/config/t-value"), "404 40408");
  EXPECT_EQ(registry_.post("/subjects/t-value/versions", kInt), R"({"id":1})");
  EXPECT_EQ(registry_.put("/config/t-value", R"({"compatibility":"BACKWARD"})"), R"({"compatibility":"BACKWARD"})");
  EXPECT_EQ(registry_.get("/config/t-value"), R"({"compatibilityLevel":"BACKWARD"})");
}

TEST_F(RoutesTest, AnAliasStandsForItsSubjectEverywhereButInSettings) {
  registry_.post("/subjects/real/versions", kInt);
  EXPECT_EQ(registry_.put("/config/other", R"({"alias":"real"})"), R"({"alias":"real"})");
  EXPECT_EQ(registry_.get("/config/other"), R"({"alias":"real","compatibilityLevel":"BACKWARD"})");
  EXPECT_EQ(registry_.get("/subjects/other/versions"), "[1]");
  EXPECT_EQ(registry_.post("/subjects/other/versions", kLong), R"({"id":2})");
  EXPECT_EQ(registry_.get("/subjects/real/versions"), "[1,2]");
  EXPECT_EQ(registry_.post("/compatibility/subjects/other/versions/latest", kString), R"({"is_compatible":false})");
  EXPECT_EQ(registry_.remove("/subjects/other/versions/1"), "1");
  EXPECT_EQ(registry_.get("/subjects"), R"(["real"])");
}

TEST_F(RoutesTest, TheDefaultContextHasAName) {
  registry_.post("/subjects/:.:a/versions", kInt);
  EXPECT_EQ(registry_.get("/subjects"), R"(["a"])");
  EXPECT_EQ(registry_.get("/subjects?subjectPrefix=:.:"), R"(["a"])");
  EXPECT_EQ(registry_.get("/subjects?subjectPrefix=:.:a"), R"(["a"])");
  EXPECT_EQ(registry_.get("/contexts/:.:/subjects"), R"(["a"])");
  EXPECT_EQ(registry_.get("/contexts/./subjects"), R"(["a"])");
  EXPECT_EQ(registry_.get("/subjects/:.:a/versions"), "[1]");
  EXPECT_EQ(registry_.get("/schemas/ids/1?subject=:.:a"), registry_.get("/schemas/ids/1?subject=a"));
  EXPECT_EQ(registry_.put("/config/:.:", R"({"compatibility":"FULL"})"), R"({"compatibility":"FULL"})");
  EXPECT_EQ(registry_.get("/config"), R"({"compatibilityLevel":"FULL"})");
  EXPECT_EQ(registry_.put("/mode/:.:", R"({"mode":"READONLY"})"), R"({"mode":"READONLY"})");
  EXPECT_EQ(registry_.get("/mode"), R"({"mode":"READONLY"})");
  EXPECT_EQ(registry_.remove("/mode/:.:"), R"({"mode":"READONLY"})");
}

TEST_F(RoutesTest, NothingIsRegisteredInTheContextOfAllContexts) {
  EXPECT_EQ(registry_.post("/subjects/:.__GLOBAL:a/versions", kInt), "422 42208");
  EXPECT_EQ(registry_.put("/config/:.__GLOBAL:", R"({"compatibility":"FULL"})"), R"({"compatibility":"FULL"})");
  EXPECT_EQ(registry_.get("/config"), R"({"compatibilityLevel":"BACKWARD"})");
  EXPECT_EQ(registry_.get("/config?defaultToGlobal=true"), R"({"compatibilityLevel":"FULL"})");
}

TEST_F(RoutesTest, ContextsAreListedInOrderAndByPrefix) {
  for (const char* context : {"b", "a-b", "a"}) {
    registry_.post("/contexts/" + std::string(context) + "/subjects/s/versions", kInt);
  }
  EXPECT_EQ(registry_.get("/contexts"), R"([".",".a",".a-b",".b"])");
  EXPECT_EQ(registry_.get("/contexts?contextPrefix=.a"), R"([".a",".a-b"])");
  EXPECT_EQ(registry_.get("/contexts?contextPrefix=.a&offset=1&limit=5"), R"([".a-b"])");
}

TEST_F(RoutesTest, AResolvedSchemaHasWhatItRefersTo) {
  registry_.post("/subjects/part/versions", schema_body(record("Part", field("inside", "int"))));
  const std::string body = schema_body(record("Whole", field("p", "Part")),
                                       R"(,"metadata":{"properties":{"k":"v"}},)"
                                       R"("references":[{"name":"Part","subject":"part","version":-1}])");
  EXPECT_EQ(registry_.post("/subjects/whole/versions", body), R"({"id":2})");
  const std::string guid =
      json::parse(registry_.ask("GET /schemas/ids/2", "", {{kAcceptUnknownHeader, "true"}}).body)->find("guid")->text();
  for (const std::string& target :
       {std::string("/schemas/ids/2?"), std::string("/schemas/ids/2/schema?"), "/schemas/guids/" + guid + "?",
        std::string("/subjects/whole/versions/1?"), std::string("/subjects/whole/versions/1/schema?"),
        std::string("/subjects/whole/metadata?key=k&value=v&")}) {
    EXPECT_THAT(registry_.get(target + "format=resolved"), HasSubstr("inside")) << target;
    EXPECT_THAT(registry_.get(target), ::testing::AllOf(HasSubstr("Whole"), ::testing::Not(HasSubstr("inside"))))
        << target;
  }
  EXPECT_THAT(registry_.post("/subjects/whole?format=resolved", body), HasSubstr("inside"));
}

TEST_F(RoutesTest, WhoAcceptsItIsToldMore) {
  registry_.post("/subjects/a/versions", kInt);
  registry_.remove("/subjects/a");
  const auto get = [&](const std::string& target) {
    return registry_.ask("GET " + target, "", {{kAcceptUnknownHeader, "true"}}).body;
  };
  EXPECT_THAT(get("/schemas/ids/1?subject=a"), HasSubstr(R"({"subject":"a","version":1,)"));
  EXPECT_THAT(get("/schemas/ids/1"), ::testing::Not(HasSubstr("subject")));
  EXPECT_THAT(get("/schemas/ids/1"), HasSubstr(R"("deleted":true)"));
  EXPECT_THAT(get("/subjects/a/versions/1?deleted=true"), HasSubstr(R"("deleted":true)"));
  EXPECT_THAT(registry_.get("/subjects/a/versions/1?deleted=true"), ::testing::Not(HasSubstr("deleted")));
}

TEST_F(RoutesTest, EmptyAndHugeBodiesHaveCodes) {
  registry_.post("/subjects/a/versions", kInt);
  EXPECT_EQ(registry_.post("/subjects/a", ""), "404 40403");
  EXPECT_EQ(registry_.post("/subjects/a", "{}"), "404 40403");
  EXPECT_EQ(registry_.post("/subjects/b", ""), "404 40401");
  EXPECT_EQ(registry_.post("/subjects/a/versions", ""), "422 422");
  EXPECT_EQ(registry_.put("/config", ""), "422 422");
  EXPECT_EQ(registry_.post("/subjects/a/versions", "no JSON"), "400 400");
  const http::Response huge = error_response(413, "too large");
  EXPECT_EQ(huge.status, 422);
  EXPECT_THAT(huge.body, HasSubstr("42209"));
}

TEST_F(RoutesTest, TheCompatibilityCheckKnowsBadDefaults) {
  const std::string bad = schema_body(record("R", field("x", "int", R"(,"default":"none")")));
  EXPECT_EQ(registry_.post("/compatibility/subjects/a/versions", bad), "422 42201");
  EXPECT_THAT(registry_.post("/compatibility/subjects/a/versions?verbose=true", bad),
              HasSubstr(R"({"is_compatible":false,"messages":["Invalid schema)"));
}

TEST_F(RoutesTest, TagsAreChangedWithARegistrationAndByTheirOwnRoute) {
  const auto change = [](const char* tag) {
    return std::string(R"([{"schemaEntity":{"entityPath":"R.x","entityType":"sr_field"},"tags":[")") + tag + "\"]}]";
  };
  const std::string schema = record("R", field("x", "int"));
  EXPECT_EQ(registry_.post("/subjects/a/versions", schema_body(schema, R"(,"schemaTagsToAdd":)" + change("PII"))),
            R"({"id":1})");
  EXPECT_THAT(registry_.get("/subjects/a/versions/1/schema"), HasSubstr(R"("confluent:tags":["PII"])"));
  EXPECT_EQ(registry_.post("/subjects/a/versions/1/tags",
                           R"({"newVersion":2,"tagsToAdd":)" + change("NEW") + R"(,"tagsToRemove":)" + change("PII") +
                               R"(,"rulesToMerge":{"domainRules":[{"name":"r","type":"CEL"}]}})"),
            R"({"id":2})");
  EXPECT_THAT(registry_.get("/subjects/a/versions/2"), ::testing::AllOf(HasSubstr("NEW"), HasSubstr("CEL")));
  EXPECT_THAT(registry_.get("/subjects/a/versions/2"), ::testing::Not(HasSubstr("PII")));
  EXPECT_EQ(registry_.post("/subjects/a/versions/latest/tags", R"({"rulesToRemove":["r"]})"), R"({"id":3})");
  EXPECT_THAT(registry_.get("/subjects/a/versions/3"), ::testing::Not(HasSubstr("CEL")));
  EXPECT_EQ(registry_.post("/subjects/a/versions/9/tags", R"({"tagsToAdd":)" + change("X") + "}"), "404 40402");
  EXPECT_EQ(registry_.post("/subjects/a/versions/1/tags", R"({"newVersion":9,"tagsToAdd":)" + change("X") + "}"),
            "422 42201");
  EXPECT_EQ(registry_.post("/subjects/a/versions/1/tags",
                           R"({"ruleSet":{"domainRules":[{"name":"r","type":"X"}]},"rulesToRemove":["r"]})"),
            "422 42210");
}

}  // namespace
}  // namespace omashu::schema_registry::server
