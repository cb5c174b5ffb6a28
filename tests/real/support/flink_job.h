// Real Flink, in one JVM of its own, on a script of Flink SQL (tests/real/flink/RunScript.java).

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class FlinkJob {
 public:
  // Throws where the JVM does not start. `options` are the JVM's.
  explicit FlinkJob(const std::string& script, const std::vector<std::string>& options = {});

  // For scripts that end by themselves. Throws, with what Flink said, where a statement or a job failed, or nothing
  // ends in time.
  void wait_for_end();

  // Until `is_so`, as long as the jobs run. Throws, with what Flink said and what `told` says, where they end before or
  // the time is up.
  void wait_until(const std::function<bool()>& is_so, const std::function<std::string()>& told);

  // The lines that its SELECTs gave so far: "+I", "-U", "+U" or "-D" and the values, between tabs.
  std::vector<std::string> changes() const;

 private:
  std::string log() const;

  ScratchFolder folder_;
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
