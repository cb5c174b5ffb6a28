#include "cli/init_kafka/init_kafka_options.h"

#include <fmt/core.h>

#include "cli/option_parser.h"
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

void OutputOptions::declare(OptionParser& options) {
  options.choice("--output", "FORMAT", format, {"text", "json"}, "text or json (default: text)");
}

}  // namespace omashu::cli
