// `omashu serve` of this build on the shared servers, on a free port, with its tables in a folder of its own.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class OmashuServe {
 public:
  // Returns once every table was read; throws where that does not come to be. `arguments` say what is served.
  explicit OmashuServe(std::vector<std::string> arguments);

  const std::string& url() const { return url_; }
  Process& process() { return *process_; }

  // Ends it as SIGTERM does, and starts it with the same tables on the disk.
  int stop();
  void start();

 private:
  ScratchFolder folder_;
  const std::vector<std::string> arguments_;
  std::unique_ptr<Process> process_;
  std::string url_;
};

}  // namespace omashu::real
