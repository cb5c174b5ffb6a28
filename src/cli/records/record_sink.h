// Where the texts of records go that are not simply printed one after the other: tables, and the last of them.

#pragma once

#include <string_view>

#include "kafka/types.h"

namespace omashu::cli {

// Called on the command's thread, in the order of reading.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  virtual void add(const kafka::Message& message, std::string_view text) = 0;

  // No further record is there now.
  virtual void on_idle() {}
};

}  // namespace omashu::cli
