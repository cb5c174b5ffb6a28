#include "avro/transitions.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace omashu::avro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kSymbols = R"("symbols":["QUEUED","RUNNING","DONE","FAILED"])";

std::string enum_text(std::string_view rest) {
  return fmt::format(R"({{"type":"enum","name":"Status",{}{}}})", kSymbols, rest);
}

std::string record_text(std::string_view type, std::string_view rest = "") {
  return fmt::format(R"({{"type":"record","name":"R","fields":[{{"name":"status","type":{}{}}}]}})", type, rest);
}

// The transitions of the one field.
struct Parsed {
  Schema schema;
  Transitions transitions;

  bool allows(std::string_view from, std::string_view to) const { return transitions.allows(state(from), state(to)); }
  std::vector<std::string> possible(std::string_view from) const { return transitions.possible(state(from)); }

 private:
  Transitions::State state(std::string_view symbol) const {
    if (symbol == "null") return std::nullopt;
    return transitions.enumeration().find_symbol(symbol).value();
  }
};

Parsed parsed(const std::string& text) {
  Schema schema = Schema::parse(text).value();
  auto transitions = Transitions::of(schema.root().fields[0]);
  EXPECT_TRUE(transitions) << transitions.error().message;
  return {schema, transitions->value()};
}

std::vector<std::string> mistakes_of(const std::string& text) {
  const auto schema = Schema::parse(text);
  EXPECT_TRUE(schema) << text;
  std::vector<std::string> mistakes;
  for (const Error& mistake : find_transition_mistakes(*schema, text)) {
    mistakes.push_back(fmt::format("{}:{}: {}", mistake.position->line, mistake.position->column, mistake.message));
  }
  return mistakes;
}

TEST(Transitions, OfTheEnum) {
  const Parsed status =
      parsed(record_text(enum_text(R"(,"transitions":{"QUEUED":["RUNNING","FAILED"],"RUNNING":["DONE","FAILED"]})")));
  EXPECT_TRUE(status.allows("QUEUED", "RUNNING"));
  EXPECT_FALSE(status.allows("QUEUED", "DONE"));
  EXPECT_THAT(status.possible("RUNNING"), ElementsAre("DONE", "FAILED"));
}

TEST(Transitions, AValueMayStayWhatItIs) {
  const Parsed status = parsed(record_text(enum_text(R"(,"transitions":{"QUEUED":["RUNNING"]})")));
  EXPECT_TRUE(status.allows("QUEUED", "QUEUED"));
  EXPECT_TRUE(status.allows("DONE", "DONE"));
}

TEST(Transitions, ASymbolWithoutAnEntryIsFinal) {
  const Parsed status = parsed(record_text(enum_text(R"(,"transitions":{"QUEUED":["RUNNING"],"FAILED":[]})")));
  EXPECT_THAT(status.possible("DONE"), IsEmpty());
  EXPECT_THAT(status.possible("FAILED"), IsEmpty());
  EXPECT_FALSE(status.allows("DONE", "QUEUED"));
}

TEST(Transitions, AFieldsOwnGoBeforeThoseOfItsType) {
  const Parsed status = parsed(
      record_text(enum_text(R"(,"transitions":{"QUEUED":["RUNNING"]})"), R"(,"transitions":{"QUEUED":["DONE"]})"));
  EXPECT_THAT(status.possible("QUEUED"), ElementsAre("DONE"));
}

TEST(Transitions, WithoutInitialARowMayBeginAnywhere) {
  const std::string transitions = R"(,"transitions":{"QUEUED":["RUNNING"]})";
  EXPECT_THAT(parsed(record_text(enum_text(transitions))).possible("null"),
              ElementsAre("QUEUED", "RUNNING", "DONE", "FAILED"));
  const Parsed status = parsed(record_text(enum_text(transitions + R"(,"initial":["QUEUED","RUNNING"])")));
  EXPECT_THAT(status.possible("null"), ElementsAre("QUEUED", "RUNNING"));
  EXPECT_FALSE(status.allows("null", "DONE"));
}

