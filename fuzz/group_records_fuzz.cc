// Records of __consumer_offsets, each with a byte for the length of its key and two for that of its value (0xFFFF: a
// tombstone). What is understood must be written again as the same, and a coordinator must live with whatever it was
// restored from: in the end all members expire, and all groups are empty.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "broker/group/coordinator_records.h"
#include "broker/group/group_coordinator.h"

using namespace omashu::broker;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

constexpr int64_t kStartMs = 1'700'000'000'000;

class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool is_empty() const { return rest_.empty(); }

  size_t length(size_t bytes) {
    size_t value = 0;
    for (const char byte : take(bytes)) value = value << 8 | static_cast<uint8_t>(byte);
    return value;
  }

  std::string_view take(size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view rest_;
};

// The version before the last may have tagged fields, which are not kept.
template <class Value>
void check_rewritten(std::string_view bytes, const omashu::Result<Value>& value) {
  if (!value) return;
  const auto version = static_cast<int16_t>(static_cast<uint8_t>(bytes[0]) << 8 | static_cast<uint8_t>(bytes[1]));
  const std::string again = encode_value(*value, version);
  require(version >= Value::kApi.first_flexible || again == bytes, "a value is written as another");
}

void check_value(std::string_view key, std::string_view value) {
  const auto parsed = parse_coordinator_key(key);
  if (!parsed) return;
  if (std::holds_alternative<OffsetCommitKey>(*parsed)) check_rewritten(value, parse_offset_commit_value(value));
  if (std::holds_alternative<GroupMetadataKey>(*parsed)) check_rewritten(value, parse_group_metadata_value(value));
}

void check_end(GroupCoordinator& coordinator) {
  const CoordinatorActions actions = coordinator.tick(kStartMs + INT32_MAX);
  require(actions.answers.empty(), "an answer without a request");
  for (const CoordinatorAppend& append : actions.appends) {
    for (const CoordinatorRecord& record : append.records) {
      require(coordinator.restore(record.key, record.value).has_value(), "its own record is not understood");
    }
  }
  for (const GroupListing& group : coordinator.list_groups()) {
    require(group.state == GroupState::kEmpty, "a group without members is not empty");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  GroupCoordinator coordinator;
  while (!input.is_empty()) {
    const size_t key_length = input.length(1);
    const size_t value_length = input.length(2);
    const std::string_view key = input.take(key_length);
    std::optional<std::string_view> value;
    if (value_length != 0xFFFF) value = input.take(value_length);
    if (value) check_value(key, *value);
    (void)coordinator.restore(key, value);
  }
  coordinator.start(kStartMs);
  for (const GroupListing& group : coordinator.list_groups()) (void)coordinator.describe_group(group.group_id);
  check_end(coordinator);
  return 0;
}
