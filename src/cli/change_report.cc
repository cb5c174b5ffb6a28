#include "cli/change_report.h"

#include <fmt/core.h>

#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"

namespace omashu::cli {

void ChangeReport::declare(OptionParser& options) {
  options.choice("--output", "FORM", form, {"text", "json"}, "how to say what was done: text (default) or json");
}

void ChangeReport::print(Context& context, std::string_view text, const json::Value& object) const {
  context.out.line(form == "json" ? json::to_text(object) : text);
}

void ChangeReport::print_result(Context& context, std::string_view result, std::string_view noun,
                                const std::string& name) const {
  json::Value object = json::Value::object();
  object.add(std::string(noun), name);
  object.add("result", result);
  print(context, fmt::format("{} {} {}", result, noun, name), object);
}

ExitCode ChangeReport::print_results(Context& context, std::string_view result, std::string_view noun,
                                     std::span<const std::string> names, std::span<const Result<void>> results) const {
  ExitCode exit_code = ExitCode::kDone;
  for (size_t i = 0; i < names.size(); ++i) {
    if (results[i]) {
      print_result(context, result, noun, names[i]);
    } else {
      context.messages.error(fmt::format("{} {}: {}", noun, names[i], results[i].error().message));
      exit_code = ExitCode::kFailed;
    }
  }
  return exit_code;
}

}  // namespace omashu::cli
