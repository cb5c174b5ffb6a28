#include "table/live/table_sources.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "kafka/admin.h"
#include "table/store/store_memory.h"

namespace omashu::table {

namespace {

constexpr std::chrono::seconds kLook{3};
constexpr int64_t kDefaultDeleteRetentionMs = 86'400'000;  // Kafka's own

int64_t number_of(const std::string& text, int64_t otherwise) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

std::vector<Result<TopicFacts>> describe(kafka::Admin& admin, std::span<const std::string> topics) {
  constexpr const char* kDeleteRetention = "delete.retention.ms";
  const std::vector<std::string> names = {kDeleteRetention};
  const auto descriptions = admin.describe_topics(topics);
  const auto configs = admin.describe_configs(topics, names);
  std::vector<Result<TopicFacts>> facts;
  for (size_t i = 0; i < topics.size(); ++i) {
    if (!descriptions[i]) {
      facts.push_back(fail(descriptions[i].error()));
      continue;
    }
    TopicFacts& known = *facts.emplace_back(TopicFacts{.id = descriptions[i]->id,
                                                       .partitions = descriptions[i]->partitions,
                                                       .delete_retention_ms = kDefaultDeleteRetentionMs});
    // Who may read a topic need not be allowed to see its settings.
    if (!configs[i]) continue;
    const auto found = configs[i]->find(kDeleteRetention);
    if (found != configs[i]->end()) {
      known.delete_retention_ms = number_of(found->second.value, kDefaultDeleteRetentionMs);
    }
  }
  return facts;
}

// A broker that is asked for partitions which were read to their end, while another one waits for room in the queue,
// would keep that one waiting for the usual 500 ms, so catching up asks in short turns; following need not. An offset
// that the log does not have is an error: whoever starts at the beginning again must know it.
std::vector<std::pair<const char*, const char*>> consumer_settings(TableSources::Pace pace) {
  if (pace == TableSources::Pace::kLookUp) {
    return {{"fetch.wait.max.ms", "10"}, {"fetch.message.max.bytes", "65536"}, {"auto.offset.reset", "error"}};
  }
  return {{"fetch.wait.max.ms", pace == TableSources::Pace::kCatchUp ? "10" : "500"},
          {"fetch.min.bytes", "1"},
          {"queued.min.messages", "20000"},
          {"queued.max.messages.kbytes", "16384"},
          {"auto.offset.reset", "error"}};
}

}  // namespace

Result<TableSources> real_table_sources(const TableReaderOptions& options) {
  auto opened = kafka::Admin::open(options.kafka, std::min<std::chrono::milliseconds>(options.timeout, kLook));
  if (!opened) return fail(std::move(opened.error()));
  const std::shared_ptr<kafka::Admin> admin = *std::move(opened);
  const auto memory = options.memory != nullptr ? options.memory : std::make_shared<StoreMemory>();
  TableSources sources;
  sources.open_consumer = [kafka = options.kafka](TableSources::Pace pace) {
    kafka::ClientConfig config = kafka;
    for (const auto& [name, value] : consumer_settings(pace)) config.set(name, value);
    return kafka::Consumer::open(config);
  };
  sources.open_producer = [kafka = options.kafka] { return kafka::Producer::open(kafka); };
  sources.look = [admin](std::span<const std::string> topics) { return describe(*admin, topics); };
  sources.describe = [kafka = options.kafka, timeout = options.timeout](std::span<const std::string> topics) {
    const auto patient = kafka::Admin::open(kafka, timeout);
    if (patient) return describe(**patient, topics);
    return std::vector<Result<TopicFacts>>(topics.size(), fail(patient.error()));
  };
  sources.open_store = [memory](const std::string& folder, const StoreIdentity& identity) {
    return TableStore::open({.folder = folder, .memory = memory}, identity);
  };
  return sources;
}

Result<std::unique_ptr<TableReader>> TableReader::open(TableReaderOptions options, schema_registry::Client& registry) {
  auto sources = real_table_sources(options);
  if (!sources) return fail(std::move(sources.error()));
  return open_table_reader(std::move(options), registry, *std::move(sources));
}

}  // namespace omashu::table
