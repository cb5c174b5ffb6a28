// A value's and a key's schema, a zero byte between them, of a compacted topic: the script that Flink and PostgreSQL
// are given has an end to each statement and nowhere else, and the schema that Flink reads with is a schema again.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "flink/flink_script.h"
#include "flink/readable_schema.h"
#include "provision/files.h"

using namespace omashu;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

void check_reader_schema(const avro::Schema& schema) {
  const flink::ReadableSchema readable(schema.root());
  if (!readable.problem().empty()) return;
  const std::string text = readable.reader_schema();
  const auto reader = avro::Schema::parse(text);
  require(reader.has_value(), "no schema to read with", text);
  const flink::ReadableSchema again(reader->root());
  require(again.sql_type(reader->root()) == readable.sql_type(schema.root()), "another type", text);
}

void check_statements(const std::string& text) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find("\n\n", start);
    require(end != std::string::npos, "a statement without an end", text);
    const std::string statement = text.substr(start, end - start);
    require(statement.ends_with(';') || statement.starts_with("-- There is no table"), "no statement", statement);
    start = end + 2;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), input.size());
  const provision::FileTexts files = {{"f", "t 1 1 t.avsc true compact true\n"},
                                      {"t.avsc", std::string(input.substr(0, zero))},
                                      {"t-key.avsc", std::string(input.substr(std::min(zero + 1, input.size())))}};
  const auto loaded = provision::load_desired({.file = "f", .schemas_dir = ""}, provision::read_from(files));
  if (!loaded || !loaded->mistakes.empty()) return 0;
  for (const provision::DesiredSchema& schema : loaded->desired.schemas) {
    if (schema.schema) check_reader_schema(*schema.schema);
  }
  const auto script = flink::flink_script(
      loaded->desired, {.source = {.bootstrap_servers = "kafka:9092", .registry_url = "http://registry"},
                        .jdbc = flink::JdbcOptions{.url = "jdbc:postgresql://db/app"}});
  require(script.has_value(), "no script", script ? "" : script.error().message);
  check_statements(script->text);
  return 0;
}
