#include "real/support/http.h"

#include <cstdlib>
#include <vector>

#include "real/support/run_command.h"

namespace omashu::real {
namespace {

// curl writes the status on a line of its own behind the body.
HttpAnswer ask(std::vector<std::string> arguments, const std::string& body) {
  std::vector<std::string> command = {"curl", "--silent", "--max-time", "30", "--write-out", "\n%{http_code}"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  CommandResult result = run_command(command, {.input = body});
  size_t line = result.out.rfind('\n');
  if (result.exit_code != 0 || line == std::string::npos) return {};
  return {std::atoi(result.out.c_str() + line + 1), result.out.substr(0, line)};
}

}  // namespace

HttpAnswer http_get(const std::string& url) { return ask({url}, ""); }

HttpAnswer http_send(const std::string& method, const std::string& url, const std::string& body,
                     const std::string& content_type) {
  return ask({"--request", method, "--header", "Content-Type: " + content_type, "--data-binary", "@-", url}, body);
}

}  // namespace omashu::real
