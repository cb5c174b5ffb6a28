// A record as a line of JSON, with the members of `omashu consume --output json`, so that `omashu produce` takes it:
//
//   {"topic":"status-download","partition":0,"offset":42,"timestamp":"2026-11-30T08:00:05.000Z",
//    "headers":[{"name":"trace","value":"abc"}],"key":{"omashuId":"om-1"},"value":{"status":"QUEUED"}}

#pragma once

#include <string>

#include "omashu/result.h"
#include "sink/sink.h"

namespace omashu::sink {

// Appends the line with its end. Nothing is appended on failure.
Result<void> append_record_line(std::string& out, const SinkRecord& record);

}  // namespace omashu::sink
