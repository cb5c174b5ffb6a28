#include "real/support/omashu_up.h"
#include "real/support/process.h"

#include <fmt/core.h>
#include <signal.h>

#include <filesystem>
#include <stdexcept>

#include "real/support/free_port.h"
#include "real/support/omashu_command.h"
#include "real/support/readiness.h"

namespace omashu::real {

Result<std::unique_ptr<OmashuUp>> OmashuUp::start(std::vector<std::string> options) {
  std::unique_ptr<OmashuUp> up(new OmashuUp);
  up->port_ = free_port();
  up->registry_port_ = free_port();
  up->http_port_ = free_port();
  up->options_ = std::move(options);
  if (auto started = up->start_again(); !started) return fail(std::move(started.error()));
  return up;
}

Result<void> OmashuUp::start_again() {
  const std::filesystem::path ready = folder_.path() / "ready";
  std::filesystem::remove(ready);
  std::vector<std::string> command = {omashu_program(), "up", "--data", data_folder(), "--kafka", bootstrap_server()};
  command.insert(command.end(), {"--registry", fmt::format("127.0.0.1:{}", registry_port_), "--no-auto-create-topics",
                                 "--http", fmt::format("127.0.0.1:{}", http_port_), "--ready-file", ready});
  command.insert(command.end(), options_.begin(), options_.end());
  auto process = Process::start({.command = std::move(command), .stdout_file = folder_.path() / "up.log"});
  if (!process) return fail(std::move(process.error()));
  process_ = std::move(*process);
  return wait_until_ready_or_dead("omashu up", *process_, [&] { return std::filesystem::exists(ready); });
}

void OmashuUp::kill9() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::milliseconds(-1));
}

void OmashuUp::stop() {
  process_->signal(SIGTERM);
  const auto exit_code = process_->wait(std::chrono::seconds(30));
  if (exit_code == 0) return;
  kill9();
  throw std::runtime_error(
      fmt::format("omashu up did not end cleanly: exit code {}, {}", exit_code.value_or(-1), log()));
}

std::string OmashuUp::bootstrap_server() const { return fmt::format("127.0.0.1:{}", port_); }

std::string OmashuUp::url() const { return fmt::format("http://127.0.0.1:{}", http_port_); }

std::string OmashuRegistry::url_at(int port) const { return fmt::format("http://127.0.0.1:{}", port); }

}  // namespace omashu::real
