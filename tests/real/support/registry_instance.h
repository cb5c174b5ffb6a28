// `omashu registry` as a process, over a Kafka of the test's choice.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class RegistryInstance {
 public:
  // `options` are those of the command, behind --bootstrap-server and --listen. Returns when it answers.
  static Result<std::unique_ptr<RegistryInstance>> start(const std::string& bootstrap_server,
                                                         std::vector<std::string> options);

  std::string url() const;
  std::string log() const;

  void kill9();                // SIGKILL, and waits for the end
  void stop();                 // SIGTERM, and waits for the end
  Result<void> start_again();  // after either: the same port

  // SIGSTOP and SIGCONT.
  void freeze() { process_->signal(19); }
  void thaw() { process_->signal(18); }

 private:
  RegistryInstance() = default;

  ScratchFolder folder_;
  int port_ = 0;
  bool is_https_ = false;
  std::vector<std::string> command_;
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
