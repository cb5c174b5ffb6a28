#include "real/support/shared_servers.h"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

namespace omashu::real {
namespace {

// Starts at most once, also where the start failed: a second attempt would cost each test its deadline.
template <class Server>
class Shared {
 public:
  Server& get() {
    if (!server_) server_ = Server::start();
    if (!*server_) throw std::runtime_error(server_->error().message);
    return ***server_;
  }
  void reset() { server_.reset(); }

 private:
  std::optional<Result<std::unique_ptr<Server>>> server_;
};

Shared<KafkaBroker> kafka;
Shared<SchemaRegistryServer> registry;

// Ends the servers before the statics that they use go.
class EndServers : public ::testing::Environment {
 public:
  void TearDown() override {
    kafka.reset();
    registry.reset();
  }
};

[[maybe_unused]] const auto* const end_servers = ::testing::AddGlobalTestEnvironment(new EndServers);

}  // namespace

KafkaBroker& shared_kafka() { return kafka.get(); }
SchemaRegistryServer& shared_registry() { return registry.get(); }

std::string unique_name(const std::string& stem) {
  static int number = 0;
  return stem + "-" + std::to_string(++number);
}

}  // namespace omashu::real
