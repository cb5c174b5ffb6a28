// What scripts/librdkafka.patch mends in librdkafka's ListOffsets: it looked for the leaders of partitions on the
// thread of its caller, while its own main thread might finish the request and free it.

#include "kafka/list_offsets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "kafka/mock_cluster.h"

namespace omashu::kafka {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// The threads on which librdkafka asks for the leaders of partitions, which its debug log tells on that very thread.
class LeaderLookUps {
 public:
  std::unique_ptr<ClientHandle> open_client(ClientConfig config) {
    config.set("debug", "metadata");
    auto client = ClientHandle::open(
        config,
        {.add_callbacks = [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_log_cb(conf, &on_log); }, .owner = this});
    EXPECT_TRUE(client) << client.error().message;
    return client ? *std::move(client) : nullptr;
  }

  std::vector<std::thread::id> threads() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return threads_;
  }

 private:
  static void on_log(const rd_kafka_t* client, int, const char*, const char* line) {
    if (!std::string_view(line).contains("query partition leaders")) return;
    auto* self = static_cast<LeaderLookUps*>(static_cast<ClientHandle*>(rd_kafka_opaque(client))->owner());
    const MutexLock lock(self->mutex_);
    self->threads_.push_back(std::this_thread::get_id());
  }

  mutable Mutex mutex_;
  std::vector<std::thread::id> threads_ GUARDED_BY(mutex_);
};

TEST(ListOffsetsTest, LeadersAreNeverLookedForOnTheThreadOfTheCaller) {
  MockCluster mock;
  mock.create_topic("t", 1);
  LeaderLookUps look_ups;
  const auto client = look_ups.open_client(mock.config());
  ASSERT_NE(client, nullptr);
  const auto listed = list_offsets(*client, {{{"t", 0}, kLatestTimestamp}}, false, Clock::now() + seconds(30));
  ASSERT_TRUE(listed.at({"t", 0})) << listed.at({"t", 0}).error().message;
  EXPECT_THAT(look_ups.threads(), Not(IsEmpty())) << "a client that was just made knows no leader";
  EXPECT_THAT(look_ups.threads(), Not(Contains(std::this_thread::get_id())));
}

}  // namespace
}  // namespace omashu::kafka
