// Every mistake of a schema text, not its first alone.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/schema.h"

namespace omashu::avro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> texts(const std::vector<Error>& errors) {
  std::vector<std::string> texts;
  for (const Error& error : errors) {
    texts.push_back(fmt::format("{}:{}: {}", error.position->line, error.position->column, error.message));
  }
  return texts;
}

TEST(SchemaMistakes, AreAllFoundInOneReading) {
  const char* text = R"({"type":"record","name":"R","fields":[
{"name":"1st","type":"int"},
{"name":"b","type":{"type":"enum","name":"E","symbols":["A","B C","A"]},"default":"A"},
{"name":"c","type":"int","default":"one","order":"up"},
{"name":"d","type":["null","null",{"type":"array"}]},
{"name":"e"},
{"name":"c","type":{"type":"fixed","name":"F","size":-1},"default":"xy"},
{"name":"g","type":{"type":"record","name":"G","fields":[{"name":"x","type":"long","default":1.5}]},"default":{}}
]})";
  const std::vector<std::string> expected = {
      "2:9: the name of a field must be a string of letters, digits and '_' that starts with no digit",
      "3:61: a symbol of enum E must be a string of letters, digits and '_' that starts with no digit",
      "4:36: the default of the field c does not suit its type: expected a whole number of 32 bits",
      "4:50: the order of the field c must be \"ascending\", \"descending\" or \"ignore\"",
      "5:28: the union holds null twice: types without a name may stand in it once, named types once for each name",
      "5:35: the array needs the attribute \"items\"",
      "6:1: the field e needs the attribute \"type\"",
      "7:1: record R has the field c twice",
      "7:54: the size of fixed F must be a whole number of bytes from 0 to 2147483639",
      "8:94: the default of the field x does not suit its type: expected a whole number of 64 bits"};
  EXPECT_EQ(texts(find_mistakes(text)), expected);
  EXPECT_EQ(texts(inspect_schema(text).mistakes), expected);
  EXPECT_THAT(Schema::parse(text).error().position, (TextPosition{2, 9}));
}

TEST(SchemaMistakes, ATypeWithOneIsNotToldTwice) {
  const char* text = R"({"type":"record","name":"R","fields":[
{"name":"a","type":{"type":"record","name":"a b","fields":[{"name":"x","type":7}]}},
{"name":"b","type":["null",{"type":"record","name":"B","feilds":[]}],"default":{"x":1}},
{"name":"c","type":"B","default":[]}]})";
  EXPECT_THAT(texts(find_mistakes(text)),
              ElementsAre("2:44: the name \"a b\" must be of letters, digits and '_', and start with no digit",
                          "2:79: expected a schema (the name of a type, an object with \"type\", or an array of union "
                          "branches), found a number",
                          "3:56: record B needs the attribute \"fields\", an array of objects: did you mean \"fields\" "
                          "by \"feilds\"?"));
}

TEST(SchemaMistakes, NamesThatOthersDefineAreNone) {
  const char* text = R"({"type":"record","name":"a.R","fields":[
{"name":"x","type":"Far","default":{"any":1}},{"name":"y","type":"int","default":null}]})";
  const SchemaInspection inspection = inspect_schema(text);
  EXPECT_THAT(texts(inspection.mistakes),
              ElementsAre("2:82: the default of the field y does not suit its type: expected a whole number of 32 "
                          "bits"));
  ASSERT_THAT(inspection.unresolved_names, SizeIs(1));
  EXPECT_EQ(inspection.unresolved_names[0].full_name, "a.Far");
  EXPECT_EQ(inspection.unresolved_names[0].fallback_name, "Far");
  EXPECT_THAT(find_mistakes(text), SizeIs(2));
}

TEST(SchemaMistakes, SayWhatATypeWasMeantToBe) {
  const std::pair<const char*, const char*> cases[] = {
      {"strin", "did you mean \"string\"?"},
      {"String", "did you mean \"string\"?"},
      {"lnog", "did you mean \"long\"?"},
      {"integer", "did you mean \"int\"?"},
      {"bool", "did you mean \"boolean\"?"},
      {"recrod", "did you mean \"record\"?"},
      {"struct", R"(write an object of its own here, {"type": "record", …})"},
      {"date", R"(it is a logical type: write {"type": "int", "logicalType": "date"})"},
      {"timestamp", R"(it is a logical type: write {"type": "long", "logicalType": "timestamp-millis"})"},
      {"Flat", "define it before this use, or name a reference that does"},
      {"a.strin", "define it before this use, or name a reference that does"},
  };
  for (const auto& [type, advice] : cases) {
    const std::string text = fmt::format(R"({{"type":"array","items":"{}"}})", type);
    EXPECT_THAT(texts(find_mistakes(text)), ElementsAre(fmt::format("1:25: unknown type {}: {}", type, advice)));
  }
}

TEST(SchemaMistakes, AreFoundInsideAMisspeltType) {
  EXPECT_THAT(texts(find_mistakes(R"({"type":"recrod","name":"R","fields":[
{"name":"a","type":{"type":"arry","items":{"type":"enun","name":"E","symbols":["A","A"]}}},
{"name":"b","type":"int","default":"x"}]})")),
              ElementsAre("1:9: unknown type recrod: did you mean \"record\"?",
                          "2:28: unknown type arry: did you mean \"array\"?",
                          "2:51: unknown type enun: did you mean \"enum\"?", "2:84: enum E has the symbol A twice",
                          "3:36: the default of the field b does not suit its type: expected a whole number of 32 "
                          "bits"));
  // It may as well be a type of somebody's own.
  EXPECT_THAT(inspect_schema(R"({"type":"Recort"})").mistakes, IsEmpty());
  EXPECT_THAT(find_mistakes(R"([{"type":"fixed","name":"map2","size":1},{"type":"array","items":)"
                            R"({"type":"map2","values":"int"}}])"),
              IsEmpty());
}

TEST(SchemaMistakes, AreBounded) {
  std::string text = R"({"type":"record","name":"R","fields":[)";
  for (int i = 0; i < 1000; ++i) text += fmt::format(R"({}{{"name":"f{}","type":1}})", i == 0 ? "" : ",", i);
  EXPECT_THAT(find_mistakes(text + "]}"), SizeIs(kMaxMistakes));
  EXPECT_THAT(find_mistakes("\"int\""), IsEmpty());
  EXPECT_THAT(texts(find_mistakes("{\n ]")), SizeIs(1));
}

}  // namespace
}  // namespace omashu::avro
