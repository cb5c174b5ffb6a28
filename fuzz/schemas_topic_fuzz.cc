// Records of _schemas, keys and values by turns with zero bytes between them: whatever a topic holds, it is read
// without harm, what is understood is understood again when it is written, and an id never means two schemas.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema_registry/server/store.h"

using namespace omashu;
using namespace omashu::schema_registry;
using namespace omashu::schema_registry::server;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_schema(const ParsedRecord& parsed) {
  const auto& schema = std::get<SchemaValue>(parsed.value);
  const TopicRecord written = schema_record(schema);
  const auto again = parse_record(written.key, written.value);
  require(again.has_value() && again->key == parsed.key, "a schema's key changes when it is written");
  const auto& same = std::get<SchemaValue>(again->value);
  require(same.id == schema.id && same.text == schema.text && same.annotations == schema.annotations &&
              same.is_deleted == schema.is_deleted,
          "a schema changes when it is written");
  require(guid_of(same.text, same.annotations) == guid_of(schema.text, schema.annotations), "its guid changes");
}

void check_key(const TopicKey& key) {
  if (key.type == KeyType::kOther) return;
  const auto again = parse_key(key_text(key));
  require(again.has_value() && *again == key, "a key changes when it is written");
}

void check_store(const Store& store) {
  for (const auto& [name, subject] : store.subjects()) {
    require(!subject.versions.empty(), "a subject without versions");
    int last = 0;
    for (const VersionEntry& entry : subject.versions) {
      require(entry.version > last, "versions out of order");
      last = entry.version;
      require(!entry.content->places.empty(), "a schema that is registered nowhere");
    }
  }
  for (const TopicRecord& repair : store.repairs()) require(parse_key(repair.key).has_value(), "a strange repair");
}

// What a repair says is read again, and the damage is dealt with.
void check_repair(const Store& store, int64_t log_end) {
  require(!store.describe_damage().empty(), "damage without words");
  const LeaderValue value = store.repaired_value({store.leader().term.number + 1, "repair"}, log_end);
  const TopicRecord record = leader_record(value);
  const auto again = parse_record(record.key, record.value);
  require(again.has_value() && std::holds_alternative<LeaderValue>(again->value), "a repair that is no record");
  const auto& told = std::get<LeaderValue>(again->value);
  require(told.max_ids == value.max_ids && told.lost_records == value.lost_records &&
              told.repaired_until == value.repaired_until &&
              told.missing_ids.has_value() == value.missing_ids.has_value(),
          "a repair changes when it is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> texts;
  while (true) {
    const size_t end = input.find('\0');
    texts.push_back(input.substr(0, end));
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  Store store;
  std::map<std::string, int> ids;
  for (size_t i = 0; i < texts.size(); i += 2) {
    // An absent value is a tombstone; every third record is of a term, so that leaders depose each other.
    const std::optional<std::string_view> value = i + 1 < texts.size() ? std::optional(texts[i + 1]) : std::nullopt;
    const std::string_view term = i % 3 == 0 ? "2-x" : "";
    const auto parsed = parse_record(texts[i], value);
    if (parsed) check_key(parsed->key);
    if (parsed && std::holds_alternative<SchemaValue>(parsed->value)) check_schema(*parsed);
    store.apply({static_cast<int64_t>(i), texts[i], value, term});
    check_store(store);
    store.check_ids();
    if (store.is_damaged()) check_repair(store, static_cast<int64_t>(i) + 1);
    for (const auto& [context, id] : store.max_ids()) {
      require(id >= ids[context], "an id that was given may be given again");
      ids[context] = id;
    }
  }
  return 0;
}
