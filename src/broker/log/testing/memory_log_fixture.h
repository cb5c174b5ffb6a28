// A PartitionLog on files in memory.

#pragma once

#include "broker/log/testing/log_fixture.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {

// Constructed before the fixture that refers to it.
struct MemoryDisk {
  MemoryFileSystem disk;
};

class MemoryLogFixture : public MemoryDisk, public LogFixture {
 public:
  MemoryLogFixture() : LogFixture(disk) { EXPECT_TRUE(disk.create_folder(kMemoryFolder)); }

  // Fails each operation of this kind on a path that ends so.
  void fail_on(MemoryFileSystem::Operation operation, std::string suffix, ErrorCode code) {
    disk.set_fault([=](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
      if (what != operation || !path.ends_with(suffix)) return std::nullopt;
      return Error{code, "injected on " + path, std::nullopt};
    });
  }
  void fail_nothing() { disk.set_fault(nullptr); }
};

}  // namespace omashu::broker
