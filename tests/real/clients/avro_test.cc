// Avro records through the registry: each client writes with its own serializers, each reads what every other wrote,
// and omashu is one of them.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

#include "base/json.h"
#include "real/clients/client.h"
#include "real/support/omashu_command.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

const std::vector<std::string> kClients = {"go", "javascript", "omashu", "python"};

// omashuId, status, bytesSoFar, reason; an empty reason is null.
const std::string kRecords = "om-1\tQUEUED\t0\t\nom-größer\tRUNNING\t4503599627370496\t\nom-3\tFAILED\t-1\tno route\n";

std::string topic_of(const std::string& client) { return "avro-" + client; }

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\t') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::string schema_of(const std::string& name) {
  std::ifstream file(OMASHU_SOURCE_DIR "/tests/real/clients/" + name + ".avsc");
  return {std::istreambuf_iterator<char>(file), {}};
}

CommandResult write_with_omashu(const std::string& topic) {
  register_schema(topic + "-key", schema_of("key"));
  register_schema(topic + "-value", schema_of("value"));
  std::string lines;
  for (const auto& record : lines_of(kRecords)) {
    const auto fields = fields_of(record);
    const std::string id = R"("omashuId":")" + fields[0] + "\"";
    lines += R"({"key":{)" + id + R"(},"value":{)" + id + R"(,"status":")" + fields[1] + R"(","bytesSoFar":)" +
             fields[2] + R"(,"reason":)" + (fields[3].empty() ? "null" : "\"" + fields[3] + "\"") + "}}\n";
  }
  return run_omashu({"produce", topic}, lines);
}

std::string read_with_omashu(const std::string& topic, const std::string& count) {
  std::string records;
  for (const auto& line : lines_of(run_omashu({"consume", topic, "--from-beginning", "--max-messages", count}).out)) {
    const auto row = json::parse(line);
    EXPECT_TRUE(row) << line;
    const json::Value* value = row->find("value");
    EXPECT_EQ(row->find("key")->find("omashuId")->text(), value->find("omashuId")->text());
    records += value->find("omashuId")->text() + "\t" + value->find("status")->text() + "\t" +
               value->find("bytesSoFar")->text() + "\t" + value->find("reason")->text() + "\n";
  }
  return records;
}

// What came of writing, which is done once for all tests that need it.
const CommandResult& written(const std::string& client) {
  static std::map<std::string, CommandResult> results;
  const auto known = results.find(client);
  if (known != results.end()) return known->second;
  const std::string topic = topic_of(client);
  make_topics({topic});
  return results[client] =
             client == "omashu" ? write_with_omashu(topic) : run_client(client, {"write-avro", topic}, kRecords);
}

std::string read(const std::string& client, const std::string& topic) {
  const std::string count = std::to_string(lines_of(kRecords).size());
  if (client == "omashu") return read_with_omashu(topic, count);
  const CommandResult result = run_client(client, {"read-avro", count, topic});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

class AvroExchangeTest : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(AvroExchangeTest, ReadsWhatTheOtherWrote) {
  const auto& [writer, reader] = GetParam();
  const CommandResult& result = written(writer);
  ASSERT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
  EXPECT_EQ(read(reader, topic_of(writer)), kRecords);
}

INSTANTIATE_TEST_SUITE_P(Clients, AvroExchangeTest,
                         ::testing::Combine(::testing::ValuesIn(kClients), ::testing::ValuesIn(kClients)),
                         [](const auto& tested) {
                           return std::get<0>(tested.param) + "_to_" + std::get<1>(tested.param);
                         });

}  // namespace
}  // namespace omashu::real
