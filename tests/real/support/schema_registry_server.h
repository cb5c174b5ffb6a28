// A real schema registry: Apicurio Registry through its Confluent-compatible API, its state in memory.
// OMASHU_REAL_REGISTRY says where scripts/real-parts put it.

#pragma once

#include <memory>
#include <string>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class SchemaRegistryServer {
 public:
  // Returns when it answers. Compatibility is BACKWARD for all subjects.
  static Result<std::unique_ptr<SchemaRegistryServer>> start();

  int port() const { return port_; }
  std::string url() const { return url_at(port_); }  // without a slash at the end
  std::string url_at(int port) const;                // through a proxy that listens there

  void kill9();                // SIGKILL, and waits for the end; its schemas are gone
  Result<void> start_again();  // on the same port; returns when it answers

  // SIGSTOP and SIGCONT: a registry that accepts connections and does not answer.
  void freeze() { process_->signal(19); }
  void thaw() { process_->signal(18); }

 private:
  SchemaRegistryServer() = default;

  ScratchFolder folder_;
  std::string home_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
