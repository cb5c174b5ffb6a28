#include "real/support/table_topic.h"

#include <fmt/core.h>

#include "real/support/topics.h"

namespace omashu::real {
namespace {

constexpr const char* kKeySchema =
    R"({"type":"record","name":"RowKey","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kValueSchema =
    R"({"type":"record","name":"Row","fields":[{"name":"omashuId","type":"string"},{"name":"count","type":"long"}]})";

}  // namespace

void make_table_topic(const KafkaBroker& kafka, const std::string& registry_url, const std::string& topic) {
  make_topic(kafka, {.name = topic, .partitions = 3});
  register_schema(registry_url, topic + "-key", kKeySchema);
  register_schema(registry_url, topic + "-value", kValueSchema);
}

std::string table_row(int id, int count) { return fmt::format(R"({{"omashuId":"om-{}","count":{}}})", id, count); }

}  // namespace omashu::real
