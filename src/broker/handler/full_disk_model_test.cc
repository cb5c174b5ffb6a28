// A broker whose disk is full again and again, at random moments and at random operations, while producers send with
// acks=all and logs are compacted, from fixed seeds. Nothing that was acknowledged is lost; with room again, the broker
// goes on without a restart; and all is there after SIGKILL, a loss of power and a clean stop as well.
//
// OMASHU_FULL_DISK_ROUNDS is the number of seeds, 20 without it; OMASHU_FULL_DISK_FIRST the first of them, 1 without
// it.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "broker/handler/testing/full_disk_clients.h"
#include "broker/log/testing/random_full_disk.h"

namespace omashu::broker {
namespace {

class FullDiskModelTest : public FullDiskClients {
 public:
  void run(unsigned seed) {
    may_lose_with_power_ = false;
    // The lock is taken on the machine's own disk.
    std::filesystem::remove_all(options.data_folder);
    std::filesystem::create_directories(options.data_folder);
    full_.reset();  // before the disk that it refers to
    memory_ = std::make_unique<MemoryFileSystem>();
    file_system = memory_.get();
    full_.emplace(*memory_);
    ASSERT_NO_FATAL_FAILURE(begin(seed));
    for (int episode = 0; episode < 4; ++episode) {
      SCOPED_TRACE(fmt::format("episode {}", episode));
      ASSERT_NO_FATAL_FAILURE(run_episode());
      if (HasFailure()) return;
    }
    restart_cleanly();
    check();
    kill();
  }

 private:
  void run_episode() {
    take_steps(30);
    fill();
    SCOPED_TRACE(full_->description());
    take_steps(60);
    if (random_() % 4 == 0) kill_and_open_while_full();
    make_room();
    check_that_all_goes_on();
    ASSERT_NO_FATAL_FAILURE(check());
    take_steps(10);
    ASSERT_NO_FATAL_FAILURE(crash_at_random());
    ASSERT_NO_FATAL_FAILURE(check());
    check_that_all_goes_on();
  }

  void take_steps(int64_t max_steps) {
    for (int64_t i = 1 + uniform(max_steps); i > 0 && !HasFailure(); --i) step();
  }

  void fill() {
    wait_for_upkeep();
    set_disk(Disk::kIsFull);
    full_->fill(random_);
  }

  void make_room() {
    full_->make_room();
    wait_for_upkeep();
    set_disk(Disk::kHasRoom);
    if (!is_open_) open();
    is_open_ = true;
  }

  // The broker may refuse to start until there is room.
  void kill_and_open_while_full() {
    may_lose_with_power_ |= full_->has_refused_syncs();
    stop_upkeep();
    kill();
    is_open_ = try_open().has_value();
    if (!is_open_) return;
    set_disk(Disk::kWasFullAtStart);
    broker().groups().wait_until_restored();
    take_steps(20);
  }

  // SIGKILL or a power loss in the middle of something.
  void crash_at_random() {
    set_disk(Disk::kIsGone);
    memory_->stop_after(1 + uniform(200));
    while (!memory_->has_stopped()) step();
    stop_upkeep();
    kill();
    // What a process could not sync before it was killed, the next one takes to be on the disk.
    if (random_() % 3 == 0 && !may_lose_with_power_) {
      memory_->lose_power(random_);
    } else {
      memory_->kill_process();
      may_lose_with_power_ |= full_->has_refused_syncs();
    }
    set_disk(Disk::kHasRoom);
    open();
  }

  void restart_cleanly() {
    stop_upkeep();
    restart();
  }

  std::unique_ptr<MemoryFileSystem> memory_;
  std::optional<RandomFullDisk> full_;
  bool is_open_ = true;
  bool may_lose_with_power_ = false;
};

unsigned number_in(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

TEST_F(FullDiskModelTest, NothingAcknowledgedIsLostAndTheBrokerGoesOn) {
  const unsigned first = number_in("OMASHU_FULL_DISK_FIRST", 1);
  const unsigned rounds = number_in("OMASHU_FULL_DISK_ROUNDS", 20);
  for (unsigned seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    ASSERT_NO_FATAL_FAILURE(run(seed));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace omashu::broker
