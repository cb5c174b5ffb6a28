#include "cli/sinks/sink_kind.h"

namespace omashu::cli {

std::vector<std::unique_ptr<SinkKind>> all_sink_kinds() {
  std::vector<std::unique_ptr<SinkKind>> kinds;
  kinds.push_back(make_file_sink_kind());
  kinds.push_back(make_postgres_sink_kind());
  kinds.push_back(make_dynamodb_sink_kind());
  return kinds;
}

}  // namespace omashu::cli
