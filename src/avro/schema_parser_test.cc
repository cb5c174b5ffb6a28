#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "avro/schema.h"

namespace omashu::avro {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Schema parse(std::string_view text, const ParseOptions& options = {}) {
  auto schema = Schema::parse(text, options);
  EXPECT_TRUE(schema.has_value()) << text << ": " << schema.error().message;
  return schema ? *schema : *Schema::parse("null");
}

// The message and the place, as people see them.
std::string refusal(std::string_view text, const ParseOptions& options = {}) {
  const auto schema = Schema::parse(text, options);
  if (schema) return "accepted";
  EXPECT_TRUE(schema.error().position.has_value()) << schema.error().message;
  const TextPosition at = schema.error().position.value_or(TextPosition{0, 0});
  return std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + schema.error().message;
}

TEST(SchemaParser, KeepsWhatARecordSays) {
  const Schema schema = parse(R"({"type": "record", "name": "R", "namespace": "a.b", "doc": "the doc",
    "aliases": ["Q", "c.P"], "pii": true, "fields": [
      {"name": "x", "type": "int", "doc": "x's doc", "order": "descending", "aliases": ["y"], "default": 7, "unit": "s"},
      {"name": "w", "type": ["null", "a.b.R"]}]})");
  const Node& record = schema.root();
  EXPECT_EQ(record.full_name, "a.b.R");
  EXPECT_EQ(record.name(), "R");
  EXPECT_EQ(record.name_space(), "a.b");
  EXPECT_EQ(record.doc, "the doc");
  EXPECT_THAT(record.aliases, ElementsAre("a.b.Q", "c.P"));
  ASSERT_EQ(record.properties.size(), 1u);
  EXPECT_EQ(record.properties[0].name, "pii");
  const Field* x = record.find_field("x");
  ASSERT_NE(x, nullptr);
  EXPECT_EQ(x->type->type, Type::kInt);
  EXPECT_EQ(x->doc, "x's doc");
  EXPECT_EQ(x->order, FieldOrder::kDescending);
  EXPECT_THAT(x->aliases, ElementsAre("y"));
  EXPECT_EQ(x->default_value->as_int64(), 7);
  EXPECT_EQ(x->properties[0].name, "unit");
  const Field* w = record.find_field("w");
  ASSERT_NE(w, nullptr);
  EXPECT_EQ(w->type->branches[1], &record);
  EXPECT_EQ(record.find_field("y"), nullptr);
  EXPECT_THAT(schema.definitions(), testing::SizeIs(1));
}

TEST(SchemaParser, FindsSymbolsByName) {
  const Schema schema = parse(R"({"type": "enum", "name": "E", "symbols": ["C", "A", "B"], "default": "A"})");
  EXPECT_EQ(schema.root().find_symbol("C"), 0u);
  EXPECT_EQ(schema.root().find_symbol("B"), 2u);
  EXPECT_EQ(schema.root().find_symbol("D"), std::nullopt);
  EXPECT_EQ(schema.root().enum_default, "A");
}

TEST(SchemaParser, ASchemaOutlivesTheHandleItCameFrom) {
  std::optional<Schema> inner;
  {
    const Schema outer = parse(R"({"type": "array", "items": {"type": "fixed", "name": "F", "size": 3}})");
    inner = outer.at(*outer.root().items);
  }
  EXPECT_EQ(inner->root().fixed_size, 3u);
}

TEST(SchemaParser, BareNamesAreOfTheEnclosingNamespaceFirst) {
  const Schema schema = parse(R"([
    {"type": "fixed", "name": "X", "size": 1},
    {"type": "record", "name": "a.R", "fields": [
      {"name": "outer", "type": "X"},
      {"name": "own", "type": {"type": "fixed", "name": "X", "size": 2}},
      {"name": "inner", "type": "X"}]}])");
  const Node& record = *schema.root().branches[1];
  EXPECT_EQ(record.fields[0].type->fixed_size, 1u);
  EXPECT_EQ(record.fields[1].type->full_name, "a.X");
  EXPECT_EQ(record.fields[2].type->fixed_size, 2u);
}

