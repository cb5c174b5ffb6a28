// What Avro Java says of the schemas under testdata/, and what we say of them. A vector with "differs" is one on which
// we mean to answer otherwise.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "avro/compatibility.h"
#include "avro/schema.h"
#include "avro/schema_text.h"
#include "base/json.h"

namespace omashu::avro {
namespace {

std::vector<json::Value> read_vectors(const std::string& name) {
  std::ifstream file(std::string(OMASHU_AVRO_TESTDATA) + "/" + name);
  std::vector<json::Value> vectors;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const auto vector = json::parse(line);
    EXPECT_TRUE(vector.has_value()) << line;
    if (vector && vector->find("about") == nullptr) vectors.push_back(*vector);
  }
  EXPECT_GT(vectors.size(), 100u) << name;
  return vectors;
}

std::string text_of(const json::Value& vector, std::string_view name) {
  const json::Value* value = vector.find(name);
  return value == nullptr ? "" : value->text();
}

Result<Schema> parse_with_references(const json::Value& vector) {
  std::vector<Schema> references;
  if (const json::Value* texts = vector.find("references")) {
    for (const json::Value& text : texts->items()) {
      auto reference = Schema::parse(text.text(), {.references = references});
      if (!reference) return reference;
      references.push_back(*reference);
    }
  }
  return Schema::parse(text_of(vector, "text"), {.references = references});
}

std::string hex(const std::array<uint8_t, 32>& bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

TEST(JavaOracle, TextsAndFingerprintsAreJavas) {
  for (const json::Value& vector : read_vectors("java_texts.jsonl")) {
    SCOPED_TRACE(text_of(vector, "text"));
    const auto schema = parse_with_references(vector);
    const bool java_accepts = vector.find("java_error") == nullptr;
    if (vector.find("differs") != nullptr) {
      const bool same_text = schema && java_accepts && to_java_text(*schema) == text_of(vector, "java");
      EXPECT_FALSE(same_text || (!schema && !java_accepts)) << "no difference any more";
      continue;
    }
    EXPECT_EQ(schema.has_value(), java_accepts) << (schema ? "accepted" : schema.error().message);
    if (!schema || !java_accepts) continue;
    EXPECT_EQ(to_java_text(*schema), text_of(vector, "java"));
    EXPECT_EQ(to_canonical_form(*schema), text_of(vector, "canonical"));
    EXPECT_EQ(fmt::format("{:016x}", fingerprint64(*schema)), text_of(vector, "crc64"));
    EXPECT_EQ(hex(fingerprint_sha256(*schema)), text_of(vector, "sha256"));
  }
}

// The registry stores what it wrote and parses it again.
TEST(JavaOracle, JavasTextsAreTheirOwnTexts) {
  for (const json::Value& vector : read_vectors("java_texts.jsonl")) {
    if (vector.find("java_error") != nullptr || vector.find("references") != nullptr) continue;
    if (vector.find("differs") != nullptr) continue;
    const std::string text = text_of(vector, "java");
    const auto schema = Schema::parse(text);
    ASSERT_TRUE(schema.has_value()) << text << ": " << schema.error().message;
    EXPECT_EQ(to_java_text(*schema), text);
  }
}

TEST(JavaOracle, IncompatibilitiesAreJavas) {
  for (const json::Value& vector : read_vectors("java_compatibility.jsonl")) {
    SCOPED_TRACE("reader " + text_of(vector, "reader") + " writer " + text_of(vector, "writer"));
    const auto reader = Schema::parse(text_of(vector, "reader"));
    const auto writer = Schema::parse(text_of(vector, "writer"));
    ASSERT_TRUE(reader && writer);
    const auto found = find_incompatibilities(*reader, *writer);
    const json::Value* expected = vector.find("incompatibilities");
    if (expected == nullptr) {
      EXPECT_FALSE(found.empty()) << "Java throws " << text_of(vector, "java_error");
      continue;
    }
    json::Value ours = json::Value::array();
    for (const Incompatibility& reason : found) {
      json::Value entry = json::Value::object();
      entry.add("type", incompatibility_name(reason.type));
      entry.add("location", reason.location);
      entry.add("message", reason.message);
      ours.append(std::move(entry));
    }
    EXPECT_EQ(json::to_text(ours), json::to_text(*expected));
  }
}

}  // namespace
}  // namespace omashu::avro
