#include "cli/init_kafka/init_kafka_options.h"

#include <fmt/core.h>

#include <charconv>

#include "cli/option_parser.h"
#include "provision/setting_value.h"
#include "serde/subject_name.h"

namespace omashu::cli {

void SourceOptions::declare(OptionParser& options) {
  options.option("--schemas", "DIR", schemas, "where the .avsc files are (default: beside FILE)");
  options.choice("--subject-name-strategy", "STRATEGY", strategy,
                 {"TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"},
                 "how subjects are named (default: TopicNameStrategy)");
  options.flag("--strict", is_strict, "take every warning for a mistake");
}

provision::Source SourceOptions::source(const std::string& file) const {
  return {.file = file,
          .schemas_dir = schemas,
          .strategy = serde::parse_subject_name_strategy(strategy).value(),
          .is_strict = is_strict};
}

void ServerOptions::declare(OptionParser& options) {
  options.option("--expect-cluster-id", "ID", expected_cluster_id, "fail if the cluster is another one");
  connection.declare(options);
}

void PlanningOptions::declare(OptionParser& options) {
  options.flag(
      "--allow-repartition", allow_repartition,
      "allow more partitions for a compacted topic, though new records of a key go elsewhere than its old ones");
  options.flag("--allow-reassign", allow_reassign,
               "allow another replication factor for a topic that exists: the brokers copy what new replicas lack");
  options.flag("--prune", prune, "delete the topics and subjects that the file does not name; needs --prefix");
  options.option("--prefix", "P", prefix, "what the names of those that --prune may delete start with");
  options.option(
      "--confirm-empty", "FILE", empty_file,
      "with --prune: FILE, named once more, may be without a topic, and all that --prefix allows is deleted");
}

Result<void> PlanningOptions::check(const std::string& file) const {
  if (prune && prefix.value_or("").empty()) {
    return fail(ErrorCode::kInvalidArgument, "--prune deletes only what --prefix P allows: give a prefix");
  }
  if (empty_file && !prune) return fail(ErrorCode::kInvalidArgument, "--confirm-empty is for --prune");
  if (empty_file && *empty_file != file) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--confirm-empty {}: the file is called {}", *empty_file, file));
  }
  if (!prune && prefix) return fail(ErrorCode::kInvalidArgument, "--prefix is for --prune");
  return {};
}

void ReassignOptions::declare(OptionParser& options) {
  options.option("--throttle", "BYTES", throttle,
                 "with --allow-reassign: what each broker may copy a second, as 50MiB; lifted when all is copied");
  options.flag("--detach", detach,
               "with --allow-reassign: do not wait until all is copied; the next run does, and lifts the throttle");
}

Result<void> ReassignOptions::check() {
  if (throttle.empty()) return {};
  const provision::SettingValue size = provision::read_setting("retention.bytes", throttle);
  int64_t bytes = 0;
  const char* end = size.value.data() + size.value.size();
  const bool is_number = !size.problem && std::from_chars(size.value.data(), end, bytes).ptr == end;
  if (!is_number || bytes < 1) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--throttle {}: write bytes a second, as 1048576 or 50MiB", throttle));
  }
  bytes_per_second = bytes;
  return {};
}

void OutputOptions::declare(OptionParser& options) {
  options.choice("--output", "FORMAT", format, {"text", "json"}, "text or json (default: text)");
}

}  // namespace omashu::cli
