// A real Apache Kafka: one node that is broker and controller, on free ports of the loopback interface, in a folder of
// its own. OMASHU_REAL_KAFKA says where scripts/real-parts put its jars.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"
#include "real/support/kafka_broker.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

struct ApacheKafkaOptions {
  std::vector<std::pair<std::string, std::string>> properties = {};  // put behind those of server.properties
  // Also listen with SASL_PLAINTEXT, SSL and SASL_SSL; clients are kUser with kPassword and trust ca_file().
  bool secured = false;
};

class ApacheKafka : public KafkaBroker {
 public:
  static constexpr const char* kUser = "alice";  // for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512
  static constexpr const char* kPassword = "alice-secret";

  // Returns when the broker answers with itself as the controller.
  static Result<std::unique_ptr<ApacheKafka>> start(const ApacheKafkaOptions& options);

  std::string bootstrap_server() const override { return address(port_); }
  std::string sasl_plaintext_server() const { return address(sasl_plaintext_port_); }
  std::string ssl_server() const { return address(ssl_port_); }
  std::string sasl_ssl_server() const { return address(sasl_ssl_port_); }
  std::string ca_file() const { return folder_.path() / "ca.pem"; }

  // Where the partitions' folders are.
  std::string data_folder() const { return folder_.path() / "data"; }

  void kill9() override;
  void stop() override;
  Result<void> start_again() override;
  void freeze() override { process_->signal(19); }
  void thaw() override { process_->signal(18); }

 private:
  ApacheKafka() = default;
  static std::string address(int port);
  Result<void> prepare(const ApacheKafkaOptions& options);

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
