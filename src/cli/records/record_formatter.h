// What is printed for a record that was read.

#pragma once

#include <string>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::cli {

// Depends on the record alone, so that any thread may ask for any record.
class RecordFormatter {
 public:
  virtual ~RecordFormatter() = default;

  // Appends the record's text with its line end. False, and nothing appended, where the record is filtered out.
  // kCorrupt where the record is at fault: another one may be printed. What was appended all the same is printed.
  virtual Result<bool> append(const kafka::Message& message, std::string& out) = 0;
};

}  // namespace omashu::cli
