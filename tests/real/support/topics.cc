#include "real/support/topics.h"
#include "real/support/run_command.h"

#include <sstream>
#include <stdexcept>

#include "base/json.h"
#include "real/support/http.h"
#include "real/support/shared_servers.h"

namespace omashu::real {

void make_topic(const KafkaBroker& kafka, const NewTopic& topic) {
  const CommandResult made =
      kafka.tool("org.apache.kafka.tools.TopicCommand",
                 {"--create", "--topic", topic.name, "--partitions", std::to_string(topic.partitions), "--config",
                  std::string("cleanup.policy=") + (topic.is_compacted ? "compact" : "delete")});
  if (made.exit_code != 0) throw std::runtime_error("making " + topic.name + " failed: " + made.out + made.err);
}

std::string make_topic(const NewTopic& topic) {
  make_topic(shared_kafka(), topic);
  return topic.name;
}

void register_schema(const std::string& registry_url, const std::string& subject, const std::string& schema) {
  json::Value body = json::Value::object();
  body.add("schema", schema);
  const HttpAnswer answer = http_send("POST", registry_url + "/subjects/" + subject + "/versions", json::to_text(body));
  if (answer.status != 200) throw std::runtime_error("registering " + subject + " failed: " + answer.body);
}

void register_schema(const std::string& subject, const std::string& schema) {
  register_schema(shared_registry().url(), subject, schema);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace omashu::real
