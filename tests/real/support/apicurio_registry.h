// A real schema registry: Apicurio Registry through its Confluent-compatible API, its state in memory.
// OMASHU_REAL_REGISTRY says where scripts/real-parts put it.

#pragma once

#include <memory>
#include <string>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/schema_registry_server.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class ApicurioRegistry : public SchemaRegistryServer {
 public:
  static Result<std::unique_ptr<ApicurioRegistry>> start();

  int port() const override { return port_; }
  std::string url_at(int port) const override;
  void kill9() override;
  Result<void> start_again() override;
  void freeze() override { process_->signal(19); }
  void thaw() override { process_->signal(18); }

 private:
  ApicurioRegistry() = default;

  ScratchFolder folder_;
  std::string home_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
