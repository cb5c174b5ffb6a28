#include "avro/type_advice.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "avro/logical_type.h"
#include "avro/name.h"
#include "avro/schema.h"
#include "base/nearest.h"

namespace omashu::avro {

namespace {

struct Synonym {
  std::string_view name;
  std::string_view type;
};

constexpr auto kSynonyms = std::to_array<Synonym>({
    {"bigint", "long"},      {"binary", "bytes"},
    {"blob", "bytes"},       {"bool", "boolean"},
    {"char", "string"},      {"datetime", "timestamp-millis"},
    {"float32", "float"},    {"float64", "double"},
    {"int32", "int"},        {"int64", "long"},
    {"integer", "int"},      {"list", "array"},
    {"number", "double"},    {"object", "record"},
    {"short", "int"},        {"struct", "record"},
    {"str", "string"},       {"text", "string"},
    {"time", "time-millis"}, {"timestamp", "timestamp-millis"},
    {"varchar", "string"},
});

constexpr auto kTypeWords =
    std::to_array<std::string_view>({"null", "boolean", "int", "long", "float", "double", "bytes", "string", "record",
                                     "enum", "fixed", "array", "map"});

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// `word` is spelt right: a primitive, a word that needs an object, or a logical type.
std::optional<std::string> advice_for(std::string_view word) {
  if (primitive_type(word)) return fmt::format("did you mean \"{}\"?", word);
  if (is_complex_type_word(word)) return fmt::format("write an object of its own here, {{\"type\": \"{}\", …}}", word);
  if (const auto underlying = logical_type_underlying(word)) {
    return fmt::format("it is a logical type: write {{\"type\": \"{}\", \"logicalType\": \"{}\"{}}}",
                       type_name(*underlying), word, word == "decimal" ? ", \"precision\": …, \"scale\": …" : "");
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> builtin_type_advice(std::string_view name) {
  const std::string word = lower(name);
  if (auto advice = advice_for(word)) return advice;
  if (name != word || name.find('.') != std::string_view::npos) return std::nullopt;
  const auto synonym = std::ranges::find(kSynonyms, word, &Synonym::name);
  if (synonym != kSynonyms.end()) return advice_for(synonym->type);
  std::string_view best;
  size_t best_distance = 3;
  for (const std::string_view known : kTypeWords) {
    const size_t distance = edit_distance(word, known);
    if (distance > (known.size() <= 4 ? 1u : 2u) || distance >= best_distance) continue;
    best = known;
    best_distance = distance;
  }
  if (best.empty()) return std::nullopt;
  return fmt::format("did you mean \"{}\"?", best);
}

}  // namespace omashu::avro
