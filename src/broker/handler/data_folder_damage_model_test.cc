// Damages each file of a broker's data folder in ten ways, after a clean stop and after SIGKILL, from fixed seeds, and
// compares with what was acknowledged. The broker starts, unless it is topics.json or broker-configs.json that is
// damaged, which its error names then; topics, configs, records and committed offsets are as they were, or a report
// names what is lost; no offset and no producer id is given out again.
//
// OMASHU_DAMAGE_ROUNDS is the number of data folders for each way to stop, 1 without it.
//
// Left out, as nothing tells that it is lost: after SIGKILL, the end of a partition whose newest segment was cut, which
// may be a write that was not finished.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "broker/handler/testing/acknowledged_data.h"
#include "broker/log/testing/damage.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

std::vector<std::string> files_below(FileSystem& file_system, const std::string& folder) {
  std::vector<std::string> paths;
  const auto files = file_system.list(folder).value();
  for (const FileInfo& file : files) paths.push_back(folder + "/" + file.name);
  const auto folders = file_system.list_folders(folder).value();
  for (const std::string& name : folders) {
    const auto below = files_below(file_system, folder + "/" + name);
    paths.insert(paths.end(), below.begin(), below.end());
  }
  return paths;
}

void copy_folder(FileSystem& from, const std::string& folder, FileSystem& to) {
  ASSERT_TRUE(to.create_folder(folder));
  const auto folders = from.list_folders(folder).value();
  for (const std::string& name : folders) copy_folder(from, folder + "/" + name, to);
  const auto files = from.list(folder).value();
  for (const FileInfo& file : files) {
    const std::string path = folder + "/" + file.name;
    const auto copy = to.open(path, FileSystem::OpenMode::kCreate).value();
    ASSERT_TRUE(copy->write_all(0, from.read_file(path, file.size_bytes).value()));
  }
}

class DamagedDataFolder : public AcknowledgedData, public testing::WithParamInterface<bool> {
 public:
  // The data folder as the broker leaves it.
  void make_data_folder(unsigned seed) {
    seed_ = seed;
    original_ = std::make_unique<MemoryFileSystem>();
    file_system = original_.get();
    // The lock is taken on the machine's own disk.
    std::filesystem::remove_all(options.data_folder);
    std::filesystem::create_directories(options.data_folder);
    // So that there is one in the data folder.
    original_->set_fault([](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
      if (what != MemoryFileSystem::Operation::kRemove || !path.contains("-delete/")) return std::nullopt;
      return Error{ErrorCode::kIo, "injected on " + path, std::nullopt};
    });
    write(seed);
    if (GetParam()) {
      stop();
    } else {
      kill();
    }
    original_->set_fault(nullptr);
    paths_ = files_below(real_file_system(), options.data_folder);
    const auto others = files_below(*original_, options.data_folder);
    paths_.insert(paths_.end(), others.begin(), others.end());
    std::ranges::sort(paths_);
  }

  const std::vector<std::string>& paths() const { return paths_; }

  void check_with(const std::string& path, Damage how) {
    MemoryFileSystem disk;
    copy_folder(*original_, options.data_folder, disk);
    const bool is_on_disk = std::filesystem::exists(path);
    std::mt19937 random(seed_);
    const auto damaged = damage_file(is_on_disk ? real_file_system() : disk, path, how, random);
    ASSERT_TRUE(damaged) << damaged.error().message;
    file_system = &disk;
    take_reports();
    const std::string name = std::filesystem::path(path).filename();
    const auto opened = try_open();
    if (!opened) {
      ASSERT_TRUE(name == "topics.json" || name == "broker-configs.json") << opened.error().message;
      ASSERT_TRUE(opened.error().message.contains(name)) << opened.error().message;
      return;
    }
    broker().groups().wait_until_restored();
    ASSERT_NO_FATAL_FAILURE(check(partition_without_its_end(path, how)));
    ASSERT_NO_FATAL_FAILURE(restart());
    check_that_logs_go_on();
    kill();
  }

 private:
  bool is_newest_segment(const std::string& path) const {
    if (!path.ends_with(".log")) return false;
    const auto next = std::ranges::find(paths_, path) + 1;
    const std::string folder = std::filesystem::path(path).parent_path();
    return std::none_of(next, paths_.end(),
                        [&](const auto& other) { return other.starts_with(folder) && other.ends_with(".log"); });
  }

  // TOPIC-PARTITION; "" for none.
  std::string partition_without_its_end(const std::string& path, Damage how) const {
    const bool is_cut = how == Damage::kTruncate || how == Damage::kEmpty;
    if (GetParam() || !is_cut || !is_newest_segment(path)) return "";
    return std::filesystem::path(path).parent_path().filename();
  }

  unsigned seed_ = 0;
  std::unique_ptr<MemoryFileSystem> original_;
  std::vector<std::string> paths_;
};

unsigned rounds() {
  const char* text = std::getenv("OMASHU_DAMAGE_ROUNDS");
  return text == nullptr ? 1 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

TEST_P(DamagedDataFolder, IsServedRightlyOrSaysWhatIsLost) {
  for (unsigned seed = 1; seed <= rounds() && !HasFatalFailure(); ++seed) {
    ASSERT_NO_FATAL_FAILURE(make_data_folder(seed));
    for (const std::string& path : paths()) {
      for (const Damage how : kAllDamages) {
        SCOPED_TRACE(fmt::format("seed {}, {} damaged in way {}", seed, path, static_cast<int>(how)));
        check_with(path, how);
        if (HasFailure()) kill();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AfterACleanStop, DamagedDataFolder, testing::Values(true));
INSTANTIATE_TEST_SUITE_P(AfterAKill, DamagedDataFolder, testing::Values(false));

}  // namespace
}  // namespace omashu::broker