TEST(SchemaParser, ErrorsHaveAPlaceAndSayWhatWouldBeRight) {
  EXPECT_EQ(refusal("{\n  \"type\": \"record\",\n  \"name\": \"1a\",\n  \"fields\": []}"),
            "3:11: the name \"1a\" must be of letters, digits and '_', and start with no digit");
  EXPECT_EQ(
      refusal("[\"int\",\n \"int\"]"),
      "2:2: the union holds int twice: types without a name may stand in it once, named types once for each name");
  EXPECT_EQ(refusal(R"({"type": "array"})"), "1:1: the array needs the attribute \"items\"");
  EXPECT_EQ(refusal(R"([["int"]])"), "1:2: a union may not hold a union: put the branches side by side");
  EXPECT_EQ(refusal("{\"type\": \"enum\", \"name\": \"E\",\n\"symbols\": [\"A\"], \"default\": \"B\"}"),
            "2:30: the default of enum E must be one of its symbols");
  EXPECT_EQ(refusal(R"({"type": "enum", "name": "E", "symbols": ["A", "B", "A"]})"),
            "1:53: enum E has the symbol A twice");
  EXPECT_EQ(refusal(R"({"type": "fixed", "name": "F", "size": -1})"),
            "1:40: the size of fixed F must be a whole number of bytes from 0 to 2147483639");
  EXPECT_EQ(refusal(R"({"type": "record", "name": "R", "fields": [{"name": "x"}]})"),
            "1:44: the field x needs the attribute \"type\"");
  EXPECT_EQ(
      refusal(
          R"({"type": "record", "name": "R", "fields": [{"name": "x", "type": "int"}, {"name": "x", "type": "int"}]})"),
      "1:74: record R has the field x twice");
  EXPECT_EQ(refusal("\xef\xbb\xbf{}"), "1:1: a schema object needs the attribute \"type\"");
  EXPECT_EQ(refusal("{\"type\": "), "1:10: expected a value, found the end of the text");
}

TEST(SchemaParser, ARedefinitionNamesTheFirst) {
  EXPECT_EQ(refusal("[{\"type\": \"fixed\", \"name\": \"a.F\", \"size\": 1},\n"
                    " {\"type\": \"fixed\", \"name\": \"F\", \"namespace\": \"a\", \"size\": 1}]"),
            "2:28: a.F is defined twice, first at line 1, column 28: define it once and use its name after that");
}

TEST(SchemaParser, UnknownNamesComeWithAdvice) {
  EXPECT_EQ(refusal(R"("String")"), "1:1: unknown type String: did you mean \"string\"?");
  EXPECT_EQ(refusal(R"({"type": "record", "name": "a.R", "fields": [{"name": "x", "type": "record"}]})"),
            "1:68: unknown type a.record: write an object of its own here, {\"type\": \"record\", …}");
  EXPECT_EQ(refusal(R"({"type": "record", "name": "a.R", "fields": [{"name": "x", "type": "Money"}]})"),
            "1:68: unknown type a.Money: define it before this use, or name a reference that does");
  EXPECT_EQ(refusal("[{\"type\": \"array\", \"items\": \"F\"},\n {\"type\": \"fixed\", \"name\": \"F\", \"size\": 1}]"),
            "2:28: F is used before its definition, at line 1, column 29: move the definition to its first use");
}

TEST(SchemaParser, BoundsWhatATextMayClaim) {
  EXPECT_THAT(refusal(std::string(600, '[')), HasSubstr("nested deeper than 512 levels"));
  EXPECT_THAT(refusal(std::string(kMaxSchemaBytes + 1, ' ')), HasSubstr("at most 16777216 are read"));
  std::string many = "[";
  for (size_t i = 0; i < kMaxSchemaElements; ++i) many += "1,";
  EXPECT_THAT(refusal(many + "1]"), HasSubstr("at most 1000000 are read"));
}

// 160 levels of records, each in the one before: three levels of JSON each.
TEST(SchemaParser, ReadsDeepSchemas) {
  std::string text = "\"int\"";
  for (int i = 0; i < 160; ++i) {
    text = R"({"type": "record", "name": "R)" + std::to_string(i) + R"(", "fields": [{"name": "f", "type": )" + text +
           "}]}";
  }
  EXPECT_EQ(parse(text).definitions().size(), 160u);
}

// ---- References

constexpr std::string_view kMoney = R"({"type": "record", "name": "shared.Money", "fields": [
  {"name": "currency", "type": {"type": "enum", "name": "Currency", "symbols": ["EUR", "USD"]}}]})";

