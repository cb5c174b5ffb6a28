// The options of init-kafka and its verbs.

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/connection/connection.h"
#include "provision/desired.h"
#include "provision/plan.h"

namespace omashu::cli {

class OptionParser;

// Where the description of the cluster is.
struct SourceOptions {
  std::string schemas;
  std::string strategy = "TopicNameStrategy";
  bool is_strict = false;

  void declare(OptionParser& options);
  provision::Source source(const std::string& file) const;
};

// How the servers are reached, and that they are the right ones.
struct ServerOptions {
  ConnectionOptions connection;
  std::optional<std::string> expected_cluster_id;

  void declare(OptionParser& options);
};

// What a plan may do.
struct PlanningOptions {
  bool allow_repartition = false;
  bool allow_reassign = false;
  bool prune = false;
  std::optional<std::string> prefix;
  std::optional<std::string> empty_file;  // the name of the file that may name no topic

  void declare(OptionParser& options);
  Result<void> check(const std::string& file) const;
  bool is_default() const { return !allow_repartition && !allow_reassign && !prune && !prefix && !empty_file; }
  provision::PlanOptions plan_options() const {
    return {.allow_repartition = allow_repartition,
            .allow_reassign = allow_reassign,
            .prune = prune,
            .may_be_empty = empty_file.has_value()};
  }
  provision::ObserveOptions observe_options() const { return {prune ? prefix : std::nullopt}; }
};

// How replicas are moved that --allow-reassign, or a saved plan, has move.
struct ReassignOptions {
  std::string throttle;  // as it was given; "" for none
  std::optional<int64_t> bytes_per_second = {};
  bool detach = false;

  void declare(OptionParser& options);
  Result<void> check();
};

// text or json.
struct OutputOptions {
  std::string format = "text";

  void declare(OptionParser& options);
  bool is_json() const { return format == "json"; }
};

}  // namespace omashu::cli
