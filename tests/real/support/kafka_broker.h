// The Kafka that a test runs against: Apache's, or that of `omashu up`, as OMASHU_REAL_SERVERS says (apache or omashu).
// It has free ports of the loopback interface, and a folder of its own.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "real/support/run_command.h"

namespace omashu::real {

class KafkaBroker {
 public:
  // Returns when the broker answers with itself as the controller.
  static Result<std::unique_ptr<KafkaBroker>> start();
  virtual ~KafkaBroker() = default;

  virtual std::string bootstrap_server() const = 0;

  virtual void kill9() = 0;                // SIGKILL, and waits for the end
  virtual void stop() = 0;                 // SIGTERM, and waits for the end
  virtual Result<void> start_again() = 0;  // after either: the same ports, the same data; returns when it answers

  // SIGSTOP and SIGCONT: a broker that holds its connections and does not answer.
  virtual void freeze() = 0;
  virtual void thaw() = 0;

  // One of Kafka's own command line tools ("org.apache.kafka.tools.TopicCommand") against this broker;
  // --bootstrap-server is put before the arguments.
  CommandResult tool(const std::string& main_class, const std::vector<std::string>& arguments,
                     const std::string& input = "") const;
  std::vector<std::string> tool_command(const std::string& main_class, const std::vector<std::string>& arguments) const;
};

// Whether OMASHU_REAL_SERVERS says omashu.
bool is_on_omashu();

}  // namespace omashu::real