TEST(SchemaReferences, ProvideTheirTypesAndStayAlive) {
  std::optional<Schema> order;
  {
    const Schema money[] = {parse(kMoney)};
    order = parse(R"({"type": "record", "name": "shop.Order", "fields": [
      {"name": "total", "type": "shared.Money"}, {"name": "in", "type": "shared.Currency"},
      {"name": "tip", "type": "shared.Money"}]})",
                  {.references = money});
  }
  EXPECT_THAT(order->external_names(), ElementsAre("shared.Money", "shared.Currency"));
  EXPECT_EQ(order->definitions().size(), 1u);
  EXPECT_EQ(order->root().fields[0].type->fields[0].type->symbols[1], "USD");
}

TEST(SchemaReferences, ReachThroughReferences) {
  const Schema money[] = {parse(kMoney)};
  const Schema order[] = {
      parse(R"({"type": "record", "name": "Order", "fields": [{"name": "total", "type": "shared.Money"}]})",
            {.references = money})};
  const Schema batch = parse(R"({"type": "record", "name": "Batch", "fields": [
    {"name": "orders", "type": {"type": "array", "items": "Order"}}, {"name": "fee", "type": "shared.Money"}]})",
                             {.references = order});
  EXPECT_EQ(batch.root().fields[1].type, &money[0].root());
}

TEST(SchemaReferences, TheSameTypeMayComeByTwoWays) {
  const Schema first[] = {parse(kMoney)};
  const Schema second[] = {parse(kMoney)};
  const auto user = [](std::string_view name, std::span<const Schema> references) {
    return parse(R"({"type": "record", "name": ")" + std::string(name) +
                     R"(", "fields": [{"name": "m", "type": "shared.Money"}]})",
                 {.references = references});
  };
  const Schema both[] = {user("A", first), user("B", second)};
  EXPECT_EQ(parse(R"(["A", "B", "shared.Money"])", {.references = both}).root().branches.size(), 3u);

  const Schema other[] = {parse(R"({"type": "record", "name": "shared.Money", "fields": []})")};
  const Schema apart[] = {first[0], other[0]};
  EXPECT_THAT(refusal(R"("shared.Money")", {.references = apart}),
              HasSubstr("two references define shared.Money differently"));
}

TEST(SchemaReferences, MayNotBeRedefined) {
  const Schema money[] = {parse(kMoney)};
  EXPECT_EQ(refusal(R"({"type": "fixed", "name": "shared.Currency", "size": 3})", {.references = money}),
            "1:27: shared.Currency is defined by a reference already: use its name here, or drop the reference");
}

// ---- Names to be found elsewhere

TEST(UnresolvedNames, AreToldOnceInTheOrderOfTheText) {
  const auto names = inspect_schema(
                         "{\"type\": \"record\", \"name\": \"R\", \"namespace\": \"a.b\", \"fields\": [\n"
                         "  {\"name\": \"x\", \"type\": \"c.Money\"},\n"
                         "  {\"name\": \"y\", \"type\": [\"null\", \"Local\", \"R\", \"int\"]},\n"
                         "  {\"name\": \"z\", \"type\": {\"type\": \"map\", \"values\": {\"type\": \"c.Money\"}}}]}")
                         .unresolved_names;
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0].full_name, "c.Money");
  EXPECT_EQ(names[0].fallback_name, "");
  EXPECT_EQ(names[0].position, (TextPosition{2, 25}));
  EXPECT_EQ(names[1].full_name, "a.b.Local");
  EXPECT_EQ(names[1].fallback_name, "Local");
  EXPECT_EQ(names[1].position, (TextPosition{3, 34}));
}

TEST(UnresolvedNames, OfATextThatNoReferenceCouldMend) {
  EXPECT_FALSE(inspect_schema("{}").mistakes.empty());
  EXPECT_FALSE(inspect_schema(R"(["F", {"type": "fixed", "name": "F", "size": 1}])").mistakes.empty());
  EXPECT_FALSE(inspect_schema(R"(["a-b"])").mistakes.empty());
  EXPECT_TRUE(inspect_schema(R"(["null", "string"])").unresolved_names.empty());
}

}  // namespace
}  // namespace omashu::avro
