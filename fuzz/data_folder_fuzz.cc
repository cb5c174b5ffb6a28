// The small files of a broker's data folder. The first byte says which one; the rest is its text. What is understood
// must mean the same once it has been written and read again.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "broker/config/config_file.h"
#include "broker/log/log_checkpoint.h"
#include "broker/log/partition_metadata.h"
#include "broker/log/producer_states.h"
#include "broker/topic/topic_file.h"

using namespace omashu::broker;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void read_topics(std::string_view text) {
  const auto file = parse_topic_file(text);
  if (!file) return;
  const auto again = parse_topic_file(topic_file_text(*file));
  require(again && *again == *file, "topics.json is read as another after it was written");
}

void read_broker_configs(std::string_view text) {
  const auto file = parse_config_file(text);
  if (!file) return;
  const auto again = parse_config_file(config_file_text(*file));
  require(again && *again == *file, "broker-configs.json is read as another after it was written");
}

void read_partition_metadata(std::string_view text) {
  const auto metadata = parse_partition_metadata(text);
  if (!metadata) return;
  require(parse_partition_metadata(partition_metadata_text(*metadata)) == metadata,
          "partition.metadata is read as another after it was written");
}

void read_log_checkpoint(std::string_view text) {
  const auto checkpoint = parse_log_checkpoint(text);
  if (!checkpoint) return;
  const auto again = parse_log_checkpoint(log_checkpoint_text(*checkpoint));
  require(again == checkpoint, "log.checkpoint is read as another after it was written");
}

void read_producer_snapshot(std::string_view bytes) {
  const auto states = ProducerStates::decode(bytes);
  if (!states) return;
  const std::string written = states->encode();
  const auto again = ProducerStates::decode(written);
  require(again && again->encode() == written, "a snapshot of producers is read as another after it was written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: read_topics(text); break;
    case 1: read_broker_configs(text); break;
    case 2: read_partition_metadata(text); break;
    case 3: read_log_checkpoint(text); break;
    default: read_producer_snapshot(text); break;
  }
  return 0;
}
