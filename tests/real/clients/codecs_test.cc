// Each client writes with each codec; each reads what every other wrote.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "real/clients/client.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

const std::vector<std::string> kClients = {"go", "java", "javascript", "kcat", "python"};
const std::vector<std::string> kCodecs = {"none", "gzip", "snappy", "lz4", "zstd"};
constexpr int kRecords = 50;  // enough for every client to find that compression pays

std::string topic_of(const std::string& client, const std::string& codec) { return "codecs-" + client + "-" + codec; }

// Each is larger than what it compresses to, so that no client leaves one as it is that it happens to send alone.
std::string records_of(const std::string& client, const std::string& codec) {
  const std::string padding(200, '.');
  std::string lines;
  for (int i = 0; i < kRecords; ++i) {
    const std::string number = std::to_string(i);
    lines += client + "-" + codec + "-" + number + "\t" + "written by " + client + " with " + codec + ", " + number +
             padding + "\n";
  }
  return lines;
}

CommandResult write(const std::string& client, const std::string& codec) {
  const std::string topic = topic_of(client, codec);
  const std::string records = records_of(client, codec);
  const std::string server = shared_kafka().bootstrap_server();
  if (client == "kcat")
    return run_command({"kcat", "-b", server, "-P", "-t", topic, "-z", codec, "-K", "\t"}, {.input = records});
  if (client == "java") {
    return shared_kafka().tool("org.apache.kafka.tools.ConsoleProducer",
                               {"--topic", topic, "--compression-codec", codec, "--reader-property", "parse.key=true"},
                               records);
  }
  return run_client(client, {"write", topic, codec}, records);
}

// Makes a topic for each client and codec, and writes into each once, when a test first asks for it. They are
// compacted, since the broker then decompresses what it is sent, to see that there is a key.
class Topics {
 public:
  Topics() {
    for (const auto& client : kClients) {
      for (const auto& codec : kCodecs) names_.push_back(topic_of(client, codec));
    }
    make_topics(names_, 1, {{"cleanup.policy", "compact"}});
  }
  const std::vector<std::string>& names() const { return names_; }

  // What came of writing.
  const CommandResult& written(const std::string& client, const std::string& codec) {
    const std::string topic = topic_of(client, codec);
    const auto known = results_.find(topic);
    if (known != results_.end()) return known->second;
    return results_[topic] = write(client, codec);
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, CommandResult> results_;
};

Topics& topics() {
  static Topics topics;
  return topics;
}

class CodecWriteTest : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(CodecWriteTest, IsStoredAsItWasCompressed) {
  const auto& [client, codec] = GetParam();
  const CommandResult& result = topics().written(client, codec);
  ASSERT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
  const CommandResult stored = run_client("go", {"codec", std::to_string(kRecords), topic_of(client, codec)});
  EXPECT_EQ(stored.out, codec + "\n") << ::testing::PrintToString(stored);
}

INSTANTIATE_TEST_SUITE_P(Clients, CodecWriteTest,
                         ::testing::Combine(::testing::ValuesIn(kClients), ::testing::ValuesIn(kCodecs)),
                         [](const auto& tested) {
                           return std::get<0>(tested.param) + "_" + std::get<1>(tested.param);
                         });

std::string read(const std::string& client, const std::vector<std::string>& topics) {
  const std::string server = shared_kafka().bootstrap_server();
  const std::string count = std::to_string(topics.size() * kRecords);
  if (client == "kcat") {
    std::string lines;
    for (const auto& topic : topics) {
      lines +=
          run_command({"kcat", "-b", server, "-C", "-t", topic, "-c", std::to_string(kRecords), "-q", "-f", "%k\t%s\n"})
              .out;
    }
    return lines;
  }
  if (client == "java") {
    return shared_kafka()
        .tool("org.apache.kafka.tools.consumer.ConsoleConsumer",
              {"--include", "codecs-.*", "--from-beginning", "--max-messages", count, "--timeout-ms", "30000",
               "--formatter-property", "print.key=true"})
        .out;
  }
  std::vector<std::string> arguments = {"read", count};
  arguments.insert(arguments.end(), topics.begin(), topics.end());
  const CommandResult result = run_client(client, arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

class CodecReadTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CodecReadTest, ReadsWhatEveryOtherWrote) {
  std::vector<std::string> expected;
  for (const auto& client : kClients) {
    for (const auto& codec : kCodecs) {
      ASSERT_EQ(topics().written(client, codec).exit_code, 0) << client << " did not write with " << codec;
      for (const auto& line : lines_of(records_of(client, codec))) expected.push_back(line);
    }
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_lines_of(read(GetParam(), topics().names())), expected);
}

INSTANTIATE_TEST_SUITE_P(Clients, CodecReadTest, ::testing::ValuesIn(kClients),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace omashu::real