TEST(Transitions, ANullIsNoSymbolYet) {
  const std::string type = R"(["null",)" + enum_text("") + "]";
  const Parsed status =
      parsed(record_text(type, R"(,"transitions":{"QUEUED":["RUNNING"],"FAILED":[null]},"initial":["QUEUED"])"));
  EXPECT_TRUE(status.allows("null", "null"));
  EXPECT_TRUE(status.allows("null", "QUEUED"));
  EXPECT_FALSE(status.allows("null", "RUNNING"));
  EXPECT_FALSE(status.allows("QUEUED", "null"));
  EXPECT_TRUE(status.allows("FAILED", "null"));
  EXPECT_THAT(status.possible("FAILED"), ElementsAre("null"));
}

TEST(Transitions, NothingWhereNeitherFieldNorEnumHasThem) {
  for (const std::string& text : {record_text(enum_text("")), record_text(enum_text(R"(,"initial":["QUEUED"])")),
                                  record_text(R"("string")"), record_text(R"({"type":"array","items":"int"})")}) {
    const Schema schema = Schema::parse(text).value();
    const auto transitions = Transitions::of(schema.root().fields[0]);
    ASSERT_TRUE(transitions) << text;
    EXPECT_FALSE(transitions->has_value()) << text;
    EXPECT_THAT(mistakes_of(text), IsEmpty());
  }
}

TEST(Transitions, MistakesHaveTheirPlaces) {
  EXPECT_THAT(mistakes_of(record_text(enum_text(R"(,
"transitions":{"QUEUD":["RUNNING"],
"RUNNING":["DONE","FAILD","DONE",7]},
"initial":["QUEUEDD"])"))),
              ElementsAre("2:16: the enum Status has no symbol 'QUEUD': did you mean QUEUED?",
                          "3:19: the enum Status has no symbol 'FAILD': did you mean FAILED?",
                          "3:27: transitions of RUNNING has DONE twice",
                          "3:34: transitions of RUNNING must be a list of symbols",
                          "4:12: the enum Status has no symbol 'QUEUEDD': did you mean QUEUED?"));
  EXPECT_THAT(mistakes_of(record_text(enum_text(""), R"(,
"transitions":["QUEUED"])")),
              ElementsAre("2:15: transitions must be an object: {\"QUEUED\": [\"RUNNING\", \"CANCELLED\"], …}, a list "
                          "for each symbol"));
  EXPECT_THAT(mistakes_of(record_text(enum_text(R"(,
"transitions":{"QUEUED":"RUNNING","DONE":[],"DONE":[]},"initial":[])"))),
              ElementsAre("2:25: transitions of QUEUED must be a list of symbols: [\"RUNNING\", \"CANCELLED\"]",
                          "2:45: DONE has two entries in transitions",
                          "2:66: initial is empty, so no row could begin: leave it out to begin with any symbol"));
  EXPECT_THAT(mistakes_of(record_text(R"("string")", R"(,
"transitions":{"QUEUED":["RUNNING"]})")),
              ElementsAre("2:1: transitions are of enums, and the field status is none: give it an enum, or a union of "
                          "null and one"));
}

TEST(Transitions, AMistakeIsAnErrorToWhoeverAsksForThem) {
  const Schema schema = Schema::parse(record_text(enum_text(R"(,"transitions":{"QUEUD":[]})"))).value();
  const auto transitions = Transitions::of(schema.root().fields[0]);
  ASSERT_FALSE(transitions);
  EXPECT_EQ(transitions.error().message, "the enum Status has no symbol 'QUEUD': did you mean QUEUED?");
}

TEST(Transitions, OfASchemaThatIsAnEnum) {
  const Schema schema = Schema::parse(enum_text(R"(,"transitions":{"QUEUED":["DONE"]})")).value();
  const auto transitions = Transitions::of(schema.root());
  ASSERT_TRUE(transitions && *transitions);
  EXPECT_TRUE((*transitions)->allows(0, 2));
  EXPECT_FALSE((*transitions)->allows(0, 1));
}

}  // namespace
}  // namespace omashu::avro
