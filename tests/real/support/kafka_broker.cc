#include "real/support/kafka_broker.h"
#include "real/support/run_command.h"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "real/support/apache_kafka.h"
#include "real/support/installed_parts.h"
#include "real/support/omashu_up.h"

namespace omashu::real {

bool is_on_omashu() {
  const char* servers = std::getenv("OMASHU_REAL_SERVERS");
  if (servers == nullptr || std::string_view(servers) == "apache") return false;
  if (std::string_view(servers) == "omashu") return true;
  throw std::runtime_error("OMASHU_REAL_SERVERS is neither apache nor omashu");
}

Result<std::unique_ptr<KafkaBroker>> KafkaBroker::start() {
  if (is_on_omashu()) return OmashuUp::start();
  return ApacheKafka::start({});
}

CommandResult KafkaBroker::tool(const std::string& main_class, const std::vector<std::string>& arguments,
                                const std::string& input) const {
  return run_command(tool_command(main_class, arguments), {.input = input});
}

std::vector<std::string> KafkaBroker::tool_command(const std::string& main_class,
                                                   const std::vector<std::string>& arguments) const {
  const auto home = installed_part("OMASHU_REAL_KAFKA");
  if (!home) throw std::runtime_error(home.error().message);
  std::vector<std::string> command = {"java", "@" + *home + "/java.args", main_class, "--bootstrap-server",
                                      bootstrap_server()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace omashu::real
