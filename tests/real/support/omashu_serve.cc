#include "real/support/omashu_serve.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "real/support/omashu_command.h"
#include "real/support/readiness.h"

namespace omashu::real {

OmashuServe::OmashuServe(std::vector<std::string> arguments) : arguments_(std::move(arguments)) { start(); }

void OmashuServe::start() {
  const std::filesystem::path ready = folder_.path() / "ready";
  std::vector<std::string> command = {omashu_program(),        "serve",        "--http", "127.0.0.1:0", "--data",
                                      folder_.path() / "data", "--ready-file", ready};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  auto started = Process::start({.command = std::move(command),
                                 .environment = shared_server_environment(),
                                 .stdout_file = folder_.path() / "out"});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = *std::move(started);
  const auto is_ready =
      wait_until_ready_or_dead("omashu serve", *process_, [&] { return std::filesystem::exists(ready); });
  if (!is_ready) throw std::runtime_error(is_ready.error().message);
  std::ifstream in(ready);
  std::getline(in, url_);
  url_.erase(0, url_.find('=') + 1);
}

int OmashuServe::stop() {
  process_->signal(SIGTERM);
  return process_->wait(std::chrono::seconds(30)).value_or(-1);
}

}  // namespace omashu::real
