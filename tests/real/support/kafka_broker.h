// A real Apache Kafka: one node that is broker and controller, on free ports of the loopback interface, in a folder of
// its own. OMASHU_REAL_KAFKA says where scripts/real-parts put its jars.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

struct KafkaBrokerOptions {
  std::vector<std::pair<std::string, std::string>> properties = {};  // put behind those of server.properties
  // Also listen with SASL_PLAINTEXT, SSL and SASL_SSL; clients are kUser with kPassword and trust ca_file().
  bool secured = false;
};

class KafkaBroker {
 public:
  static constexpr const char* kUser = "alice";  // for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512
  static constexpr const char* kPassword = "alice-secret";

  // Returns when the broker answers with itself as the controller.
  static Result<std::unique_ptr<KafkaBroker>> start(const KafkaBrokerOptions& options);
  static Result<std::unique_ptr<KafkaBroker>> start() { return start({}); }

  std::string bootstrap_server() const { return address(port_); }
  std::string sasl_plaintext_server() const { return address(sasl_plaintext_port_); }
  std::string ssl_server() const { return address(ssl_port_); }
  std::string sasl_ssl_server() const { return address(sasl_ssl_port_); }
  std::string ca_file() const { return folder_.path() / "ca.pem"; }

  void kill9();                // SIGKILL, and waits for the end
  void stop();                 // SIGTERM, and waits for the end
  Result<void> start_again();  // after either: the same ports, the same data; returns when it answers

  // SIGSTOP and SIGCONT: a broker that holds its connections and does not answer.
  void freeze() { process_->signal(19); }
  void thaw() { process_->signal(18); }

  // One of Kafka's own command line tools ("org.apache.kafka.tools.TopicCommand") against this broker;
  // --bootstrap-server is put before the arguments.
  CommandResult tool(const std::string& main_class, const std::vector<std::string>& arguments) const;

 private:
  KafkaBroker() = default;
  static std::string address(int port);
  Result<void> prepare(const KafkaBrokerOptions& options);

  ScratchFolder folder_;
  int port_ = 0;
  int controller_port_ = 0;
  int sasl_plaintext_port_ = 0;  // these three: 0 where not secured
  int ssl_port_ = 0;
  int sasl_ssl_port_ = 0;
  std::string java_args_;  // @FILE, as java takes it
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
