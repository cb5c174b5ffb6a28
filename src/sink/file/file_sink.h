// Records as lines of JSON, appended to a file. Exactly once: a batch is appended and synced, then the positions are
// replaced (file_positions.h). What stands in the file behind the length that those tell was not complete, and is cut
// off at the next begin().
//
// One process writes a file, which it locks. Where several members of a group share the topics, each has a file of its
// own: exactly once holds as long as partitions do not move between them after a crash.

#pragma once

#include <memory>
#include <string>

#include "sink/file/file_positions.h"
#include "sink/sink.h"

namespace omashu::sink {

class FileSink : public Sink {
 public:
  explicit FileSink(std::string path) : path_(std::move(path)) {}
  ~FileSink() override { close(); }

  std::expected<Positions, WriteFailure> begin(std::span<const kafka::TopicPartition> partitions,
                                               const std::stop_token& stop) override;
  WriteResult write(const Batch& batch, Rejections& rejections, const std::stop_token& stop) override;
  void end(std::span<const kafka::TopicPartition> partitions) override;

 private:
  Result<void> open();
  Result<void> restore();
  Result<void> append(std::string_view bytes);
  Result<void> save(const FilePositions& positions);
  void close();

  const std::string path_;
  int file_ = -1;
  FilePositions complete_;
};

}  // namespace omashu::sink
