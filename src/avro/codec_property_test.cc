// Random schemas with random data of them: every way through the codec gives the same datum back.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "avro/codec.h"
#include "avro/datum.h"
#include "avro/varint.h"

namespace omashu::avro {
namespace {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  size_t pick(size_t bound) { return engine_() % bound; }
  uint64_t bits() { return engine_() >> pick(64); }  // numbers of every length

  std::string schema(size_t depth) {
    switch (pick(depth == 0 ? 12 : 16)) {
      case 0: return R"("null")";
      case 1: return R"("boolean")";
      case 2: return R"("int")";
      case 3: return R"("long")";
      case 4: return R"("float")";
      case 5: return R"("double")";
      case 6: return R"("bytes")";
      case 7: return R"("string")";
      case 8: return fmt::format(R"({{"type":"fixed","name":"{}","size":{}}})", name(), pick(5));
      case 9: return fmt::format(R"({{"type":"enum","name":"{}","symbols":["A","B","C"]}})", name());
      case 10: return R"({"type":"long","logicalType":"timestamp-micros"})";
      case 11: return R"({"type":"int","logicalType":"date"})";
      case 12: return fmt::format(R"({{"type":"array","items":{}}})", schema(depth - 1));
      case 13: return fmt::format(R"({{"type":"map","values":{}}})", schema(depth - 1));
      case 14: return fmt::format(R"(["null",{}])", fmt::format(R"({{"type":"array","items":{}}})", schema(depth - 1)));
      default: return record(depth);
    }
  }

  // A datum in the form that encoders give: one block for all items.
  void datum(const Node& type, std::string& out) {
    switch (type.type) {
      case Type::kNull: return;
      case Type::kBoolean: out += static_cast<char>(pick(2)); return;
      case Type::kInt: return append_long(out, static_cast<int32_t>(bits()));
      case Type::kLong: return append_long(out, static_cast<int64_t>(bits()));
      case Type::kFloat: return raw(static_cast<float>(static_cast<int64_t>(bits())) / 7, out);
      case Type::kDouble: return raw(static_cast<double>(static_cast<int64_t>(bits())) / 1000, out);
      case Type::kBytes: return bytes(256, out);
      case Type::kString: return bytes(128, out);
      case Type::kFixed:
        for (size_t i = 0; i < type.fixed_size; ++i) out += static_cast<char>(pick(256));
        return;
      case Type::kEnum: return append_long(out, static_cast<int64_t>(pick(type.symbols.size())));
      case Type::kRecord:
        for (const Field& field : type.fields) datum(*field.type, out);
        return;
      case Type::kUnion: {
        const size_t branch = pick(type.branches.size());
        append_long(out, static_cast<int64_t>(branch));
        return datum(*type.branches[branch], out);
      }
      case Type::kArray:
      case Type::kMap: {
        const size_t count = pick(4);
        if (count > 0) append_long(out, static_cast<int64_t>(count));
        for (size_t i = 0; i < count; ++i) {
          if (type.type == Type::kMap) out += fmt::format("\x04k{}", i);
          datum(*type.items, out);
        }
        return append_long(out, 0);
      }
    }
  }

 private:
  std::string name() { return fmt::format("N{}", ++names_); }

  std::string record(size_t depth) {
    std::string fields;
    const size_t count = pick(5);
    for (size_t i = 0; i < count; ++i) {
      fields += fmt::format(R"({}{{"name":"f{}","type":{}}})", i == 0 ? "" : ",", i, schema(depth - 1));
    }
    return fmt::format(R"({{"type":"record","name":"{}","fields":[{}]}})", name(), fields);
  }

  template <class T>
  void raw(T value, std::string& out) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  void bytes(size_t bound, std::string& out) {
    const size_t size = pick(20);
    append_long(out, static_cast<int64_t>(size));
    for (size_t i = 0; i < size; ++i) out += static_cast<char>(pick(bound));
  }

  std::mt19937_64 engine_;
  int names_ = 0;
};

void check(const Schema& schema, const std::string& bytes) {
  const Decoder decoder = *Decoder::compile(schema);
  const Encoder encoder = *Encoder::compile(schema);
  ASSERT_TRUE(decoder.validate(bytes));
  for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
    std::string json;
    ASSERT_TRUE(decoder.to_json(bytes, form, json));
    std::string again;
    const auto encoded = encoder.from_json(json, again, form);
    ASSERT_TRUE(encoded) << json << "\n" << encoded.error().message;
    EXPECT_EQ(again, bytes) << json;
  }
  std::string written;
  append_datum(**GenericDecoder::compile(schema)->decode_owned(bytes), written);
  EXPECT_EQ(written, bytes);
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 8) {
    std::string json;
    // A prefix may be a datum of its own only where what is left out has no bytes: never here.
    EXPECT_FALSE(decoder.to_json(std::string(bytes, 0, size), JsonForm::kPlain, json)) << size;
  }
}

TEST(CodecProperty, RandomDataOfRandomSchemasComesBack) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const std::string text = random.schema(4);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
    const auto schema = Schema::parse(text);
    ASSERT_TRUE(schema) << schema.error().message;
    for (int i = 0; i < 5; ++i) {
      std::string bytes;
      random.datum(schema->root(), bytes);
      check(*schema, bytes);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace omashu::avro
