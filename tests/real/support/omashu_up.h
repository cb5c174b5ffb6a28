// `omashu up` of this build: broker and registry in one process, on free ports of the loopback interface, in a data
// folder of its own.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "real/support/kafka_broker.h"
#include "real/support/process.h"
#include "real/support/schema_registry_server.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class OmashuUp : public KafkaBroker {
 public:
  // Returns when it is ready. The options go behind those that name its places.
  static Result<std::unique_ptr<OmashuUp>> start(std::vector<std::string> options = {});

  std::string bootstrap_server() const override;
  int registry_port() const { return registry_port_; }
  std::string url() const;  // of the tables over HTTP
  std::string data_folder() const { return folder_.path() / "data"; }
  std::string log() const { return process_->stdout_text(); }
  pid_t pid() const { return process_->pid(); }

  void kill9() override;
  void stop() override;  // throws where the end is not a clean one
  Result<void> start_again() override;
  void freeze() override { process_->signal(19); }
  void thaw() override { process_->signal(18); }

 private:
  OmashuUp() = default;

  ScratchFolder folder_;
  int port_ = 0;
  int registry_port_ = 0;
  int http_port_ = 0;
  std::vector<std::string> options_;
  std::unique_ptr<Process> process_;
};

// The registry of an `omashu up`, and with it the process.
class OmashuRegistry : public SchemaRegistryServer {
 public:
  explicit OmashuRegistry(std::shared_ptr<OmashuUp> up) : up_(std::move(up)) {}

  int port() const override { return up_->registry_port(); }
  std::string url_at(int port) const override;
  void kill9() override { up_->kill9(); }
  Result<void> start_again() override { return up_->start_again(); }
  void freeze() override { up_->freeze(); }
  void thaw() override { up_->thaw(); }

 private:
  std::shared_ptr<OmashuUp> up_;
};

}  // namespace omashu::real
