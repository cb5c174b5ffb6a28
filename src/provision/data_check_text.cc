#include "provision/data_check_text.h"

#include <fmt/core.h>

#include "base/counted.h"

namespace omashu::provision {

namespace {

std::string records(int64_t count) { return counted(static_cast<size_t>(count), "record"); }

void append_failed(const DataCheck& check, const FailedRecords& failed, std::string& out) {
  for (const FailedRecord& record : failed.first) {
    out += fmt::format("    {}-{}-{}: {}\n", check.topic, record.partition, record.offset, record.message);
  }
  const int64_t more = failed.count - static_cast<int64_t>(failed.first.size());
  if (more > 0) out += fmt::format("    and {} more\n", more);
}

json::Value failed_json(const FailedRecords& failed) {
  json::Value first = json::Value::array();
  for (const FailedRecord& record : failed.first) {
    json::Value object = json::Value::object();
    object.add("partition", static_cast<int64_t>(record.partition));
    object.add("offset", static_cast<int64_t>(record.offset));
    object.add("message", record.message);
    first.append(std::move(object));
  }
  json::Value object = json::Value::object();
  object.add("count", failed.count);
  object.add("first", std::move(first));
  return object;
}

}  // namespace

std::string data_check_text(std::span<const DataCheck> checks) {
  std::string out;
  for (const DataCheck& check : checks) {
    const std::string label = fmt::format("data of {} ({})", check.topic, check.subject);
    out += fmt::format("{}: {} can be read with {}\n", label, records(check.readable), check.file);
    if (check.unreadable.count > 0) {
      out += fmt::format("{}: {} could not be read with {}:\n", label, records(check.unreadable.count), check.file);
      append_failed(check, check.unreadable, out);
    }
    if (check.undecodable.count > 0) {
      out += fmt::format("{}: {} cannot be read with any schema:\n", label, records(check.undecodable.count));
      append_failed(check, check.undecodable, out);
    }
  }
  return out;
}

json::Value data_check_json(std::span<const DataCheck> checks) {
  json::Value array = json::Value::array();
  for (const DataCheck& check : checks) {
    json::Value object = json::Value::object();
    object.add("topic", check.topic);
    object.add("part", serde::record_part_name(check.part));
    object.add("subject", check.subject);
    object.add("file", check.file);
    object.add("readable", check.readable);
    object.add("unreadable", failed_json(check.unreadable));
    object.add("undecodable", failed_json(check.undecodable));
    array.append(std::move(object));
  }
  return array;
}

}  // namespace omashu::provision
