// What Avro Java makes of the data in testdata/codec_vectors.jsonl, and what we make of it.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "avro/codec.h"
#include "avro/datum.h"
#include "base/json.h"

namespace omashu::avro {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// By value: Java writes 1.0E7, and a float as the double that it is, where we write the shortest float.
bool same_number(const json::Value& a, const json::Value& b) {
  if (a.as_int64() || b.as_int64()) return a.as_int64() == b.as_int64();
  return a.as_double() == b.as_double() ||
         static_cast<float>(a.as_double().value_or(0)) == static_cast<float>(b.as_double().value_or(0));
}

// Members in any order, since Java's maps have none.
bool same(const json::Value& a, const json::Value& b) {
  if (a.kind() != b.kind() || a.items().size() != b.items().size() || a.members().size() != b.members().size()) {
    return false;
  }
  for (size_t i = 0; i < a.items().size(); ++i) {
    if (!same(a.items()[i], b.items()[i])) return false;
  }
  for (const json::Member& member : a.members()) {
    const json::Value* other = b.find(member.name);
    if (other == nullptr || !same(member.value, *other)) return false;
  }
  if (a.is_boolean()) return a.boolean() == b.boolean();
  return a.text() == b.text() || (a.is_number() && same_number(a, b));
}

void check(const json::Value& vector) {
  const auto text = [&](std::string_view name) { return vector.find(name)->text(); };
  const Schema writer = *Schema::parse(text("schema"));
  const Schema reader = vector.find("reader") == nullptr ? writer : *Schema::parse(text("reader"));
  std::string bytes;
  const auto encoded = Encoder::compile(writer)->from_json(text("json"), bytes, JsonForm::kAvro);
  ASSERT_TRUE(encoded) << encoded.error().message;
  std::string read;
  const auto decoder = Decoder::compile(writer, reader);
  const bool decoded = decoder && decoder->to_json(bytes, JsonForm::kAvro, read);
  if (vector.find("java_error") != nullptr && vector.find("differs") == nullptr) {
    EXPECT_FALSE(decoded) << read;
    return;
  }
  ASSERT_TRUE(decoded) << (decoder ? "does not decode" : decoder.error().message);
  if (vector.find("differs") != nullptr) return;
  EXPECT_EQ(hex(bytes), text("binary"));
  EXPECT_TRUE(same(*json::parse(read), *json::parse(text("read")))) << read;

  // The generic value is the same: as the reader's binary it gives the same JSON.
  const auto datum = GenericDecoder::compile(writer, reader)->decode_owned(bytes);
  ASSERT_TRUE(datum);
  std::string of_reader;
  append_datum(**datum, of_reader);
  std::string again;
  ASSERT_TRUE(Decoder::compile(reader)->to_json(of_reader, JsonForm::kAvro, again));
  EXPECT_EQ(again, read);
}

TEST(CodecOracle, DataIsReadAndWrittenAsJavaDoes) {
  std::ifstream file(OMASHU_AVRO_TESTDATA "/codec_vectors.jsonl");
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    const auto vector = json::parse(line);
    ASSERT_TRUE(vector) << line;
    if (vector->find("about") != nullptr) continue;
    SCOPED_TRACE(line);
    check(*vector);
    ++count;
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace omashu::avro
