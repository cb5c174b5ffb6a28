// Random records, with and without schemas: what `consume` prints in a form, `produce` reads back to the same bytes.
//
//   OMASHU_COPY_SEEDS=10000 build/dev/src/cli/cli_test --gtest_filter='RecordCopy*'

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "avro/testing/random_avro.h"
#include "cli/records/consume_formatter.h"
#include "cli/records/record_encoder.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "serde/raw_bytes.h"

namespace omashu::cli {
namespace {

using avro::Schema;
using avro::testing::RandomAvro;
using schema_registry::testing::MemoryRegistry;
using serde::PayloadFormat;

struct Form {
  const char* name;
  bool is_avro_json = false;
  bool is_console = false;
};

constexpr Form kForms[] = {{"plain"}, {"avro-json", true}, {"console", false, true}};

// A topic's schema of keys or values; none for bytes of any kind.
struct Part {
  std::optional<Schema> schema;
  schema_registry::SchemaId id{};
};

Part random_part(RandomAvro& random, MemoryRegistry& registry, const std::string& subject) {
  if (random.pick(4) == 0) return {};
  const std::string text = random.schema(3);
  return {.schema = *Schema::parse(text), .id = *registry.register_schema(subject, {.schema = text}, false)};
}

std::optional<std::string> random_payload(RandomAvro& random, const Part& part) {
  if (random.pick(8) == 0) return std::nullopt;
  std::string payload;
  if (!part.schema || random.pick(8) == 0) {
    const size_t kind = random.pick(3);
    if (kind == 0) payload = "{\"base64\":\"AA==\"}";
    for (size_t size = kind == 0 ? 0 : random.pick(12); size > 0; --size) {
      payload += static_cast<char>(kind == 1 ? random.pick(256) : ' ' + random.pick(95));
    }
    if (random.pick(9) == 0) payload = "null";
    // Where there is a schema, a string in a line is a datum, and text without an id does not come back.
    if (part.schema) payload += '\xff';
    return payload.starts_with('\0') ? "x" + payload : payload;
  }
  serde::append_id_frame(payload, part.id);
  const size_t start = payload.size();
  random.datum(part.schema->root(), payload);
  if (serde::is_top_level_bytes(*part.schema)) serde::remove_length(payload, start);
  return payload;
}

bool can_be_null(const Part& part) {
  if (!part.schema) return false;
  const avro::Node& root = part.schema->root();
  return root.type == avro::Type::kNull ||
         std::ranges::any_of(root.branches, [](const avro::Node* branch) { return branch->type == avro::Type::kNull; });
}

// A line of the console format does not tell a tombstone from a null datum, nor bytes from a datum where there is a
// schema.
bool is_ambiguous(const std::optional<std::string>& payload, const Part& part) {
  if (!part.schema) return false;
  return payload ? !serde::is_framed(*payload, std::nullopt) : can_be_null(part);
}

void check(const kafka::Message& message, const Form& form, MemoryRegistry& registry) {
  ConsumeOptions options;
  options.is_avro_json = form.is_avro_json;
  options.is_console = form.is_console;
  options.console.print_key = true;
  const auto output = form.is_console ? ConsumeOptions::Form::kConsole : ConsumeOptions::Form::kJson;
  ConsumeFormatter formatter(options, output, registry);
  std::string line;
  const auto printed = formatter.append(message, line);
  ASSERT_TRUE(printed) << printed.error().message;
  ASSERT_EQ(line.find('\n'), line.size() - 1) << line;
  line.pop_back();

  RecordEncoding encoding;
  encoding.is_avro_json = form.is_avro_json;
  encoding.is_console = form.is_console;
  encoding.console.parse_key = true;
  const auto encoder = RecordEncoder::open(registry, message.topic, encoding);
  ASSERT_TRUE(encoder) << encoder.error().message;
  const auto record = encoder->encode(line);
  ASSERT_TRUE(record) << line << "\n" << record.error().message;
  EXPECT_EQ(record->key, message.key) << line;
  EXPECT_EQ(record->value, message.value) << line;
}

TEST(RecordCopy, RandomRecordsComeBackInEachForm) {
  const char* wanted = std::getenv("OMASHU_COPY_SEEDS");
  const uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 300;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    RandomAvro random(seed);
    MemoryRegistry registry;
    const Part key = random_part(random, registry, "t-key");
    const Part value = random_part(random, registry, "t-value");
    for (int i = 0; i < 5; ++i) {
      kafka::Message message;
      message.topic = "t";
      message.timestamp_ms = 0;
      message.key = random_payload(random, key);
      message.value = random_payload(random, value);
      for (const Form& form : kForms) {
        SCOPED_TRACE(fmt::format("seed {}, {}", seed, form.name));
        if (form.is_console && (is_ambiguous(message.key, key) || is_ambiguous(message.value, value))) continue;
        check(message, form, registry);
        if (::testing::Test::HasFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace omashu::cli
