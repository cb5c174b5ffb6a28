#include "real/support/registry_instance.h"

#include <fmt/core.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "real/support/free_port.h"
#include "real/support/omashu_command.h"
#include "real/support/readiness.h"

namespace omashu::real {

Result<std::unique_ptr<RegistryInstance>> RegistryInstance::start(const std::string& bootstrap_server,
                                                                  std::vector<std::string> options) {
  std::unique_ptr<RegistryInstance> instance(new RegistryInstance);
  instance->port_ = free_port();
  instance->is_https_ = std::ranges::count(options, "--tls-cert") > 0;
  instance->command_ = {omashu_program(),     "registry",
                        "--bootstrap-server", bootstrap_server,
                        "--listen",           fmt::format("127.0.0.1:{}", instance->port_),
                        "--ready-file",       instance->folder_.path() / "ready"};
  instance->command_.insert(instance->command_.end(), options.begin(), options.end());
  if (auto started = instance->start_again(); !started) return fail(std::move(started.error()));
  return instance;
}

Result<void> RegistryInstance::start_again() {
  const std::filesystem::path ready = folder_.path() / "ready";
  std::filesystem::remove(ready);
  auto process = Process::start({.command = command_, .stdout_file = folder_.path() / "registry.log"});
  if (!process) return fail(std::move(process.error()));
  process_ = *std::move(process);
  return wait_until_ready_or_dead("omashu registry", *process_, [&] { return std::filesystem::exists(ready); });
}

std::string RegistryInstance::url() const {
  return fmt::format("{}://127.0.0.1:{}", is_https_ ? "https" : "http", port_);
}

std::string RegistryInstance::log() const { return process_->stdout_text(); }

void RegistryInstance::kill9() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::milliseconds(-1));
}

void RegistryInstance::stop() {
  process_->signal(SIGTERM);
  if (!process_->wait(std::chrono::seconds(30))) kill9();
}

}  // namespace omashu::real
