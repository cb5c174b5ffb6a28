#include "real/support/shared_servers.h"
#include "real/support/kafka_broker.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "real/support/omashu_up.h"

namespace omashu::real {
namespace {

// Starts at most once, also where the start failed: a second attempt would cost each test its deadline.
template <class Server>
class Shared {
 public:
  explicit Shared(Result<std::shared_ptr<Server>> (*start)()) : start_(start) {}

  Server& get() { return *get_shared(); }
  std::shared_ptr<Server> get_shared() {
    if (!server_) server_ = start_();
    if (!*server_) throw std::runtime_error(server_->error().message);
    return **server_;
  }
  void reset() { server_.reset(); }

 private:
  Result<std::shared_ptr<Server>> (*start_)();
  std::optional<Result<std::shared_ptr<Server>>> server_;
};

template <class Server>
Result<std::shared_ptr<Server>> shared(Result<std::unique_ptr<Server>> server) {
  if (!server) return fail(std::move(server).error());
  return std::shared_ptr<Server>(*std::move(server));
}

// Broker and registry of omashu are one process.
Shared<OmashuUp> up{[] { return shared(OmashuUp::start()); }};
Shared<KafkaBroker> kafka{[]() -> Result<std::shared_ptr<KafkaBroker>> {
  if (is_on_omashu()) return up.get_shared();
  return shared(KafkaBroker::start());
}};
Shared<SchemaRegistryServer> registry{[]() -> Result<std::shared_ptr<SchemaRegistryServer>> {
  if (is_on_omashu()) return std::make_shared<OmashuRegistry>(up.get_shared());
  return shared(SchemaRegistryServer::start());
}};

// Ends the servers before the statics that they use go.
class EndServers : public ::testing::Environment {
 public:
  void TearDown() override {
    kafka.reset();
    registry.reset();
    up.reset();
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
