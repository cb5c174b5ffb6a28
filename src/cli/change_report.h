// What a command has changed: a line of text for each thing, or of JSON with --output json.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/command.h"

namespace omashu::cli {

struct ChangeReport {
  std::string form = "text";

  void declare(OptionParser& options);

  // One of the two.
  void print(Context& context, std::string_view text, const json::Value& object) const;

  // "created topic orders", or {"topic":"orders","result":"created"}.
  void print_result(Context& context, std::string_view result, std::string_view noun, const std::string& name) const;

  // The same for each of `names`; an error line where one could not be done, and then kFailed.
  ExitCode print_results(Context& context, std::string_view result, std::string_view noun,
                         std::span<const std::string> names, std::span<const Result<void>> results) const;
};

}  // namespace omashu::cli
