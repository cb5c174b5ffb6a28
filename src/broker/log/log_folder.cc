#include "broker/log/log_folder.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "broker/log/log_files.h"

namespace omashu::broker {

namespace {

constexpr uint64_t kMaxCheckpointBytes = 4096;

using Kind = LogFileName::Kind;

struct Listing {
  std::vector<LogFolder::Log> logs;
  std::vector<Offset> snapshots;
  std::map<Offset, bool> indexes;      // base offset → whether one of them has entries; those without a .log
  std::map<Offset, Offset> swaps;      // base offset → end offset
  std::vector<std::string> leftovers;  // paths
};

Result<Listing> list(FileSystem& file_system, const std::string& folder) {
  const auto files = file_system.list(folder);
  if (!files && files.error().code == ErrorCode::kNotFound) return Listing{};
  if (!files) return fail(files.error());
  Listing listing;
  std::vector<std::string> swap_indexes;
  for (const FileInfo& file : *files) {
    const auto name = parse_log_file_name(file.name);
    if (!name) continue;
    switch (name->kind) {
      case Kind::kLog: listing.logs.push_back({name->base_offset, file.size_bytes, file.modified_ms, false}); break;
      case Kind::kIndex: listing.indexes[name->base_offset] |= file.size_bytes > 0; break;
      case Kind::kSnapshot: listing.snapshots.push_back(name->base_offset); break;
      case Kind::kSwapLog: listing.swaps[name->base_offset] = name->end_offset; break;
      case Kind::kSwapIndex: swap_indexes.push_back(folder + "/" + file.name); break;
      case Kind::kLeftover: listing.leftovers.push_back(folder + "/" + file.name); break;
    }
  }
  // Without their .log, those indexes are of a swap that was never decided.
  if (listing.swaps.empty()) std::ranges::move(swap_indexes, std::back_inserter(listing.leftovers));
  std::ranges::sort(listing.logs, {}, &LogFolder::Log::base_offset);
  for (LogFolder::Log& log : listing.logs) {
    const auto indexes = listing.indexes.extract(log.base_offset);
    if (!indexes.empty()) log.has_index_entries = indexes.mapped();
  }
  std::ranges::sort(listing.snapshots);
  return listing;
}

Result<void> finish_swaps(FileSystem& file_system, const std::string& folder, const Listing& listing) {
  for (const auto& [base_offset, end_offset] : listing.swaps) {
    std::vector<Offset> others;
    for (const LogFolder::Log& log : listing.logs) {
      if (log.base_offset > base_offset && log.base_offset < end_offset) others.push_back(log.base_offset);
    }
    if (auto done = finish_swap(file_system, folder, base_offset, end_offset, others); !done) return done;
  }
  return {};
}

Result<void> rename_if_there(FileSystem& file_system, const std::string& from, const std::string& to) {
  auto done = file_system.rename(from, to);
  return done || done.error().code == ErrorCode::kNotFound ? Result<void>() : done;
}

}  // namespace

Result<LogFolder> LogFolder::look_into(FileSystem& file_system, const std::string& folder) {
  auto listing = list(file_system, folder);
  if (listing && !listing->swaps.empty()) {
    if (auto done = finish_swaps(file_system, folder, *listing); !done) return fail(done.error());
    listing = list(file_system, folder);
  }
  if (!listing) return fail(listing.error());
  for (const std::string& path : listing->leftovers) {
    if (auto done = file_system.remove_file(path); !done) return fail(done.error());
  }
  LogFolder contents{.logs = std::move(listing->logs),
                     .newest_snapshot = {},
                     .missing_logs = {},
                     .checkpoint = {},
                     .is_checkpoint_damaged = false};
  for (const auto& [base_offset, has_entries] : listing->indexes) contents.missing_logs.push_back(base_offset);
  for (const Offset offset : listing->snapshots) {
    if (contents.newest_snapshot) {
      if (auto done = file_system.remove_file(snapshot_path(folder, *contents.newest_snapshot)); !done) {
        return fail(done.error());
      }
    }
    contents.newest_snapshot = offset;
  }
  if (contents.logs.empty()) return contents;
  const auto text = file_system.read_file(fmt::format("{}/{}", folder, kLogCheckpointFile), kMaxCheckpointBytes);
  if (!text && text.error().code == ErrorCode::kUnavailable) return fail(text.error());
  if (!text) {
    contents.is_checkpoint_damaged = text.error().code != ErrorCode::kNotFound;
    return contents;
  }
  contents.checkpoint = parse_log_checkpoint(*text);
  contents.is_checkpoint_damaged = !contents.checkpoint;
  return contents;
}

Result<void> begin_swap(FileSystem& file_system, const std::string& folder, const SegmentFiles& written,
                        const SegmentFiles& swap) {
  const auto rename_all = [&]() -> Result<void> {
    if (auto done = file_system.rename(written.offset_index, swap.offset_index); !done) return done;
    if (auto done = file_system.rename(written.time_index, swap.time_index); !done) return done;
    // The .log last: with it the new segment stands for the old ones, whatever happens.
    if (auto done = file_system.rename(written.log, swap.log); !done) return done;
    return file_system.sync_folder(folder);
  };
  auto renamed = rename_all();
  if (renamed) return {};
  // The .log first: a swap that is not known here would later be put in place of segments that have changed since.
  for (const std::string* path : {&swap.log, &swap.offset_index, &swap.time_index}) {
    if (auto removed = file_system.remove_file(*path); !removed) return fail(ErrorCode::kIo, removed.error().message);
  }
  return renamed;
}

Result<void> finish_swap(FileSystem& file_system, const std::string& folder, Offset base_offset, Offset end_offset,
                         const std::vector<Offset>& other_base_offsets) {
  for (const Offset other : other_base_offsets) {
    const SegmentFiles old = segment_files(folder, other);
    const SegmentFiles deleted = old.with(kDeletedSuffix);
    if (auto done = rename_if_there(file_system, old.offset_index, deleted.offset_index); !done) return done;
    if (auto done = rename_if_there(file_system, old.time_index, deleted.time_index); !done) return done;
    if (auto done = rename_if_there(file_system, old.log, deleted.log); !done) return done;
  }
  // The .log last: as long as it is there as .swap, all this is repeated.
  const SegmentFiles swap = compacted_files(folder, base_offset, end_offset).with(kSwapSuffix);
  const SegmentFiles live = segment_files(folder, base_offset);
  if (auto done = rename_if_there(file_system, swap.offset_index, live.offset_index); !done) return done;
  if (auto done = rename_if_there(file_system, swap.time_index, live.time_index); !done) return done;
  return file_system.rename(swap.log, live.log);
}

}  // namespace omashu::broker
