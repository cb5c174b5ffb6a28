#include "real/support/table_topic.h"
#include "real/support/run_command.h"

#include <fmt/core.h>

#include "real/support/http.h"

namespace omashu::real {
namespace {

constexpr const char* kKeySchema =
    R"({\"type\":\"record\",\"name\":\"RowKey\",\"fields\":[{\"name\":\"omashuId\",\"type\":\"string\"}]})";
constexpr const char* kValueSchema =
    R"({\"type\":\"record\",\"name\":\"Row\",\"fields\":[{\"name\":\"omashuId\",\"type\":\"string\"},)"
    R"({\"name\":\"count\",\"type\":\"long\"}]})";

Result<void> register_schema(const std::string& registry_url, const std::string& subject, const std::string& schema) {
  HttpAnswer answer = http_send("POST", fmt::format("{}/subjects/{}/versions", registry_url, subject),
                                fmt::format(R"({{"schema":"{}"}})", schema));
  if (answer.status == 200) return {};
  return fail(ErrorCode::kInternal, fmt::format("{} was not registered: {} {}", subject, answer.status, answer.body));
}

}  // namespace

Result<void> make_table_topic(const KafkaBroker& kafka, const std::string& registry_url, const std::string& topic) {
  CommandResult created =
      kafka.tool("org.apache.kafka.tools.TopicCommand",
                 {"--create", "--topic", topic, "--partitions", "3", "--config", "cleanup.policy=compact"});
  if (created.exit_code != 0) return fail(ErrorCode::kInternal, created.out + created.err);
  if (auto key = register_schema(registry_url, topic + "-key", kKeySchema); !key) return key;
  return register_schema(registry_url, topic + "-value", kValueSchema);
}

std::string table_row(int id, int count) { return fmt::format(R"({{"omashuId":"om-{}","count":{}}})", id, count); }

}  // namespace omashu::real
