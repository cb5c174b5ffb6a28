// A file of sinks that run in one process: sections (base/sections.h) whose properties are the long options of
// `omashu sink` and of the kind, without the dashes.
//
//   http = 127.0.0.1:9464
//
//   [archive]
//   sink = file
//   topics = status-download download-request
//   path = /var/lib/archive.jsonl

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/sinks/sink_process.h"
#include "omashu/result.h"

namespace omashu::cli {

struct SinkConfig {
  ConnectionOptions connection;  // of what stands before the first section
  SinkProcessOptions process;
  std::vector<SinkJob> jobs;
};

// Checked as a command line is. Errors name the line.
Result<SinkConfig> parse_sink_config(std::string_view text);

}  // namespace omashu::cli
