#include "real/support/apicurio_registry.h"
#include "real/support/process.h"

#include <fmt/core.h>
#include <signal.h>

#include "real/support/free_port.h"
#include "real/support/http.h"
#include "real/support/installed_parts.h"
#include "real/support/readiness.h"

namespace omashu::real {

Result<std::unique_ptr<ApicurioRegistry>> ApicurioRegistry::start() {
  auto home = installed_part("OMASHU_REAL_REGISTRY");
  if (!home) return fail(std::move(home.error()));
  std::unique_ptr<ApicurioRegistry> server(new ApicurioRegistry);
  server->home_ = *home;
  server->port_ = free_port();
  if (auto started = server->start_again(); !started) return fail(std::move(started.error()));
  return server;
}

std::string ApicurioRegistry::url_at(int port) const {
  return fmt::format("http://127.0.0.1:{}/apis/ccompat/v7", port);
}

void ApicurioRegistry::kill9() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::milliseconds(-1));
}

Result<void> ApicurioRegistry::start_again() {
  auto process =
      Process::start({.command = {"java", "@" + home_ + "/java.args", fmt::format("-Dquarkus.http.port={}", port_),
                                  "-jar", home_ + "/registry.jar"},
                      .stdout_file = folder_.path() / "registry.log"});
  if (!process) return fail(std::move(process.error()));
  process_ = std::move(*process);
  return wait_until_ready_or_dead("the registry", *process_, [this] {
    return accepts_connections(port_) && http_get(url() + "/subjects").status == 200;
  });
}

}  // namespace omashu::real
