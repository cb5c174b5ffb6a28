#include "service/cluster/cluster_access.h"

#include <utility>

#include "base/mutex.h"

namespace omashu::service {

namespace {

class KafkaAccess : public ClusterAccess {
 public:
  explicit KafkaAccess(kafka::ClientConfig config) : config_(std::move(config)) {}

  Result<kafka::Admin*> admin() override {
    const MutexLock lock(mutex_);
    return opened(admin_, [this] { return kafka::Admin::open(config_, kClusterTimeout); });
  }

  Result<kafka::GroupAdmin*> groups() override {
    const MutexLock lock(mutex_);
    return opened(groups_, [this] { return kafka::GroupAdmin::open(config_, kClusterTimeout); });
  }

  // A broker asked for a partition that was read to its end would keep the others waiting for the usual 500 ms; and a
  // page is no reason to fetch far ahead.
  Result<std::unique_ptr<kafka::Consumer>> open_consumer() override {
    kafka::ClientConfig config{{{"fetch.wait.max.ms", "20"}, {"queued.max.messages.kbytes", "16384"}}};
    config.properties.insert(config.properties.end(), config_.properties.begin(), config_.properties.end());
    return kafka::Consumer::open(config);
  }

 private:
  template <class Client, class Open>
  static Result<Client*> opened(std::unique_ptr<Client>& client, const Open& open) {
    if (client == nullptr) {
      auto made = open();
      if (!made) return fail(std::move(made.error()));
      client = *std::move(made);
    }
    return client.get();
  }

  const kafka::ClientConfig config_;
  Mutex mutex_;
  std::unique_ptr<kafka::Admin> admin_ GUARDED_BY(mutex_);
  std::unique_ptr<kafka::GroupAdmin> groups_ GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<ClusterAccess> make_cluster_access(kafka::ClientConfig config) {
  return std::make_shared<KafkaAccess>(std::move(config));
}

}  // namespace omashu::service
