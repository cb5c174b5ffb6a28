// scripts/cluster: three Kafka brokers, two registries, two table servers, PostgreSQL and a sink, whose parts a test
// kills and starts again. All of it ends with the test's process, however that ends.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class PlatformCluster {
 public:
  PlatformCluster();  // throws where it does not start
  ~PlatformCluster();

  void kill9(const std::string& part);    // "kafka-2", "registry-1", "serve-1"
  void restart(const std::string& part);  // returns when it answers

  const std::string& bootstrap_servers() const { return bootstrap_servers_; }
  std::string address(const std::string& part) const;  // "http://127.0.0.1:…" of a registry or a table server

  CommandResult omashu(const std::vector<std::string>& arguments, const std::string& input = "") const;
  CommandResult init_kafka(std::vector<std::string> arguments) const;

  // What psql prints, without titles, columns separated by '|'.
  std::string query(const std::string& sql) const;

  std::string file(const std::string& name) const { return folder_.path() / name; }

 private:
  void run(std::vector<std::string> arguments) const;

  ScratchFolder folder_;
  std::string bootstrap_servers_, registries_, dsn_;
};

}  // namespace omashu::real
