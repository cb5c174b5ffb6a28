// Sinks that run in one process: each with an engine and its threads, together with one HTTP server that tells of them.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/connection/connection.h"
#include "cli/sinks/sink_kind.h"
#include "cli/sinks/sink_options.h"
#include "omashu/result.h"

namespace omashu::cli {

struct SinkJob {
  std::string name;  // of the sink: its kind, or its section of the file
  std::unique_ptr<SinkKind> kind;
  SinkOptions options;
};

// Until a stop is requested, every sink has ended, or, with --exit-at-end, everything is written. A sink that stops by
// itself does not end the others; the exit code is then kFailed.
Result<ExitCode> run_sinks(Context& context, std::vector<SinkJob>& jobs, const ConnectionOptions& connection,
                           const SinkProcessOptions& options);

}  // namespace omashu::cli
