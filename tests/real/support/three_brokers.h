// Three real Apache Kafka nodes of one cluster, each broker and controller, on free ports of the loopback interface.
// Topics have three replicas, and two of them must have a record before it is acknowledged.

#pragma once

#include <array>
#include <memory>
#include <string>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class ThreeBrokers {
 public:
  static constexpr int kCount = 3;

  // Returns when each of them tells of all three and of a controller.
  static Result<std::unique_ptr<ThreeBrokers>> start();

  std::string bootstrap_server() const;  // all three

  void kill9(int number);  // SIGKILL, and waits for the end; from 0

 private:
  struct Node {
    ScratchFolder folder;
    int port = 0, controller_port = 0;
    std::unique_ptr<Process> process;
  };

  ThreeBrokers() = default;
  Result<void> prepare(int number, const std::string& cluster_id, const std::string& voters);
  bool answers(const Node& node) const;

  std::array<Node, kCount> nodes_;
};

}  // namespace omashu::real
